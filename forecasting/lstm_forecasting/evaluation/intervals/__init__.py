"""Prediction intervals of any model's forecasts, from the errors of its own earlier forecasts.

They are conformal: an interval at 80 % is as wide as four in five of the errors that were known when the
forecast was made. The forecast itself stays the median.
"""
