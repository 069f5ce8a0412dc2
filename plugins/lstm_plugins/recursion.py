"""Forecasts beyond the trained horizon: docs/specification.md section 4.

The point forecast is appended to the series as if it were true, and the next horizon is forecast from there.
Beyond the horizon, quantiles therefore do not include the uncertainty of the earlier forecasts.
"""

import numpy as np

from lstm_plugins.counting import counted
from lstm_plugins.errors import ForecasterError, SeriesError
from lstm_plugins.forecaster import Forecaster
from lstm_plugins.records import SeriesSet
from lstm_plugins.weights import Array


def forecast_steps(forecaster: Forecaster, series: SeriesSet, steps: int) -> Array:
    """Forecasts the `steps` rows after `series` and leaves it loaded: `[steps, K, P]` in scaled units.

    Raises:
        SeriesError: there are several series or fewer rows than a forecast needs before it, or there are more
            steps than the horizon although an input column is neither a target nor an indicator of missing
            values, or the known columns do not reach to the end of the last whole horizon.
        ForecasterError: a forecast that is fed back is not finite.
    """
    config = forecaster.config
    if len(series.lengths) != 1:
        raise SeriesError(f"only one series can be forecast at a time, not {len(series.lengths)}")
    rows = len(series.values)
    needed = config.rows_before
    if rows < needed:
        which = "look_back" if needed == config.look_back else "the longest lag"
        raise SeriesError(f"a forecast needs {needed} rows ({which}), but the series has {rows}")
    check_steps(config.horizon, steps, series.values.shape[1], series.targets, forecaster.indicators)
    horizons = -(-steps // config.horizon)
    if series.known is not None and series.ahead < horizons * config.horizon:
        raise SeriesError(
            f"{counted(steps, 'step')} of horizon {config.horizon} need the known columns for "
            f"{horizons * config.horizon} rows ahead, but they are known for {series.ahead}"
        )
    forecaster.load_series(series)
    parts = [forecaster.predict(np.array([rows - config.look_back], np.int64))[0]]
    window = series.values[rows - needed :]
    try:
        while len(parts) * config.horizon < steps:
            # What is not a target is an indicator, and 1: what is fed back counts as observed.
            fed_back = np.ones((config.horizon, window.shape[1]))
            fed_back[:, list(series.targets)] = parts[-1][:, :, config.point_quantile]
            if not np.isfinite(fed_back).all():
                raise ForecasterError(
                    f"the forecast is not finite after {len(parts) * config.horizon} steps; forecast fewer"
                )
            window = np.concatenate([window, fed_back])[-needed:]
            first = rows - needed + len(parts) * config.horizon
            known = None if series.known is None else series.known[first : first + needed + config.horizon]
            columns = (series.targets, (needed,), None, known, series.own_known)
            forecaster.load_series(SeriesSet(window, *columns))
            parts.append(forecaster.predict(np.array([needed - config.look_back], np.int64))[0])
    finally:
        if len(parts) > 1:
            forecaster.load_series(series)
    return np.concatenate(parts)[:steps]


def check_steps(
    horizon: int, steps: int, features: int, targets: tuple[int, ...], indicators: int = 0
) -> None:
    """Checks that this many steps can be forecast; the last columns may be indicators of missing values.

    Raises:
        SeriesError: there are no steps, or more than the horizon although an input column is neither a target
            nor an indicator.
    """
    if steps < 1:
        raise SeriesError(f"at least one step has to be forecast, not {steps}")
    if steps > horizon and set(targets) != set(range(features - indicators)):
        raise SeriesError(
            f"{steps} steps go beyond the horizon of {horizon}, where the inputs that are not targets are "
            f"unknown; forecast at most {horizon} steps, raise horizon, or make every input a target"
        )
