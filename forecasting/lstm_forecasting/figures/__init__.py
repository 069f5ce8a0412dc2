"""Forecasts as printed pictures, and the colours of backends."""
