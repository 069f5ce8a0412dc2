"""Local workers: processes that compute one fold after another, and end with their program."""

from __future__ import annotations

import concurrent.futures
import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import NoReturn

from lstm_forecasting.backtest.folds import FoldForecasts, compute_fold
from lstm_forecasting.backtest.plan import Backtest, FoldTask
from lstm_forecasting.experiment.running import MOST_NETWORKS_AT_ONCE
from lstm_forecasting.processes.host import NICENESS
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.processes.system import available_cores

_computing = False
"""Whether this process, a worker, computes a fold now."""
_processes: BackendProcesses | None = None
"""The backends of this process, a worker, kept from fold to fold, so that frameworks are imported once."""


class _StopComputing(BaseException):
    """Raised inside a worker to end its backends; no module may take it for an error."""


def workers_for(backtest: Backtest, folds: int) -> int:
    """How many folds are computed at the same time, so that every thread has a core."""
    return max(1, min(folds, available_cores() // backtest.recipe.processes))


def networks_for(backtest: Backtest, workers: int) -> int:
    """How many networks each backend of a fold trains at the same time beside other workers."""
    cores = available_cores() // (workers * backtest.recipe.processes)
    return max(1, min(cores, MOST_NETWORKS_AT_ONCE))


@contextlib.contextmanager
def local_workers(
    count: int, log: Path, *, low_priority: bool = False
) -> Iterator[concurrent.futures.Executor]:
    """An executor of so many processes; they write what they print to a log.

    `low_priority` gives them less processor time than a screen.

    On leaving, folds that are being computed end at once, and so do the processes of their backends. They end
    too if this program is killed, since each worker waits for the end of a pipe.
    """
    # It inherits sys.stderr, which an app may have replaced by something that is no file.
    with contextlib.redirect_stderr(sys.__stderr__):
        resource_tracker.ensure_running()
    context = multiprocessing.get_context("spawn")
    reader, writer = context.Pipe(duplex=False)
    executor = concurrent.futures.ProcessPoolExecutor(
        count, mp_context=context, initializer=_begin, initargs=(reader, str(log), low_priority)
    )
    try:
        yield executor
    finally:
        writer.close()
        executor.shutdown(cancel_futures=True)
        reader.close()


def work(task: FoldTask) -> FoldForecasts:
    """Computes a fold in a worker."""
    global _computing
    _computing = True
    try:
        return compute_fold(task, _processes)
    except _StopComputing:
        _leave()
    finally:
        _computing = False


def _begin(reader: Connection, log: str, low_priority: bool) -> None:
    """Prepares a worker. Ctrl+C is for the program that started it."""
    global _processes
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for output in (1, 2):
        os.dup2(handle, output)
    os.close(handle)
    if low_priority:
        os.nice(NICENESS)
    _processes = BackendProcesses(low_priority=low_priority).__enter__()
    main = threading.main_thread().ident
    threading.Thread(target=_end_with_program, args=(reader, main), daemon=True).start()


def _end_with_program(reader: Connection, main: int) -> None:
    with contextlib.suppress(EOFError, OSError):
        reader.recv_bytes()
    signal.pthread_kill(main, signal.SIGTERM)


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    if _computing:
        raise _StopComputing
    _leave()


def _leave() -> NoReturn:
    """Ends this worker with its backends; the executor may be unable to tell it to."""
    if _processes is not None:
        _processes.__exit__()
    os._exit(0)
