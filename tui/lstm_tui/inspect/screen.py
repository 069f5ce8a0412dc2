"""The Inspect screen: gates and states, gradients, weights, and the arithmetic of one unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Static

from lstm_tui.backends.controller import BackendsController
from lstm_tui.inspect.actions import ACTIONS
from lstm_tui.inspect.controller import InspectController
from lstm_tui.inspect.state import next_of
from lstm_tui.inspect.widgets.picked import Picked
from lstm_tui.kit.actions import bindings, names_of
from lstm_tui.kit.controller import controller
from lstm_tui.kit.folding import FoldingScreen

if TYPE_CHECKING:
    from lstm_tui.inspect.look import Look, View
    from lstm_tui.inspect.seeing import Seen
    from lstm_tui.inspect.widgets.panel import InspectionPanel
    from lstm_tui.kit.copying import CopyTable

FORMATS = ".svg, .png to print, .npz for programs"
WAYS = {"right": (1, 0), "left": (-1, 0), "down": (0, 1), "up": (0, -1)}
"""By key, the change of the step and the unit, or of the batch's window and the array."""
WINDOWS = {"next": 1, "previous": -1, "next 10": 10, "previous 10": -10}
OF_WINDOW = names_of(ACTIONS)
"""The actions that need a window."""
INTO = {"gates": "lines", "unit": "heatmaps", "batch": "window"}
"""What Enter opens, by view."""


