"""The progress of an experiment: bars on a terminal, a line now and then in a pipe."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console

from lstm_forecasting.experiment import events
from lstm_plugins.counting import counted
from lstm_tui.cli.bars import progress_bars

SECONDS_BETWEEN_LINES = 5.0
"""Of one backend, in a pipe."""

Show = Callable[[events.BackendEvent], None]


@contextmanager
def lines(console: Console, titles: Mapping[str, str]) -> Iterator[Show]:
    """Yields a function that prints a line for an event, and for an epoch every few seconds."""
    printed: dict[str, float] = {}
    progress: dict[str, events.BackendProgress] = {}

    def show(event: events.BackendEvent) -> None:
        if isinstance(event, events.BackendProgress):
            progress[event.backend] = event
            return
        if isinstance(event, events.BackendEpoch):
            now = time.monotonic()
            if now - printed.get(event.backend, now - SECONDS_BETWEEN_LINES) < SECONDS_BETWEEN_LINES:
                return
            printed[event.backend] = now
            words = _epoch(event, progress.get(event.backend))
        else:
            words = in_words(event)
        console.print(f"{titles[event.backend]}: {words}")
        _print_log(console, event)

    yield show


@contextmanager
def bars(console: Console, titles: Mapping[str, str], colours: Mapping[str, str]) -> Iterator[Show]:
    """Yields a function that moves a backend's bar; all bars are shown at once and stay at the end."""
    width = max(map(len, titles.values()))
    with progress_bars(console) as shown:
        tasks = {
            name: shown.add_task(title.ljust(width), total=None, status="starting", colour=colours[name])
            for name, title in titles.items()
        }

        def show(event: events.BackendEvent) -> None:
            task = tasks[event.backend]
            match event:
                case events.BackendProgress():
                    done, total = event.epoch * event.batches + event.batch, event.epochs * event.batches
                    shown.update(task, completed=done, total=total, status=_training(event))
                case events.BackendEpoch():
                    pass
                case events.BackendUnsaved():
                    console.print(f"{titles[event.backend]}: {in_words(event)}", style="bold")
                case events.BackendTrained() | events.BackendFinished():
                    total = int(shown.tasks[task].total or 1)
                    shown.update(task, total=total, completed=total, status=in_words(event))
                case events.BackendFailed():
                    shown.update(task, total=1, completed=0, status="failed")
                    # Above the bars, where there is room.
                    console.print(f"{titles[event.backend]} {in_words(event)}", style="bold")
                    _print_log(console, event)
                case events.BackendStopped():
                    shown.update(task, total=1, completed=0, status=in_words(event))
                case _:
                    shown.update(task, status=in_words(event))

        yield show


def _print_log(console: Console, event: events.BackendEvent) -> None:
    if isinstance(event, events.BackendFailed):
        for line in event.log:
            console.print(f"    {line}")


def _epoch(event: events.BackendEpoch, progress: events.BackendProgress | None) -> str:
    epoch = event.epoch
    which, loss = ("validation", epoch.validation_loss)
    if loss is None:
        which, loss = "training", epoch.training_loss
    if loss is None:
        return ""
    if epoch.epoch < 0:
        return f"linear part alone, {which} loss {loss:.4g}"
    count = f"epoch {epoch.epoch + 1}" + (f" of {progress.epochs}" if progress else "")
    parts = [count, f"{which} loss {loss:.4g}", *((_rate(progress), _left(progress)) if progress else ())]
    return ", ".join(filter(None, parts))


def in_words(event: events.BackendEvent) -> str:
    """Returns a phrase about an event; an empty one for epochs and progress."""
    match event:
        case events.BackendStarted():
            return "starting"
        case events.BackendReady():
            framework = f"{event.framework} on " if event.framework else ""
            threads = counted(event.threads, "thread")
            return (
                f"ready after {event.seconds:.1f} s: {framework}{event.device} with {threads}, "
                f"{event.parameters:,} weights, {event.training_windows:,} training windows"
            )
        case events.BackendUnsaved():
            return f"not saved, {event.reason}"
        case events.BackendTrained():
            why = {
                "epochs": "",
                "patience": ", until the validation loss stopped improving",
                "stopped": ", until it was stopped",
            }[event.reason]
            trained = f"trained {counted(event.epochs, 'epoch')} in {event.seconds:.1f} s{why}"
            return f"{trained}; {_best(event.best_epoch)}"
        case events.BackendFinished():
            result = event.result
            epochs = counted(result.epochs, "epoch")
            if len(result.members) > 1:
                kept = sum(member.kept for member in result.members)
                left = len(result.members) - kept
                networks = counted(kept, "network") + (f", {left} left out" if left else "")
                return f"done: {networks}, {epochs}, {result.seconds:.1f} s"
            return f"done: {epochs}, {_best(result.best_epoch)}, {result.seconds:.1f} s"
        case events.BackendMemberFinished():
            return f"network {event.member + 1} of {event.members} is done"
        case events.BackendFailed():
            return f"failed: {event.reason}"
        case events.BackendStopped():
            return "stopped before the first epoch was complete"
        case _:
            return ""


def _best(epoch: int) -> str:
    return f"best epoch {epoch + 1}" if epoch >= 0 else "the linear part alone is best"


def _training(progress: events.BackendProgress) -> str:
    parts = (f"epoch {progress.epoch + 1}/{progress.epochs}", _rate(progress), _left(progress))
    return "  ".join(part for part in (*parts, f"loss {progress.training_loss:.4g}") if part)


def _rate(progress: events.BackendProgress) -> str:
    rate = progress.windows_per_second
    if rate is None:
        return ""
    return f"{rate / 1000:.1f} k windows/s" if rate >= 1000 else f"{rate:.0f} windows/s"


def _left(progress: events.BackendProgress) -> str:
    if progress.seconds_left is None:
        return ""
    minutes, seconds = divmod(round(progress.seconds_left), 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"≤ {clock} left"
