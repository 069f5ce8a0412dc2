"""The course: what an LSTM is, in steps whose every number is computed when it is read.

`course` says what chapters, steps and questions are, `figures` what is shown beside their texts, and there is
one module a chapter. Front ends draw figures and ask for values; nothing here knows a screen.
"""
