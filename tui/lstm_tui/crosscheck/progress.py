"""The progress of a cross-check: bars on a terminal, a few lines in a pipe."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import MofNCompleteColumn

from lstm_conformance.wording import failure_text
from lstm_forecasting.crosscheck.events import BackendDiagnosed, CrossCheckEvent, LevelJudged
from lstm_forecasting.crosscheck.plan import CrossCheck
from lstm_forecasting.processes.events import BackendAnswers, BackendFailed
from lstm_plugins.counting import counted
from lstm_tui.cli.bars import progress_bars

Show = Callable[[CrossCheckEvent], None]


@contextmanager
def lines(console: Console, titles: Mapping[str, str]) -> Iterator[Show]:
    """Yields a function that prints a line for each important event."""

    def show(event: CrossCheckEvent) -> None:
        if (line := _words(event)) is not None:
            console.print(f"{titles[line[0]]}: {line[1]}")
        if isinstance(event, BackendFailed):
            for logged in event.log:
                console.print(f"    {logged}")

    yield show


@contextmanager
def bars(console: Console, titles: Mapping[str, str], check: CrossCheck) -> Iterator[Show]:
    """Yields a function that advances the bar of a backend, and prints failures above the bars."""
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
                status = counted(found, "finding") if found else "no finding"
                shown.update(tasks[event.backend], status=f"{event.precision}: {status}")

        yield show


def _words(event: CrossCheckEvent) -> tuple[str, str] | None:
    """The backend of an event and the rest of a line about it; None if the event is not worth a line."""
    match event:
        case BackendAnswers():
            return event.backend, _described(event)
        case LevelJudged(result) if result.state == "failed":
            where = f"{result.level.title} failed in {result.precision}, probe {result.probe.name!r}"
            return result.backend, f"{where}: {failure_text(result)}"
        case BackendFailed():
            return event.backend, event.reason
        case BackendDiagnosed():
            return event.backend, f"in {event.precision} it {event.diagnosis.sentence}"
    return None


def _described(description: BackendAnswers) -> str:
    threads = counted(description.threads, "thread")
    framework = description.framework or f"version {description.version}"
    return f"{framework} on {description.device} with {threads}"
