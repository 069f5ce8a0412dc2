"""Baselines for a network to beat: last value, seasonal naive, and a ridge regression on the same window.

The ridge regression is the closed form of NLinear: subtract each window's last value, map the rest linearly
to all horizon steps at once, and add the last value again.

Sources: Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 3rd edition, section 5.2 (naive
methods); Zeng et al., "Are Transformers effective for time series forecasting?", AAAI 2023 (NLinear); Hoerl
and Kennard, "Ridge regression", Technometrics 12 (1970).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers, Truths
from lstm_forecasting.data.series.splits import Split
from lstm_forecasting.data.series.windows import window_starts
from lstm_forecasting.data.values.missing import fill

RIDGE = "linear (ridge)"
"""Name of the only fitted baseline; the verdict compares with the others."""
LONGEST_WINDOW = 512
"""Longest window of the ridge regression; solving it takes time cubic in the length."""
MOST_WINDOWS = 50_000
"""Most windows in a fit, evenly spaced over the training rows."""
PENALTIES = tuple(10.0**power for power in range(-7, 3))
"""Penalties to choose from on the validation windows, as multiples of the mean eigenvalue."""
PENALTY_WITHOUT_VALIDATION = 1e-2
_WINDOWS_AT_ONCE = 4096


Baseline = Callable[[Integers, int], Array]
"""Point forecasts `[windows, steps, targets]` from the first rows of windows, with a number of steps.

