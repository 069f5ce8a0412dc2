"""The usual size of errors at an origin, by step: what was known there of its phase of the season."""

from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers

SEASONS = 28
"""Seasons back at most from which the errors of a phase are averaged."""
WEIGHT = 5.0
"""Errors of the phase that count as much as the usual error of all phases."""
HALF_LIFE = 1
"""Seasons after which an error counts half in the usual error of all phases.

Chosen, like `WARM_UP`, by the interval score on the validation part of 20 files, where 30 seasons are worse.
"""
WARM_UP = 100
"""Errors at a step without which no scale is known; as many as a season has rows, if that is more."""
_FLOOR = 0.01
"""Smallest usual error, as a share of the largest it has been."""
_TINY = 1e-300


@dataclass(frozen=True, eq=False)
class Scales:
    """The scales of origins.

    Attributes:
        values: `[steps, rows]`, above 0, of an origin at each row; 1 for steps whose errors are all 0.
        warm: `[steps]`, the number of errors from which the scales of a step apply. Those of earlier origins
            come from the mean of these errors, so nothing may be scaled before they are known.
    """

    values: Array
    warm: Integers


def scales(sizes: Array, season: int, first_step: int = 0) -> Scales:
    """The scales of origins at every row, from what is known there.

    The scale is the mean of the errors at the same phase of the season and the same step, up to `SEASONS`
    seasons back, and `WEIGHT` times the usual error at that step, an exponentially weighted mean with a
    half-life of `HALF_LIFE` seasons. The latter keeps a phase without errors from having the scale 0.

    Args:
        sizes: `[steps, rows]`, sizes of the errors of an origin at each row; nan where there is none.
        season: rows of a season, at least 2.
        first_step: number of the first step, from 0.
    """
    steps, rows = sizes.shape
    seen = np.isfinite(sizes)
    known = np.where(seen, sizes, 0.0)
    fewest = max(WARM_UP, season)
    warm, start = _warm_up(known, seen, fewest)
    usual = _usual(known, seen, start, fewest, 0.5 ** (1 / (HALF_LIFE * season)))
    sums, counts = np.zeros((steps, rows)), np.zeros((steps, rows))
    for back in range(season, min(SEASONS * season, rows - 1) + 1, season):
        # An error is known once its row, that of its step, is past.
        past = slice(0, max(0, min(steps, back - first_step)))
        sums[past, back:] += known[past, :-back]
        counts[past, back:] += seen[past, :-back]
    for place in range(steps):
        # What is known at an origin ends with the error of the origin step + 1 rows earlier.
        later = min(first_step + place, rows)
        sums[place, later:] += WEIGHT * usual[place, : rows - later]
        sums[place, :later] += WEIGHT * usual[place, 0]
    found = sums / (counts + WEIGHT)
    found[start == 0] = 1.0
    return Scales(found, warm)


def _warm_up(known: Array, seen: Array, fewest: int) -> tuple[Integers, Array]:
    """The number of errors at each step from which its scales apply, and the mean of these errors.

    They are at least `fewest`, and more if all of those are 0.
    """
    steps, rows = known.shape
    counts, sums = np.cumsum(seen, axis=1), np.cumsum(known, axis=1)
    enough = (counts >= fewest) & (sums > 0)
    places = np.arange(steps), np.argmax(enough, axis=1)
    ever = enough[places]
    mean = sums[places] / np.maximum(counts[places], 1)
    return np.where(ever, counts[places], rows + 1), np.where(ever, mean, 0.0)


def _usual(known: Array, seen: Array, start: Array, weight_of_start: int, decay: float) -> Array:
    """The usual error at each step from those of the first 0, 1 … rows, `[steps, rows + 1]`."""
    steps, rows = known.shape
    by_row, seen_by_row = np.ascontiguousarray(known.T), np.ascontiguousarray(seen.T)
    usual = np.empty((rows + 1, steps))
    usual[0] = start
    total, weight = weight_of_start * start, np.full(steps, float(weight_of_start))
    largest = start.copy()
    for row in range(rows):
        total = decay * total + by_row[row]
        weight = decay * weight + seen_by_row[row]
        # Far after the last error, both are too small for a float, and the floor applies.
        mean = total / np.maximum(weight, _TINY)
        np.maximum(largest, mean, out=largest)
        usual[row + 1] = np.maximum(mean, _FLOOR * largest)
    return np.ascontiguousarray(usual.T)
