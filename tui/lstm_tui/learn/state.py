"""What the course shows at a moment."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lstm_course.course import Page
from lstm_course.figures import Source
from lstm_tui.learn.reader import Reader

BESIDE = 50
"""Columns that a source needs to stand beside others."""


@dataclass(frozen=True, eq=False)
class Shown:
    """A step.

    Attributes:
        reader: where somebody is.
        page: the latest one of the step; None before the first.
        problem: why there is none, in a sentence.
        hint: whether to say how one might begin with a exercise.
        source: which of several sources is shown where there is no room for all, from 0.
        playing: a value runs by itself.
    """

    reader: Reader
    page: Page | None = None
    problem: str = ""
    hint: bool = False
    source: int = 0
    playing: bool = False

    @property
    def across(self) -> bool:
        """Whether the figures want the whole width: sources beside each other."""
        return self.page is not None and len(sources_of(self.page)) > 1

    def beside(self, columns: int) -> bool:
        """Whether all sources stand beside each other in a terminal of so many columns."""
        return self.page is not None and self.across and fit_beside(len(sources_of(self.page)), columns)

    def with_reader(self, reader: Reader) -> Shown:
        """After the reader did something; in another step there is no page yet."""
        same = reader.now is self.reader.now
        return replace(self, reader=reader) if same else Shown(reader)

    def is_of(self, reader: Reader) -> bool:
        """Whether the same step is shown with the same values."""
        return self.reader.now is reader.now and self.reader.values == reader.values


def fit_beside(sources: int, columns: int) -> bool:
    """Whether there is room for so many sources beside each other."""
    return columns >= BESIDE * sources


def sources_of(page: Page) -> list[Source]:
    """The sources among the figures."""
    return [figure for figure in page.figures if isinstance(figure, Source)]
