"""Waiting for other processes: always for something that happens, for as long as a busy machine may take."""

import os
import subprocess
import time
from pathlib import Path

PATIENCE = 600.0
"""Seconds that a busy machine may take for anything; a quiet one takes a few."""


def wait_until(condition, what):
    """Waits until a condition holds and returns its value; fails with the name of what did not happen."""
    end = time.monotonic() + PATIENCE
    while not (value := condition()):
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)
    return value


def children_of(process):
    """Returns the ids of the processes that a process has started and that still run."""
    done = subprocess.run(["ps", "-eo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True)
    rows = (line.split() for line in done.stdout.splitlines())
    return [int(pid) for pid, parent, state in rows if int(parent) == process and not state.startswith("Z")]


def gone(process):
    """Whether a process has ended. In a container that collects nobody's children the dead stay listed."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state == "Z"
