"""System settings of a backend's process: threads, priority, memory, and ending with its host."""

import fcntl
import os
import resource
import select
import signal
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

THREADS = "OMP_NUM_THREADS"
_THREAD_VARIABLES = (
    THREADS,
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
)
"""Threads of one operation, which libraries read when they are imported; the child reads OpenMP's too."""

AUTOGROUP = Path("/proc/self/autogroup")
"""Where it exists, Linux shares the processor between sessions; nice values only count within a session."""
_TRIES = 50
_SECONDS_BETWEEN_TRIES = 0.11
"""The system accepts only one change every tenth of a second, from all processes together."""


def available_cores() -> int:
    """Number of processor cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def child_environment(environment: Mapping[str, str], threads: int) -> dict[str, str]:
    """`environment` with the thread count of every library set.

    Operations run one after another, in one thread: a fit is a chain of operations, and a second thread
    between them would only take processor time from other backends.
    """
    counts = dict.fromkeys(_THREAD_VARIABLES, str(threads))
    return {**environment, **counts, "TF_NUM_INTEROP_THREADS": "1"}


def give_way(niceness: int) -> None:
    """Lowers the priority of this process and, some tenths of a second later, of its session.

    `niceness` is that of `os.nice` and not negative; 0 changes nothing. The session must be its own.
    """
    if niceness:
        os.nice(niceness)
        if AUTOGROUP.exists():
            threading.Thread(target=_lower_group, args=(niceness,), name="priority", daemon=True).start()


def _lower_group(niceness: int) -> None:
    for _ in range(_TRIES):
        try:
            AUTOGROUP.write_text(str(niceness), encoding="ascii")
        except BlockingIOError:
            time.sleep(_SECONDS_BETWEEN_TRIES)
        else:
            return


def resident_bytes() -> int | None:
    """Resident bytes of this process (on macOS their maximum so far); None if unknown."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        if sys.platform == "darwin":
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return None
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def end_with(lifeline: int) -> None:
    """Ends this process when the other end of a pipe closes, or at once if it is already closed.

    Nothing is ever written to the pipe, whose reading end is the file descriptor `lifeline`. The thread that
    reads requests also notices the host's end, but it needs Python's lock, which native code may hold for any
    time. Here the kernel sends SIGIO, which ends the process by default. (PDEATHSIG would already react to
    the end of the thread that started the child.) On macOS, which ignores SIGIO by default, this does nothing
    and only the thread remains.
    """
    os.set_inheritable(lifeline, False)
    if sys.platform != "linux":
        return
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    readable, _, _ = select.select([lifeline], [], [], 0)
    if readable:
        os._exit(0)
