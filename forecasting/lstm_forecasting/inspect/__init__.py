"""The inside of a trained LSTM: every gate, state, gradient and weight of a run.

`open_subject` opens a run's weights, `windows` chooses a window of its rows, and `inspect_window` makes a
backend compute everything inside it. Modules of one subject each read the answer: `arithmetic` computes one
unit at one step, `contributions` and `flow` show where gradients come from and where they vanish, `batches`
how windows determine an update, `units` orders units, `weights` shows what training changed, `comparing`
compares two backends; `saving` and `figures` write files.
"""
