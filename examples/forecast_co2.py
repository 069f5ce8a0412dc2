"""Forecasts a bundled data set and prints the verdict and the future with its dates."""

from lstm_forecasting import open_data, plan_experiment, run_experiment

series = open_data("co2")
result = run_experiment(plan_experiment(series, ["numpy"], {"horizon": 13}))
print(*result.verdicts, sep="\n")
for time, value in zip(series.future_times(13), result.offers[0].future, strict=True):
    print(str(time)[:10], f"{value:.2f}")
