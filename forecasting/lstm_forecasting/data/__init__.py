"""Turns a file into a clean, equally spaced series: reading, calendar, missing values, splits and scaling.

Start with `catalogue.open_data`. Importing this package or `catalogue` is cheap: polars is only imported when
a file is read.
"""
