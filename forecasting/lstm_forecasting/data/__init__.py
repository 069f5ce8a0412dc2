"""From a file to a clean, equally spaced series: reading, calendar, missing values, splits and scaling.

Start with `catalogue.open_data`. Importing this package or `catalogue` is cheap: polars is loaded when a file
is read.
"""
