"""What a course is made of: chapters, their steps, what can be changed in a step, and questions.

A step makes its page from the values that the reader chose. Everything in the page is computed from these
values, so both front ends show the same, and a test can hold every number against a backend.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lstm_course.figures import Figure, short
from lstm_plugins.errors import InputError

Value = int | float | str
Values = Mapping[str, Value]
"""What the reader chose, by the names of the changes."""


@dataclass(frozen=True)
class Change:
    """Something that the reader may change: a number between two others, or one of some words.

    Attributes:
        name: as it is typed: "b_f". The same in every step of a chapter that has it.
        label: what it is, in a few words.
        default: what it is at first; a whole number where it must be one.
        lowest: number that is allowed.
        highest: number that is allowed.
        stride: by which an arrow key changes a number; others between can be typed.
        choices: the words that are allowed; () for numbers.
    """

    name: str
    label: str
    default: Value
    lowest: float = 0.0
    highest: float = 0.0
    stride: float = 1.0
    choices: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """The values that it may have, in words."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        kind = "a whole number" if isinstance(self.default, int) else "a number"
        return f"{kind} from {self.text(self.lowest)} to {self.text(self.highest)}"

    def parse(self, text: str) -> Value:
        """The value that was typed.

        Raises:
            InputError: it is none that is allowed.
        """
        text = text.strip().replace("−", "-")
        if self.choices:
            if text not in self.choices:
                raise InputError(f"{self.name} is {self.allowed}, not {text!r}.")
            return text
        try:
            value: float = int(text) if isinstance(self.default, int) else float(text)
        except ValueError:
            value = math.nan
        if not self.lowest <= value <= self.highest:
            raise InputError(f"{self.name} is {self.allowed}, not {text!r}.")
        return value

    def moved(self, value: Value, strides: int) -> Value:
        """The value so many strides, or words, away from this one, as far as that is allowed."""
        if isinstance(value, str):
            place = self.choices.index(value) + strides
            return self.choices[min(max(place, 0), len(self.choices) - 1)]
        # From a number that was typed to the next one that arrows reach.
        strides_from_lowest = (value - self.lowest) / self.stride
        place = (
            math.floor(strides_from_lowest + 1e-9) if strides > 0 else math.ceil(strides_from_lowest - 1e-9)
        )
        moved = round(self.lowest + (place + strides) * self.stride, 10)
        within = min(max(moved, self.lowest), self.highest)
        return int(within) if isinstance(self.default, int) else within

    def text(self, value: Value) -> str:
        """The value as people write it."""
        if isinstance(value, str):
            return value
        return short(value, 10)


@dataclass(frozen=True)
class Page:
    """What a step shows for some values.

    Attributes:
        text: paragraphs; a *term* between asterisks stands out.
        figures: below or beside the text, the most important one first.
        facts: numbers by name, which questions look at.
        under_way: what is still computed, in words; "" when this page is the last one for its values.
    """

    text: tuple[str, ...]
    figures: tuple[Figure, ...]
    facts: Mapping[str, float] = field(default_factory=dict)
    under_way: str = ""


@dataclass(frozen=True)
class Question:
    """Something to bring about by changing values.

    Attributes:
        name: of the question in its chapter.
        text: what to do.
        hint: how one might begin.
        done: whether the values and their page are an answer.
        shows: what the reader has shown by it.
    """

    name: str
    text: str
    hint: str
    done: Callable[[Values, Page], bool]
    shows: str


@dataclass(frozen=True)
class Step:
    """A step of a chapter.

    Attributes:
        name: of the step in its chapter.
        title: for people.
        changes: what the reader may change.
        show: makes the page for a value of every change; where that takes long it gives pages on the way.
            The last one is the page. It is called in a thread, and may be left before its end.
        plays: name of a change that may run from its lowest to its highest by itself; "" for none.
        questions: to be answered in this step.
    """

    name: str
    title: str
    changes: tuple[Change, ...]
    show: Callable[[Values], Iterator[Page]]
    plays: str = ""
    questions: tuple[Question, ...] = ()

    def values(self, chosen: Values) -> dict[str, Value]:
        """A value for every change: the chosen one, or its default."""
        return {change.name: chosen.get(change.name, change.default) for change in self.changes}

    def change(self, name: str) -> Change:
        """The change of that name, which there must be."""
        return next(change for change in self.changes if change.name == name)

    def page(self, chosen: Values) -> Page:
        """The last page for these values; waits for what takes long."""
        *_, last = self.show(self.values(chosen))
        return last

    def answered(self, values: Values, page: Page) -> tuple[Question, ...]:
        """The questions that a finished page answers."""
        if page.under_way:
            return ()
        return tuple(question for question in self.questions if question.done(values, page))


@dataclass(frozen=True)
class Chapter:
    """A chapter: one subject, a handful of steps.

    Attributes:
        name: a word, by which progress is kept.
        title: for people.
        summary: one sentence.
        steps: in the order in which they are read.
    """

    name: str
    title: str
    summary: str
    steps: tuple[Step, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """All of its steps' questions."""
        return tuple(question for step in self.steps for question in step.questions)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What may be changed in any of its steps, each once."""
        return tuple({change.name: change for step in self.steps for change in step.changes}.values())


def choose(chapters: Sequence[Chapter], settings: Sequence[str]) -> dict[str, Value]:
    """What was written as NAME=VALUE, as values.

    Args:
        chapters: in which they may be changed.
        settings: such as "look_back=4".

    Raises:
        InputError: there is no such change in these chapters, or it has no such value.
    """
    changes = {change.name: change for chapter in chapters for change in chapter.changes}
    chosen: dict[str, Value] = {}
    for setting in settings:
        name, separator, text = setting.partition("=")
        if not separator:
            raise InputError(f"{setting!r} is not NAME=VALUE.")
        if name.strip() not in changes:
            raise InputError(f"There is no {name.strip()!r} to change here; there is {', '.join(changes)}.")
        chosen[name.strip()] = changes[name.strip()].parse(text)
    return chosen


def spans(text: str) -> Iterator[tuple[str, bool]]:
    """A paragraph in pieces, and whether each is a term that stands out."""
    for place, piece in enumerate(re.split(r"\*([^*]+)\*", text)):
        if piece:
            yield piece, place % 2 == 1
