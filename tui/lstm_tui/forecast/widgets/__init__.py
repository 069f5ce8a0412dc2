"""The views of the Forecast screen."""
