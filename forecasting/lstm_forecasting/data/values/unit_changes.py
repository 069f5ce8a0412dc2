"""Changes of unit or level: rows from which on all values are many times larger or smaller."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.finding import Finding
from lstm_forecasting.data.options import UnitChange

FACTORS = {
    1000.0: "kilo and no prefix, such as kWh and Wh",
    1e6: "mega and no prefix",
    100.0: "percent and shares, or cents",
    60.0: "hours and minutes, or minutes and seconds",
    3600.0: "hours and seconds",
    24.0: "days and hours",
    3.6: "m/s and km/h, or kWh and MJ",
    2.20462: "kilograms and pounds",
    3.28084: "metres and feet",
    25.4: "inches and millimetres",
    2.54: "inches and centimetres",
    3.78541: "gallons and litres",
    4.184: "calories and joules",
}
"""Ratios of units that people mix up, in words with the larger unit first."""
SCALES = {
    (1.8, 32.0): "°C and °F",
    (1 / 1.8, -32 / 1.8): "°F and °C",
    (1.0, 273.15): "°C and K",
    (1.0, -273.15): "K and °C",
}
"""Scales whose zeros differ: factor and offset, and in words the old and the new one."""
_SCALE_MISFIT = 0.25
"""Of the shift of the median: how far the quantiles may be from the converted ones."""
_STRETCH = 2.0
"""How much wider or narrower than the converted one a distribution may be."""
_CLEARLY = 0.5
"""Times the misfit of a factor, that of a scale which is preferred to it."""
_NEAR = 0.1
"""Of a factor, as a logarithm: how far an estimate may be away from it."""
_LARGE = 5.0
"""Any factor from which a change of level is reported."""
_HUGE = 20.0
"""A factor that stands out beside any other jumps."""
_FEWEST = 20
"""Values on either side."""
_LONGEST = 500
_QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
_AGREEING = 0.12
"""How far shifts of the quantiles may be apart, as logarithms; or this share of the factor's."""
_ABRUPT = 0.6
"""Of the logarithm of the factor, that the values around the change show by themselves."""
_UNUSUAL = 2.0
"""Times the 98th percentile of the jumps of a series."""
_MOST_NEGATIVE = 0.002
_MOST = 4
"""Changes; a series with more switches between levels."""
_TRIED = 12


@dataclass(frozen=True)
class LevelChange:
    """A change of level.

    Attributes:
        row: the first row of the new level.
        factor: new values divided by old ones: a known ratio of units, or an estimate.
        units: the units that the ratio suggests, in words; empty for an estimate.
        before: median of the values before it, back to the last change.
        after: median of the values from it on, up to the next change.
        offset: what is added to an old value times `factor` to get a new one, such as 32 for °F.
    """

    row: int
    factor: float
    units: str
    before: float
    after: float
    offset: float = 0.0


def find_level_changes(values: Array) -> tuple[LevelChange, ...]:
    """The abrupt changes of level of a column `[rows]`, oldest first. NaN is a missing value.

    All parts of the distribution shift by the same factor from one row to the next, and stay there; so
    trends, seasons, outliers and random walks are no changes of level. Zeros say nothing and are passed over.
    Changes between scales of temperature are found too.
    """
    factors, scales = _factor_changes(values), _scale_changes(values)
    if not scales or not factors:
        return factors or scales
    # Around 80, pounds and °F are the same multiple; a factor is simpler.
    better = _misfit(values, scales[0]) < _CLEARLY * _misfit(values, factors[0])
    return scales if better else factors


def _factor_changes(values: Array) -> tuple[LevelChange, ...]:
    known = np.isfinite(values)
    rows = np.flatnonzero(known & (values > 0))
    if len(rows) < 2 * _FEWEST or (values[known] < 0).sum() > _MOST_NEGATIVE * known.sum():
        return ()
    logarithms = np.log(values[rows])
    jumps = _jumps(logarithms)
    usual = _UNUSUAL * float(np.quantile(np.abs(jumps), 0.98))
    steps = np.append(0.0, np.diff(logarithms))
    found = sorted(
        _first(steps, place, float(jumps[place]))
        for place in _peaks(np.abs(jumps))
        if abs(jumps[place]) >= 0.5 and _is_change(logarithms, place, float(jumps[place]), usual)
    )
    if len(found) > _MOST:
        return ()
    edges = [0, *found, len(rows)]
    medians = [float(np.median(logarithms[a:b])) for a, b in itertools.pairwise(edges)]
    changes = []
    for place, old, new in zip(found, medians, medians[1:], strict=False):
        size, _ = _shift(logarithms, place)
        # A series that keeps growing is elsewhere by the end.
        if abs(new - old - size) > max(_AGREEING, _AGREEING * abs(size)):
            continue
        factor, units = _named(size)
        changes.append(LevelChange(int(rows[place]), factor, units, float(np.exp(old)), float(np.exp(new))))
    return tuple(changes)


def with_one_unit(
    values: Array, columns: Sequence[str], unit_change: UnitChange
) -> tuple[Array, tuple[Finding, ...]]:
    """Converts the values `[rows, columns]` before each change of level to the last unit, if asked to.

    Returns the values and what was done, one finding for each change.
    """
    if unit_change == "keep":
        return values, ()
    converted, findings = values.copy(), []
    for index, column in enumerate(columns):
        for change in find_level_changes(values[:, index]):
            converted[: change.row, index] *= change.factor
            converted[: change.row, index] += change.offset
            plus = f" and {change.offset:.6g} is added" if change.offset else ""
            sentence = (
                f"The first {change.row:,} values of {column} are multiplied by {change.factor:.6g}{plus}, "
                "as requested."
            )
            findings.append(Finding("unit change", sentence, column, option="unit_change", value="keep"))
    return converted, tuple(findings)


