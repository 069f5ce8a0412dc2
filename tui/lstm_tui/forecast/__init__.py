"""Forecast: verdict, test part, future, scores."""
