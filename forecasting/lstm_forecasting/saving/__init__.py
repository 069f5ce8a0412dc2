"""Saves forecasts to files."""
