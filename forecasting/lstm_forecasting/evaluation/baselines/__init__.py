"""Baselines for the LSTM to beat, from the last value to a ridge regression; one module each.

Sources: Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 3rd edition, sections 5.2 (naive
methods) and 8 (exponential smoothing).
"""
