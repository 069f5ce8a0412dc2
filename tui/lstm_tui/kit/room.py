"""How much room a terminal has."""

WIDE = 120
"""Columns from which there is room for side panels, and for the keys of every tab."""
