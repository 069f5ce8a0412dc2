"""The course on LSTMs: every number in it is computed when the reader opens the step.

`course` defines chapters, steps and exercises, and `figures` the figures beside their texts. Each chapter
is a module. Front ends draw the figures and ask for values; nothing here depends on a screen.
"""
