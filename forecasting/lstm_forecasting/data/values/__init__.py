"""Numbers: read, their units, the marks of missing ones, and what was recorded wrongly."""
