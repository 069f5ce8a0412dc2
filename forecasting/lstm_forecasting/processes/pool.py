"""Keeps backends' processes from one experiment to the next, so that frameworks are imported only once."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from lstm_forecasting.processes.events import BackendFailed
from lstm_forecasting.processes.host import NICENESS, BackendProcess, Deliver, end_processes
from lstm_forecasting.processes.messages import Request, Warm

_PREFIX = "lstm-tui-"
_LOCK = "in-use"


@contextlib.contextmanager
def working_folder(
    processes: BackendProcesses | None = None, *, low_priority: bool = False
) -> Iterator[tuple[BackendProcesses, Path]]:
    """A pool of processes, and a folder that is removed afterwards.

    Without `processes` it starts a pool that ends with the block; `low_priority` is for that pool.
    """
    with contextlib.ExitStack() as leaving:
        pool = processes or leaving.enter_context(BackendProcesses(low_priority=low_priority))
        yield pool, Path(leaving.enter_context(tempfile.TemporaryDirectory(dir=pool.folder)))


class BackendProcesses:
    """Processes of backends, started when they are first needed; all end with the `with` block.

    A backend has one process, or as many as there are requests at the same time.

    The block may end in a thread other than those that use the processes.

    Attributes:
        folder: private temporary folder for the arrays of experiments.
    """

    folder: Path

    def __init__(self, *, low_priority: bool = False) -> None:
        """`low_priority` gives the backends less processor time than a screen."""
        self._niceness = NICENESS if low_priority else 0
        self._processes: list[BackendProcess] = []
        self._lock = threading.Lock()
        self._folder = contextlib.ExitStack()
        self._closed = False

    def __enter__(self) -> Self:
        self.folder = self._folder.enter_context(temporary_folder())
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._closed = True
            end_processes(self._processes)
            self._processes.clear()
        self._folder.close()

    def run(self, backend: str, threads: int, request: Request, deliver: Deliver) -> BackendProcess:
        """Submits a request to a free process of this backend, or to a new one; see `BackendProcess.run`.

        The number of threads is fixed when a process starts: a free process with another number, or a worn
        one, is replaced. `Warm` goes to any living process, and the next request waits for the same process.

        Raises:
            OSError: the system cannot start another process, or the pool is closed.
        """
        with self._lock:
            fitting = self._of(backend)
            if not isinstance(request, Warm):
                free = [one for one in fitting if one.free]
                fitting = [one for one in free if one.threads == threads and not one.worn]
                if not fitting:
                    end_processes(free)
            process = fitting[0] if fitting else self._start(backend, threads)
            process.run(request, deliver)
        return process

    def submit(self, backend: str, threads: int, request: Request, deliver: Deliver) -> BackendProcess | None:
        """Like `run`, but if no process can be started, it delivers `BackendFailed` and returns None."""
        try:
            return self.run(backend, threads, request, deliver)
        except OSError as error:
            deliver(backend, BackendFailed(backend, f"its process could not be started: {error}", ()))
            return None

    def end_idle(self, backend: str) -> None:
        """Ends the processes of a backend that are idle or only import its framework."""
        with self._lock:
            end_processes([one for one in self._of(backend) if one.free])

    def end_surplus(self, backend: str) -> None:
        """Ends the idle processes of a backend except for one."""
        with self._lock:
            if not self._closed:
                end_processes([one for one in self._of(backend) if one.free][1:])

    def _of(self, backend: str) -> list[BackendProcess]:
        if self._closed:
            raise OSError("all processes have been ended")
        self._processes = [one for one in self._processes if not one.gone]
        return [one for one in self._processes if one.backend == backend and not one.ending]

    def _start(self, backend: str, threads: int) -> BackendProcess:
        process = BackendProcess(backend, self.folder, threads=threads, niceness=self._niceness)
        self._processes.append(process)
        return process


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Creates a temporary folder with mode 700 and removes it afterwards.

    It also removes folders that killed programs of the same user left behind. It is locked with `flock`
    rather than filelock, because it must be locked before its lock file has its name.
    """
    _remove_abandoned(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as name:
        folder = Path(name)
        unlocked = folder / "unlocked"
        with unlocked.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # Renamed after locking, so that no other program finds it unlocked.
            unlocked.rename(folder / _LOCK)
            yield folder


def _remove_abandoned(parent: Path) -> None:
    for folder in parent.glob(f"{_PREFIX}*"):
        # Another program may remove it first, or may have just created it and not locked it yet.
        with contextlib.suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            with (folder / _LOCK).open("r") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
