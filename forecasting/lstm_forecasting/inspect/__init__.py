"""Seeing inside a trained LSTM: every gate, state, gradient and weight of a run, as numbers.

`open_subject` takes a run's weights, `windows` chooses a window of its rows, and `inspect_window` has a
backend lay it open. What can be read off the answer is in modules of one subject each: `arithmetic` computes
one unit at one step in front of you, `contributions` and `flow` tell where gradients come from and where
they vanish, `batches` how windows pull at the weights together, `units` orders units, `weights` tells what
training changed, `comparing` holds two backends against each other, `saving` and `figures` hand it on.
"""
