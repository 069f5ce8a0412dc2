"""An experiment from a table to a verdict: its plan, its run on several backends at once, its result."""
