"""What a network has to beat: last value, seasonal naive, and a ridge regression on the same window.

The ridge regression is the closed form of NLinear: of each window its last value is taken away, a linear map
of what is left gives all horizon steps at once, and the last value is added again.

Sources: Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 3rd edition, section 5.2 (naive
methods); Zeng et al., "Are Transformers effective for time series forecasting?", AAAI 2023 (NLinear); Hoerl
and Kennard, "Ridge regression", Technometrics 12 (1970).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.data.splits import RowRange, Split

Values = NDArray[np.float64]
Rows = NDArray[np.int64]

RIDGE = "linear (ridge)"
"""Name of the one baseline that is fitted; the verdict's baselines are the others."""
LONGEST_WINDOW = 512
"""Rows that the ridge regression sees at most; solving it takes time in the cube of them."""
MOST_WINDOWS = 50_000
"""Windows that a fit uses at most, evenly spaced over the training rows."""
PENALTIES = tuple(10.0**power for power in range(-7, 3))
"""Tried on the validation windows, as shares of the mean eigenvalue."""
PENALTY_WITHOUT_VALIDATION = 1e-2
_WINDOWS_AT_ONCE = 4096


@dataclass(frozen=True, eq=False)
class Baseline(ABC):
    """A forecaster that needs no training worth the name.

    Attributes:
        values: `[rows, targets]`, the series in its own units; a forecast sees only rows before its own.
    """

    values: Values

    @property
    @abstractmethod
    def name(self) -> str:
        """For people: "last value"."""

    @abstractmethod
    def forecast(self, first_rows: Rows, steps: int) -> Values:
        """Point forecasts `[len(first_rows), steps, targets]` of the rows from each of `first_rows` on.

        The number of rows as a first row forecasts the future.
        """


@dataclass(frozen=True, eq=False)
class LastValue(Baseline):
    """Repeats the last value."""

    @property
    def name(self) -> str:
        """See `Baseline`."""
        return "last value"

    def forecast(self, first_rows: Rows, steps: int) -> Values:
        """See `Baseline`; every first row has to be at least 1."""
        return np.repeat(self.values[first_rows - 1][:, np.newaxis], steps, axis=1)


@dataclass(frozen=True, eq=False)
class SeasonalNaive(Baseline):
    """Repeats the last season.

    Attributes:
        season: its rows.
    """

    season: int

    @property
    def name(self) -> str:
        """With its season: "seasonal naive (24)"."""
        return f"seasonal naive ({self.season})"

    def forecast(self, first_rows: Rows, steps: int) -> Values:
        """See `Baseline`; every first row has to be at least the season."""
        rows = np.asarray(first_rows)[:, np.newaxis] - self.season + np.arange(steps) % self.season
        forecasts: Values = self.values[rows]
        return forecasts


@dataclass(frozen=True, eq=False)
class Ridge(Baseline):
    """Ridge regression from the last-normalised window of a target to all its horizon steps.

    Attributes:
        coefficients: `[targets, window, horizon]`.
        intercepts: `[targets, horizon]`, in the series' units.
        penalties: by target, the chosen one of `PENALTIES`.
    """

    coefficients: Values
    intercepts: Values
    penalties: tuple[float, ...]

    @property
    def name(self) -> str:
        """See `RIDGE`."""
        return RIDGE

    def forecast(self, first_rows: Rows, steps: int) -> Values:
        """See `Baseline`; beyond the horizon it fitted, its forecasts feed it.

        Every first row has to be at least the window's length.
        """
        targets, window, _ = self.coefficients.shape
        forecasts = np.empty((len(first_rows), steps, targets))
        for begin in range(0, len(first_rows), _WINDOWS_AT_ONCE):
            rows = np.asarray(first_rows[begin : begin + _WINDOWS_AT_ONCE])[:, np.newaxis]
            for target in range(targets):
                seen = self.values[rows + np.arange(-window, 0), target]
                while seen.shape[1] < window + steps:
                    last = seen[:, -1:]
                    ahead = (seen[:, -window:] - last) @ self.coefficients[target]
                    seen = np.concatenate([seen, ahead + last + self.intercepts[target]], axis=1)
                chunk = slice(begin, begin + len(rows))
                forecasts[chunk, :, target] = seen[:, window : window + steps]
        return forecasts


