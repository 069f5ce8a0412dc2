"""A pipe that nothing is ever written to: when the host's end closes, the system itself ends the child.

The child watches its requests with a thread, but a thread has to wait for Python's lock, and native code may
hold that for as long as it likes. Here the kernel sends SIGIO, whose default is to end the process. (Its
PDEATHSIG is no help: it counts from the death of the thread that started the child, not of the process.)
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import sys


def end_with(lifeline: int) -> None:
    """Ends this process when the other end of the pipe `lifeline` closes, at once if it is closed already.

    Does nothing but on Linux: macOS ignores SIGIO by default, and is left with the thread.
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
