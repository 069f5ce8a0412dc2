"""The parts of the course: chapters, steps, the values that a reader may change, and exercises.

A step computes its page from the values that the reader chose. So both front ends show the same page, and a
test can compare every number with a backend.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lstm_course.figures import Figure
from lstm_plugins.errors import InputError
from lstm_plugins.options import Option, Range

Value = int | float | str
Values = Mapping[str, Value]
"""The values that the reader chose, by name of the change."""


def change(
    name: str,
    help: str,  # noqa: A002
    default: Value,
    lowest: float = 0.0,
    highest: float = 0.0,
    step: float = 1.0,
    choices: tuple[str, ...] = (),
) -> Option:
    """A value that the reader can change: a number in a range, or one of some choices.

    Its name ("b_f") is the same in every step of a chapter. An arrow key adds `step`; numbers in between can
    be typed.
    """
    limits = None if choices else Range(lowest, highest)
    return Option(
        name=name, kind=type(default), default=default, help=help, range=limits, choices=choices, step=step
    )


def ends(option: Option) -> tuple[Any, Any]:
    """The first and the last value that an option of the course allows."""
    if option.range is None:
        return option.choices[0], option.choices[-1]
    return option.kind(option.range.minimum), option.kind(option.range.maximum)


def moved(option: Option, value: Value, steps: int) -> Value:
    """The value this many steps away from another one, limited to the allowed values."""
    if isinstance(value, str):
        place = option.choices.index(value) + steps
        return option.choices[min(max(place, 0), len(option.choices) - 1)]
    lowest, highest = ends(option)
    # From a typed number, go to the next one that arrow keys reach.
    exact = (value - lowest) / option.step
    place = math.floor(exact + 1e-9) if steps > 0 else math.ceil(exact - 1e-9)
    within = min(max(round(lowest + (place + steps) * option.step, 10), lowest), highest)
    return within if option.kind is float else int(within)


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
    changes: tuple[Option, ...]
    show: Callable[[Values], Iterator[Page]]
    plays: str = ""
    exercises: tuple[Exercise, ...] = ()

    def values(self, chosen: Values) -> dict[str, Value]:
        """A value for every change: the chosen one or the default."""
        return {change.name: chosen.get(change.name, change.default) for change in self.changes}

    def change(self, name: str) -> Option:
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
    def changes(self) -> tuple[Option, ...]:
        """The changes of all its steps, without repetition."""
        return tuple({change.name: change for step in self.steps for change in step.changes}.values())


def choose(chapters: Sequence[Chapter], settings: Sequence[str]) -> dict[str, Value]:
    """Parses settings of these chapters, such as "look_back=4".

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
