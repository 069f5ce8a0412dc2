"""All chapters of the course, in their order."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from lstm_forecasting.errors import InputError
from lstm_forecasting.learning import cell, sharing, training, windows
from lstm_forecasting.learning.course import Chapter
from lstm_forecasting.processes.pool import BackendProcesses


def chapters(processes: BackendProcesses) -> tuple[Chapter, ...]:
    """The course.

    Args:
        processes: where a chapter asks backends whose frameworks must not be imported here.
    """
    return (cell.CHAPTER, windows.CHAPTER, sharing.CHAPTER, training.CHAPTER)


def find_chapter(all_chapters: Sequence[Chapter], text: str) -> Chapter:
    """A chapter by its number, from 1, or its name.

    Raises:
        InputError: there is none.
    """
    for number, chapter in enumerate(all_chapters, 1):
        if text.strip() in (str(number), chapter.name):
            return chapter
    names = [chapter.name for chapter in all_chapters]
    close = difflib.get_close_matches(text, names, n=1)
    hint = f"did you mean {close[0]}?" if close else f"they are 1 to {len(names)}: {', '.join(names)}."
    raise InputError(f"There is no chapter {text!r}; {hint}")
