"""The state of the Learn screen."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lstm_course.course import Page
from lstm_course.figures import Source
from lstm_tui.learn.reader import Reader

BESIDE = 50
"""Columns that a source needs to be shown beside others."""


@dataclass(frozen=True, eq=False)
class Shown:
    """The current step and what is shown of it.

    Attributes:
        reader: the reader's place and values.
        page: the latest page of the step; None before the first.
        problem: why there is no page, in one sentence.
        hint: whether to show the hint of the exercise.
        source: index of the source to show if not all fit side by side.
        playing: whether a value is running.
    """

    reader: Reader
    page: Page | None = None
    problem: str = ""
    hint: bool = False
    source: int = 0
    playing: bool = False

    @property
    def across(self) -> bool:
        """Whether the figures use the whole width, as sources side by side do."""
        return self.page is not None and len(sources_of(self.page)) > 1

    def beside(self, columns: int) -> bool:
        """Whether all sources fit side by side in a terminal of this width."""
        return self.page is not None and self.across and fit_beside(len(sources_of(self.page)), columns)

    def with_reader(self, reader: Reader) -> Shown:
        """With another place or other values; another step has no page yet."""
        same = reader.now is self.reader.now
        return replace(self, reader=reader) if same else Shown(reader)

    def is_of(self, reader: Reader) -> bool:
        """Whether this is the reader's step, with the same values."""
        return self.reader.now is reader.now and self.reader.values == reader.values


def fit_beside(sources: int, columns: int) -> bool:
    """Whether this many sources fit side by side."""
    return columns >= BESIDE * sources


def sources_of(page: Page) -> list[Source]:
    """The sources among the figures."""
    return [figure for figure in page.figures if isinstance(figure, Source)]
