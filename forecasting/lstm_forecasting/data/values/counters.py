"""Counters: readings of a meter, which grow and fall back to 0, and their changes from row to row."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.data.finding import Finding
from lstm_forecasting.data.options import Difference
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError

WRAPS = (*(10.0**power for power in range(2, 13)), 2.0**16, 2.0**32)
"""Numbers at which counters begin at 0 again: decimal displays, and registers of 16 and 32 bits."""
_FEWEST = 30
"""Rows; with fewer, a series may rise by chance."""
_RISES_PER_FALL = 7
_RISES_PER_EXCHANGE = 100
"""Fewer falls than one in so many rises may be due to an exchanged meter."""
_FAR = 3.0
"""Times the largest usual rise that a counter may be away from 0 after it fell back."""
_MOST_FALLS = 0.2
"""Of the steps; a column that falls more often is no counter even if the user says so."""
_SAME = 0.9
"""Of the rises; a column whose rises are mostly equal numbers the rows, hours or days."""


@dataclass(frozen=True, eq=False)
class Counter:
    """How a column counts.

    Attributes:
        falls: rows in which it is lower than in the row before.
        before: its value in the row before each fall.
        after: its value in the row of each fall.
        rise: the largest usual change from row to row.
    """

    falls: Integers
    before: Array
    after: Array
    rise: float


def find_counter(values: Array) -> Counter | None:
    """How a column `[rows]` counts; None if it is no counter. NaN is a missing value.

    A counter only grows, by different amounts, and each time falls back to about 0, or to where it wraps; or
    seldom to anything far below, where a meter was exchanged.
    """
    found = _counting(values)
    if found is None or not len(found.falls):
        return None
    rises = _rises(values)
    steps = np.diff(values)
    if len(rises) < _RISES_PER_FALL * len(found.falls) or np.isfinite(steps).sum() < _FEWEST:
        return None
    _, counts = np.unique(np.round(rises / found.rise, 6), return_counts=True)
    if counts.max() > _SAME * len(rises):
        return None
    wraps = np.isfinite(_wrap(found))
    deep = found.before - found.after > 2 * _FAR * found.rise
    begins_again = deep & (found.after <= _FAR * found.rise)
    exchanged = deep & (len(rises) >= _RISES_PER_EXCHANGE * len(found.falls))
    return found if (wraps | begins_again | exchanged).all() else None


def changes_of_counters(
    values: Array, columns: Sequence[str], difference: Difference
) -> tuple[Array, tuple[Finding, ...]]:
    """Replaces counters among the columns `[rows, columns]` by their changes from row to row, if asked to.

    A change is missing (NaN) in the first row, beside a missing value, and where a counter began at 0 again
    without having counted since. Returns the values and what was done, one finding for each counter.

    Raises:
        InputError: no column is a counter.
    """
    if difference == "none":
        return values, ()
    found = {index: counter for index in range(len(columns)) if (counter := _as_asked(values[:, index]))}
    if not found:
        raise InputError(
            f"difference is set to counter, but {' and '.join(columns)} often {_falls(columns)}; choose a "
            "column that only grows until it begins at 0 again, or set difference to none."
        )
    changed = values.copy()
    findings = []
    for index, counter in found.items():
        changed[:, index], unknown = _changes(values[:, index], counter)
        sentence = _sentence(columns[index], counter, unknown)
        findings.append(Finding("counter", sentence, columns[index], option="difference", value="none"))
    return changed, tuple(findings)


def _changes(values: Array, counter: Counter) -> tuple[Array, int]:
    """The changes, and how many of them are unknown because the counter began at 0 again."""
    changes = np.append(np.nan, np.diff(values))
    wrapped = counter.after + _wrap(counter) - counter.before
    counted_since = np.where(
        (counter.after > 0) & (counter.after <= _FAR * counter.rise), counter.after, np.nan
    )
    changes[counter.falls] = np.where(np.isfinite(wrapped), wrapped, counted_since)
    return changes, int(np.isnan(changes[counter.falls]).sum())


def _wrap(counter: Counter) -> Array:
    """Where the counter wraps at each fall: a power of ten or of two just above; NaN for other falls."""
    wraps = np.array(sorted(WRAPS))
    above = wraps[np.minimum(np.searchsorted(wraps, counter.before, side="right"), len(wraps) - 1)]
    change = counter.after + above - counter.before
    found: Array = np.where(
        (counter.after >= 0) & (change >= 0) & (change <= _FAR * counter.rise), above, np.nan
    )
    return found


def _counting(values: Array) -> Counter | None:
    rises = _rises(values)
    if not len(rises) or np.nanmin(values) < 0:
        return None
    falls = np.flatnonzero(np.diff(values) < 0) + 1
    return Counter(falls, values[falls - 1], values[falls], float(np.quantile(rises, 0.99)))


def _as_asked(values: Array) -> Counter | None:
    found = _counting(values)
    steps = int(np.isfinite(np.diff(values)).sum())
    return found if found is not None and len(found.falls) <= _MOST_FALLS * steps else None


def _rises(values: Array) -> Array:
    steps = np.diff(values)
    rises: Array = steps[steps > 0]
    return rises


def _sentence(column: str, counter: Counter, unknown: int) -> str:
    sentence = f"{column} is a counter and is replaced by its changes from row to row, as requested"
    if not len(counter.falls):
        return f"{sentence}."
    again = f"it begins at 0 again {_times(len(counter.falls))}"
    if unknown:
        again += f", and {counted(unknown, 'change')} there {'is' if unknown == 1 else 'are'} unknown"
    return f"{sentence}; {again}."


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _falls(columns: Sequence[str]) -> str:
    return "falls" if len(columns) == 1 else "fall"
