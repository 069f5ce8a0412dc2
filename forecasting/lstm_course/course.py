"""What the course is made of: chapters, steps, the values that a reader may change, and exercises.

A step computes its page from the values that the reader chose. So both front ends show the same page, and a
test can compare every number with a backend.
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
"""The values that the reader chose, by name of the change."""


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
        text: paragraphs; a *term* between asterisks is highlighted.
        figures: shown below or beside the text, the most important one first.
        facts: numbers by name, which exercises check.
        under_way: what is still being computed, in words; "" if this page is final.
    """

    text: tuple[str, ...]
    figures: tuple[Figure, ...]
    facts: Mapping[str, float] = field(default_factory=dict)
    under_way: str = ""


@dataclass(frozen=True)
class Exercise:
    """A task that the reader solves by changing values.

    Attributes:
        name: unique in its chapter.
        text: what to do.
        hint: how to start.
        done: whether the values and their page solve it.
        shows: what the solution shows.
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
        name: unique in its chapter.
        title: as shown to readers.
        changes: the values that the reader may change.
        show: computes the page from a value for every change. If that takes long it yields provisional pages
            first; the last one is final. It runs in a thread and may be abandoned early.
        plays: name of a change that can run from its lowest to its highest value by itself; "" for none.
        exercises: exercises of this step.
    """

    name: str
    title: str
    changes: tuple[Change, ...]
    show: Callable[[Values], Iterator[Page]]
    plays: str = ""
    exercises: tuple[Exercise, ...] = ()

    def values(self, chosen: Values) -> dict[str, Value]:
        """A value for every change: the chosen one or the default."""
        return {change.name: chosen.get(change.name, change.default) for change in self.changes}

    def change(self, name: str) -> Change:
        """The change of this name, which must exist."""
        return next(change for change in self.changes if change.name == name)

    def page(self, chosen: Values) -> Page:
        """The final page for these values."""
        *_, last = self.show(self.values(chosen))
        return last

    def solved(self, values: Values, page: Page) -> tuple[Exercise, ...]:
        """The exercises that a final page solves."""
        if page.under_way:
            return ()
        return tuple(exercise for exercise in self.exercises if exercise.done(values, page))


@dataclass(frozen=True)
class Chapter:
    """A chapter: one subject, a handful of steps.

    Attributes:
        name: one word; progress is stored under it.
        title: as shown to readers.
        summary: one sentence.
        steps: in reading order.
    """

    name: str
    title: str
    summary: str
    steps: tuple[Step, ...]

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """The exercises of all its steps."""
        return tuple(exercise for step in self.steps for exercise in step.exercises)

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes of all its steps, without repetition."""
        return tuple({change.name: change for step in self.steps for change in step.changes}.values())


def choose(chapters: Sequence[Chapter], settings: Sequence[str]) -> dict[str, Value]:
    """Parses settings of the form NAME=VALUE.

    Args:
        chapters: chapters that may use them.
        settings: such as "look_back=4".

    Raises:
        InputError: these chapters have no such change, or the value is not allowed.
    """
    changes = {change.name: change for chapter in chapters for change in chapter.changes}
    chosen: dict[str, Value] = {}
    for setting in settings:
        name, separator, text = setting.partition("=")
        if not separator:
            raise InputError(f"{setting!r} is not NAME=VALUE.")
        if name.strip() not in changes:
            raise InputError(f"{name.strip()!r} cannot be changed here; choose from {', '.join(changes)}.")
        chosen[name.strip()] = changes[name.strip()].parse(text)
    return chosen


def spans(text: str) -> Iterator[tuple[str, bool]]:
    """Splits a paragraph into pieces; True marks a highlighted term."""
    for place, piece in enumerate(re.split(r"\*([^*]+)\*", text)):
        if piece:
            yield piece, place % 2 == 1
