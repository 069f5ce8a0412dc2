"""The state of a training, built from its events."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, Self

from lstm_forecasting.experiment import events
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import BackendResult, ExperimentResult
from lstm_plugins.counting import counted
from lstm_tui.train.history import History

Phase = Literal["waiting", "importing", "training", "forecasting", "finished", "failed", "stopped"]
_OVER = ("finished", "failed", "stopped")


@dataclass(frozen=True, eq=False)
class BackendState:
    """The state of one backend; epochs count from 0, as in the events.

    Attributes:
        backend: short name.
        epochs: the maximum number of epochs.
        phase: of its work.
        ready: facts about its network and device.
        progress: the latest report.
        history: its complete epochs, those of the latest network of an ensemble.
        member: number of this network, from 0.
        members: number of networks.
        unsaved: why the latest attempt to save the training failed, in one sentence.
        trained: how its training ended.
        result: its forecasts and scores.
        reason: why it failed, in one sentence.
        log: the last output of its process, if it failed.
    """

    backend: str
    epochs: int
    phase: Phase = "waiting"
    ready: events.BackendReady | None = None
    progress: events.BackendProgress | None = None
    history: History = field(default_factory=History)
    member: int = 0
    members: int = 1
    unsaved: str = ""
    trained: events.BackendTrained | None = None
    result: BackendResult | None = None
    reason: str = ""
    log: tuple[str, ...] = ()

    @property
    def over(self) -> bool:
        """Whether the backend sends no more events."""
        return self.phase in _OVER

    @property
    def share(self) -> float:
        """The share of the epochs that is done, 0 to 1."""
        if self.phase == "finished":
            return 1.0
        if self.trained is not None:
            return (self.member + 1) / self.members
        done = float(self.history.epochs)
        if self.progress is not None and self.progress.epoch >= self.history.epochs:
            done = self.progress.epoch + self.progress.batch / max(self.progress.batches, 1)
        return (self.member + min(1.0, done / max(self.epochs, 1))) / self.members

    def of_member(self, member: int) -> Self:
        """The state of the same or of another network of the ensemble, of which nothing is known yet."""
        if member == self.member:
            return self
        return replace(self, member=member, history=History(), progress=None, trained=None)

    def after(self, event: events.BackendEvent) -> Self:
        """The state after an event."""
        match event:
            case events.BackendStarted():
                return replace(self, phase="importing")
            case events.BackendReady():
                return replace(self.of_member(event.member), phase="training", ready=event)
            case events.BackendProgress():
                return replace(self, progress=event)
            case events.BackendEpoch():
                own = self.of_member(event.member)
                return replace(own, history=own.history.after(event.epoch))
            case events.BackendUnsaved():
                return replace(self, unsaved=event.reason)
            case events.BackendTrained():
                return replace(self, phase="forecasting", trained=event)
            case events.BackendMemberFinished():
                return self
            case events.BackendFinished():
                return replace(self, phase="finished", result=event.result)
            case events.BackendFailed():
                return replace(self, phase="failed", reason=event.reason, log=event.log)
            case events.BackendStopped():
                return replace(self, phase="stopped")


@dataclass(frozen=True, eq=False)
class TrainingState:
    """A training, running or finished.

    Attributes:
        experiment: the plan.
        backends: by short name, in display order.
        stopping: whether the user has asked it to stop.
        result: of all backends, once everything has ended.
        problem: why the training failed as a whole, in one sentence.
        run: name of the run that saves it; empty without one.
        folder: path of the run; empty without one.
    """

    experiment: Experiment
    backends: dict[str, BackendState] = field(default_factory=dict)
    stopping: bool = False
    result: ExperimentResult | None = None
    problem: str = ""
    run: str = ""
    folder: str = ""

    @classmethod
    def of(cls, experiment: Experiment) -> Self:
        """The state before the first event."""
        epochs, members = experiment.config.epochs, len(experiment.networks)
        backends = {name: BackendState(name, epochs, members=members) for name in experiment.backends}
        return cls(experiment, backends)

    @property
    def running(self) -> bool:
        """Whether more events will come."""
        return self.result is None and not self.problem

    @property
    def failures(self) -> tuple[BackendState, ...]:
        """The backends that failed."""
        return tuple(state for state in self.backends.values() if state.phase == "failed")

    @property
    def in_words(self) -> str:
        """One line for the header."""
        if self.problem:
            return "✗ training failed"
        if self.result is not None:
            done = [state for state in self.backends.values() if state.phase == "finished"]
            if not done:
                return "✗ nothing was trained"
            sign = "✓" if len(done) == len(self.backends) else "~"
            return f"{sign} {len(done)} of {len(self.backends)} trained"
        if self.stopping:
            return "● stopping …"
        busy = sum(not state.over for state in self.backends.values())
        return f"● training {counted(busy, 'backend')}"

    def after(self, happened: Iterable[events.ExperimentEvent]) -> Self:
        """The state after some events."""
        backends = dict(self.backends)
        result, run, folder = self.result, self.run, self.folder
        for event in happened:
            match event:
                case events.ExperimentFinished():
                    result = event.result
                case events.RunOpened():
                    run, folder = event.name, event.folder
                case _:
                    backends[event.backend] = backends[event.backend].after(event)
        return replace(self, backends=backends, result=result, run=run, folder=folder)
