"""What `lstm-tui learn` prints."""
