"""Rolling-origin backtests: forecasts from many origins, each with models fitted to the rows before it only.

A fold is a planned experiment whose test part begins at the fold's first origin. Local workers compute the
folds, each of which is saved in the folder of the backtest as soon as it is finished.
"""
