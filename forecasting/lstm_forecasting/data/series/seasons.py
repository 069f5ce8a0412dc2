"""The season of a series: candidates from the calendar, and a decision from the data."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.series.autocorrelation import lagged_products
from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.durations import DAY, HOUR, MINUTE, WEEK

_CYCLES = (MINUTE, HOUR, DAY, WEEK)
_YEAR_OF_DAYS = 365.25
_SHORTEST = 4
# More rows than a week has minutes; no window is ever as long.
_LONGEST = WEEK // MINUTE
# Least correlation of consecutive seasons, without trend; also in standard errors of a correlation.
_LEAST_CORRELATION = 0.3
_STANDARD_ERRORS = 3.0
# Correlations that differ by less count as equal.
_EQUAL = 0.05
# Least number of repetitions of a cycle found without a calendar: random walks show longer ones by chance.
_LEAST_CYCLES = 8
# Rounding error that remains of a straight line, relative to the line.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Season:
    """The season of a series.

    Attributes:
        length: in rows; 1 for none.
        decision: how it was found, in one sentence.
    """

    length: int
    decision: str


def season_candidates(frequency: Frequency) -> tuple[int, ...]:
    """Season lengths in rows that a calendar suggests, shortest first; may be empty.

    Sessions and hourly: a day and a week; daily: a week and a year; weekly, monthly, quarterly: a year.
    """
    if frequency.kind == "counted":
        return ()
    if frequency.kind == "sessions" and frequency.sessions is not None:
        sessions = frequency.sessions
        return tuple(n for n in (sessions.per_day, len(sessions.slots)) if _SHORTEST <= n <= _LONGEST)
    if frequency.kind == "business days":
        return (5,) if frequency.size == 1 else ()
    if frequency.kind == "months":
        return (12 // frequency.size,) if 12 % frequency.size == 0 and frequency.size < 12 else ()
    step = frequency.size
    lengths = [cycle // step for cycle in _CYCLES if cycle % step == 0]
    if step % DAY == 0:
        lengths.append(round(_YEAR_OF_DAYS * DAY / step))
    return tuple(length for length in lengths if _SHORTEST <= length <= _LONGEST)


def find_season(training: Array, candidates: Sequence[int], step: str = "row") -> Season:
    """Decides the season of a series from its training rows.

    For each candidate m, a centred moving average over m rows removes the trend, as in classical
    decomposition. The rest must correlate with itself m rows later, and more than slightly earlier or later.
    Without candidates, a cycle is searched in the autocorrelation of the series without its linear trend.
    `step` is one row as a noun, such as "hour".
    """
    if not candidates:
        return _searched(training, step)
    best: _Supported | None = None
    for length in sorted(candidates):
        found = _supported(training, length)
        if found is not None and (best is None or found.gain_over(best.length) > _EQUAL):
            best = found
    if best is None:
        tried = " and ".join(str(length) for length in candidates)
        return Season(1, f"No season found in the training rows (tried {tried}).")
    others = " and ".join(str(length) for length in candidates if length != best.length)
    tried = f"; also tried {others}" if others else ""
    correlation = f"correlation of consecutive seasons {best.correlations[best.length]:.2f}"
    return Season(best.length, f"The season is {best.length} rows ({correlation}{tried}).")


def supported_seasons(training: Array, candidates: Sequence[int]) -> tuple[int, ...]:
    """The candidates that the training rows of a series support, each on its own; see `find_season`."""
    return tuple(length for length in sorted(candidates) if _supported(training, length) is not None)


@dataclass(frozen=True, eq=False)
class _Supported:
    """A season length, and the autocorrelations from lag 0 of the series without its trend."""

    length: int
    correlations: Array

    def gain_over(self, shorter: int) -> float:
        return float(self.correlations[self.length] - self.correlations[shorter])


def _supported(training: Array, length: int) -> _Supported | None:
    rest = _without_trend(training, length)
    # The average uses up one season and the shift another one; half a season of pairs must be left.
    pairs = len(rest) - length
    if pairs < max(8, length // 2):
        return None
    nearest, farthest = length - length // 4, min(length + length // 4, len(rest) - 2)
    correlations = _autocorrelations(rest, max(length, farthest))
    least = max(_LEAST_CORRELATION, _STANDARD_ERRORS / np.sqrt(pairs))
    around = correlations[nearest : farthest + 1].max()
    if correlations[length] < least or correlations[length] < around - _EQUAL:
        return None
    return _Supported(length, correlations)


def _searched(training: Array, step: str) -> Season:
    """The first high peak of the autocorrelation after its first negative value."""
    rows = len(training)
    longest = rows // _LEAST_CYCLES
    none = Season(1, f"No cycle found in the training rows (searched up to {longest} rows).")
    if longest < 3:
        return Season(1, "There are too few training rows to search for a cycle.")
    line = np.polynomial.Polynomial.fit(np.arange(rows), training, 1)
    rest = _without_rounding(training - line(np.arange(rows)), training)
    correlations = _autocorrelations(rest, longest + 1)
    negative = np.flatnonzero(correlations < 0.0)
    least = max(_LEAST_CORRELATION, _STANDARD_ERRORS / np.sqrt(rows))
    if len(negative) == 0:
        return none
    lags = np.arange(negative[0], longest + 1)
    inner = correlations[lags]
    peaks = lags[(inner >= correlations[lags - 1]) & (inner >= correlations[lags + 1]) & (inner >= least)]
    if len(peaks) == 0:
        return none
    # Twice a cycle is also a cycle, so take the first peak that is nearly as high as the highest.
    length = int(peaks[correlations[peaks] >= correlations[peaks].max() - 2 * _EQUAL][0])
    words = f"{length} {step}s" if step.isalpha() else f"{length} rows"
    found = f"The training rows have a cycle of {words}"
    return Season(length, f"{found} (autocorrelation {correlations[length]:.2f}).")


def _without_trend(series: Array, length: int) -> Array:
    """The series minus its centred moving average, for the rows where the average is complete."""
    if len(series) <= length:
        return np.empty(0)
    sums = np.concatenate(([0.0], np.cumsum(series - series.mean())))
    trend = (sums[length:] - sums[:-length]) / length + series.mean()
    if length % 2 == 0:
        trend = (trend[1:] + trend[:-1]) / 2
    first = length // 2
    return _without_rounding(series[first : first + len(trend)] - trend, series)


def _without_rounding(rest: Array, series: Array) -> Array:
    return np.where(np.abs(rest) > _ROUNDING * np.abs(series).max(initial=0.0), rest, 0.0)


def _autocorrelations(series: Array, longest: int) -> Array:
    """Autocorrelations for lags 0 to `longest`, each normalised over its own pairs."""
    centred = series - series.mean()
    rows = len(centred)
    products = lagged_products(centred, longest)
    squares = np.concatenate(([0.0], np.cumsum(centred * centred)))
    lags = np.arange(longest + 1)
    scales = np.sqrt(squares[rows - lags] * (squares[rows] - squares[lags]))
    return np.asarray(np.divide(products, scales, out=np.zeros(longest + 1), where=scales > 0.0))
