"""What a backend's process asks of the system: threads, priority, memory, and to end with its host."""

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
"""Threads of one operation, which libraries read when they are imported; the child reads OpenMP's itself."""

AUTOGROUP = Path("/proc/self/autogroup")
"""Where it exists, Linux weighs whole sessions against each other, and nice values only within one."""
_TRIES = 50
_SECONDS_BETWEEN_TRIES = 0.11
"""The system accepts one change in a tenth of a second, whoever asks for it."""


def child_environment(environment: Mapping[str, str], threads: int) -> dict[str, str]:
    """`environment` with every library's thread count set.

    Operations run one after the other (one thread between operations): a fit is a chain of operations, and a
    second thread between them would only take the processor from other backends.
    """
    counts = dict.fromkeys(_THREAD_VARIABLES, str(threads))
    return {**environment, **counts, "TF_NUM_INTEROP_THREADS": "1"}


def give_way(niceness: int) -> None:
    """Lowers the priority of this process and of its session, which has to be its own.

    The session's may follow some tenths of a second later.

    Args:
        niceness: as of `os.nice`, not below 0; 0 changes nothing.
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
    """Resident bytes of this process (on macOS the most it ever had); None where they are not known."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        if sys.platform == "darwin":
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return None
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def end_with(lifeline: int) -> None:
    """Ends this process when the other end of a pipe closes, at once if it is closed already.

    Nothing is ever written to the pipe. The thread that reads requests also sees the host's end, but it needs
    Python's lock, which native code may hold for as long as it likes. Here the kernel sends SIGIO, whose
    default is to end the process. (PDEATHSIG would already react to the end of the thread that started the
    child.) On macOS, which ignores SIGIO by default, this does nothing and only the thread remains.

    Args:
        lifeline: file descriptor of the end that is read.
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