def _scale_changes(values: Array) -> tuple[LevelChange, ...]:
    """The changes between scales that have different zeros."""
    rows = np.flatnonzero(np.isfinite(values))
    if len(rows) < 2 * _FEWEST:
        return ()
    seen = values[rows]
    jumps, steps = _jumps(seen), np.append(0.0, np.diff(seen))
    least = _UNUSUAL * float(np.quantile(np.abs(jumps), 0.98))
    found = {}
    for place in sorted(_peaks(np.abs(jumps))):
        scale = _scale(seen, place, float(jumps[place])) if abs(jumps[place]) > least else None
        if scale is not None:
            found[_first(steps, place, float(jumps[place]))] = scale
    if len(found) > _MOST:
        return ()
    medians = [float(np.median(part)) for part in np.split(seen, list(found))]
    return tuple(
        LevelChange(int(rows[row]), factor, SCALES[factor, offset], old, new, offset)
        for (row, (factor, offset)), old, new in zip(found.items(), medians, medians[1:], strict=False)
        if abs(factor * old + offset - new) <= _SCALE_MISFIT * abs(new - old)
    )


def _scale(seen: Array, place: int, jump: float) -> tuple[float, float] | None:
    """The factor and offset of the scale that values change to at a place."""
    if min(place, len(seen) - place) < _FEWEST:
        return None
    before, after = (np.quantile(part, _QUANTILES) for part in _around(seen, place))
    shift = float(np.median(after) - np.median(before))
    misfits = {scale: float(np.abs(after - scale[0] * before - scale[1]).max()) for scale in SCALES}
    best = min(misfits, key=misfits.__getitem__)
    spread = float(before[-1] - before[0])
    stretched = float(after[-1] - after[0]) / (best[0] * spread) if spread > 0 else 0.0
    fits = misfits[best] <= _SCALE_MISFIT * abs(shift) and 1 / _STRETCH <= stretched <= _STRETCH
    return best if fits and jump * shift > 0 and abs(jump) >= _ABRUPT * abs(shift) else None


def _misfit(values: Array, change: LevelChange) -> float:
    """How far values after a change are from the converted ones before it."""
    rows = np.flatnonzero(np.isfinite(values))
    before, after = (
        np.quantile(part, _QUANTILES)
        for part in _around(values[rows], int(np.searchsorted(rows, change.row)))
    )
    return float(np.abs(after - change.factor * before - change.offset).max())


def _around(seen: Array, place: int) -> tuple[Array, Array]:
    """As many values before a place as after it."""
    length = min(_LONGEST, place, len(seen) - place)
    return seen[place - length : place], seen[place : place + length]


def _jumps(seen: Array) -> Array:
    """By how much the median of the next three values is above that of the last three, `[rows]`."""
    medians = pl.Series(seen).rolling_median(3).to_numpy()
    jumps = np.zeros(len(seen))
    jumps[3:-2] = medians[5:] - medians[2:-3]
    return jumps


def _first(steps: Array, place: int, jump: float) -> int:
    """The row of the step that a jump of medians is due to."""
    return place - 2 + int(np.argmax(np.sign(jump) * steps[place - 2 : place + 3]))


def _peaks(heights: Array) -> list[int]:
    """The highest places that have no higher one within the next few rows, the highest first."""
    count = min(_TRIED * 8, len(heights))
    highest = np.sort(np.argpartition(heights, len(heights) - count)[len(heights) - count :])
    places: list[int] = []
    for place in highest[np.argsort(-heights[highest], kind="stable")]:
        if all(abs(int(place) - other) > 4 for other in places):
            places.append(int(place))
        if len(places) == _TRIED:
            break
    return places


def _is_change(logarithms: Array, place: int, jump: float, usual: float) -> bool:
    if min(place, len(logarithms) - place) < _FEWEST:
        return False
    size, spread = _shift(logarithms, place)
    _, units = _named(size)
    large = abs(size) >= np.log(_LARGE)
    return bool(
        (units or large)
        and spread <= max(_AGREEING, _AGREEING * abs(size))
        and jump * size > 0
        and abs(jump) >= _ABRUPT * abs(size)
        and (abs(jump) >= usual or abs(size) >= np.log(_HUGE))
    )


def _shift(logarithms: Array, place: int) -> tuple[float, float]:
    """By how much the distribution of the values after a place is above that before, and how unevenly."""
    before, after = _around(logarithms, place)
    shifts = np.quantile(after, _QUANTILES) - np.quantile(before, _QUANTILES)
    middle = float(np.median(shifts))
    return middle, float(np.abs(shifts - middle).max())


def _named(size: float) -> tuple[float, str]:
    """The factor, exactly if it is a known ratio of units, and what these are."""
    sign = 1.0 if size > 0 else -1.0
    nearest = min(FACTORS, key=lambda factor: abs(np.log(factor) - abs(size)))
    if abs(np.log(nearest) - abs(size)) <= _NEAR:
        return nearest**sign, FACTORS[nearest]
    return float(np.exp(size)), ""
