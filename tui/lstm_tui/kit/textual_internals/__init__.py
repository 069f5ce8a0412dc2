"""Everything that reaches into private names of Textual, textual-plot and textual-hires-canvas.

Nothing else in the program does. Each use says why; `tests/lstm_tui/kit/test_textual_internals.py` fails when
a library no longer needs it. Written for Textual 8.2, textual-plot 0.10 and textual-hires-canvas 0.14.
"""
