"""Presets: which networks and which linear forecasts make up a forecast, chosen from the data."""
