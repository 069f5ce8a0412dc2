"""The progress of a backtest: a bar on a terminal, a few lines in a pipe."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import MofNCompleteColumn, TimeRemainingColumn

from lstm_forecasting.backtest.events import BacktestEvent, BacktestOpened, FoldFailed, FoldFinished
from lstm_plugins.counting import counted
from lstm_tui.cli.bars import progress_bars

Show = Callable[[BacktestEvent], None]
LINES = 20
"""About so many lines of progress are printed."""


@contextmanager
def lines(console: Console) -> Iterator[Show]:
    """Yields a function that prints how it begins, failures, and how far it is now and then."""
    folds = finished = 0

    def show(event: BacktestEvent) -> None:
        nonlocal folds, finished
        match event:
            case BacktestOpened():
                folds, finished = event.folds, event.finished
                console.print(opened_in_words(event))
            case FoldFinished():
                finished += 1
                if finished == folds or finished % max(1, folds // LINES) == 0:
                    console.print(f"{finished} of {counted(folds, 'fold')} are done.")
            case FoldFailed():
                console.print(f"Fold {event.number + 1} failed: {event.reason}")

    yield show


@contextmanager
def bar(console: Console) -> Iterator[Show]:
    """Yields a function that advances a bar, and prints failures above it."""
    with progress_bars(console, [MofNCompleteColumn(), TimeRemainingColumn()]) as shown:
        task = shown.add_task("folds", status="", colour="")

        def show(event: BacktestEvent) -> None:
            match event:
                case BacktestOpened():
                    shown.update(task, total=event.folds, completed=event.finished)
                    console.print(opened_in_words(event))
                case FoldFinished():
                    shown.update(task, advance=1, status=f"fold {event.number + 1}: {event.seconds:.1f} s")
                case FoldFailed():
                    console.print(f"Fold {event.number + 1} failed: {event.reason}")

        yield show


def opened_in_words(event: BacktestOpened) -> str:
    """What there is to do, and by how many workers."""
    left = event.folds - event.finished
    if not left:
        return "All folds are finished."
    done = f"; {event.finished} are finished already" if event.finished else ""
    count = min(event.workers, left)
    verb = "computes" if count == 1 else "compute"
    return f"{counted(count, 'worker')} {verb} {counted(left, 'fold')}{done}."
