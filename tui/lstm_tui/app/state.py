"""What is open, chosen, planned and trained: the state that screens watch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.reactive import var
from textual.timer import Timer

from lstm_forecasting.data.options import DEFAULT_OPTIONS, ReadOptions
from lstm_tui.app.actions import ACTIONS, Action, key_of

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
        source: a file or bundled data set to open; None asks.
        backends: short names to choose; "all", or none, chooses those that are ready.
        targets: columns to forecast.
        inputs: further columns that a forecast may see.
        options: how the source is read.
        settings: `ForecasterConfig` fields fixed from the start.
        fractions: shares of rows for training, validation and test; None takes the usual ones.
        threads: of each backend.
        actions: everything that keys do, with the keys that the user wants.
        plugins: False leaves the built-in backends only.
        without: names of backends to leave alone; the Backends screen adds to them and takes away.
        warm_ahead: start the chosen backends' processes when there is a plan and nothing else to do.
        runner: what runs experiments; None runs each backend in a process of its own.

    Attributes:
        ready: the engine is imported and the backends are known.
        found: every backend that is declared.
        chosen: short names of the backends to train.
        table: the series that is open.
        own_settings: what the user fixed.
        first_settings: what was fixed from the start, for every series.
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
        first_chapter: of the course, from 1, where it begins; 0 where the reader was last.
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

    def __init__(
        self,
        source: str | None = None,
        backends: Sequence[str] = (),
        *,
        targets: Sequence[str] = (),
        inputs: Sequence[str] = (),
        options: ReadOptions = DEFAULT_OPTIONS,
        settings: Mapping[str, Any] | None = None,
        fractions: tuple[float, float, float] | None = None,
        threads: int = 1,
        actions: Sequence[Action] = ACTIONS,
        plugins: bool = True,
        without: Sequence[str] = (),
        warm_ahead: bool = True,
        runner: Runner | None = None,
    ) -> None:
        super().__init__()
        self._source = source
        self.first_chapter = 0
        self._backends = tuple(backends)
        self._targets = tuple(targets)
        self._inputs = tuple(inputs)
        self._options = options
        self._planning: dict[str, Any] = {"threads": threads}
        if fractions is not None:
            self._planning["fractions"] = fractions
        self.actions = tuple(actions)
        self._plugins = plugins
        self._without = frozenset(without)
        self._warm_ahead = warm_ahead
        self._warm_timer: Timer | None = None
        self._warm_followers: list[Follower[WarmUpEvent]] = []
        self._runner = runner
        self._follower: Follower[ExperimentEvent] | None = None
        self._watched: WatchedRun | None = None
        self._check_follower: Follower[CrossCheckEvent] | None = None
        self._mistaken: tuple[str, ...] = ()
        self.planning = source is not None
        self._train_when_planned = False
        self.first_settings: Mapping[str, Any] = dict(settings or {})
        self.set_reactive(WorkbenchState.own_settings, self.first_settings)

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
