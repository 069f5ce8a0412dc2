"""What `lstm-tui inspect` can show: a window, the weights, a batch; each as text and as JSON."""
