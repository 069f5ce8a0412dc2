"""How good forecasts are: metrics, baselines, scores on the test part, residuals and the verdict."""
