"""The backends: which are installed, whether they can run, and their processes."""
