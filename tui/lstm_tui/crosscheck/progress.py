"""How a cross-check goes on: bars on a terminal, a line now and then in a pipe."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Column

from lstm_conformance.wording import failure_text
from lstm_forecasting.crosscheck.events import (
    BackendAnswers,
    BackendDiagnosed,
    BackendDied,
    CrossCheckEvent,
    LevelJudged,
)
from lstm_forecasting.crosscheck.plan import CrossCheck
from lstm_forecasting.crosscheck.results import Description
from lstm_plugins.counting import counted


class CheckLines:
    """A line where a backend begins to answer, where a level fails by itself, and for each diagnosis."""

    def __init__(self, console: Console, titles: Mapping[str, str]) -> None:
        self._console = console
        self._titles = titles

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing stays open."""

    def show(self, event: CrossCheckEvent) -> None:
        """Prints what is worth a line."""
        words = in_words(event)
        if words:
            backend = event.result.backend if isinstance(event, LevelJudged) else _backend(event)
            self._console.print(f"{self._titles[backend]}: {words}")
        if isinstance(event, BackendDied):
            for line in event.log:
                self._console.print(f"    {line}")


class CheckBars:
    """A bar for each backend over the levels that are judged; what fails is printed above them."""

    def __init__(self, console: Console, check: CrossCheck, titles: Mapping[str, str]) -> None:
        self._lines = CheckLines(console, titles)
        narrow = console.width < 100
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=10 if narrow else 24, complete_style="bold", finished_style="bold"),
            MofNCompleteColumn(),
            TextColumn(
                "{task.fields[status]}",
                markup=False,
                table_column=Column(no_wrap=True, overflow="ellipsis"),
            ),
            console=console,
        )
        width = max(map(len, titles.values()))
        total = check.level_count // len(check.backends)
        self._tasks: dict[str, TaskID] = {
            backend: self._bars.add_task(titles[backend].ljust(width), total=total, status="starting")
            for backend in check.backends
        }

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leaves the bars as they last were."""
        self._bars.stop()

    def show(self, event: CrossCheckEvent) -> None:
        """Moves a bar, and prints what failed."""
        if isinstance(event, LevelJudged):
            result = event.result
            status = f"{result.precision} {result.level.title}, {result.probe.name}"
            self._bars.update(self._tasks[result.backend], advance=1, status=status)
            if result.state == "failed":
                self._lines.show(event)
        elif isinstance(event, BackendAnswers):
            self._bars.update(self._tasks[event.backend], status=_described(event.description))
        elif isinstance(event, BackendDied):
            self._bars.update(self._tasks[event.backend], status="its process ended")
            self._lines.show(event)
        elif isinstance(event, BackendDiagnosed):
            found = len(event.diagnosis.findings)
            status = counted(found, "finding") if found else "nothing found"
            self._bars.update(self._tasks[event.backend], status=f"{event.precision}: {status}")


def in_words(event: CrossCheckEvent) -> str:
    """An event as the rest of a line about its backend; empty where it is not worth one."""
    match event:
        case BackendAnswers():
            return _described(event.description)
        case LevelJudged(result) if result.state == "failed":
            where = f"{result.level.title} failed in {result.precision}, probe {result.probe.name!r}"
            return f"{where}: {failure_text(result)}"
        case BackendDied():
            return event.reason
        case BackendDiagnosed():
            return f"{event.precision} {event.diagnosis.sentence}"
        case _:
            return ""


def _backend(event: CrossCheckEvent) -> str:
    if isinstance(event, BackendAnswers | BackendDied | BackendDiagnosed):
        return event.backend
    raise AssertionError(f"{type(event).__name__} is not about one backend")


def _described(description: Description) -> str:
    threads = counted(description.threads, "thread")
    framework = description.framework or f"version {description.version}"
    return f"{framework} on {description.device} with {threads}"
