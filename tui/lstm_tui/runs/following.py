"""Follows an experiment from the command line: shows how it goes on, and ends it when Ctrl+C asks for it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from types import FrameType

from rich.console import Console

from lstm_forecasting.experiment.events import (
    BackendFailed,
    BackendStarted,
    ExperimentEvent,
    ExperimentFinished,
    RunOpened,
)
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_forecasting.figures.looks import looks
from lstm_tui.cli.progress import Bars, Follower, Lines
from lstm_tui.kit.follower import Running


@contextmanager
def followed(
    work: AbstractContextManager[Running[ExperimentEvent]], titles: Mapping[str, str], notes: Console
) -> Iterator[ExperimentResult]:
    """Runs an experiment to its end; its processes end on leaving, so that nobody waits to read the result.

    Args:
        work: what runs it.
        titles: of the backends, by short name.
        notes: where progress goes.
    """
    processes: dict[str, int] = {}
    before = signal.getsignal(signal.SIGINT)
    try:
        with work as running:
            try:
                yield watch(running, titles, notes, processes)
            except KeyboardInterrupt:
                signal.signal(signal.SIGINT, _killing(processes))
                names = ", ".join(titles[name] for name in processes)
                notes.print(f"Interrupted, stopping the backends ({names}); Ctrl+C again kills them.")
                raise
    finally:
        signal.signal(signal.SIGINT, before)


def watch(
    running: Running[ExperimentEvent], titles: Mapping[str, str], notes: Console, processes: dict[str, int]
) -> ExperimentResult:
    """Shows events until the last one.

    Args:
        running: what runs the experiment.
        titles: of the backends, by short name.
        notes: where progress goes.
        processes: of the backends, kept up to date.
    """
    with _follower(notes, titles) as follower:
        for event in running:
            if isinstance(event, RunOpened):
                continue
            if isinstance(event, ExperimentFinished):
                return event.result
            if isinstance(event, BackendStarted):
                processes[event.backend] = event.process
            if isinstance(event, BackendFailed):
                processes.pop(event.backend, None)
            follower.show(event)
    raise AssertionError("an experiment ends with its result")


def _follower(notes: Console, titles: Mapping[str, str]) -> Follower:
    if not notes.is_terminal:
        return Lines(notes, titles)
    shown = looks(list(titles))
    return Bars(notes, titles, {name: look.dark for name, look in shown.items()})


def _killing(processes: Mapping[str, int]) -> Callable[[int, FrameType | None], None]:
    def kill(_number: int, _frame: FrameType | None) -> None:
        for process in processes.values():
            with suppress(ProcessLookupError):
                # Each backend leads a process group of its own.
                os.killpg(process, signal.SIGKILL)

    return kill
