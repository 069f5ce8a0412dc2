"""The screen of the course: chapters, the text of a step, its values and exercises, and live figures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widgets import OptionList, Static

from lstm_course.course import Value
from lstm_plugins.options import Option
from lstm_tui.backends.controller import BackendsController
from lstm_tui.kit.actions import bindings, names_of
from lstm_tui.kit.ask import AskScreen, Prompt
from lstm_tui.kit.controller import controller
from lstm_tui.kit.folding import FoldingScreen
from lstm_tui.learn.actions import ACTIONS
from lstm_tui.learn.controller import LearnController
from lstm_tui.learn.widgets.chapters import ChapterList, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lstm_tui.kit.copying import CopyTable
    from lstm_tui.learn.reader import Reader
    from lstm_tui.learn.state import Shown

WAYS = {"next": 1, "back": -1}
STRIDES = {"more": 1, "less": -1, "much more": 10, "much less": -10}
"""Number of steps by which a key changes a value."""
OF_COURSE = names_of(ACTIONS)
"""Actions that need the course to be loaded."""


class LearnScreen(FoldingScreen):
    """The chapters on the left and the step on the right; a narrow terminal shows only one of them."""

    BINDINGS: ClassVar = bindings(ACTIONS)
    ACTIONS = ACTIONS
    HALVES = ("step", "chapters")

    def compose_content(self) -> ComposeResult:
        """A placeholder until the engine is loaded."""
        with Horizontal(id="body"):
            yield Static("loading …", id="hint", markup=False)

    def on_mount(self) -> None:
        """Waits for the engine and watches the course."""
        controller(self, BackendsController).watch(self, lambda state: state.ready, self._begin)
        self._course.watch(self, lambda shown: shown is not None, self._fill)
        self._course.watch(self, lambda shown: shown, self._show)
        self.app.theme_changed_signal.subscribe(self, lambda _: self._show())

    def on_resize(self) -> None:
        """Fits the figures to the new size."""
        # Textual also calls the handler of the base class.
        self.call_after_refresh(self._show)

    @property
    def _course(self) -> LearnController:
        return controller(self, LearnController)

    @property
    def shown(self) -> Shown | None:
        """The current step; None before the course is loaded."""
        return self._course.state

    def _begin(self, ready: bool) -> None:
        if ready:
            self._course.open()

    async def _fill(self, there: bool) -> None:
        if not there:
            return
        from lstm_tui.learn.widgets.step import StepView

        chapters = Container(ChapterList(), id="chapters", classes="panel")
        chapters.border_title = "Chapters"
        body = self.query_one("#body")
        with self.app.batch_update():
            await body.remove_children()
            await body.mount(chapters, StepView())
        self._show()

    def fold(self) -> None:
        """Shows the halves that fit; sources side by side use the whole width."""
        super().fold()
        if self.shown is not None and self.shown.beside(self.app.size.width):
            for chapters in self.query("#chapters"):
                chapters.display = False

    def _show(self) -> None:
        """Draws the current state."""
        self.fold()
        self.refresh_bindings()
        if self.shown is not None:
            from lstm_tui.learn.widgets.step import StepView

            for view in self.query(StepView):
                self.query_one(ChapterList).show(self.shown.reader)
                # The previous page stays until the next one is computed, so that nothing flickers.
                if self.shown.page is not None or self.shown.problem:
                    view.show(self.shown, narrow=self.narrow)

    def tables(self) -> Sequence[CopyTable]:
        """The figures of the page."""
        from lstm_tui.learn.widgets.figures import figure_copies

        page = self.shown.page if self.shown is not None else None
        return tuple(figure_copies(page)) if page is not None else ()

    # Actions; `actions.py` beside this says which keys have them.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides actions that have no effect now; None shows them dimmed."""
        if self.shown is None:
            return action not in OF_COURSE
        reader = self.shown.reader
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
                return bool(reader.now.plays) and parameters == ("off" if self.shown.playing else "on",)
            case "restore":
                return reader.changed
            case "show_hint":
                return bool(reader.open_exercises) and not self.shown.hint
            case "next_source":
                return self.shown.across and not self.shown.beside(self.app.size.width)
        return True

    @property
    def _reader(self) -> Reader:
        """The reader's place, for actions that are hidden until the course is loaded."""
        return cast("Shown", self.shown).reader

    def action_turn(self, way: str) -> None:
        """Goes to the next or previous step."""
        self._course.go(self._reader.turned(WAYS[way]))

    def action_turn_chapter(self, way: str) -> None:
        """Goes to the next or previous chapter."""
        self._course.go(self._reader.at_chapter(self._reader.chapter + WAYS[way]))

    def action_pick_change(self, way: str) -> None:
        """Selects the next or previous value."""
        self._course.go(self._reader.pick(self._reader.picked + WAYS[way]))

    def action_alter(self, way: str) -> None:
        """Changes the selected value by one or ten steps."""
        self._course.change(self._reader.altered(STRIDES[way]))

    def action_restore(self) -> None:
        """Resets the values of the step."""
        self._course.change(self._reader.restored())

    def action_type_value(self) -> None:
        """Opens a dialog to type a value."""
        reader, change = self._reader, self._reader.change
        if change is None:
            return
        self._course.halt()

        def chosen(value: Value | None) -> None:
            if value is not None:
                self._course.go(reader.with_value(change, value))

        self.app.push_screen(_ValueScreen(change, reader.values[change.name]), chosen)

    def action_run_change(self, wanted: str) -> None:
        """Starts or stops the running value."""
        if wanted == "on":
            self._course.play()
        else:
            self._course.halt()

    def action_show_hint(self) -> None:
        """Shows the hint of the exercise."""
        self._course.show_hint()

    def action_next_source(self) -> None:
        """Shows the next backend's source."""
        self._course.next_source()

    def action_scroll_figures(self, way: str) -> None:
        """Scrolls the figures."""
        for figure in self.query("#figure"):
            (figure.scroll_page_down if way == "down" else figure.scroll_page_up)(animate=False)

    def action_show_half(self, half: str) -> None:
        """Shows the step, or the chapters with the focus on them."""
        super().action_show_half(half)
        self.set_focus(self.query_one(ChapterList) if half == "chapters" else None)

    @on(OptionList.OptionSelected)
    def _choose_place(self, event: OptionList.OptionSelected) -> None:
        if event.option_id is not None:
            chapter, step = place_of(event.option_id)
            self._course.go(replace(self._reader, chapter=chapter, step=step, picked=0))
            self.action_show_half(self.HALVES[0])

    def action_change(self, number: int, steps: int) -> None:
        """Selects a value by number and changes it by so many steps, after a click."""
        picked = self._reader.pick(number)
        self._course.change(picked.altered(steps) if steps else picked)


class _ValueScreen(AskScreen[Value]):
    """Asks for a new value of a change until it is allowed."""

    def __init__(self, change: Option, value: Value) -> None:
        self._change = change
        prompt = Prompt(
            title=change.name,
            keys="Enter applies · Esc closes",
            caption=f"{change.help}: {change.wanted}",
            text=change.text(value),
        )
        super().__init__(prompt)

    def answer(self, text: str) -> Value:
        """Returns the value."""
        value: Value = self._change.parse(text)
        return value
