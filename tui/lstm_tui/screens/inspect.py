"""The screen that looks into a trained network: gates and states, gradients, weights, the cell in numbers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import DataTable, Static

from lstm_tui.actions import INSPECT, actions, bindings
from lstm_tui.palette import theme_colour
from lstm_tui.screens.folding import FoldingScreen
from lstm_tui.widgets.inspection.picked import Picked

if TYPE_CHECKING:
    from rich.console import RenderableType

    from lstm_forecasting.inspection.comparing import Comparison
    from lstm_forecasting.inspection.results import InspectedWindow
    from lstm_forecasting.runs.folder import RunFolder
    from lstm_tui.inspection.bands import Band
    from lstm_tui.inspection.look import Look, View
    from lstm_tui.inspection.seeing import Asked, Seen
    from lstm_tui.widgets.inspection.runs import RunList

NOTHING = "There is no trained network yet.\n\nGo to Train ({show_train}) and start a training ({train})."
LOOKING = "looking …"
FORMATS = ".svg, .png to print, .npz for programs"
TITLES: dict[View, str] = {
    "gates": "x target · h_ unit · f i o gates · C̃ candidate · C cell · h hidden · a attention",
    "gradients": "x target · ∂h ∂C gradient at h and C · W U b what steps give to the weights",
    "backends": "x target · 1 and 2 the backends · − their difference",
    "weights": "W kernel · U recurrent · b bias · Δ change since the start; columns i, f, C̃, o",
}
WAYS = {"right": (1, 0), "left": (-1, 0), "down": (0, 1), "up": (0, -1)}
"""Steps and units that a key goes."""
WINDOWS = {"next": 1, "previous": -1, "next 10": 10, "previous 10": -10}
OF_WINDOW = frozenset(action.name.partition("(")[0] for action in actions(INSPECT))
"""What can be done with a window alone."""


class InspectScreen(FoldingScreen):
    """The picture on the left; what is looked at, and the cell in numbers, on the right.

    A narrow terminal has room for one of them; `s` changes which.
    """

    BINDINGS: ClassVar = bindings(INSPECT)
    TAB = "inspect"
    HALVES = ("inside", "numbers")

    _seen: Seen | None = None
    _comparison: Comparison | None = None
    _look: Look | None = None
    _looking = False

    def compose_content(self) -> ComposeResult:
        """What to do while there is nothing to look into; the panels come with the first window."""
        with Horizontal(id="body"):
            yield Static(LOOKING, id="hint", markup=False)

    def on_mount(self) -> None:
        """Waits for the engine."""
        self.watch(self.workbench, "ready", self._begin)
        self.app.theme_changed_signal.subscribe(self, lambda _: self._show())

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """There may be more runs than before."""
        # Textual calls the handler of the class above as well.
        self._begin(self.workbench.ready)

    def _begin(self, ready: bool) -> None:
        if ready:
            self._list()

    @work(group="inspect runs", exclusive=True, exit_on_error=False)
    async def _list(self) -> None:
        from lstm_forecasting.errors import InputError
        from lstm_forecasting.runs.folder import runs_folder
        from lstm_forecasting.runs.listing import list_runs

        try:
            found = await asyncio.to_thread(list_runs, runs_folder())
        except InputError as error:
            self._tell(str(error))
            return
        trained = [one for one in found if any(state.epochs for state in one.backends)]
        if not trained:
            if self._seen is None:
                keys = {name: self.workbench.key(name) for name in ("show_train", "train")}
                self._tell(NOTHING.format(**keys))
            return
        await self._fill()
        for runs in self._run_lists():
            runs.show(trained, self._seen.asked.run.name if self._seen else "")
        if self._seen is None and not self._looking:
            self._open(trained[0].run)

    def _tell(self, text: str) -> None:
        for hint in self.query("#hint").results(Static):
            hint.update(text)

    def _open(self, run: RunFolder) -> None:
        from lstm_tui.inspection.seeing import Asked

        usable = tuple(one.name for one in self.workbench.found if one.state == "available")
        if usable:
            self._ask(Asked(run, usable))
        else:
            self._say_problem("No backend is available; the screen Backends tells why.")

    @work(group="inspect", exclusive=True, exit_on_error=False)
    async def _ask(self, asked: Asked) -> None:
        from lstm_forecasting.errors import InputError
        from lstm_tui.inspection.look import first_look
        from lstm_tui.inspection.seeing import see

        self._begin_looking()
        try:
            seen = await asyncio.to_thread(see, asked, self.workbench.processes)
        except InputError as error:
            self._say_problem(str(error))
            return
        finally:
            self._looking = False
        before, self._seen, self._comparison = self._seen, seen, None
        same = before is not None and before.asked.run == seen.asked.run and self._look is not None
        inspected = seen.inspected
        self._look = self._look.fitted(inspected) if same and self._look else first_look(inspected)
        if self._look.view == "backends":
            self._compare()
        self._show()
        if not same:
            self._list()
        self.refresh_bindings()

    @work(group="inspect other", exclusive=True, exit_on_error=False)
    async def _compare(self) -> None:
        from lstm_forecasting.errors import InputError
        from lstm_tui.inspection.seeing import see_other

        seen, other = self._seen, self._other
        if seen is None or other is None:
            return
        self._begin_looking()
        try:
            comparison = await asyncio.to_thread(see_other, seen, other, self.workbench.processes)
        except InputError as error:
            self._say_problem(str(error))
            return
        finally:
            self._looking = False
        if seen is self._seen:
            self._comparison = comparison
            self._show()

    def _begin_looking(self) -> None:
        self._looking = True
        for room in self.query("#inside"):
            room.border_title = LOOKING

    def _say_problem(self, problem: str) -> None:
        self.notify(problem, severity="error", timeout=15)
        for room in self.query("#inside"):
            room.border_title = "Nothing to see"
        self._show()

    async def _fill(self) -> None:
        if self.query("#inside"):
            return
        from lstm_tui.widgets.inspection.runs import RunList
        from lstm_tui.widgets.inspection.stack import BandStack
        from lstm_tui.widgets.scrolled import Scrolled

        body = self.query_one("#body")
        inside = Vertical(BandStack(), Static(id="scale"), id="inside", classes="panel")
        runs = Container(RunList(), id="runs-room", classes="panel")
        runs.border_title = "Runs"
        chosen = Vertical(Static(id="facts"), Static(id="forecast"), id="chosen", classes="panel")
        chosen.border_title = "Looked at"
        cell = Scrolled(
            Static(id="diagram"), Static(id="sentence"), Static(id="arithmetic"), id="cell", classes="panel"
        )
        asked = Vertical(runs, chosen, id="asked")
        with self.app.batch_update():
            await body.remove_children()
            await body.mount(inside, Container(asked, cell, id="numbers"))
        self.fold()

    def _show(self) -> None:
        """Draws what there is."""
        if self._seen is None or self._look is None or not self.query("#inside"):
            return
        from lstm_tui.widgets.inspection.stack import BandStack, Cursor

        inspected, look = self._seen.inspected, self._look
        with_steps = look.view != "weights"
        cursor = Cursor(look.step if with_steps else None, look.place, str(look.unit(inspected)))
        self.query_one(BandStack).show(self._bands(inspected, look), cursor)
        self.query_one("#scale", Static).update(self.query_one(BandStack).scale())
        layer, step = look.layer_of(inspected), inspected.step_rows(look.step)[-1]
        room = self.query_one("#inside")
        when = inspected.subject.experiment.table.row_text(step)
        place = f" · step {look.step + 1} ({when}) · unit {look.unit(inspected)}" if with_steps else ""
        of_value = f" · {look.shown_quantity.title}" if look.view == "backends" else ""
        title = f"{look.view.capitalize()} · {layer.name}{of_value}{place}"
        room.border_title = LOOKING if self._looking else title
        room.border_subtitle = TITLES[look.view]
        self._show_numbers(inspected, look)

    def _bands(self, inspected: InspectedWindow, look: Look) -> list[Band]:
        from lstm_tui.inspection import bands

        layer, units = look.layer_of(inspected), look.units(inspected)
        if look.view == "gradients":
            return bands.gradient_bands(inspected, layer, units)
        if look.view == "weights" and self._seen is not None:
            return bands.weight_bands(inspected.subject.model.weights, self._seen.changes, layer.name)
        if look.view == "backends":
            if self._comparison is None:
                return [bands.window_band(inspected)]
            return bands.backend_bands(self._comparison, look.layer, units, look.shown_quantity)
        return bands.gate_bands(inspected, layer, units, look.unit(inspected))

    def _show_numbers(self, inspected: InspectedWindow, look: Look) -> None:
        from lstm_forecasting.inspection.arithmetic import cell_arithmetic
        from lstm_tui.widgets.inspection import cell, facts

        strong, quiet, keys = (
            theme_colour(self.app, name) for name in ("accent", "quiet", "footer-key-foreground")
        )
        app, layer = self.workbench, look.layer_of(inspected)
        told = facts.facts(inspected, layer, look.order, app.titles, app.key, (keys, quiet))
        found = cell_arithmetic(inspected, layer, look.unit(inspected), look.step)
        sentence = facts.gradient_sentence(layer)
        if look.view == "weights" and self._seen is not None:
            sentence = facts.weight_lines(inspected.subject.model.weights, self._seen.changes, layer.name)
        if look.view == "backends" and self._comparison is not None:
            sentence = facts.difference_sentence(self._comparison, app.titles)
        shown: dict[str, RenderableType] = {
            "facts": told,
            "forecast": facts.forecast_table(inspected, quiet),
            "diagram": cell.diagram(found, f"bold {strong}"),
            "sentence": sentence,
            "arithmetic": cell.arithmetic(found, f"bold {strong}", quiet),
        }
        for name, content in shown.items():
            self.query_one(f"#{name}", Static).update(content)
        self.query_one("#cell").border_title = f"Unit {found.unit} at step {found.step + 1}"

    def _run_lists(self) -> list[RunList]:
        from lstm_tui.widgets.inspection.runs import RunList

        return list(self.query(RunList))

    @property
    def _other(self) -> str | None:
        """The backend that the present one is held against: the next that is usable."""
        if self._seen is None:
            return None
        names = self._seen.asked.usable
        following = names[(_place(names, self._seen.asked.backend) + 1) % len(names)]
        return None if following == self._seen.asked.backend else following

    @property
    def _next_view(self) -> View:
        views = [view for view in TITLES if view != "backends" or self._other is not None]
        view = self._look.view if self._look is not None else views[0]
        return views[(_place(views, view) + 1) % len(views)]

    @on(DataTable.RowSelected)
    def _choose_run(self, event: DataTable.RowSelected) -> None:
        for runs in self._run_lists():
            run = runs.run_of(event.row_key.value)
            if run is not None:
                self._open(run)

    @on(Picked)
    def _pick(self, event: Picked) -> None:
        seen, look = self._seen, self._look
        if seen is not None and look is not None and look.view != "weights":
            place = look.place if event.place is None else event.place
            self._look_so(replace(look, step=event.step, place=place).fitted(seen.inspected))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides what has nothing to act on."""
        look = self._look
        if self._seen is None or look is None:
            return action not in OF_WINDOW
        match action:
            case "show_half":
                return super().check_action(action, parameters)
            case "next_look":
                return parameters == (self._next_view,)
            case "next_quantity":
                return look.view == "backends"
            case "next_backend":
                return len(self._seen.asked.usable) > 1
            case "next_layer":
                return len(self._seen.inspected.layers) > 1
        return True

    def _look_so(self, look: Look) -> None:
        self._look = look
        self._show()

    def _ask_so(self, **changed: Any) -> None:
        if self._seen is not None:
            self._ask(replace(self._seen.asked, **changed))

    def action_next_look(self, view: View) -> None:
        """Shows gates, gradients, two backends, or weights."""
        if self._look is not None:
            self._look_so(replace(self._look, view=view))
            if view == "backends" and self._comparison is None:
                self._compare()
            self.show_half(self.HALVES[0])
            self.refresh_bindings()

    def action_move_cursor(self, way: str) -> None:
        """Goes to the next step or unit, or to the one before."""
        if self._seen is not None and self._look is not None:
            self._look_so(self._look.moved(self._seen.inspected, *WAYS[way]))

    def action_next_layer(self) -> None:
        """Shows the next layer or direction."""
        if self._seen is not None and self._look is not None:
            self._look_so(self._look.next_layer(self._seen.inspected))

    def action_next_order(self) -> None:
        """Sorts the units in another way."""
        if self._seen is not None and self._look is not None:
            self._look_so(self._look.next_order(self._seen.inspected))

    def action_next_quantity(self) -> None:
        """Compares two backends in the next of the six values."""
        if self._look is not None:
            self._look_so(self._look.next_quantity())

    def action_move_window(self, way: str) -> None:
        """Goes some windows on, or back."""
        if self._seen is not None:
            number, count = self._seen.asked.number or 0, self._seen.inspected.window.count
            self._ask_so(number=min(max(0, number + WINDOWS[way]), count - 1))

    def action_worst(self) -> None:
        """Goes to the window with the largest error."""
        self._ask_so(number=None)

    def action_go_to_window(self) -> None:
        """Asks for the date of a window."""
        from lstm_tui.inspection.seeing import ends_of, number_at
        from lstm_tui.screens.go_to import GoToScreen

        seen = self._seen
        if seen is None:
            return
        gone = lambda number: None if number is None else self._ask_so(number=number)  # noqa: E731
        self.app.push_screen(GoToScreen(*ends_of(seen), partial(number_at, seen)), gone)

    def action_next_part(self) -> None:
        """Shows a window of the next part of the series that has any."""
        from lstm_tui.inspection.seeing import next_part

        if self._seen is not None:
            self._ask_so(part=next_part(self._seen), number=None)

    def action_next_backend(self) -> None:
        """Has the next backend compute."""
        if self._seen is not None:
            names = self._seen.asked.usable
            self._ask_so(backend=names[(_place(names, self._seen.asked.backend) + 1) % len(names)])

    def action_next_weights(self) -> None:
        """Shows the network at the next snapshot of its training; after the last one at its best."""
        if self._seen is not None:
            epochs = (None, *self._seen.epochs)
            self._ask_so(epoch=epochs[(_place(epochs, self._seen.asked.epoch) + 1) % len(epochs)])

    def action_save_look(self) -> None:
        """Asks where to save the picture or the arrays."""
        from lstm_forecasting.inspection.saving import ARRAYS
        from lstm_forecasting.saving import FIGURES
        from lstm_tui.inspection.saving import save_look
        from lstm_tui.screens.save import SaveScreen

        if self._seen is not None and self._look is not None:
            save = partial(save_look, self._seen, self._comparison, self._look)
            self.app.push_screen(SaveScreen("inspection", FORMATS, "inspect.npz", (*FIGURES, *ARRAYS), save))


def _place(among: Sequence[object], one: object) -> int:
    return list(among).index(one) if one in among else -1
