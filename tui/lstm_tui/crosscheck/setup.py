"""The options of a cross-check: backends, precision, depth, and whether the open series is a probe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button, Label, Static

from lstm_forecasting.crosscheck.plan import PRECISIONS, CrossCheck, plan_crosscheck
from lstm_forecasting.crosscheck.schedule import DEPTHS, Depth
from lstm_plugins.config import Precision
from lstm_plugins.errors import InputError
from lstm_tui.backends.controller import BackendsController
from lstm_tui.kit.activity import ActivityController
from lstm_tui.kit.choice import Choice
from lstm_tui.kit.controller import controller
from lstm_tui.train.controller import TrainController
from lstm_tui.train.form.backends import BackendChoice

if TYPE_CHECKING:
    from lstm_forecasting.experiment.plan import Experiment

Probes = Literal["built-in", "own"]


class CheckSetup(VerticalScroll, can_focus=False):
    """The options of a check and its buttons."""

    DEFAULT_CSS = """
    CheckSetup {
        height: 1fr; scrollbar-size-vertical: 1;
        .heading { color: $primary; text-style: bold; }
        .row { height: 1; }
        .row Label { width: 11; }
        #options { margin-top: 1; }
        #depth-words { color: $quiet; height: auto; width: 1fr; margin: 1 0; }
        #check-trouble { color: $error; height: auto; width: 1fr; display: none; }
        #check-buttons { height: 1; }
        Button { width: 1fr; margin-right: 1; }
    }
    """

    def compose(self) -> ComposeResult:
        """Backends, three choices, an explanation, two buttons."""
        yield Label("Backends", classes="heading")
        yield BackendChoice(controller(self, BackendsController).state.found, self._train.state.chosen)
        yield Label("Probes", classes="heading", id="options")
        with Horizontal(classes="row"):
            yield Label("precision")
            passes: list[tuple[str, tuple[Precision, ...]]] = [("both", PRECISIONS)]
            passes += [(precision, (precision,)) for precision in PRECISIONS]
            yield Choice(passes, PRECISIONS, id="precision")
        with Horizontal(classes="row"):
            yield Label("depth")
            yield Choice[Depth]([(name, name) for name in DEPTHS], "quick", id="depth")
        with Horizontal(classes="row"):
            yield Label("series")
            yield Choice[Probes]([("built-in only", "built-in")], "built-in", id="probes")
        yield Static("", id="depth-words", markup=False)
        yield Label("", id="check-trouble", markup=False)
        with Horizontal(id="check-buttons"):
            yield Button("Check", variant="primary", compact=True, id="check", action="screen.check")
            yield Button("Stop", compact=True, id="stop-check", action="app.stop", disabled=True)

    def on_mount(self) -> None:
        """Follows the backends, the series and the activity."""
        self._explain()
        choice = self.query_one(BackendChoice)
        controller(self, BackendsController).watch(self, lambda state: state.found, choice.show, now=False)
        self._train.watch(self, lambda state: state.experiment, self._offer_own)
        controller(self, ActivityController).watch(self, lambda activity: activity.busy, self._show_buttons)

    @property
    def _train(self) -> TrainController:
        return controller(self, TrainController)

    @on(Choice.Changed)
    def _explain(self) -> None:
        depth: Depth = self.query_one("#depth", Choice).value
        names = list(DEPTHS)
        words = [DEPTHS[name] for name in names[: names.index(depth) + 1]]
        text = f"{'; '.join(words)}."
        if self.query_one("#probes", Choice).value == "own":
            text = f"The open series with the settings of Train; and {text}"
        self.query_one("#depth-words", Static).update(text[0].upper() + text[1:])

    def _offer_own(self, experiment: Experiment | None) -> None:
        choice = self.query_one("#probes", Choice)
        options: list[tuple[str, Probes]] = [("built-in only", "built-in")]
        if experiment is not None:
            options.append((f"{experiment.table.name} too", "own"))
        choice.set_options(options, choice.value)

    def _show_buttons(self, busy: bool) -> None:
        self.query_one("#check", Button).disabled = busy
        self.query_one("#stop-check", Button).disabled = not busy

    def planned(self) -> CrossCheck | None:
        """The plan of the check; None if it is not possible, with the reason on the screen."""
        trouble = self.query_one("#check-trouble", Label)
        own = self.query_one("#probes", Choice).value == "own"
        try:
            check = plan_crosscheck(
                self.query_one(BackendChoice).chosen,
                precisions=self.query_one("#precision", Choice).value,
                depth=self.query_one("#depth", Choice).value,
                experiment=self._train.state.experiment if own else None,
                additions={
                    one.name: one.backend.additions
                    for one in controller(self, BackendsController).state.found
                    if one.backend is not None
                },
            )
        except InputError as error:
            trouble.update(f"✗ {error}")
            trouble.display = True
            return None
        trouble.display = False
        return check