class InspectScreen(FoldingScreen):
    """The picture on the left; the choices and the numbers on the right."""

    BINDINGS: ClassVar = bindings(ACTIONS)
    ACTIONS = ACTIONS
    HALVES = ("inside", "numbers")

    panel: InspectionPanel | None = None
    """Shows everything, once there are runs."""

    def compose_content(self) -> ComposeResult:
        """A hint; the panel replaces it."""
        with Container(id="body"):
            yield Static(self._inspect.state.hint, id="hint", markup=False)

    def on_mount(self) -> None:
        """Waits for the engine."""
        inspect = self._inspect
        inspect.watch(self, lambda state: state.hint, self._show_hint, now=False)
        inspect.watch(self, lambda state: (state.runs, state.run), self._show_runs)
        inspect.watch(self, lambda state: (state.seen, state.look, state.note), self.show, now=False)
        self._backends.watch(self, lambda state: state.ready, self._list_runs)
        self.app.theme_changed_signal.subscribe(self, lambda _: self.show())

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Lists the runs again."""
        # Textual calls the base class's handler as well.
        self._list_runs(self._backends.state.ready)

    def _list_runs(self, ready: bool) -> None:
        if ready:
            self._inspect.list_runs()

    @property
    def _backends(self) -> BackendsController:
        return controller(self, BackendsController)

    @property
    def _inspect(self) -> InspectController:
        return controller(self, InspectController)

    @property
    def seen(self) -> Seen | None:
        """The latest answer; None before the first one."""
        return self._inspect.state.seen

    @property
    def look(self) -> Look | None:
        """Which part of it is shown, or will be shown in a moment."""
        return self._inspect.look

    def show(self) -> None:
        """Draws the state, once the panel is mounted."""
        state = self._inspect.state
        if self.panel is None or not self.panel.is_mounted:
            return
        if state.note:
            self.panel.show_title(state.note)
        elif state.seen is not None and state.look is not None:
            self.panel.show(state.seen, state.look, state.views)
            self.refresh_bindings()

    def _show_hint(self, hint: str) -> None:
        for static in self.query("#hint").results(Static):
            static.update(hint)

    async def _show_runs(self) -> None:
        if self._inspect.state.runs is None:
            return
        if self.panel is None:
            from lstm_tui.inspect.widgets.panel import InspectionPanel

            self.panel = InspectionPanel()
            body = self.query_one("#body")
            with self.app.batch_update():
                await body.remove_children()
                await body.mount(self.panel)
            self.fold()
            self.show()
        if self.panel.is_mounted:
            self.panel.show_runs(self._inspect.state)

    def tables(self) -> Sequence[CopyTable]:
        """The unit and its cell, or the arrays, or the windows of the batch."""
        if self.seen is None or self.look is None:
            return ()
        from lstm_tui.inspect.widgets.details import copies

        return copies(self.seen, self.look)

    @on(Picked)
    def _pick(self, event: Picked) -> None:
        seen, look = self.seen, self.look
        if seen is None or look is None:
            return
        if look.view == "batch":
            picked = replace(look, member=event.step)
        else:
            picked = replace(look, step=event.step, place=look.place if event.place is None else event.place)
        picked = picked.fitted(seen.inspected, seen.members)
        # As everywhere, a second click on a unit opens it.
        if picked == look and look.view == "gates" and event.place is not None:
            picked = replace(look, view="unit")
        self._inspect.look_at(picked)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides actions that have nothing to act on."""
        seen, look = self.seen, self.look
        if seen is None or look is None:
            return action not in OF_WINDOW
        match action:
            case "show_half":
                return super().check_action(action, parameters)
            case "next_look":
                return parameters == (self._view_after(1),)
            case "look_into":
                return parameters == (INTO.get(look.view),)
            case "next_choice":
                return look.view in ("gradients", "backends", "batch", "weights")
            case "next_since":
                return look.view == "weights" and len(seen.epochs) > 1
            case "next_backend":
                return look.view != "weights" and len(seen.asked.usable) > 1
            case "move_window":
                return look.view != "weights"
            case "worst" | "go_to_window" | "next_part" | "next_order":
                return look.of_units
            case "next_layer":
                return look.of_units and len(seen.inspected.layers) > 1
        return True

    def _change(self, change: Callable[[Seen, Look], Look]) -> None:
        if self.seen is not None and self.look is not None:
            self._inspect.look_at(change(self.seen, self.look))

    def action_look_at(self, view: View) -> None:
        """Shows one of the views."""
        if self.look is not None:
            self.show_half(self.HALVES[0])
            self._inspect.look_at(replace(self.look, view=view))

    action_next_look = action_look_at

    def action_view_before(self) -> None:
        """Shows the previous view."""
        self.action_look_at(self._view_after(-1))

    def action_look_into(self, what: str) -> None:
        """Draws the unit as lines, shows all units again, or opens a window of the batch."""
        seen, look = self.seen, self.look
        if what != "window":
            self.action_look_at("unit" if what == "lines" else "gates")
        elif seen is not None and look is not None:
            from lstm_tui.inspect.seeing import member_asked

            asked = member_asked(seen, look.member)
            self._inspect.ask(view="gates", part=asked.part, number=asked.number)

    def action_move_cursor(self, way: str) -> None:
        """Moves to another step or unit, or to another window or array of a batch."""
        self._change(lambda seen, look: look.moved(seen.inspected, *WAYS[way], seen.members))

    def action_scroll_numbers(self, way: str) -> None:
        """Scrolls the numbers by a page."""
        if self.panel is not None:
            self.panel.scroll_numbers(way)

    def action_next_layer(self) -> None:
        """Shows the next layer or direction."""
        self._change(lambda seen, look: look.next_layer(seen.inspected))

    def action_next_order(self) -> None:
        """Sorts the units in the next order."""
        self._change(lambda seen, look: look.next_order(seen.inspected))

    def action_next_choice(self) -> None:
        """Compares the backends in the next gate or state, or shows the next array."""
        self._change(lambda seen, look: look.next_choice(seen.inspected))

    def action_choose_array(self, place: int) -> None:
        """Shows one of the weight arrays."""
        self._change(lambda _, look: replace(look, array=place))

    def action_choose_member(self, member: int) -> None:
        """Shows one of the windows of the batch."""
        self._change(lambda _, look: replace(look, member=member))

    def action_move_window(self, way: str) -> None:
        """Moves by some windows, or by some batches in the view of a batch."""
        seen, look, asked = self.seen, self.look, self._inspect.asked
        if seen is None or look is None or asked is None:
            return
        if look.view == "batch":
            self._inspect.ask(batch=min(max(0, asked.batch + WINDOWS[way]), seen.batches - 1))
        else:
            number = seen.inspected.window.number if asked.number is None else asked.number
            self._inspect.ask(number=min(max(0, number + WINDOWS[way]), seen.inspected.window.count - 1))

    def action_worst(self) -> None:
        """Shows the window with the largest error."""
        self._inspect.ask(number=None)

    def action_go_to_window(self) -> None:
        """Asks for the date or the number of a window."""
        from lstm_tui.inspect.seeing import ends_of, window_at
        from lstm_tui.kit.ask import GoToScreen

        seen = self.seen
        if seen is None:
            return
        gone = lambda number: None if number is None else self._inspect.ask(number=number)  # noqa: E731
        numbers = f"; or its number, from #1 to #{seen.inspected.window.count}"
        self.app.push_screen(GoToScreen(*ends_of(seen), partial(window_at, seen), numbers), gone)

    def action_next_part(self) -> None:
        """Shows a window of the next part of the series that has windows."""
        from lstm_tui.inspect.seeing import next_part

        if self.seen is not None:
            self._inspect.ask(part=next_part(self.seen), number=None)

    def action_next_backend(self) -> None:
        """Computes with the next backend."""
        if self.seen is not None and self.seen.asked.other is not None:
            self._inspect.ask(backend=self.seen.asked.other)

    def action_next_member(self) -> None:
        """Shows the next network of the ensemble, with its best weights."""
        asked = self._inspect.asked
        if self.seen is not None and asked is not None:
            members = range(self.seen.inspected.subject.members)
            self._inspect.ask(member=next_of(members, asked.member), epoch=None, since=None, number=None)

    def action_next_weights(self) -> None:
        """Shows the weights of the next snapshot; after the last one, the best weights."""
        if self.seen is not None and self._inspect.asked is not None:
            self._inspect.ask(epoch=next_of((None, *self.seen.epochs), self._inspect.asked.epoch))

    def action_next_since(self) -> None:
        """Counts changes from the next snapshot; after the last one, from the first."""
        if self.seen is not None and self._inspect.asked is not None:
            self._inspect.ask(since=next_of(self.seen.epochs, self._inspect.asked.since))

    def action_save_look(self) -> None:
        """Asks where to save the picture or the arrays."""
        from lstm_forecasting.figures.drawing import FIGURES
        from lstm_forecasting.inspect.saving import ARRAYS
        from lstm_tui.inspect.saving import save_look
        from lstm_tui.kit.ask import SaveScreen

        if self.seen is not None and self.look is not None:
            save = partial(save_look, self.seen, self.look)
            self.app.push_screen(SaveScreen("inspection", FORMATS, "inspect.npz", (*FIGURES, *ARRAYS), save))

    def _view_after(self, count: int) -> View:
        views = self._inspect.state.views
        return next_of(views, views[0] if self.look is None else self.look.view, count)
