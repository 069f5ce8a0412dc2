"""Which window of what is seen comes next: by its date or number, in the next part, or from a batch."""

from dataclasses import replace

import numpy as np

from lstm_forecasting.data.splits import Part
from lstm_forecasting.inspect.windows import part_starts, window_by_number, window_by_time
from lstm_plugins.errors import InputError
from lstm_tui.inspect.seeing import Asked, Seen

PARTS: tuple[Part, ...] = ("test", "validation", "train")
NUMBER = "#"
"""Before the number of a window, which a year or a row could be taken for."""


def window_at(seen: Seen, text: str) -> int:
    """The window whose forecast begins at a date, or the one of a number such as "#12".

    Returns:
        its number in its part, from 0.

    Raises:
        InputError: it is neither, or the part has no such window.
    """
    experiment, part = seen.inspected.subject.experiment, seen.asked.part
    if not text.startswith(NUMBER):
        return window_by_time(experiment, part, text).number
    number = text.removeprefix(NUMBER).strip()
    if not number.isdecimal():
        raise InputError(f"{text!r} is no number of a window; {NUMBER}1 is the first.")
    return window_by_number(experiment, part, int(number) - 1).number


def ends_of(seen: Seen) -> tuple[str, str, str]:
    """What forecasts are known by, "date" or "row", and where the first and the last of the part begin."""
    experiment = seen.inspected.subject.experiment
    starts = part_starts(experiment, seen.asked.part)
    what = "row" if experiment.table.times is None else "date"
    first, last = (int(start) + experiment.config.look_back for start in (starts[0], starts[-1]))
    return what, experiment.table.row_text(first), experiment.table.row_text(last)


def next_part(seen: Seen) -> Part:
    """The next part of the series that has windows; after the last the first."""
    place = PARTS.index(seen.asked.part)
    following = (*PARTS[place + 1 :], *PARTS[: place + 1])
    return next(part for part in following if len(part_starts(seen.inspected.subject.experiment, part)))


def member_asked(seen: Seen, member: int) -> Asked:
    """A window of the batch, from 0, as one of its own.

    Raises:
        ValueError: no batch was asked for.
    """
    if seen.batch is None:
        raise ValueError("there is no batch")
    starts = part_starts(seen.inspected.subject.experiment, "train")
    number = int(np.flatnonzero(starts == seen.batch.starts[member])[0])
    return replace(seen.asked, part="train", number=number)
