"""Backtests: forecasts from many origins, and how good they were over time."""
