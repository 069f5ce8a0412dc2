"""The progress of a cross-check: bars on a terminal, a line now and then in a pipe."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import MofNCompleteColumn

from lstm_conformance.wording import failure_text
from lstm_forecasting.crosscheck.events import (
    BackendAnswers,
    BackendDiagnosed,
    BackendFailed,
    CrossCheckEvent,
    LevelJudged,
)
from lstm_forecasting.crosscheck.plan import CrossCheck
from lstm_plugins.counting import counted
from lstm_tui.cli.bars import progress_bars

Show = Callable[[CrossCheckEvent], None]


@contextmanager
def lines(console: Console, titles: Mapping[str, str]) -> Iterator[Show]:
    """Yields a function that prints a line for an event that is worth one."""

    def show(event: CrossCheckEvent) -> None:
        words = _words(event)
        if words:
            backend = event.result.backend if isinstance(event, LevelJudged) else _backend(event)
            console.print(f"{titles[backend]}: {words}")
        if isinstance(event, BackendFailed):
            for line in event.log:
                console.print(f"    {line}")

    yield show


@contextmanager
def bars(console: Console, titles: Mapping[str, str], check: CrossCheck) -> Iterator[Show]:
    """Yields a function that moves a backend's bar over the judged levels, and prints failures above."""
    width = max(map(len, titles.values()))
    total = check.level_count // len(check.backends)
    with lines(console, titles) as print_line, progress_bars(console, [MofNCompleteColumn()]) as shown:
        tasks = {
            name: shown.add_task(titles[name].ljust(width), total=total, status="starting", colour="")
            for name in check.backends
        }

        def show(event: CrossCheckEvent) -> None:
            if isinstance(event, LevelJudged):
                result = event.result
                status = f"{result.precision} {result.level.title}, {result.probe.name}"
                shown.update(tasks[result.backend], advance=1, status=status)
                if result.state == "failed":
                    print_line(event)
            elif isinstance(event, BackendAnswers):
                shown.update(tasks[event.backend], status=_described(event))
            elif isinstance(event, BackendFailed):
                shown.update(tasks[event.backend], status="its process ended")
                print_line(event)
            elif isinstance(event, BackendDiagnosed):
                found = len(event.diagnosis.findings)
                status = counted(found, "finding") if found else "nothing found"
                shown.update(tasks[event.backend], status=f"{event.precision}: {status}")

        yield show


def _words(event: CrossCheckEvent) -> str:
    """An event as the rest of a line about its backend; empty if it is not worth one."""
    match event:
        case BackendAnswers():
            return _described(event)
        case LevelJudged(result) if result.state == "failed":
            where = f"{result.level.title} failed in {result.precision}, probe {result.probe.name!r}"
            return f"{where}: {failure_text(result)}"
        case BackendFailed():
            return event.reason
        case BackendDiagnosed():
            return f"in {event.precision} it {event.diagnosis.sentence}"
        case _:
            return ""


def _backend(event: CrossCheckEvent) -> str:
    if isinstance(event, BackendAnswers | BackendFailed | BackendDiagnosed):
        return event.backend
    raise AssertionError(f"{type(event).__name__} is not about one backend")


def _described(description: BackendAnswers) -> str:
    threads = counted(description.threads, "thread")
    framework = description.framework or f"version {description.version}"
    return f"{framework} on {description.device} with {threads}"
