"""How good forecasts are: metrics, baselines, residuals, verdict."""
