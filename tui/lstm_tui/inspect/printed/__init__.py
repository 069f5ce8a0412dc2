"""The reports of `lstm-tui inspect`: a window, the weights, a batch; as text and as JSON."""
