"""All uses of private names of Textual, textual-plot and textual-hires-canvas.

Each says why it is needed. `tests/lstm_tui/kit/test_textual_internals.py` fails when it is not needed any
more. Written for Textual 8.2, textual-plot 0.10 and textual-hires-canvas 0.14.
"""
