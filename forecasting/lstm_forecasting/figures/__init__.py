"""Printed pictures of forecasts, and the colours of backends."""
