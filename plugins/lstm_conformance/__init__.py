"""Compares backends and ports with the reference, and names the bugs that explain differences."""
