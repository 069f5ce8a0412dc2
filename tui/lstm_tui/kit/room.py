"""The width from which a terminal counts as wide."""

WIDE = 120
"""In columns: enough room for side panels and for the keys of every tab."""
