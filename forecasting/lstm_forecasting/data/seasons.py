"""How long a season is: what the calendar suggests and what the data supports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lstm_forecasting.data.calendar import DAY, HOUR, MINUTE, WEEK, Frequency

Array = npt.NDArray[np.float64]

_CYCLES = (MINUTE, HOUR, DAY, WEEK)
_YEAR_OF_DAYS = 365.25
_LEAST_ROWS_IN_A_CYCLE = 4
# One season and the next, the trend taken out, correlate at least so much, or the data does not support it.
_LEAST_CORRELATION = 0.3
# A longer season has to be this much better than the shorter one it is a multiple of.
_BETTER = 0.05
# A cycle looked for without a calendar is there at least so often: random walks make longer ones by chance.
_LEAST_CYCLES = 8


@dataclass(frozen=True)
class Season:
    """The season that a series is treated with.

    Attributes:
        length: in rows; 1 means none.
        decision: how it was found, in one plain sentence.
    """

    length: int
    decision: str


def season_candidates(frequency: Frequency) -> tuple[int, ...]:
    """Season lengths in rows that a calendar suggests, shortest first; empty if it suggests none.

    Hourly: a day and a week; daily: a week and a year; weekly, monthly, quarterly: a year.
    """
    if frequency.kind == "counted":
        return ()
    if frequency.kind == "business days":
        return (5,) if frequency.size == 1 else ()
    if frequency.kind == "months":
        return (12 // frequency.size,) if 12 % frequency.size == 0 and frequency.size < 12 else ()
    step = frequency.size
    lengths = [
        cycle // step for cycle in _CYCLES if cycle % step == 0 and cycle // step >= _LEAST_ROWS_IN_A_CYCLE
    ]
    if step % DAY == 0:
        lengths.append(round(_YEAR_OF_DAYS * DAY / step))
    # Finer rows than minutes have a week of hundreds of thousands of rows, which no window will ever hold.
    return tuple(length for length in lengths if _LEAST_ROWS_IN_A_CYCLE <= length <= WEEK // MINUTE)


def find_season(training: Array, candidates: Sequence[int], step: str = "row") -> Season:
    """Decides the season of a series from its training rows.

    For each candidate m the trend is taken out by a centred moving average over m rows, as in classical
    decomposition, and what is left is correlated with itself m rows later. Without candidates, a cycle is
    looked for in the autocorrelation.

    Args:
        training: float64 `[rows]`, the target's training rows only.
        candidates: season lengths, shortest first, as `season_candidates` gives them.
        step: what a row is, in words.
    """
    if not candidates:
        return _searched(training, step)
    best, best_correlation, best_length = None, 0.0, 1
    for length in sorted(candidates):
        correlation = seasonal_correlation(training, length)
        if correlation is None or correlation < _LEAST_CORRELATION:
            continue
        if best is None or _gain(training, length, best_length) > _BETTER:
            best, best_correlation, best_length = length, correlation, length
    tried = " and ".join(str(length) for length in candidates)
    if best is None:
        return Season(1, f"No season is found in the training rows (tried {tried}).")
    others = [str(length) for length in candidates if length != best]
    also = f"; tried {' and '.join(others)} too" if others else ""
    return Season(
        best, f"The season is {best} rows (correlation {best_correlation:.2f} from one to the next{also})."
    )


def seasonal_correlation(series: Array, length: int, lag: int | None = None) -> float | None:
    """Correlation of a series without its trend with itself `lag` (by default `length`) rows later.

    The trend is the centred moving average over `length` rows. None if there are too few rows to tell: under
    two and a half seasons.
    """
    lag = length if lag is None else lag
    rest = _without_trend(series, length)
    if len(rest) < lag + max(8, length // 2):
        return None
    return _correlation(rest[lag:], rest[:-lag])


def _gain(training: Array, longer: int, shorter: int) -> float:
    """How much better the longer season fits than the shorter one, both judged on the same remainder."""
    by_longer = seasonal_correlation(training, longer)
    by_shorter = seasonal_correlation(training, longer, lag=shorter)
    return 0.0 if by_longer is None or by_shorter is None else by_longer - by_shorter


def _without_trend(series: Array, length: int) -> Array:
    """The series minus its centred moving average, for the rows where that has all it needs."""
    if length % 2:
        weights = np.full(length, 1.0 / length)
    else:
        weights = np.full(length + 1, 1.0 / length)
        weights[[0, -1]] /= 2
    if len(series) < len(weights):
        return np.empty(0)
    half = len(weights) // 2
    trend = np.convolve(series, weights, mode="valid")
    return np.asarray(series[half : len(series) - half] - trend, dtype=np.float64)


def _correlation(one: Array, other: Array) -> float:
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one * one).sum() * (other * other).sum()))
    return float((one * other).sum()) / scale if scale > 0.0 else 0.0


def _searched(training: Array, step: str) -> Season:
    """The first cycle in the autocorrelation after it has been negative once."""
    rows = len(training)
    longest = rows // _LEAST_CYCLES
    none = Season(1, f"No cycle is found in the training rows (looked for up to {longest} rows).")
    if longest < 3:
        return Season(1, "No season is looked for, there are too few training rows.")
    line = np.polynomial.Polynomial.fit(np.arange(rows), training, 1)
    rest = training - line(np.arange(rows))
    correlations = np.array([_correlation(rest[lag:], rest[: rows - lag]) for lag in range(1, longest + 2)])
    negative = np.flatnonzero(correlations < 0.0)
    if len(negative) == 0:
        return none
    after = int(negative[0])
    peak = after + int(np.argmax(correlations[after:longest]))
    if correlations[peak] < _LEAST_CORRELATION or correlations[peak] < correlations[peak + 1]:
        return none
    length = peak + 1
    return Season(
        length,
        f"A cycle of {length} {step}s is found in the training rows (autocorrelation {correlations[peak]:.2f}).",
    )
