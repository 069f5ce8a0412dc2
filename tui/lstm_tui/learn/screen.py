"""The screen of the course: chapters, the text of a step, what can be changed, and the live figures."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.timer import Timer
from textual.widgets import OptionList, Static

from lstm_course.progress import CourseProgress, keep_progress, read_progress
from lstm_plugins.errors import InputError
from lstm_tui.kit.actions import bindings, names_of
from lstm_tui.kit.folding import FoldingScreen
from lstm_tui.learn.actions import ACTIONS
from lstm_tui.learn.reader import Reader
from lstm_tui.learn.shown import Shown
from lstm_tui.learn.value import ValueScreen
from lstm_tui.learn.widgets.changes import ChangeLines
from lstm_tui.learn.widgets.chapters import ChapterList, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lstm_course.course import Page, Value
    from lstm_tui.kit.copying import CopyTable
    from lstm_tui.learn.widgets.step import StepView

WAYS = {"next": 1, "back": -1}
STRIDES = {"more": 1, "less": -1, "much more": 10, "much less": -10}
"""How far a key changes a value."""
OF_COURSE = names_of(ACTIONS)
"""What can be done in the course alone."""
_STROKE_SECONDS = 0.1
"""Between two values of a change that runs by itself."""


class LearnScreen(FoldingScreen):
    """The chapters on the left, the step beside them; a narrow terminal shows one of both.

    Pages are made in a thread, one at a time; of what the reader chose meanwhile the latest counts.
    """

    BINDINGS: ClassVar = bindings(ACTIONS)
    PLACE = ACTIONS[0].place
    HALVES = ("step", "chapters")

    _shown: Shown | None = None
    _maker: object = None
    _keeping = True
    _kept = CourseProgress()
    _run_timer: Timer | None = None

    def compose_content(self) -> ComposeResult:
        """Nothing to read before the engine is there."""
        with Horizontal(id="body"):
            yield Static("loading …", id="hint", markup=False)

    def on_mount(self) -> None:
        """Waits for the engine."""
        self.watch(self.workbench, "ready", self._begin)
        self.app.theme_changed_signal.subscribe(self, lambda _: self._show())

    def on_resize(self) -> None:
        """There may be more room for the figures now, or less."""
        # Textual calls the handler of the class above as well.
        self.call_after_refresh(self._show)

    def _begin(self, ready: bool) -> None:
        if ready:
            self._open_course()

    @work(group="course", exclusive=True, exit_on_error=False)
    async def _open_course(self) -> None:
        from lstm_course.chapters import chapters

        course = await asyncio.to_thread(chapters, self.workbench.processes)
        try:
            self._kept = await asyncio.to_thread(read_progress)
        except InputError as error:
            self._keep_no_more(error)
        reader = Reader(course, self._kept).at_last()
        first = self.workbench.options.chapter
        await self._fill()
        self._go(reader.at_chapter(first - 1) if first else reader)

    async def _fill(self) -> None:
        from lstm_tui.learn.widgets.step import StepView

        chapters = Container(ChapterList(), id="chapters", classes="panel")
        chapters.border_title = "Chapters"
        body = self.query_one("#body")
        with self.app.batch_update():
            await body.remove_children()
            await body.mount(chapters, StepView())
        self.fold()

    def _go(self, reader: Reader) -> None:
        """Shows where the reader is now and what is chosen there, and has its page made."""
        before = self._shown
        self._shown = Shown(reader) if before is None else before.with_reader(reader)
        turned = before is None or before.reader.now is not reader.now
        if turned:
            self._stop_running()
        self._show()
        self.refresh_bindings()
        there = before is not None and before.is_of(reader) and before.page is not None
        # A page of the step before may take long; nobody waits for it any more.
        if turned or not (self._making or there):
            self._make_pages()

    @property
    def _making(self) -> bool:
        """Whether a page is being made."""
        return self._maker is not None

    @work(group="course pages", exclusive=True, exit_on_error=False)
    async def _make_pages(self) -> None:
        """Makes the page of what is chosen, until nothing else is chosen any more."""
        self._maker = mine = object()
        try:
            while self._shown is not None and not await self._made_page(self._shown.reader):
                pass
        finally:
            if self._maker is mine:
                self._maker = None

    async def _made_page(self, reader: Reader) -> bool:
        """Whether the page is there before the reader has gone on."""
        from lstm_plugins import ForecasterError

        pages = reader.now.show(reader.values)
        try:
            while (page := await asyncio.to_thread(next, pages, None)) is not None:
                # What was chosen meanwhile comes next; who holds a key down sees the values on the way.
                if self._shown is None or self._shown.reader.now is not reader.now:
                    return False
                self._read(self._shown, reader, page)
                if not self._shown.is_of(reader):
                    return False
        except (InputError, ForecasterError) as error:
            if self._shown is not None and self._shown.is_of(reader):
                self._shown = replace(self._shown, page=None, problem=str(error))
                self._show()
        return self._shown is not None and self._shown.is_of(reader)

    def _read(self, shown: Shown, reader: Reader, page: Page) -> None:
        """Shows the page of what a reader had chosen, and takes note of what was read and solved."""
        progress = reader.seen().solved(page).progress
        self._shown = replace(shown, reader=replace(shown.reader, progress=progress), page=page, problem="")
        self._show()
        self.refresh_bindings()
        for exercise in shown.reader.open_exercises:
            if exercise not in self._shown.reader.open_exercises:
                self.notify(exercise.shows, title="✓ Solved", timeout=5)
        if self._keeping and progress != self._kept:
            self._kept = progress
            self._keep(progress)

    @work(group="course progress", exit_on_error=False)
    async def _keep(self, progress: CourseProgress) -> None:
        try:
            await asyncio.to_thread(keep_progress, progress)
        except InputError as error:
            self._keep_no_more(error)

    def _keep_no_more(self, error: InputError) -> None:
        """Says once why progress is not kept."""
        if self._keeping:
            self._keeping = False
            self.notify(str(error), severity="warning", timeout=15)

    def fold(self) -> None:
        """Shows the halves for which there is room; sources beside each other take all of it."""
        super().fold()
        if self._shown is not None and self._shown.beside(self.app.size.width):
            for chapters in self.query("#chapters"):
                chapters.display = False

    def _show(self) -> None:
        """Draws what there is."""
        self.fold()
        if self._shown is not None:
            for view in self._views():
                self.query_one(ChapterList).show(self._shown.reader)
                # Until there is a page the one before stays, so that nothing flickers.
                if self._shown.page is not None or self._shown.problem:
                    view.show(self._shown, narrow=self.narrow)

    def _views(self) -> list[StepView]:
        from lstm_tui.learn.widgets.step import StepView

        return list(self.query(StepView))

    def tables(self) -> Sequence[CopyTable]:
        """The figures of the page."""
        from lstm_tui.learn.widgets.copies import figure_copies

        page = self._shown.page if self._shown is not None else None
        return tuple(figure_copies(page)) if page is not None else ()

    # Running by itself.

    def _stop_running(self) -> None:
        if self._run_timer is not None:
            self._run_timer.stop()
            self._run_timer = None

    def _stroke(self) -> None:
        """One stroke of a change that runs by itself, unless the last one is not drawn yet."""
        if self._shown is None or self._making:
            return
        if self._shown.reader.can_run:
            self._go(self._shown.reader.run_on())
        else:
            self._stop_running()
            self.refresh_bindings()

    # Actions; `actions.py` beside this says which keys have them.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides what has nothing to act on; None shows it dimmed."""
        if self._shown is None:
            return action not in OF_COURSE
        reader = self._shown.reader
        match action:
            case "show_half":
                return super().check_action(action, parameters)
            case "turn":
                return (
                    any(reader.turned(way) != reader for name, way in WAYS.items() if (name,) == parameters)
                    or None
                )
            case "alter" | "type_value":
                return reader.change is not None
            case "pick_change":
                return len(reader.now.changes) > 1
            case "run_change":
                return bool(reader.now.plays) and parameters == ("off" if self._run_timer else "on",)
            case "restore":
                return reader.changed
            case "show_hint":
                return bool(reader.open_exercises) and not self._shown.hint
            case "next_source":
                return self._shown.across and not self._shown.beside(self.app.size.width)
        return True

    def action_turn(self, way: str) -> None:
        """Goes to the next step, or to the one before."""
        if self._shown is not None:
            self._go(self._shown.reader.turned(WAYS[way]))

    def action_turn_chapter(self, way: str) -> None:
        """Goes to the next chapter, or to the one before."""
        if self._shown is not None:
            self._go(self._shown.reader.at_chapter(self._shown.reader.chapter + WAYS[way]))

    def action_pick_change(self, way: str) -> None:
        """Gives the arrow keys to the next change, or to the one before."""
        if self._shown is not None:
            self._go(self._shown.reader.pick(self._shown.reader.picked + WAYS[way]))

    def action_alter(self, way: str) -> None:
        """Changes a value by a stride, or by ten."""
        if self._shown is not None:
            self._change(self._shown.reader.altered(STRIDES[way]))

    def action_restore(self) -> None:
        """Takes the values of the step back to what they were."""
        if self._shown is not None:
            self._change(self._shown.reader.restored())

    def _change(self, reader: Reader) -> None:
        self._stop_running()
        self._go(reader)

    def action_type_value(self) -> None:
        """Asks for a value."""
        if self._shown is None or self._shown.reader.change is None:
            return
        reader, change = self._shown.reader, self._shown.reader.change
        self._stop_running()

        def chosen(value: Value | None) -> None:
            if value is not None:
                self._go(reader.with_value(change, value))

        self.app.push_screen(ValueScreen(change, reader.values[change.name]), chosen)

    def action_run_change(self, wanted: str) -> None:
        """Lets a change run by itself, or halts it."""
        if self._shown is None:
            return
        self._stop_running()
        if wanted == "on":
            self._go(self._shown.reader.begun())
            self._run_timer = self.set_interval(_STROKE_SECONDS, self._stroke)
        self.refresh_bindings()

    def action_show_hint(self) -> None:
        """Says how one might begin with a exercise."""
        if self._shown is not None:
            self._shown = replace(self._shown, hint=True)
            self._show()
            self.refresh_bindings()

    def action_next_source(self) -> None:
        """Shows the next of several sources."""
        if self._shown is not None:
            self._shown = replace(self._shown, source=self._shown.source + 1)
            self._show()

    def action_scroll_figures(self, way: str) -> None:
        """Scrolls the figures, where there is no room for all of them."""
        for figure in self.query("#figure"):
            (figure.scroll_page_down if way == "down" else figure.scroll_page_up)(animate=False)

    def action_show_half(self, half: str) -> None:
        """Shows the step, or the chapters with the keys to choose one."""
        super().action_show_half(half)
        self.set_focus(self.query_one(ChapterList) if half == "chapters" else None)

    @on(OptionList.OptionSelected)
    def _choose_place(self, event: OptionList.OptionSelected) -> None:
        if self._shown is not None and event.option_id is not None:
            chapter, step = place_of(event.option_id)
            self._go(replace(self._shown.reader, chapter=chapter, step=step, picked=0))
            self.action_show_half(self.HALVES[0])

    @on(ChangeLines.Altered)
    def _alter_place(self, event: ChangeLines.Altered) -> None:
        if self._shown is not None:
            picked = self._shown.reader.pick(event.number)
            self._change(picked.altered(event.strides) if event.strides else picked)
