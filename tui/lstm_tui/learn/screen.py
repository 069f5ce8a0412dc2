"""The screen of the course: chapters, the text of a step, what can be changed, and the live figures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widgets import OptionList, Static

from lstm_tui.backends.controller import BackendsController
from lstm_tui.kit.actions import bindings, names_of
from lstm_tui.kit.controller import controller
from lstm_tui.kit.folding import FoldingScreen
from lstm_tui.learn.actions import ACTIONS
from lstm_tui.learn.controller import LearnController
from lstm_tui.learn.value import ValueScreen
from lstm_tui.learn.widgets.changes import ChangeLines
from lstm_tui.learn.widgets.chapters import ChapterList, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lstm_course.course import Value
    from lstm_tui.kit.copying import CopyTable
    from lstm_tui.learn.reader import Reader
    from lstm_tui.learn.state import Shown
    from lstm_tui.learn.widgets.step import StepView

WAYS = {"next": 1, "back": -1}
STRIDES = {"more": 1, "less": -1, "much more": 10, "much less": -10}
"""How far a key changes a value."""
OF_COURSE = names_of(ACTIONS)
"""What can be done in the course alone."""


class LearnScreen(FoldingScreen):
    """The chapters on the left, the step beside them; a narrow terminal shows one of both."""

    BINDINGS: ClassVar = bindings(ACTIONS)
    PLACE = ACTIONS[0].place
    HALVES = ("step", "chapters")

    def compose_content(self) -> ComposeResult:
        """Nothing to read before the engine is there."""
        with Horizontal(id="body"):
            yield Static("loading …", id="hint", markup=False)

    def on_mount(self) -> None:
        """Waits for the engine."""
        controller(self, BackendsController).watch(self, lambda state: state.ready, self._begin)
        self._course.watch(self, lambda shown: shown is not None, self._fill)
        self._course.watch(self, lambda shown: shown, self._show)
        self.app.theme_changed_signal.subscribe(self, lambda _: self._show())

    def on_resize(self) -> None:
        """There may be more room for the figures now, or less."""
        # Textual calls the handler of the class above as well.
        self.call_after_refresh(self._show)

    @property
    def _course(self) -> LearnController:
        return controller(self, LearnController)

    @property
    def shown(self) -> Shown | None:
        """The step that is shown; None before the course is there."""
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
        """Shows the halves for which there is room; sources beside each other take all of it."""
        super().fold()
        if self.shown is not None and self.shown.beside(self.app.size.width):
            for chapters in self.query("#chapters"):
                chapters.display = False

    def _show(self) -> None:
        """Draws what there is."""
        self.fold()
        self.refresh_bindings()
        if self.shown is not None:
            for view in self._views():
                self.query_one(ChapterList).show(self.shown.reader)
                # Until there is a page the one before stays, so that nothing flickers.
                if self.shown.page is not None or self.shown.problem:
                    view.show(self.shown, narrow=self.narrow)

    def _views(self) -> list[StepView]:
        from lstm_tui.learn.widgets.step import StepView

        return list(self.query(StepView))

    def tables(self) -> Sequence[CopyTable]:
        """The figures of the page."""
        from lstm_tui.learn.widgets.copies import figure_copies

        page = self.shown.page if self.shown is not None else None
        return tuple(figure_copies(page)) if page is not None else ()

    # Actions; `actions.py` beside this says which keys have them.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides what has nothing to act on; None shows it dimmed."""
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
        """Where the reader is; for actions that are hidden before there is a course."""
        return cast("Shown", self.shown).reader

    def action_turn(self, way: str) -> None:
        """Goes to the next step, or to the one before."""
        self._course.go(self._reader.turned(WAYS[way]))

    def action_turn_chapter(self, way: str) -> None:
        """Goes to the next chapter, or to the one before."""
        self._course.go(self._reader.at_chapter(self._reader.chapter + WAYS[way]))

    def action_pick_change(self, way: str) -> None:
        """Gives the arrow keys to the next change, or to the one before."""
        self._course.go(self._reader.pick(self._reader.picked + WAYS[way]))

    def action_alter(self, way: str) -> None:
        """Changes a value by a stride, or by ten."""
        self._course.change(self._reader.altered(STRIDES[way]))

    def action_restore(self) -> None:
        """Takes the values of the step back to what they were."""
        self._course.change(self._reader.restored())

    def action_type_value(self) -> None:
        """Asks for a value."""
        reader, change = self._reader, self._reader.change
        if change is None:
            return
        self._course.halt()

        def chosen(value: Value | None) -> None:
            if value is not None:
                self._course.go(reader.with_value(change, value))

        self.app.push_screen(ValueScreen(change, reader.values[change.name]), chosen)

    def action_run_change(self, wanted: str) -> None:
        """Lets a change run by itself, or halts it."""
        if wanted == "on":
            self._course.play()
        else:
            self._course.halt()

    def action_show_hint(self) -> None:
        """Says how one might begin with an exercise."""
        self._course.show_hint()

    def action_next_source(self) -> None:
        """Shows the next of several sources."""
        self._course.next_source()

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
        if event.option_id is not None:
            chapter, step = place_of(event.option_id)
            self._course.go(replace(self._reader, chapter=chapter, step=step, picked=0))
            self.action_show_half(self.HALVES[0])

    @on(ChangeLines.Altered)
    def _alter_place(self, event: ChangeLines.Altered) -> None:
        picked = self._reader.pick(event.number)
        self._course.change(picked.altered(event.steps) if event.steps else picked)
