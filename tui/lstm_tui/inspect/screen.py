"""The screen that looks into a trained network: gates and states, gradients, weights, the cell in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import DataTable, Static

from lstm_tui.backends.controller import BackendsController
from lstm_tui.inspect.actions import ACTIONS
from lstm_tui.inspect.controller import InspectController
from lstm_tui.inspect.widgets.picked import Picked
from lstm_tui.kit.actions import bindings, names_of
from lstm_tui.kit.controller import controller
from lstm_tui.kit.folding import FoldingScreen

if TYPE_CHECKING:
    from lstm_tui.inspect.look import Look, View
    from lstm_tui.inspect.seeing import Seen
    from lstm_tui.inspect.state import InspectState
    from lstm_tui.inspect.widgets.panel import InspectionPanel
    from lstm_tui.kit.copying import CopyTable

FORMATS = ".svg, .png to print, .npz for programs"
WAYS = {"right": (1, 0), "left": (-1, 0), "down": (0, 1), "up": (0, -1)}
"""Steps and units, or windows and arrays, that a key goes."""
WINDOWS = {"next": 1, "previous": -1, "next 10": 10, "previous 10": -10}
OF_WINDOW = names_of(ACTIONS)
"""What can be done with a window alone."""
INTO = {"gates": "lines", "unit": "heatmaps", "batch": "window"}
"""What Enter leads to, by view."""


class InspectScreen(FoldingScreen):
    """The picture on the left; what is looked at, and the cell in numbers, on the right.

    A narrow terminal has room for one of them; `s` changes which.
    """

    BINDINGS: ClassVar = bindings(ACTIONS)
    ACTIONS = ACTIONS
    HALVES = ("inside", "numbers")

    def compose_content(self) -> ComposeResult:
        """What to do while there is nothing to look into; the panel comes with the first window."""
        with Container(id="body"):
            yield Static(self._state.hint, id="hint", markup=False)

    def on_mount(self) -> None:
        """Waits for the engine."""
        inspect = self._inspect
        inspect.watch(self, lambda state: state.hint, self._tell, now=False)
        inspect.watch(self, lambda state: (state.listing, state.run), self._list)
        inspect.watch(self, lambda state: (state.seen, state.look, state.note), self.show, now=False)
        self._backends.watch(self, lambda state: state.ready, self._begin)
        self.app.theme_changed_signal.subscribe(self, lambda _: self.show())

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """There may be more runs than before."""
        # Textual calls the handler of the class above as well.
        self._begin(self._backends.state.ready)

    def _begin(self, ready: bool) -> None:
        if ready:
            self._inspect.list_runs()

    @property
    def _backends(self) -> BackendsController:
        return controller(self, BackendsController)

    @property
    def _inspect(self) -> InspectController:
        return controller(self, InspectController)

    @property
    def _state(self) -> InspectState:
        return self._inspect.state

    @property
    def seen(self) -> Seen | None:
        """What was found last; None before there is anything."""
        return self._state.seen

    @property
    def look(self) -> Look | None:
        """What of it is shown, or will be in a moment."""
        return self._inspect.look

    @property
    def panel(self) -> InspectionPanel | None:
        """What shows everything, once there is something to show."""
        from lstm_tui.inspect.widgets.panel import InspectionPanel

        found = self.query(InspectionPanel)
        return found.first() if found else None

    def show(self) -> None:
        """Draws what there is, once the panel has its parts."""
        if self.panel is None or not self.panel.is_mounted:
            return
        if self._state.note:
            self.panel.tell(self._state.note)
        elif self._state.seen is not None and self._state.look is not None:
            self.panel.show(self._state.seen, self._state.look, self._state.views)
            self.refresh_bindings()

    def _tell(self, hint: str) -> None:
        for static in self.query("#hint").results(Static):
            static.update(hint)

    async def _list(self) -> None:
        listing = self._state.listing
        if listing is None:
            return
        from lstm_tui.inspect.widgets.panel import InspectionPanel
        from lstm_tui.inspect.widgets.runs import RunList

        if self.panel is None:
            body = self.query_one("#body")
            with self.app.batch_update():
                await body.remove_children()
                await body.mount(InspectionPanel())
            self.fold()
            self.show()
        for runs in self.query(RunList):
            runs.show(listing.runs, self._state.run)

    def tables(self) -> Sequence[CopyTable]:
        """The unit and its cell, or the arrays, or the windows of the batch."""
        if self.seen is None or self.look is None:
            return ()
        from lstm_tui.inspect.widgets.copies import copies

        return copies(self.seen, self.look)

    @on(DataTable.RowSelected)
    def _choose_run(self, event: DataTable.RowSelected) -> None:
        from lstm_tui.inspect.widgets.runs import RunList

        for runs in self.query(RunList):
            run = runs.run_of(event.row_key.value)
            if run is not None:
                self._inspect.open_run(run)

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
        # A second click on a unit looks into it, as on whatever else is chosen by a click.
        if picked == look and look.view == "gates" and event.place is not None:
            picked = replace(look, view="unit")
        self._inspect.look_at(picked)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides what has nothing to act on."""
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

    def action_look_at(self, view: View) -> None:
        """Shows one of the views."""
        if self.look is not None:
            self.show_half(self.HALVES[0])
            self._inspect.look_at(replace(self.look, view=view))

    action_next_look = action_look_at

    def action_view_before(self) -> None:
        """Goes back to the view before."""
        self.action_look_at(self._view_after(-1))

    def action_look_into(self, what: str) -> None:
        """Draws the unit as lines, shows all of them again, or opens a window of the batch."""
        from lstm_tui.inspect.choosing import member_asked

        seen, look = self.seen, self.look
        if seen is None or look is None:
            return
        if what == "window":
            asked = member_asked(seen, look.member)
            self._inspect.ask(view="gates", part=asked.part, number=asked.number)
        else:
            self.action_look_at("unit" if what == "lines" else "gates")

    def action_move_cursor(self, way: str) -> None:
        """Goes to the next step or unit, or to the one before; in a batch to the next window or array."""
        if self.seen is not None and self.look is not None:
            self._inspect.look_at(self.look.moved(self.seen.inspected, *WAYS[way], self.seen.members))

    def action_scroll_numbers(self, way: str) -> None:
        """Scrolls the cell's equations, or the arrays or windows, by what is seen of them."""
        if self.panel is not None:
            self.panel.scroll_numbers(way)

    def action_next_layer(self) -> None:
        """Shows the next layer or direction."""
        if self.seen is not None and self.look is not None:
            self._inspect.look_at(self.look.next_layer(self.seen.inspected))

    def action_next_order(self) -> None:
        """Sorts the units in another way."""
        if self.seen is not None and self.look is not None:
            self._inspect.look_at(self.look.next_order(self.seen.inspected))

    def action_next_choice(self) -> None:
        """Compares two backends in the next of the six values, or shows the next array."""
        if self.seen is not None and self.look is not None:
            self._inspect.look_at(self.look.next_choice(self.seen.inspected))

    def action_choose_array(self, place: int) -> None:
        """Shows one of the weight arrays."""
        if self.look is not None:
            self._inspect.look_at(replace(self.look, array=place))

    def action_choose_member(self, member: int) -> None:
        """Shows one of the windows of the batch."""
        if self.look is not None:
            self._inspect.look_at(replace(self.look, member=member))

    def action_move_window(self, way: str) -> None:
        """Goes some windows on, or back; in the view of a batch, batches."""
        seen, look, asked = self.seen, self.look, self._inspect.asked
        if seen is None or look is None or asked is None:
            return
        if look.view == "batch":
            self._inspect.ask(batch=min(max(0, asked.batch + WINDOWS[way]), seen.batches - 1))
        else:
            number = seen.inspected.window.number if asked.number is None else asked.number
            self._inspect.ask(number=min(max(0, number + WINDOWS[way]), seen.inspected.window.count - 1))

    def action_worst(self) -> None:
        """Goes to the window with the largest error."""
        self._inspect.ask(number=None)

    def action_go_to_window(self) -> None:
        """Asks for the date or the number of a window."""
        from lstm_tui.inspect.choosing import ends_of, window_at
        from lstm_tui.kit.go_to import GoToScreen

        seen = self.seen
        if seen is None:
            return
        gone = lambda number: None if number is None else self._inspect.ask(number=number)  # noqa: E731
        numbers = f"; or its number, from #1 to #{seen.inspected.window.count}"
        self.app.push_screen(GoToScreen(*ends_of(seen), partial(window_at, seen), numbers), gone)

    def action_next_part(self) -> None:
        """Shows a window of the next part of the series that has any."""
        from lstm_tui.inspect.choosing import next_part

        if self.seen is not None:
            self._inspect.ask(part=next_part(self.seen), number=None)

    def action_next_backend(self) -> None:
        """Has the next backend compute."""
        if self.seen is not None and self.seen.asked.other is not None:
            self._inspect.ask(backend=self.seen.asked.other)

    def action_next_weights(self) -> None:
        """Shows the network at the next snapshot of its training; after the last one at its best."""
        if self.seen is not None and self._inspect.asked is not None:
            self._inspect.ask(epoch=_after((None, *self.seen.epochs), self._inspect.asked.epoch))

    def action_next_since(self) -> None:
        """Counts changes from the next snapshot; after the last one from the first."""
        if self.seen is not None and self._inspect.asked is not None:
            self._inspect.ask(since=_after(self.seen.epochs, self._inspect.asked.since))

    def action_save_look(self) -> None:
        """Asks where to save the picture or the arrays."""
        from lstm_forecasting.figures.drawing import FIGURES
        from lstm_forecasting.inspect.saving import ARRAYS
        from lstm_tui.inspect.saving import save_look
        from lstm_tui.kit.save import SaveScreen

        if self.seen is not None and self.look is not None:
            save = partial(save_look, self.seen, self.look)
            self.app.push_screen(SaveScreen("inspection", FORMATS, "inspect.npz", (*FIGURES, *ARRAYS), save))

    def _view_after(self, count: int) -> View:
        view = self.look.view if self.look is not None else self._state.views[0]
        place = self._state.views.index(view) if view in self._state.views else 0
        return self._state.views[(place + count) % len(self._state.views)]


def _after(among: Sequence[int | None], one: int | None) -> int | None:
    """The next one; after the last, or one that is not among them, the first."""
    return among[(list(among).index(one) + 1) % len(among)] if one in among else among[0]
