"""What is open, chosen, planned and trained: the state that screens watch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.reactive import var
from textual.timer import Timer

from lstm_tui.app.actions import ACTIONS
from lstm_tui.cli.app_options import AppOptions
from lstm_tui.kit.actions import key_of, with_keys

if TYPE_CHECKING:
    from lstm_forecasting.crosscheck.events import CrossCheckEvent
    from lstm_forecasting.data.table import SeriesTable
    from lstm_forecasting.experiment.events import ExperimentEvent
    from lstm_forecasting.experiment.plan import Experiment
    from lstm_forecasting.processes.warming import WarmUpEvent
    from lstm_forecasting.runs.watching import WatchedRun
    from lstm_plugins.discovery import Found
    from lstm_tui.backends.warmth import Warmths
    from lstm_tui.crosscheck.state import CheckState
    from lstm_tui.kit.follower import Follower, Runner
    from lstm_tui.runs.curves import KeptCurve
    from lstm_tui.train.state import TrainingState


class WorkbenchState(App[None], inherit_bindings=False):
    """The app without its screens and keys. Work runs in workers and changes these attributes, no widget.

    Args:
        options: from the command line.
        runner: what runs experiments; None runs each backend in a process of its own.

    Attributes:
        ready: the engine is imported and the backends are known.
        found: every backend that is declared.
        chosen: short names of the backends to train.
        table: the series that is open.
        own_settings: what the user fixed.
        options: from the command line.
        experiment: what would be trained now; None when that is not possible.
        problem: why not: the setting, or "" for something else, and one sentence.
        reading_problem: why the series could not be read otherwise: the option, and what is wrong.
        planning: the user has just changed something, and the plan does not have it yet.
        training: the latest one, under way or over.
        compared: names of runs whose curves are drawn beside those of a training.
        compared_curves: those curves.
        checking: the latest cross-check, under way or over.
        warmths: how far the backends' processes are.
        conformance: the verdict of every backend's last cross-check, by short name.
        series_line: what is open, for the header.
        status_line: what is going on, for the header.
    """

    ready: var[bool] = var(False)
    found: var[tuple[Found, ...]] = var(())
    chosen: var[tuple[str, ...]] = var(())
    table: var[SeriesTable | None] = var(None, always_update=True)
    own_settings: var[Mapping[str, Any]] = var({})
    experiment: var[Experiment | None] = var(None)
    problem: var[tuple[str, str] | None] = var(None, always_update=True)
    reading_problem: var[tuple[str, str] | None] = var(None, always_update=True)
    training: var[TrainingState | None] = var(None)
    compared: var[tuple[str, ...]] = var(())
    compared_curves: var[tuple[KeptCurve, ...]] = var(())
    checking: var[CheckState | None] = var(None)
    warmths: var[Warmths] = var({})
    conformance: var[Mapping[str, str]] = var({})
    series_line: var[str] = var("")
    status_line: var[str] = var("")

    def __init__(self, options: AppOptions, runner: Runner | None = None) -> None:
        super().__init__()
        self.options = options
        self.actions = with_keys(ACTIONS, options.keys)
        self._without = frozenset(options.without)
        self._warm_timer: Timer | None = None
        self._warm_followers: list[Follower[WarmUpEvent]] = []
        self._runner = runner
        self._follower: Follower[ExperimentEvent] | None = None
        self._watched: WatchedRun | None = None
        self._check_follower: Follower[CrossCheckEvent] | None = None
        self._mistaken: tuple[str, ...] = ()
        self.planning = options.source is not None
        self._train_when_planned = False
        self.set_reactive(WorkbenchState.own_settings, dict(options.settings))

    @property
    def runs_folder(self) -> Path:
        """The folder that keeps the runs."""
        from lstm_forecasting.runs.folder import runs_folder

        return self.options.runs or runs_folder()

    def key(self, action: str) -> str:
        """The key of an action, for texts that tell what to press."""
        return key_of(self.actions, action)

    @property
    def titles(self) -> dict[str, str]:
        """The backends' names for people, by short name."""
        titles = {one.name: one.backend.title if one.backend else one.name for one in self.found}
        # A run may know a backend that is not installed here.
        further = self.training.experiment.backends if self.training is not None else ()
        return {**{name: name for name in further}, **titles}

    @property
    def running(self) -> bool:
        """True while a training is under way."""
        return self.training is not None and self.training.running

    @property
    def busy(self) -> bool:
        """True while a training or a cross-check is under way; both would slow each other down."""
        return self.stoppable and self._watched is None

    @property
    def stoppable(self) -> bool:
        """True while anything is under way, here or in another program that is watched."""
        return self.running or (self.checking is not None and self.checking.running)
