"""The reader's place in the course, and the values changed there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lstm_course.course import Chapter, Exercise, Page, Step, Value, ends, moved
from lstm_course.progress import CourseProgress
from lstm_plugins.options import Option

_RUNS_IN = 150
"""Number of steps in which a value runs from its lowest to its highest."""


@dataclass(frozen=True)
class Reader:
    """A place in the course; everything that a reader does returns a new one.

    Attributes:
        course: all chapters.
        progress: what was read and solved.
        chapter: from 0.
        step: of the chapter, from 0.
        chosen: the values that were changed, by chapter; they hold in all steps of it.
        picked: which change of the step the arrow keys change, from 0.
    """

    course: tuple[Chapter, ...]
    progress: CourseProgress
    chapter: int = 0
    step: int = 0
    chosen: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    picked: int = 0

    @property
    def here(self) -> Chapter:
        """The current chapter."""
        return self.course[self.chapter]

    @property
    def now(self) -> Step:
        """The current step."""
        return self.here.steps[self.step]

    @property
    def values(self) -> dict[str, Value]:
        """The value of every change of the step."""
        return self.now.values(self.chosen.get(self.here.name, {}))

    @property
    def change(self) -> Option | None:
        """The change that the arrow keys act on; None if the step has none."""
        return self.now.changes[self.picked] if self.picked < len(self.now.changes) else None

    @property
    def changed(self) -> bool:
        """Whether any value of the step differs from its default."""
        return any(self.values[change.name] != change.default for change in self.now.changes)

    @property
    def open_exercises(self) -> tuple[Exercise, ...]:
        """The exercises of the step that are not solved yet."""
        return tuple(
            exercise
            for exercise in self.now.exercises
            if not self.progress.has_solved(self.here.name, exercise.name)
        )

    def at_last(self) -> Reader:
        """At the step read last, if it still exists."""
        for number, chapter in enumerate(self.course):
            for place, step in enumerate(chapter.steps):
                if f"{chapter.name}/{step.name}" == self.progress.last:
                    return replace(self, chapter=number, step=place, picked=0)
        return self

    def at_chapter(self, chapter: int) -> Reader:
        """At the first step of a chapter, counted from 0; limited to the first and last chapter."""
        return replace(self, chapter=min(max(chapter, 0), len(self.course) - 1), step=0, picked=0)

    def turned(self, steps: int) -> Reader:
        """One step forward (1) or back (−1), also into another chapter; unchanged at either end."""
        place = self.step + steps
        if 0 <= place < len(self.here.steps):
            return replace(self, step=place, picked=0)
        chapter = self.chapter + steps
        if not 0 <= chapter < len(self.course):
            return self
        last = len(self.course[chapter].steps) - 1
        return replace(self, chapter=chapter, step=0 if steps > 0 else last, picked=0)

    def pick(self, place: int) -> Reader:
        """With the arrow keys on another change, by number; the numbers wrap around."""
        count = len(self.now.changes)
        return replace(self, picked=place % count) if count else self

    def altered(self, steps: int) -> Reader:
        """With the picked value changed by so many steps."""
        if self.change is None:
            return self
        return self.with_value(self.change, moved(self.change, self.values[self.change.name], steps))

    def with_value(self, change: Option, value: Value) -> Reader:
        """With another value of a change."""
        name = self.here.name
        return replace(self, chosen={**self.chosen, name: {**self.chosen.get(name, {}), change.name: value}})

    def restored(self) -> Reader:
        """With the default values of the step."""
        of_step = {change.name for change in self.now.changes}
        kept = {
            name: value for name, value in self.chosen.get(self.here.name, {}).items() if name not in of_step
        }
        return replace(self, chosen={**self.chosen, self.here.name: kept})

    @property
    def can_run(self) -> bool:
        """Whether a value of the step can run by itself and is not at its end."""
        return bool(self.now.plays) and self.run_on() != self

    def run_on(self) -> Reader:
        """With the running value one step further."""
        change = self.now.change(self.now.plays)
        lowest, highest = ends(change)
        steps = max(1, round((highest - lowest) / change.step / _RUNS_IN))
        return self.with_value(change, moved(change, self.values[change.name], steps))

    def begun(self) -> Reader:
        """With the running value at its start, if it was at its end."""
        if self.can_run:
            return self
        change = self.now.change(self.now.plays)
        return self.with_value(change, ends(change)[0])

    def seen(self) -> Reader:
        """With the step marked as read."""
        return replace(self, progress=self.progress.with_seen(self.here.name, self.now.name))

    def solved(self, page: Page) -> Reader:
        """With the exercises marked as solved that this page solves."""
        progress = self.progress
        for exercise in self.now.solved(self.values, page):
            progress = progress.with_solved(self.here.name, exercise.name)
        return replace(self, progress=progress)
