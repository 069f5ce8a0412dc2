"""One experiment from a table to a verdict: plan it, run it on several backends at once, read its result."""
