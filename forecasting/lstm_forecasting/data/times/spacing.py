"""Finds the calendar of a time column: its frequency, order and gaps."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Integers, Times, distinct
from lstm_forecasting.data.times.calendar import COUNTED, Frequency, Placement
from lstm_forecasting.data.times.durations import DAY, HOUR, duration_text
from lstm_forecasting.data.times.sessions import find_sessions
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError

# With a smaller share of its rows present, a calendar would be a guess and most rows made up.
_LEAST_PRESENT = 0.5
# A calendar with more rows comes from a wrong frequency or time, and would not fit into memory.
_MOST_ROWS = 50_000_000
_ADVICE = "set resample to merge rows into equal steps, or set time_column to none to number the rows"
_text = COUNTED.text


@dataclass(frozen=True, eq=False)
class Spacing:
    """The place of each row of a file on an equally spaced calendar.

    Attributes:
        frequency: the calendar.
        start: its first time.
        order: the file's rows, oldest first.
        positions: place on the calendar of each row in `order`, ascending from 0.
        decisions: what was found, one sentence each.
    """

    frequency: Frequency
    start: np.datetime64
    order: Integers
    positions: Integers
    decisions: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Number of rows of the calendar, including missing ones."""
        return int(self.positions[-1]) + 1


def find_spacing(
    times: Times, column: str, where: Callable[[int], str], asked: Frequency | None = None
) -> Spacing:
    """Sorts the times of a file's rows, which are all different, and finds their calendar.

    `column` and `where` (the place of a row in the file) are for messages. In a frequency `asked` for, months
    without a placement take the day of the rows.

    Raises:
        InputError: the rows are not equally spaced, or not on the requested calendar.
    """
    decisions = []
    order = np.argsort(times, kind="stable")
    ordered = times[order]
    backward = int((np.diff(times) < np.timedelta64(0)).sum())
    if backward and backward == len(times) - 1:
        decisions.append("The rows are newest first and are reversed.")
    elif backward:
        noun = "row is" if backward == 1 else "rows are"
        decisions.append(f"{backward} {noun} earlier than the row above; rows are sorted by {column}.")
    if asked is None:
        frequency = _frequency(ordered, order, column, where)
        if frequency.sessions is not None:
            decisions += _session_decisions(frequency)
            outside = ~frequency.sessions.covers(ordered)
            if outside.any():
                count, first = int(outside.sum()), where(int(order[np.argmax(outside)]))
                verb = "is" if count == 1 else "are"
                decisions.append(
                    f"{counted(count, 'row')} outside of the sessions {verb} left out, the first in {first}."
                )
                order, ordered = order[~outside], ordered[~outside]
        positions = frequency.steps_from(ordered[0], ordered)
    else:
        frequency = _anchored(asked, ordered)
        positions = _asked_positions(frequency, ordered, order, column, where)
    return Spacing(frequency, ordered[0], order, positions, tuple(decisions))


def _session_decisions(frequency: Frequency) -> Iterator[str]:
    sessions = frequency.sessions
    if sessions is not None:
        if frequency.kind == "sessions":
            yield f"Rows follow sessions: {sessions.words(frequency.size)}."
        if sessions.closed:
            days, verb = counted(len(sessions.closed), "weekday"), "is treated as a holiday, not as a gap"
            if len(sessions.closed) > 1:
                verb = "are treated as holidays, not as gaps"
            yield f"{days} without rows {verb}."


def _anchored(asked: Frequency, ordered: Times) -> Frequency:
    """Months on the day of the rows, if the user named none."""
    if asked != Frequency("months", asked.size):
        return asked
    dates = ordered.astype("datetime64[D]")
    placed = _placement(dates, dates.astype("datetime64[M]"))
    return asked if placed is None else Frequency("months", asked.size, *placed)


def _asked_positions(
    frequency: Frequency, ordered: Times, order: Integers, column: str, where: Callable[[int], str]
) -> Integers:
    # The first row is the origin of the calendar and must be on it.
    origin = np.atleast_1d(frequency.times(ordered[0], 0, 1))
    rows = _steps_between(frequency, ordered[0], ordered[-1]) + 1
    if rows > _MOST_ROWS:
        raise InputError(
            f"Column {column!r} goes from {_text(ordered[0])} to {_text(ordered[-1])}, which is {rows:,} "
            f"rows at frequency {frequency.name}, but the file has {len(ordered):,}; set a longer frequency."
        )
    off = 0
    if origin[0] == ordered[0]:
        positions = frequency.steps_from(ordered[0], ordered)
        if (positions >= 0).all():
            return positions
        off = int(np.argmax(positions < 0))
    begins = f", which starts at {_text(ordered[0])}" if off else ""
    raise InputError(
        f"Column {column!r} is not {frequency.name} as requested: {_text(ordered[off])} in "
        f"{where(int(order[off]))} is not on that calendar{begins}; correct it, or set another frequency."
    )


