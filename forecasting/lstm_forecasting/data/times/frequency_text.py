"""Parses frequencies: "hourly", "15min", "business days", "month ends"."""

import re

from lstm_forecasting.data.times.calendar import Frequency, Placement
from lstm_forecasting.data.times.durations import DAY, HOUR, MINUTE, SECOND, WEEK
from lstm_plugins.errors import OptionError

GRAMMAR = (
    "write secondly, minutely, hourly, daily, weekly, monthly, quarterly or yearly, a number with a unit "
    "such as 15min, 4 hours or 2 weeks (s, min, h, d, w, months, quarters, years), business days, or the "
    "place in a month: month starts, month ends, quarter ends, monthly (last business days)"
)

_UNITS = {
    **dict.fromkeys(("s", "sec", "second", "secondly"), SECOND),
    **dict.fromkeys(("min", "minute", "minutely"), MINUTE),
    **dict.fromkeys(("h", "hr", "hour", "hourly"), HOUR),
    **dict.fromkeys(("d", "day", "daily"), DAY),
    **dict.fromkeys(("w", "week", "weekly"), WEEK),
}
_MONTHS = {
    **dict.fromkeys(("month", "monthly"), 1),
    **dict.fromkeys(("quarter", "quarterly"), 3),
    **dict.fromkeys(("year", "yearly", "annual", "annually"), 12),
}
_PLACES: dict[str, tuple[int, Placement]] = {
    "start": (1, "day"),
    "end": (31, "day"),
    "first business day": (1, "first business day"),
    "last business day": (31, "last business day"),
}
_WORDS = re.compile(r"(?:every )?(?P<count>[0-9]{1,9}(?:\.[0-9]{1,6})?)? ?(?P<unit>[a-z]+?)s?")
_PLACED = re.compile(
    r"(?P<step>.+?),? ?\(?(?P<place>start|end|(?:month |on )?(?:first|last) business day)s?\)?"
)
_BUSINESS_DAYS = re.compile(r"(?:every )?(?:business|working)[ -]?(?:daily|days?)|weekdays")


def parse_frequency(text: str) -> Frequency:
    """Parses a frequency written by a person.

    A plain number of months leaves the day of the month to the rows.

    Raises:
        OptionError: the text is not a frequency; the message lists the notations.
    """
    words = " ".join(text.lower().replace("_", " ").split())
    if _BUSINESS_DAYS.fullmatch(words):
        return Frequency("business days")
    found = _spaced(words) or _placed(words)
    if found is None:
        raise OptionError("frequency", f"{text!r} is not a frequency; {GRAMMAR}")
    return found


def _spaced(words: str) -> Frequency | None:
    found = _WORDS.fullmatch(words)
    if found is None:
        return None
    unit, count = found["unit"], found["count"] or "1"
    if unit in _UNITS:
        size = round(float(count) * _UNITS[unit])
        return Frequency("fixed", size) if 0 < size < 1000 * 366 * DAY else None
    if unit in _MONTHS and "." not in count and 0 < int(count) * _MONTHS[unit] < 12_000:
        return Frequency("months", int(count) * _MONTHS[unit])
    return None


def _placed(words: str) -> Frequency | None:
    """Months with a place in them: "month ends", "quarterly (first business days)"."""
    words = words.replace("month ends", "ends", 1) if "(month ends)" in words else words
    found = _PLACED.fullmatch(words)
    if found is None:
        return None
    step = _spaced(found["step"])
    if step is None or step.kind != "months":
        return None
    day, placement = _PLACES[found["place"].removeprefix("month ").removeprefix("on ")]
    return Frequency("months", step.size, day, placement)
