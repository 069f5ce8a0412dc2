"""The screen of the course: chapters, the text of a step, what can be changed, and the live figures."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import OptionList, Static

from lstm_tui.actions import LEARN, actions, bindings
from lstm_tui.screens.folding import FoldingScreen
from lstm_tui.widgets.learning.changes import ChangeLines
from lstm_tui.widgets.learning.chapters import ChapterList, place_of

if TYPE_CHECKING:
    from lstm_forecasting.learning.course import Page, Value
    from lstm_forecasting.learning.progress import Progress
    from lstm_tui.learning.reader import Reader

WAYS = {"next": 1, "back": -1}
STRIDES = {"more": 1, "less": -1, "much more": 10, "much less": -10}
"""How far a key changes a value."""
OF_COURSE = frozenset(action.name.partition("(")[0] for action in actions(LEARN))
"""What can be done in the course alone."""
_STROKE_SECONDS = 0.1
"""Between two values of a change that runs by itself."""


class LearnScreen(FoldingScreen):
    """The chapters on the left, the step beside them; a narrow terminal shows one of both.

    Pages are made in a thread, one at a time; of what the reader chose meanwhile the latest counts.
    """

    BINDINGS: ClassVar = bindings(LEARN)
    TAB = "learn"
    HALVES = ("step", "chapters")

    _reader: Reader | None = None
    _page: Page | None = None
    _problem = ""
    _making = False
    _hint = False
    _source = 0
    _run_timer: Timer | None = None
    _kept: Progress | None = None

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
        from lstm_forecasting.errors import InputError
        from lstm_forecasting.learning.chapters import chapters
        from lstm_forecasting.learning.progress import Progress, read_progress
        from lstm_tui.learning.reader import Reader

        course = await asyncio.to_thread(chapters, self.workbench.processes)
        try:
            self._kept = await asyncio.to_thread(read_progress)
        except InputError as error:
            self.notify(str(error), severity="warning", timeout=15)
        reader = Reader(course, self._kept or Progress()).at_last()
        first = self.workbench.first_chapter
        await self._fill()
        self._go(reader.at_chapter(first - 1) if first else reader)

    async def _fill(self) -> None:
        from lstm_tui.widgets.learning.figures import Figures
        from lstm_tui.widgets.scrolled import Scrolled

        chapters = Container(ChapterList(), id="chapters", classes="panel")
        chapters.border_title = "Chapters"
        reading = Scrolled(Static(id="text"), id="reading", classes="panel")
        tries = Scrolled(ChangeLines(), Static(id="questions"), id="tries", classes="panel")
        figure = Scrolled(Figures(), id="figure", classes="panel")
        body = self.query_one("#body")
        with self.app.batch_update():
            await body.remove_children()
            await body.mount(chapters, Vertical(reading, tries, figure, id="step"))
        self.fold()

    def _go(self, reader: Reader) -> None:
        """Shows where the reader is now and what is chosen there, and has its page made."""
        before, self._reader = self._reader, reader
        if before is None or reader.now is not before.now:
            self._page, self._hint, self._source = None, False, 0
            self._stop_running()
            for room in self.query("#reading, #tries, #figure"):
                room.scroll_home(animate=False)
        self._show()
        self.refresh_bindings()
        if not self._making:
            self._make_pages()

    @work(group="course pages", exit_on_error=False)
    async def _make_pages(self) -> None:
        """Makes the page of what is chosen, until nothing else is chosen any more."""
        self._making = True
        try:
            while not await self._made_page():
                pass
        finally:
            self._making = False

    async def _made_page(self) -> bool:
        """Whether the page is there before the reader has gone on."""
        from lstm_forecasting.errors import InputError
        from lstm_plugins import ForecasterError

        reader = self._reader
        if reader is None:
            return True
        pages = reader.now.show(reader.values)
        try:
            while (page := await asyncio.to_thread(next, pages, None)) is not None:
                if not self._still(reader):
                    return False
                self._read(page)
        except (InputError, ForecasterError) as error:
            if self._still(reader):
                self._page, self._problem = None, str(error)
                self._show()
        return self._still(reader)

    def _still(self, reader: Reader) -> bool:
        """Whether the reader is still there with the same values."""
        now = self._reader
        return now is not None and now.now is reader.now and now.values == reader.values

    def _read(self, page: Page) -> None:
        """Shows a page, and takes note of what was read and answered."""
        if self._reader is None:
            return
        open_before = self._reader.open_questions
        self._reader = self._reader.seen().answered(page)
        self._page, self._problem = page, ""
        self._show()
        for question in open_before:
            if question not in self._reader.open_questions:
                self.notify(question.shows, title="✓ Answered", timeout=10)
        if self._reader.progress != self._kept:
            self._kept = self._reader.progress
            self._keep(self._kept)

    @work(group="course progress", exit_on_error=False)
    async def _keep(self, progress: Progress) -> None:
        from lstm_forecasting.errors import InputError
        from lstm_forecasting.learning.progress import keep_progress

        try:
            await asyncio.to_thread(keep_progress, progress)
        except InputError as error:
            self.notify(str(error), severity="warning", timeout=15)

    def _show(self) -> None:
        """Draws what there is."""
        reader = self._reader
        if reader is None or not self.query("#step"):
            return
        from lstm_tui.learning.app_ink import app_ink
        from lstm_tui.widgets.learning.questions import questions_text

        ink, tries = app_ink(self.workbench), self.query_one("#tries")
        self.query_one(ChapterList).show(reader)
        reading = self.query_one("#reading")
        reading.border_title = f"{reader.chapter + 1} {reader.here.title} · {reader.now.title}"
        place = f"{reader.step + 1} of {len(reader.here.steps)}"
        if self.narrow:
            reading.border_title += f" · {place}"
        reading.border_subtitle = place
        listed = not self.narrow and not self._across
        self.query_one("#step").set_class(not listed, "-stacked")
        self.query_one(ChangeLines).show(reader, listed=listed)
        questions = self.query_one("#questions", Static)
        questions.display = bool(reader.now.questions)
        questions.update(questions_text(reader, ink, short=not listed, hint=self._hint))
        tries.border_title = f"Try · {reader.change.label}" if reader.change and not listed else "Try"
        tries.display = bool(reader.now.changes or reader.now.questions)
        self._show_page()

    def _show_page(self) -> None:
        from rich.text import Text

        from lstm_tui.learning.app_ink import app_ink
        from lstm_tui.learning.drawing import paragraph
        from lstm_tui.widgets.learning.figures import Figures

        page, ink, figure = self._page, app_ink(self.workbench), self.query_one("#figure")
        if page is None:
            self.query_one("#text", Static).update(Text(f"✗ {self._problem}" if self._problem else ""))
            return
        paragraphs = [paragraph(one, ink) for one in page.text]
        self.query_one("#text", Static).update(Text("\n" if self.narrow else "\n\n").join(paragraphs))
        room = figure.scrollable_content_region.size
        figure.border_title = self.query_one(Figures).show(page, ink, (room.width, room.height), self._source)
        figure.border_subtitle = page.under_way

    @property
    def _across(self) -> bool:
        """Whether the figures take the whole width: sources beside each other."""
        from lstm_tui.widgets.learning.figures import sources_of

        return self._page is not None and len(sources_of(self._page)) > 1

    # Running by itself.

    def _stop_running(self) -> None:
        if self._run_timer is not None:
            self._run_timer.stop()
            self._run_timer = None

    def _stroke(self) -> None:
        """One stroke of a change that runs by itself, unless the last one is not drawn yet."""
        if self._reader is None or self._making:
            return
        if not self._reader.can_run:
            self._stop_running()
            self.refresh_bindings()
            return
        self._go(self._reader.run_on())

    # Actions; `lstm_tui.actions` says which keys have them.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides what has nothing to act on; None shows it dimmed."""
        reader = self._reader
        if reader is None:
            return action not in OF_COURSE
        match action:
            case "show_half":
                return super().check_action(action, parameters)
            case "turn" if isinstance(way := parameters[0] if parameters else "", str):
                return reader.turned(WAYS.get(way, 1)) != reader or None
            case "alter" | "type_value":
                return reader.change is not None
            case "pick_change":
                return len(reader.now.changes) > 1
            case "run_change":
                wanted = "off" if self._run_timer else "on"
                return bool(reader.now.plays) and parameters == (wanted,)
            case "restore":
                return reader.changed
            case "show_hint":
                return bool(reader.open_questions) and not self._hint
            case "next_source":
                return self._across and self.narrow
        return True

    def action_turn(self, way: str) -> None:
        """Goes to the next step, or to the one before."""
        if self._reader is not None:
            self._go(self._reader.turned(WAYS[way]))

    def action_turn_chapter(self, way: str) -> None:
        """Goes to the next chapter, or to the one before."""
        if self._reader is not None:
            self._go(self._reader.at_chapter(self._reader.chapter + WAYS[way]))

    def action_pick_change(self, way: str) -> None:
        """Gives the arrow keys to the next change, or to the one before."""
        if self._reader is not None:
            self._reader = self._reader.pick(self._reader.picked + WAYS[way])
            self._show()

    def action_alter(self, way: str) -> None:
        """Changes a value by a stride, or by ten."""
        if self._reader is not None:
            self._stop_running()
            self._go(self._reader.altered(STRIDES[way]))

    def action_type_value(self) -> None:
        """Asks for a value."""
        from lstm_tui.screens.value import ValueScreen

        reader = self._reader
        if reader is None or reader.change is None:
            return
        change = reader.change
        self._stop_running()

        def chosen(value: Value | None) -> None:
            if value is not None and self._reader is not None:
                self._go(self._reader.with_value(change, value))

        self.app.push_screen(ValueScreen(change, reader.values[change.name]), chosen)

    def action_run_change(self, wanted: str) -> None:
        """Lets a change run by itself, or stops it."""
        if self._reader is None:
            return
        self._stop_running()
        if wanted == "on":
            self._go(self._reader.begun())
            self._run_timer = self.set_interval(_STROKE_SECONDS, self._stroke)
        self.refresh_bindings()

    def action_restore(self) -> None:
        """Takes the values of the step back to what they were."""
        if self._reader is not None:
            self._stop_running()
            self._go(self._reader.restored())

    def action_show_hint(self) -> None:
        """Says how one might begin with a question."""
        self._hint = True
        self._show()
        self.refresh_bindings()

    def action_scroll_figures(self, way: str) -> None:
        """Scrolls the figures, where there is no room for all of them."""
        for figure in self.query("#figure"):
            (figure.scroll_page_down if way == "down" else figure.scroll_page_up)(animate=False)

    def action_show_half(self, half: str) -> None:
        """Shows the step, or the chapters with the keys to choose one."""
        super().action_show_half(half)
        self.set_focus(self.query_one(ChapterList) if half == "chapters" else None)

    def action_next_source(self) -> None:
        """Shows the next of several sources."""
        self._source += 1
        self.query_one("#figure").scroll_home(animate=False)
        self._show()

    @on(OptionList.OptionSelected)
    def _choose_place(self, event: OptionList.OptionSelected) -> None:
        if self._reader is not None and event.option_id is not None:
            chapter, step = place_of(event.option_id)
            self._go(replace(self._reader, chapter=chapter, step=step, picked=0))
            self.set_focus(None)
            self.show_half(self.HALVES[0])

    @on(ChangeLines.Altered)
    def _alter_place(self, event: ChangeLines.Altered) -> None:
        if self._reader is not None:
            self._stop_running()
            picked = self._reader.pick(event.number)
            self._go(picked.altered(event.strides) if event.strides else picked)
