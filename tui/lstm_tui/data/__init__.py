"""Data: open a series, and say how it is read."""
