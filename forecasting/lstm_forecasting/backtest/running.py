"""Runs a backtest, new or resumed: its folds go to an executor and are saved as they finish."""

import concurrent.futures
import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import Self

from lstm_forecasting.backtest.events import (
    BacktestEvent,
    BacktestFinished,
    BacktestOpened,
    FoldFailed,
    FoldFinished,
)
from lstm_forecasting.backtest.folder import (
    BacktestFolder,
    create_backtest,
    read_backtest,
    read_folds,
    write_fold,
)
from lstm_forecasting.backtest.folds import FoldForecasts
from lstm_forecasting.backtest.plan import Backtest
from lstm_forecasting.backtest.results import BacktestResult
from lstm_forecasting.backtest.scoring import conclude
from lstm_forecasting.backtest.workers import local_workers, networks_for, work, workers_for
from lstm_forecasting.runs.folder import runs_folder
from lstm_forecasting.runs.locking import locked_file
from lstm_plugins.errors import ForecasterError, InputError

_SECONDS_BETWEEN_LOOKS = 0.2
"""Between checks whether the backtest is to stop."""
_ENDED = "a worker ended early, for example because there was too little memory; use fewer workers"

Workers = Callable[[int, Path], contextlib.AbstractContextManager[concurrent.futures.Executor]]
"""Starts an executor with so many workers that write what they print to a file."""


def run_backtest(
    backtest: Backtest, parent: Path | None = None, *, workers: int | None = None
) -> BacktestResult:
    """Runs a backtest to its end in a new folder, for callers who need no progress.

    Without a parent, the folder is among the runs. `workers` are the folds computed at the same time; None
    for as many as there are cores for.

    Raises:
        InputError: no fold could be computed, or the folder cannot be written to.
    """
    with RunningBacktest(create_backtest(backtest, parent or runs_folder()), workers=workers) as running:
        results = [event.result for event in running if isinstance(event, BacktestFinished)]
    return results[-1]


class RunningBacktest:
    """A context manager that computes the folds which a folder lacks; iterate it once for the events.

    `stop` may be called from any thread or a signal handler.
    """

    def __init__(
        self,
        folder: BacktestFolder,
        *,
        workers: int | None = None,
        start: Workers = local_workers,
    ) -> None:
        """Prepares it.

        Args:
            folder: of the backtest, new or not.
            workers: folds that are computed at the same time; None for as many as there are cores for.
            start: starts the workers; by default processes of this machine.
        """
        self.folder = folder
        self._wanted = workers
        self._start = start
        self._stopping = threading.Event()
        self._leaving = contextlib.ExitStack()
        self._futures: dict[concurrent.futures.Future[FoldForecasts], int] = {}

    def __enter__(self) -> Self:
        """Locks the folder, and starts the workers.

        Raises:
            InputError: another program computes it, or one of its files is damaged.
        """
        folder = self.folder
        with contextlib.ExitStack() as entering:
            remedy = "wait for it, or end that program"
            entering.enter_context(locked_file(folder.lock, f"backtest {folder.name}", "computing", remedy))
            self.backtest = read_backtest(folder)
            self._known = dict(read_folds(folder, self.backtest))
            for path in folder.folds.glob(".*.safetensors.*"):
                path.unlink()  # left unfinished by a program that was killed
            missing = [fold for fold in self.backtest.folds if fold.number not in self._known]
            self._workers = self._wanted or workers_for(self.backtest, len(missing))
            if missing:
                at_once = networks_for(self.backtest, self._workers)
                executor = entering.enter_context(self._start(self._workers, folder.log))
                for fold in missing:
                    task = replace(self.backtest.task(fold), at_once=at_once)
                    self._futures[executor.submit(work, task)] = fold.number
            self._leaving = entering.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the workers with the processes of their backends, and unlocks the folder."""
        self._leaving.close()

    def __iter__(self) -> Iterator[BacktestEvent]:
        """Yields the events; after `stop`, there is no result.

        Raises:
            InputError: no fold could be computed, or the folder cannot be written to.
        """
        folder, folds = self.folder, self._known
        count = len(self.backtest.folds)
        yield BacktestOpened(folder.name, str(folder.path), count, len(folds), self._workers)
        failures: dict[int, str] = {}
        for future in self._as_completed():
            number = self._futures[future]
            found = _outcome(future)
            if isinstance(found, str):
                failures[number] = found
                yield FoldFailed(number, found)
            else:
                self._save(found)
                folds[number] = found
                yield FoldFinished(number, found.seconds)
        if not self._stopping.is_set():
            yield BacktestFinished(conclude(self.backtest, folds, failures))

    def stop(self) -> None:
        """Ends the backtest; finished folds are kept, so that it can be resumed."""
        self._stopping.set()

    def _as_completed(self) -> Iterator[concurrent.futures.Future[FoldForecasts]]:
        waiting = set(self._futures)
        while waiting and not self._stopping.is_set():
            done, waiting = concurrent.futures.wait(
                waiting, _SECONDS_BETWEEN_LOOKS, concurrent.futures.FIRST_COMPLETED
            )
            yield from sorted(done, key=self._futures.__getitem__)

    def _save(self, fold: FoldForecasts) -> None:
        try:
            write_fold(self.folder, fold)
        except OSError as error:
            raise InputError(
                f"Backtest {self.folder.name} cannot be written to ({error.strerror or error}: "
                f"{self.folder.path}); free some space, and resume it."
            ) from None


def _outcome(future: concurrent.futures.Future[FoldForecasts]) -> FoldForecasts | str:
    """A fold, or why it failed in one sentence; errors of the program itself are raised."""
    try:
        return future.result()
    except BrokenProcessPool:
        return f"{_ENDED}."
    except (InputError, ForecasterError) as error:
        return str(error)