def fit_baselines(
    values: Values, split: Split, look_back: int, horizon: int, season: int
) -> tuple[Baseline, ...]:
    """All baselines that this series has history for.

    Args:
        values: `[rows, targets]` in the series' units.
        split: its parts; only training rows are fitted to, only validation rows choose the penalty.
        look_back: rows of history that the network sees.
        horizon: steps forecast at once.
        season: rows of a season. Without one (1), or where the first test window has less history than a
            season, there is no seasonal naive.
    """
    found: list[Baseline] = [LastValue(values)]
    if season > 1 and first_target(split.test, look_back) >= season:
        found.append(SeasonalNaive(values, season))
    window = min(look_back, LONGEST_WINDOW)
    training = target_rows(split.train, window, horizon)
    if len(training) > 1:
        found.append(
            _fit_ridge(values, training, target_rows(split.validation, window, horizon), window, horizon)
        )
    return tuple(found)


def first_target(part: RowRange, look_back: int) -> int:
    """The first row of a part that a window with all its inputs in the series can have as first target."""
    return max(part.start, look_back)


def target_rows(part: RowRange, look_back: int, horizon: int) -> Rows:
    """The first-target rows of all windows of a part at stride 1."""
    return np.arange(first_target(part, look_back), part.stop - horizon + 1, dtype=np.int64)


def _fit_ridge(values: Values, training: Rows, validation: Rows, window: int, horizon: int) -> Ridge:
    fits = [
        _fit_target(values[:, target], _thinned(training), _thinned(validation), window, horizon)
        for target in range(values.shape[1])
    ]
    coefficients, intercepts, penalties = zip(*fits, strict=True)
    return Ridge(values, np.stack(coefficients), np.stack(intercepts), tuple(penalties))


def _fit_target(
    series: Values, training: Rows, validation: Rows, window: int, horizon: int
) -> tuple[Values, Values, float]:
    # In units of the training rows' spread, so that squares of any series' units stay in range.
    unit = float(np.ptp(series[: training[-1] + horizon])) or 1.0
    scaled = series / unit
    count = len(training)
    input_sum, target_sum = np.zeros(window), np.zeros(horizon)
    products, cross = np.zeros((window, window)), np.zeros((window, horizon))
    for rows in _chunks(training):
        inputs, targets = _windows(scaled, rows, window, horizon)
        input_sum += inputs.sum(axis=0)
        target_sum += targets.sum(axis=0)
        products += inputs.T @ inputs
        cross += inputs.T @ targets
    input_mean, target_mean = input_sum / count, target_sum / count
    products -= count * np.outer(input_mean, input_mean)
    cross -= count * np.outer(input_mean, target_mean)
    eigenvalues, vectors = np.linalg.eigh(products)
    mean_eigenvalue = float(np.trace(products)) / window
    if mean_eigenvalue <= 0:
        return np.zeros((window, horizon)), unit * target_mean, PENALTY_WITHOUT_VALIDATION
    projected = vectors.T @ cross
    candidates = []
    for penalty in PENALTIES if len(validation) else (PENALTY_WITHOUT_VALIDATION,):
        # Rounding leaves eigenvalues a little below 0; the penalty alone must keep the sum positive.
        shrunk = projected / (np.maximum(eigenvalues, 0) + penalty * mean_eigenvalue)[:, np.newaxis]
        coefficients = vectors @ shrunk
        candidates.append((coefficients, target_mean - input_mean @ coefficients, penalty))
    errors = np.zeros(len(candidates))
    for rows in _chunks(validation):
        inputs, targets = _windows(scaled, rows, window, horizon)
        errors += [
            np.square(inputs @ slope + intercept - targets).sum() for slope, intercept, _ in candidates
        ]
    coefficients, intercept, penalty = candidates[int(np.argmin(errors))]
    return coefficients, unit * intercept, penalty


def _windows(series: Values, rows: Rows, window: int, horizon: int) -> tuple[Values, Values]:
    last = series[rows - 1][:, np.newaxis]
    inputs = series[rows[:, np.newaxis] + np.arange(-window, 0)] - last
    return inputs, series[rows[:, np.newaxis] + np.arange(horizon)] - last


def _thinned(rows: Rows) -> Rows:
    return rows[:: -(-len(rows) // MOST_WINDOWS) or 1]


def _chunks(rows: Rows) -> list[Rows]:
    return [rows[begin : begin + _WINDOWS_AT_ONCE] for begin in range(0, len(rows), _WINDOWS_AT_ONCE)]
