"""Inspect: gates, states, gradients and weights in numbers."""
