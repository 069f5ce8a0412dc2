"""The output of `lstm-tui learn`."""
