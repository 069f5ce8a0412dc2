"""All chapters of the course, in order. Reading the names imports nothing; the chapters import NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lstm_plugins.errors import InputError
from lstm_plugins.suggesting import similar_names, suggestion

if TYPE_CHECKING:
    from lstm_course.course import Chapter
    from lstm_forecasting.processes.pool import BackendProcesses

NAMES = ("cell", "windows", "sharing", "training", "testing", "myths", "further", "backends")


def chapters(processes: BackendProcesses) -> tuple[Chapter, ...]:
    """The chapters, in the order of `NAMES`; backends compute in `processes`, never in this one."""
    from lstm_course import backends, cell, further, myths, sharing, testing, training, windows

    return (
        cell.CHAPTER,
        windows.CHAPTER,
        sharing.CHAPTER,
        training.CHAPTER,
        testing.CHAPTER,
        myths.CHAPTER,
        further.CHAPTER,
        backends.chapter(processes),
    )


def chapter_number(text: str) -> int:
    """The number, from 1, of a chapter given by number or name.

    Raises:
        InputError: there is no such chapter.
    """
    for number, name in enumerate(NAMES, 1):
        if text.strip() in (str(number), name):
            return number
    hint = suggestion(similar_names(text, NAMES, 1), f"choose 1 to {len(NAMES)}, or {', '.join(NAMES)}.")
    raise InputError(f"There is no chapter {text!r}; {hint}")
