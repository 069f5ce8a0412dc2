"""What the Data screen shows: the plot of the series, its rows, its columns, and how it was read."""
