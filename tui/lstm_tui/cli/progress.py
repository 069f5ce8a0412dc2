"""How an experiment goes on, while it does: bars on a terminal, a line now and then in a pipe."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, Task, TaskID, TextColumn
from rich.table import Column
from rich.text import Text

from lstm_forecasting.experiment.events import (
    BackendEpoch,
    BackendEvent,
    BackendFailed,
    BackendFinished,
    BackendProgress,
    BackendReady,
    BackendStarted,
    BackendStopped,
    BackendTrained,
    BackendUnsaved,
)
from lstm_plugins.counting import counted

SECONDS_BETWEEN_LINES = 5.0
"""Of one backend, in a pipe."""


class Follower(ABC):
    """Shows the events of an experiment.

    Attributes:
        titles: names for people, by short name.
    """

    def __init__(self, console: Console, titles: Mapping[str, str]) -> None:
        self.titles = titles
        self._console = console

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @abstractmethod
    def show(self, event: BackendEvent) -> None:
        """Shows what happened."""

    def _print_log(self, event: BackendEvent) -> None:
        if isinstance(event, BackendFailed):
            for line in event.log:
                self._console.print(f"    {line}")


class Lines(Follower):
    """One line for each step of a backend's way, and one for an epoch every few seconds."""

    def __init__(self, console: Console, titles: Mapping[str, str]) -> None:
        super().__init__(console, titles)
        self._said: dict[str, float] = {}
        self._progress: dict[str, BackendProgress] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing stays open."""

    def show(self, event: BackendEvent) -> None:
        """Prints a line, unless the last one of this backend's epochs is too recent."""
        if isinstance(event, BackendProgress):
            self._progress[event.backend] = event
            return
        if isinstance(event, BackendEpoch):
            now = time.monotonic()
            if now - self._said.get(event.backend, now - SECONDS_BETWEEN_LINES) < SECONDS_BETWEEN_LINES:
                return
            self._said[event.backend] = now
        self._console.print(f"{self.titles[event.backend]}: {self._words(event)}")
        self._print_log(event)

    def _words(self, event: BackendEvent) -> str:
        progress = self._progress.get(event.backend)
        if isinstance(event, BackendEpoch) and progress is not None:
            epoch = event.epoch
            loss = epoch.training_loss if epoch.validation_loss is None else epoch.validation_loss
            which = "training" if epoch.validation_loss is None else "validation"
            parts = [f"epoch {epoch.epoch + 1} of {progress.epochs}", f"{which} loss {loss:.4g}"]
            return ", ".join(part for part in (*parts, _rate(progress), _left(progress)) if part)
        return _status(event)


class Bars(Follower):
    """A bar for each backend, all at once."""

    def __init__(self, console: Console, titles: Mapping[str, str], colours: Mapping[str, str]) -> None:
        super().__init__(console, titles)
        narrow = console.width < 100
        self._bars = Progress(
            _TitleColumn(),
            BarColumn(bar_width=10 if narrow else 24, complete_style="bold", finished_style="bold"),
            _StatusColumn(),
            console=console,
        )
        width = max(map(len, titles.values()))
        self._tasks: dict[str, TaskID] = {
            name: self._bars.add_task(title.ljust(width), total=None, status="starting", colour=colours[name])
            for name, title in titles.items()
        }

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leaves the bars as they last were."""
        self._bars.stop()

    def show(self, event: BackendEvent) -> None:
        """Moves the backend's bar."""
        task = self._tasks[event.backend]
        match event:
            case BackendProgress():
                self._bars.update(
                    task,
                    completed=event.epoch * event.batches + event.batch,
                    total=event.epochs * event.batches,
                    status=_training(event),
                )
            case BackendEpoch():
                pass
            case BackendUnsaved():
                self._console.print(f"{self.titles[event.backend]}: {_status(event)}", style="bold")
            case BackendTrained() | BackendFinished():
                total = self._bars.tasks[task].total or 1
                self._bars.update(task, total=total, completed=total, status=_status(event))
            case BackendFailed():
                self._bars.update(task, total=1, completed=0, status="failed")
                # Above the bars, where it has room.
                self._console.print(f"{self.titles[event.backend]} {_status(event)}", style="bold")
                self._print_log(event)
            case BackendStopped():
                self._bars.update(task, total=1, completed=0, status=_status(event))
            case _:
                self._bars.update(task, status=_status(event))


class _TitleColumn(TextColumn):
    def __init__(self) -> None:
        super().__init__("{task.description}", markup=False)

    def render(self, task: Task) -> Text:
        """The backend's name in its colour."""
        return Text(task.description, style=task.fields["colour"])


class _StatusColumn(TextColumn):
    def __init__(self) -> None:
        one_line = Column(no_wrap=True, overflow="ellipsis")
        super().__init__("{task.fields[status]}", markup=False, table_column=one_line)


def _status(event: BackendEvent) -> str:
    match event:
        case BackendStarted():
            return "starting"
        case BackendReady():
            framework = f"{event.framework} on " if event.framework else ""
            threads = counted(event.threads, "thread")
            return (
                f"ready after {event.seconds:.1f} s: {framework}{event.device} with {threads}, "
                f"{event.parameters:,} weights, {event.training_windows:,} training windows"
            )
        case BackendUnsaved():
            return f"not saved, {event.reason}"
        case BackendTrained():
            why = {
                "epochs": "",
                "patience": ", as validation got no better",
                "stopped": ", as it was stopped",
            }[event.reason]
            trained = f"trained {counted(event.epochs, 'epoch')} in {event.seconds:.1f} s{why}"
            return f"{trained}; best epoch {event.best_epoch + 1}"
        case BackendFinished():
            result = event.result
            epochs = counted(result.epochs, "epoch")
            return f"done: {epochs}, best {result.best_epoch + 1}, {result.seconds:.1f} s"
        case BackendFailed():
            return f"failed: {event.reason}"
        case BackendStopped():
            return "stopped before its first epoch was complete"
        case _:
            return ""


def _training(progress: BackendProgress) -> str:
    parts = (f"epoch {progress.epoch + 1}/{progress.epochs}", _rate(progress), _left(progress))
    return "  ".join(part for part in (*parts, f"loss {progress.training_loss:.4g}") if part)


def _rate(progress: BackendProgress) -> str:
    rate = progress.windows_per_second
    if rate is None:
        return ""
    return f"{rate / 1000:.1f} k windows/s" if rate >= 1000 else f"{rate:.0f} windows/s"


def _left(progress: BackendProgress) -> str:
    if progress.seconds_left is None:
        return ""
    minutes, seconds = divmod(round(progress.seconds_left), 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"≤ {clock} left"
