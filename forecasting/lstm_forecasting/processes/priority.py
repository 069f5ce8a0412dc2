"""How a process lets others go first."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

GROUP = Path("/proc/self/autogroup")
"""Linux weighs whole sessions against each other where it has this file, and nice values only within one."""
_TRIES = 50
_SECONDS_BETWEEN_TRIES = 0.11
"""The system takes one change in a tenth of a second, whoever asks for it."""


def give_way(niceness: int) -> None:
    """Lowers the priority of this process and of its session, which has to be its own.

    The session's may follow some tenths of a second later.

    Args:
        niceness: as of `os.nice`, not below 0; 0 changes nothing.
    """
    if niceness:
        os.nice(niceness)
        if GROUP.exists():
            threading.Thread(target=_lower_group, args=(niceness,), name="priority", daemon=True).start()


def _lower_group(niceness: int) -> None:
    for _ in range(_TRIES):
        try:
            GROUP.write_text(str(niceness), encoding="ascii")
        except BlockingIOError:
            time.sleep(_SECONDS_BETWEEN_TRIES)
        else:
            return