Each window sees only earlier rows. The length of the series as a first row forecasts the future."""


def last_value(values: Array, first_rows: Integers, steps: int) -> Array:
    """Repeats the last value of `values` `[rows, targets]`; see `Baseline`. First rows ≥ 1."""
    return np.repeat(values[first_rows - 1][:, np.newaxis], steps, axis=1)


def seasonal_naive(values: Array, season: int, first_rows: Integers, steps: int) -> Array:
    """Repeats the last season of `values` `[rows, targets]`; see `Baseline`. First rows ≥ `season`."""
    rows = np.asarray(first_rows)[:, np.newaxis] - season + np.arange(steps) % season
    forecasts: Array = values[rows]
    return forecasts


@dataclass(frozen=True, eq=False)
class Ridge:
    """Ridge regression from the last-normalised window of a target to all its horizon steps.

    Attributes:
        coefficients: `[targets, window, horizon]`.
        intercepts: `[targets, horizon]`, in the series' units.
        penalties: the chosen one of `PENALTIES`, by target.
    """

    coefficients: Array
    intercepts: Array
    penalties: tuple[float, ...]

    def forecast(self, values: Array, first_rows: Integers, steps: int) -> Array:
        """Forecasts of `values` `[rows, targets]`; see `Baseline`.

        Beyond the fitted horizon its own forecasts are its input. First rows are at least the window length.
        """
        targets, window, _ = self.coefficients.shape
        forecasts = np.empty((len(first_rows), steps, targets))
        for begin in range(0, len(first_rows), _WINDOWS_AT_ONCE):
            rows = np.asarray(first_rows[begin : begin + _WINDOWS_AT_ONCE])[:, np.newaxis]
            for target in range(targets):
                seen = values[rows + np.arange(-window, 0), target]
                while seen.shape[1] < window + steps:
                    last = seen[:, -1:]
                    ahead = (seen[:, -window:] - last) @ self.coefficients[target]
                    seen = np.concatenate([seen, ahead + last + self.intercepts[target]], axis=1)
                chunk = slice(begin, begin + len(rows))
                forecasts[chunk, :, target] = seen[:, window : window + steps]
        return forecasts


def fit_baselines(
    values: Array,
    split: Split,
    look_back: int,
    horizon: int,
    season: int,
    observed: Truths | None = None,
) -> dict[str, Baseline]:
    """All baselines, by name, for which the series has enough history.

    Args:
        values: `[rows, targets]` in the series' units.
        split: only training rows are fitted, only validation rows choose the penalty.
        look_back: rows of history that the network sees.
        horizon: steps forecast at once.
        season: rows of a season. There is no seasonal naive without a season (1), or if the first test
            window has less history than a season.
        observed: `[rows, targets]`, False for filled values, which are inputs only; None if there are none.
    """
    found: dict[str, Baseline] = {"last value": partial(last_value, values)}
    if season > 1 and max(split.test.start, look_back) >= season:
        # Its own fill, or else gaps would make it easier to beat than it has to be.
        past = values if observed is None else _from_earlier_seasons(values, observed, season)
        found[f"seasonal naive ({season})"] = partial(seasonal_naive, past, season)
    ridge = fit_ridge(values, split, look_back, horizon, observed)
    if ridge is not None:
        found[RIDGE] = partial(ridge.forecast, values)
    return found


def _from_earlier_seasons(values: Array, observed: Truths, season: int) -> Array:
    """Values `[rows, targets]`, filled ones replaced by that of an earlier season where there is one."""
    # A gap at the start keeps its fill.
    return fill(values, ~observed, "season", training_rows=0, season=season, starts=values[0])


def fit_ridge(
    values: Array, split: Split, look_back: int, horizon: int, observed: Truths | None = None
) -> Ridge | None:
    """The fitted ridge regression, or None if a target has fewer than two windows; see `fit_baselines`."""
    window = min(look_back, LONGEST_WINDOW)
    fits = []
    for target, series in enumerate(values.T):
        own = None if observed is None else observed[:, target : target + 1]
        training = _thinned(window_starts(split.train, window, horizon, observed=own) + window)
        validation = _thinned(
            window_starts(split.validation, window, horizon, observed=own, evaluated=True) + window
        )
        if len(training) < 2:
            return None
        fits.append(
            _fit_target(series, None if own is None else own[:, 0], training, validation, window, horizon)
        )
    coefficients, intercepts, penalties = zip(*fits, strict=True)
    return Ridge(np.stack(coefficients), np.stack(intercepts), tuple(penalties))


def _fit_target(
    series: Array,
    observed: Truths | None,
    training: Integers,
    validation: Integers,
    window: int,
    horizon: int,
) -> tuple[Array, Array, float]:
    """Coefficients `[window, horizon]`, intercepts `[horizon]` and the chosen penalty.

    Each step's covariances come from the windows in which it was observed, those of the inputs from all.
    """
    # Divided by the range of the training rows, so that squares stay in range whatever the series' units.
    unit = float(np.ptp(series[: training[-1] + horizon])) or 1.0
    scaled = series / unit
    count = len(training)
    input_sum, products = np.zeros(window), np.zeros((window, window))
    # By horizon step, over the windows in which it was observed.
    counts, target_sums = np.zeros(horizon), np.zeros(horizon)
    input_sums, cross = np.zeros((window, horizon)), np.zeros((window, horizon))
    for rows in _chunks(training):
        inputs, targets = _windows(scaled, rows, window, horizon)
        known = _known(observed, rows, horizon)
        input_sum += inputs.sum(axis=0)
        products += inputs.T @ inputs
        counts += known.sum(axis=0)
        target_sums += (known * targets).sum(axis=0)
        input_sums += inputs.T @ known
        cross += inputs.T @ (known * targets)
    divisors = np.maximum(counts, 1)
    input_mean, input_means, target_means = input_sum / count, input_sums / divisors, target_sums / divisors
    products -= count * np.outer(input_mean, input_mean)
    cross = (cross - counts * input_means * target_means) * (count / divisors)
    eigenvalues, vectors = np.linalg.eigh(products)
    mean_eigenvalue = float(np.trace(products)) / window
    if mean_eigenvalue <= 0:
        return np.zeros((window, horizon)), unit * target_means, PENALTY_WITHOUT_VALIDATION
    projected = vectors.T @ cross
    candidates = []
    for penalty in PENALTIES if len(validation) else (PENALTY_WITHOUT_VALIDATION,):
        # Rounding leaves some eigenvalues slightly negative; the penalty alone must keep the sum positive.
        shrunk = projected / (np.maximum(eigenvalues, 0) + penalty * mean_eigenvalue)[:, np.newaxis]
        coefficients = vectors @ shrunk
        intercepts = target_means - (input_means * coefficients).sum(axis=0)
        candidates.append((coefficients, intercepts, penalty))
    errors = np.zeros(len(candidates))
    for rows in _chunks(validation):
        inputs, targets = _windows(scaled, rows, window, horizon)
        known = _known(observed, rows, horizon)
        errors += [
            (known * np.square(inputs @ slope + intercept - targets)).sum()
            for slope, intercept, _ in candidates
        ]
    coefficients, intercepts, penalty = candidates[int(np.argmin(errors))]
    return coefficients, unit * intercepts, penalty


def _known(observed: Truths | None, rows: Integers, horizon: int) -> Array:
    """`[windows, horizon]`, 1 for observed target values and 0 for filled ones."""
    if observed is None:
        return np.ones((len(rows), horizon))
    known: Array = observed[rows[:, np.newaxis] + np.arange(horizon)].astype(np.float64)
    return known


def _windows(series: Array, rows: Integers, window: int, horizon: int) -> tuple[Array, Array]:
    last = series[rows - 1][:, np.newaxis]
    inputs = series[rows[:, np.newaxis] + np.arange(-window, 0)] - last
    return inputs, series[rows[:, np.newaxis] + np.arange(horizon)] - last


def _thinned(rows: Integers) -> Integers:
    return rows[:: -(-len(rows) // MOST_WINDOWS) or 1]


def _chunks(rows: Integers) -> list[Integers]:
    return [rows[begin : begin + _WINDOWS_AT_ONCE] for begin in range(0, len(rows), _WINDOWS_AT_ONCE)]
