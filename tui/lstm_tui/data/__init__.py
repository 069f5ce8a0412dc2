"""Data: opens a series and shows how it is read."""