def _frequency(ordered: Times, order: Integers, column: str, where: Callable[[int], str]) -> Frequency:
    if len(ordered) == 1:
        raise InputError(
            f"Column {column!r} has a single time, {_text(ordered[0])}, which does not show the step between "
            "rows; use a longer file, or set the frequency."
        )
    found = calendars(ordered)
    for frequency, present in found:
        if present >= _LEAST_PRESENT:
            return frequency
    if found:
        frequency, present = found[0]
        raise InputError(
            f"Column {column!r} covers only {100 * present:.0f} % of the times of its calendar "
            f"({frequency.name} from {_text(ordered[0])} to {_text(ordered[-1])}); set frequency to insert "
            f"the others anyway, or {_ADVICE}."
        )
    steps = np.diff(ordered).astype(np.int64)
    usual = usual_step(steps)
    at = int(np.flatnonzero(steps % usual)[0])
    # Days that are an hour longer or shorter are those on which clocks change.
    clocks_change = usual >= DAY and abs(int(steps[at]) - usual) == HOUR
    advice = ", or set time_zone if clocks change" if clocks_change else ""
    raise InputError(
        f"Column {column!r} is not equally spaced: {_text(ordered[at + 1])} in {where(int(order[at + 1]))} "
        f"comes {duration_text(int(steps[at]))} after the previous time, where {duration_text(usual)} is "
        f"usual; {_ADVICE}{advice}."
    )


def calendars(ordered: Times) -> list[tuple[Frequency, float]]:
    """The calendars that match ascending times, likeliest first, each with the share of its times present.

    There is none if two times are equal, one is missing, or there are fewer than two.
    """
    if len(ordered) < 2 or np.isnat(ordered).any() or (ordered[1:] == ordered[:-1]).any():
        return []
    usual = usual_step(np.diff(ordered).astype(np.int64))
    fitting = []
    for frequency in (_calendar(ordered), _sessions(ordered, usual), Frequency("fixed", usual)):
        if frequency is not None:
            present = len(ordered) / (_steps_between(frequency, ordered[0], ordered[-1]) + 1)
            if _are_on(frequency, ordered):
                fitting.append((frequency, present))
    return fitting


def are_spaced(times: Times) -> bool:
    """Whether times, in any order and perhaps repeated, are on a calendar without too many gaps."""
    return any(present >= _LEAST_PRESENT for _, present in calendars(distinct(times)))


def _sessions(ordered: Times, usual: int) -> Frequency | None:
    sessions = find_sessions(ordered, usual)
    return None if sessions is None else Frequency("sessions", usual, sessions=sessions)


def _are_on(frequency: Frequency, ordered: Times) -> bool:
    if frequency.kind == "fixed":
        return not ((ordered - ordered[0]).astype(np.int64) % frequency.size).any()
    if frequency.kind == "sessions":
        return True
    return bool((frequency.steps_from(ordered[0], ordered) >= 0).all())


def _steps_between(frequency: Frequency, first: np.datetime64, last: np.datetime64) -> int:
    """Steps from first to last, rounded down; the times need not be on the calendar."""
    if frequency.kind == "fixed":
        return int((last - first).astype(np.int64)) // frequency.size
    if frequency.sessions is not None:
        return int(frequency.sessions.steps_from(first, np.array([last]))[0])
    if frequency.kind == "months":
        months = last.astype("datetime64[M]") - first.astype("datetime64[M]")
        return int(months.astype(np.int64)) // frequency.size
    return int(np.busday_count(first.astype("datetime64[D]"), last.astype("datetime64[D]"))) // frequency.size


def _calendar(ordered: Times) -> Frequency | None:
    """Months or business days, whose steps differ in length, if the times match."""
    dates = ordered.astype("datetime64[D]")
    of_day = ordered - dates
    if (of_day != of_day[0]).any():
        return None
    months = dates.astype("datetime64[M]")
    month_steps = np.diff(months).astype(np.int64)
    if (month_steps > 0).all():
        placed = _placement(dates, months)
        return None if placed is None else Frequency("months", usual_step(month_steps), *placed)
    # Monday is 0: 1970-01-01 was a Thursday.
    weeks, weekdays = np.divmod(dates.astype(np.int64) + 3, 7)
    if (weekdays < 5).all() and weeks[-1] > weeks[0] and usual_step(np.diff(dates).astype(np.int64)) == 1:
        sessions = find_sessions(ordered, DAY)
        return Frequency("business days", sessions=sessions if sessions and sessions.closed else None)
    return None


def _placement(dates: Times, months: Times) -> tuple[int, Placement] | None:
    """The rule that picks each date from its month, if there is one."""
    first = months.astype("datetime64[D]")
    last = (months + 1).astype("datetime64[D]") - 1
    days = (dates - first).astype(np.int64) + 1
    highest = int(days.max())
    if (dates == last).all():
        return 31, "day"
    if (dates == np.minimum(first + (highest - 1), last)).all():
        return highest, "day"
    # Fewer rows could match business days by chance.
    if len(dates) >= 4:
        if (dates == np.busday_offset(first, 0, roll="forward")).all():
            return 1, "first business day"
        if (dates == np.busday_offset(last, 0, roll="backward")).all():
            return 31, "last business day"
    return None


def usual_step(steps: Integers) -> int:
    """The most frequent step, the smallest of equally frequent ones."""
    if (steps == steps[0]).all():
        return int(steps[0])
    sizes, counts = np.unique(steps, return_counts=True)
    return int(sizes[np.argmax(counts)])
