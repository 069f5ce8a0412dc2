"""Opens the course, computes its pages and stores the reader's progress."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lstm_tui.backends.controller import BackendsController
from lstm_tui.kit.controller import Controller, controller

if TYPE_CHECKING:
    from textual.app import App
    from textual.timer import Timer

    from lstm_course.course import Page
    from lstm_course.progress import CourseProgress
    from lstm_plugins.errors import InputError
    from lstm_tui.cli.app_options import AppOptions
    from lstm_tui.learn.reader import Reader
    from lstm_tui.learn.state import Shown

_STROKE_SECONDS = 0.1
"""Seconds between two values of a running value."""


class LearnController(Controller["Shown | None"]):
    """Computes pages in a thread, one at a time; the reader's latest choice is computed next."""

    def __init__(self, app: App[Any], options: AppOptions) -> None:
        super().__init__(app, None)
        self._first = options.chapter
        self._maker: object = None
        self._keeping = True
        self._kept: CourseProgress | None = None
        self._timer: Timer | None = None

    def open(self) -> None:
        """Opens the course at the requested chapter, or where the reader left off."""
        self.run("course", self._open, exclusive=True)

    async def _open(self) -> None:
        from lstm_course.chapters import chapters
        from lstm_course.progress import CourseProgress, read_progress
        from lstm_plugins.errors import InputError
        from lstm_tui.learn.reader import Reader

        course = await asyncio.to_thread(chapters, controller(self.app, BackendsController).processes)
        try:
            self._kept = await asyncio.to_thread(read_progress)
        except InputError as error:
            self._keep_no_more(error)
        reader = Reader(course, self._kept or CourseProgress()).at_last()
        self.go(reader.at_chapter(self._first - 1) if self._first else reader)

    def go(self, reader: Reader) -> None:
        """Shows the reader's place and values, and starts computing the page."""
        from lstm_tui.learn.state import Shown

        before = self.state
        shown = Shown(reader) if before is None else before.with_reader(reader)
        turned = before is None or before.reader.now is not reader.now
        if turned:
            self._stop_timer()
        self.publish(shown)
        there = before is not None and before.is_of(reader) and before.page is not None
        # The previous step's page may take long; nobody waits for it any more.
        if turned or not (self.computing or there):
            self.run("course pages", self._make_pages, exclusive=True)

    @property
    def computing(self) -> bool:
        """Whether a page is being computed."""
        return self._maker is not None

    async def _make_pages(self) -> None:
        """Computes pages until the page matches the reader's choice."""
        self._maker = mine = object()
        try:
            while self.state is not None and not await self._made_page(self.state.reader):
                pass
        finally:
            if self._maker is mine:
                self._maker = None

    async def _made_page(self, reader: Reader) -> bool:
        """Whether the page was finished before the reader chose something else."""
        from lstm_plugins import ForecasterError
        from lstm_plugins.errors import InputError

        pages = reader.now.show(reader.values)
        try:
            while (page := await asyncio.to_thread(next, pages, None)) is not None:
                # The latest choice comes next; while a key is held down, values in between are shown too.
                if self.state is None or self.state.reader.now is not reader.now:
                    return False
                self._read(self.state, reader, page)
                if not self.state.is_of(reader):
                    return False
        except (InputError, ForecasterError) as error:
            if self.state is not None and self.state.is_of(reader):
                self.publish(replace(self.state, page=None, problem=str(error)))
        return self.state is not None and self.state.is_of(reader)

    def _read(self, shown: Shown, reader: Reader, page: Page) -> None:
        """Shows a page, and records that the step was read and which exercises it solves."""
        progress = reader.seen().solved(page).progress
        now = replace(shown, reader=replace(shown.reader, progress=progress), page=page, problem="")
        self.publish(now)
        for exercise in shown.reader.open_exercises:
            if exercise not in now.reader.open_exercises:
                self.app.notify(exercise.shows, title="✓ Solved", timeout=5)
        if self._keeping and progress != self._kept:
            self._kept = progress
            self.run("course progress", self._keep, progress)

    async def _keep(self, progress: CourseProgress) -> None:
        from lstm_course.progress import keep_progress
        from lstm_plugins.errors import InputError

        try:
            await asyncio.to_thread(keep_progress, progress)
        except InputError as error:
            self._keep_no_more(error)

    def _keep_no_more(self, error: InputError) -> None:
        """Reports once why progress cannot be stored."""
        if self._keeping:
            self._keeping = False
            self.app.notify(str(error), severity="warning", timeout=15)

    def change(self, reader: Reader) -> None:
        """Shows changed values, and stops a running one."""
        self.halt()
        self.go(reader)

    def play(self) -> None:
        """Lets a value run by itself."""
        self.halt()
        if self.state is not None:
            self.go(self.state.reader.begun())
            self._timer = self.app.set_interval(_STROKE_SECONDS, self._stroke)
            self.publish(replace(self.state, playing=True))

    def halt(self) -> None:
        """Stops the running value."""
        self._stop_timer()
        if self.state is not None:
            self.publish(replace(self.state, playing=False))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _stroke(self) -> None:
        """Moves the running value by one step, unless the last page is still being computed."""
        if self.state is None or self.computing:
            return
        if self.state.reader.can_run:
            self.go(self.state.reader.run_on())
        else:
            self.halt()

    def show_hint(self) -> None:
        """Shows the hint of the exercise."""
        if self.state is not None:
            self.publish(replace(self.state, hint=True))

    def next_source(self) -> None:
        """Shows the next backend's source."""
        if self.state is not None:
            self.publish(replace(self.state, source=self.state.source + 1))
