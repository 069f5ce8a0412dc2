"""Ticks at round dates on an axis that counts rows."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lstm_tui.kit.charts.ticks import Tick, whole_ticks

Times = NDArray[np.datetime64]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_GAP = 3
"""Columns between two labels."""

_STEPS: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("s", "%T", (1, 5, 15)),
    ("m", "%H:%M", (1, 5, 15)),
    ("h", "%H:%M", (1, 3, 6, 12)),
    ("D", "day", (1, 2, 7)),
    ("M", "month", (1, 2, 3, 6)),
    ("Y", "year", (1, 2, 5, 10, 20, 50, 100, 500)),
)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "D": 86_400, "M": 31 * 86_400, "Y": 366 * 86_400}
_WIDTH = {"%T": 8, "%H:%M": 6, "day": 6, "month": 8, "year": 4}


def row_ticks(times: Times | None) -> Callable[[float, float, int], list[Tick]]:
    """A function that returns the ticks of an axis of rows; the rows are numbered if `times` is None."""
    if times is None or len(times) < 2:
        return lambda left, right, columns: whole_ticks(left, right, max(2, columns // 10))
    stamps = times.astype("datetime64[s]")
    return lambda left, right, columns: _date_ticks(stamps, left, right, columns)


def _date_ticks(stamps: Times, left: float, right: float, columns: int) -> list[Tick]:
    first = max(0, int(np.floor(left)))
    last = min(len(stamps) - 1, int(np.ceil(right)))
    if last <= first:
        return []
    begin, end = stamps[first], stamps[last]
    between_rows = float((end - begin).astype(np.int64)) / (last - first)
    steps = ((unit, step, form) for unit, form, counts in _STEPS for step in counts)
    for unit, step, form in steps:
        if step * _SECONDS[unit] < 0.9 * between_rows:
            continue  # finer than the rows
        most = max(1, columns // (_WIDTH[form] + _GAP))
        marks = _marks(begin, end, unit, step)
        if marks is not None and 1 <= len(marks) <= most:
            rows = np.interp(
                marks.astype("datetime64[s]").astype(np.int64),
                stamps[first : last + 1].astype(np.int64),
                np.arange(first, last + 1),
            )
            # The first tick of a day or of a year names it.
            labels = [_label(mark, form) for mark in marks]
            shown = zip(rows.tolist(), labels, strict=True)
            return [Tick(row, label) for row, label in shown if left <= row <= right]
    return []


def _marks(begin: np.datetime64, end: np.datetime64, unit: str, step: int) -> Times | None:
    low = int(begin.astype(f"datetime64[{unit}]").astype(np.int64))
    high = int(end.astype(f"datetime64[{unit}]").astype(np.int64))
    if (high - low) // step > 1000:
        return None
    # NumPy counts years from 1970, and days from a Thursday; weeks shall begin on Mondays.
    offset = 1970 if unit == "Y" else -4 if unit == "D" and step == 7 else 0
    start = -(-(low + offset) // step) * step - offset
    marks: Times = np.arange(start, high + 1, step).astype(f"datetime64[{unit}]")
    return marks[marks.astype("datetime64[s]") >= begin]


def _label(mark: np.datetime64, form: str) -> str:
    moment = mark.astype("datetime64[s]").item()
    month = _MONTHS[moment.month - 1]
    match form:
        case "year":
            return f"{moment.year}"
        case "month":
            return f"{moment.year}" if moment.month == 1 else f"{month} {moment.year % 100:02d}"
        case "%T":
            return f"{moment:%H:%M:%S}"
        case "%H:%M" if moment.hour != 0:
            return f"{moment:%H:%M}"
    return f"{moment.day} {month}"
