"""Finding the calendar behind a column of times: frequency, order, gaps and what breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lstm_forecasting.data.calendar import COUNTED, Frequency, Placement, Times
from lstm_forecasting.errors import InputError

Integers = npt.NDArray[np.int64]
# Below this share of rows a calendar is a guess, and what lies between them would be made up.
_LEAST_PRESENT = 0.5
_ADVICE = "resample the file to equal steps, or remove the column of times so that rows are counted"


@dataclass(frozen=True, eq=False)
class Spacing:
    """Where each row of a file belongs on an equally spaced calendar.

    Attributes:
        frequency: the calendar.
        start: its first time.
        order: the file's rows, oldest first.
        positions: for each of `order`, its place on the calendar, rising from 0.
        decisions: what was found, in plain sentences.
    """

    frequency: Frequency
    start: np.datetime64
    order: Integers
    positions: Integers
    decisions: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many rows the calendar has, the missing ones among them."""
        return int(self.positions[-1]) + 1


def find_spacing(times: Times, column: str, where: Callable[[int], str]) -> Spacing:
    """Sorts times and finds their calendar.

    Args:
        times: `datetime64[us]` of the file's rows, none missing.
        column: name of the column of times, for messages.
        where: says where in the file a row stands.

    Raises:
        InputError: two rows have the same time, or the rows are not equally spaced.
    """
    decisions = []
    order = np.argsort(times, kind="stable")
    ordered = times[order]
    backward = int((np.diff(times) < np.timedelta64(0)).sum())
    _refuse_duplicates(ordered, order, column, where)
    if backward and backward == len(times) - 1:
        decisions.append("The rows stand newest first and are put in order.")
    elif backward:
        noun = "row is" if backward == 1 else "rows are"
        decisions.append(f"{backward} {noun} earlier than the row above; the rows are sorted by {column}.")
    frequency = _frequency(ordered, order, column, where)
    positions = frequency.steps_from(ordered[0], ordered)
    return Spacing(frequency, ordered[0], order, positions, tuple(decisions))


def _refuse_duplicates(ordered: Times, order: Integers, column: str, where: Callable[[int], str]) -> None:
    same = np.flatnonzero(ordered[1:] == ordered[:-1])
    if len(same) == 0:
        return
    at = int(same[0])
    one, other = where(int(order[at])), where(int(order[at + 1]))
    more = f" (and {len(same) - 1} more such rows)" if len(same) > 1 else ""
    raise InputError(
        f"Column {column!r} has {_text(ordered[at])} twice, in {one} and {other}{more}; keep one row for each "
        "time, one series in a file, and UTC where clocks change."
    )


def _frequency(ordered: Times, order: Integers, column: str, where: Callable[[int], str]) -> Frequency:
    if len(ordered) == 1:
        raise InputError(
            f"Column {column!r} has a single time, {_text(ordered[0])}, which says nothing of the step between "
            "rows; give a longer file."
        )
    candidates = [*_calendar_candidates(ordered), *_fixed_candidates(ordered)]
    sparse = None
    for frequency, least_present in candidates:
        if frequency.kind == "fixed" and ((ordered - ordered[0]).astype(np.int64) % frequency.size).any():
            continue
        last = _steps_between(frequency, ordered[0], ordered[-1])
        present = len(ordered) / (last + 1)
        if present >= least_present:
            if (frequency.steps_from(ordered[0], ordered) >= 0).all():
                return frequency
        elif sparse is None:
            sparse = frequency, present
    steps = np.diff(ordered).astype(np.int64)
    usual = _usual(steps)
    if sparse is not None:
        frequency, present = sparse
        raise InputError(
            f"Column {column!r} covers only {100 * present:.0f} % of the times of its calendar "
            f"({frequency.name} from {_text(ordered[0])} to {_text(ordered[-1])}); {_ADVICE}."
        )
    at = int(np.flatnonzero(steps % usual)[0])
    raise InputError(
        f"Column {column!r} is not equally spaced: {_text(ordered[at + 1])} in {where(int(order[at + 1]))} "
        f"comes {Frequency('fixed', int(steps[at])).step} after the time before it, but most rows are "
        f"{Frequency('fixed', usual).step} apart; {_ADVICE}."
    )


def _steps_between(frequency: Frequency, first: np.datetime64, last: np.datetime64) -> int:
    """Steps from first to last, rounded down; for times that may not be on the calendar."""
    if frequency.kind == "fixed":
        return int((last - first).astype(np.int64)) // frequency.size
    if frequency.kind == "months":
        months = last.astype("datetime64[M]") - first.astype("datetime64[M]")
        return int(months.astype(np.int64)) // frequency.size
    return int(np.busday_count(first.astype("datetime64[D]"), last.astype("datetime64[D]"))) // frequency.size


def _calendar_candidates(ordered: Times) -> list[tuple[Frequency, float]]:
    """Months and business days, whose steps are not all of one length."""
    dates = ordered.astype("datetime64[D]")
    if len(np.unique(ordered - dates)) > 1:
        return []
    months = dates.astype("datetime64[M]")
    month_steps = np.diff(months).astype(np.int64)
    if (month_steps > 0).all():
        placed = _placement(dates, months)
        if placed is None:
            return []
        day, placement = placed
        return [
            (Frequency("months", size, day, placement), least_present)
            for size, least_present in _bases(month_steps)
            if not (month_steps % size).any()
        ]
    day_steps = np.diff(dates).astype(np.int64)
    # Monday is 0: 1970-01-01 was a Thursday.
    weekdays = (dates.astype(np.int64) + 3) % 7
    spans_weekend = bool((np.diff((dates.astype(np.int64) + 3) // 7) > 0).any())
    if (weekdays < 5).all() and spans_weekend and _usual(day_steps) == 1:
        return [(Frequency("business days"), _LEAST_PRESENT)]
    return []


def _placement(dates: Times, months: Times) -> tuple[int, Placement] | None:
    """The rule by which each date is chosen from its month, if there is one."""
    first = months.astype("datetime64[D]")
    last = (months + 1).astype("datetime64[D]") - 1
    days = (dates - first).astype(np.int64) + 1
    highest = int(days.max())
    if (dates == last).all():
        return 31, "day"
    if (dates == np.minimum(first + (highest - 1), last)).all():
        return highest, "day"
    # Fewer rows may fall on business days by chance.
    if len(dates) >= 4:
        if (dates == np.busday_offset(first, 0, roll="forward")).all():
            return 1, "first business day"
        if (dates == np.busday_offset(last, 0, roll="backward")).all():
            return 31, "last business day"
    return None


def _fixed_candidates(ordered: Times) -> list[tuple[Frequency, float]]:
    return [
        (Frequency("fixed", size), least_present)
        for size, least_present in _bases(np.diff(ordered).astype(np.int64))
    ]


def _bases(steps: Integers) -> list[tuple[int, float]]:
    """Steps that a calendar may have, with the share of rows that has to be there to believe it.

    One stray row between two others halves the smallest step and leaves a little over half of the rows there,
    so that any other than the usual step needs better evidence.
    """
    return [
        (_usual(steps), _LEAST_PRESENT),
        (int(steps.min()), _LEAST_PRESENT + 0.1),
        (int(np.gcd.reduce(steps)), _LEAST_PRESENT + 0.1),
    ]


def _usual(steps: Integers) -> int:
    """The most frequent step, the smallest of equally frequent ones."""
    sizes, counts = np.unique(steps, return_counts=True)
    return int(sizes[np.argmax(counts)])


def _text(time: np.datetime64) -> str:
    return COUNTED.text(time)
