"""Saved runs: list, open, resume, watch, compare, delete, and forecast with them."""
