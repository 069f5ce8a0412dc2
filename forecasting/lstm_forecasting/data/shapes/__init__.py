"""How a table is laid out: many series below each other, months as columns, dates as titles."""
