"""Locks a run, so that only one program trains it.

The package filelock does not replace this: it opens the file for writing even to test the lock, so that a run
in a read-only folder could not be watched.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from lstm_forecasting.runs.folder import RunFolder
from lstm_plugins.errors import InputError

_SECONDS = 0.5
"""Time for a program that only tests the lock to release it."""


@contextlib.contextmanager
def locked(run: RunFolder) -> Iterator[None]:
    """Locks a run; the system unlocks it when the program ends, however it ends.

    Raises:
        InputError: another program trains it, or its folder cannot be written to.
    """
    name = run.name
    remedy = f"watch it with lstm-tui attach {name}, or stop it with lstm-tui runs stop {name}"
    with locked_file(run.lock, f"run {name}", "training", remedy):
        yield


@contextlib.contextmanager
def locked_file(lock: Path, what: str, doing: str, remedy: str) -> Iterator[None]:
    """Locks the file of a folder that only one program works on.

    Args:
        lock: the file.
        what: the folder in words, such as "run shop".
        doing: what the program that holds the lock does with it.
        remedy: what to do if it is locked.

    Raises:
        InputError: another program has locked it, or it cannot be written to.
    """
    try:
        file = lock.open("a+")
    except OSError as error:
        raise InputError(
            f"{what[0].upper()}{what[1:]} cannot be written to ({error.strerror or error}: {lock.parent}); "
            "copy it to another folder."
        ) from None
    with file:
        until = time.monotonic() + _SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    file.seek(0)
                    holder = file.read().strip()
                    process = f" (process {holder})" if holder else ""
                    raise InputError(f"Another program is {doing} {what}{process}; {remedy}.") from None
                time.sleep(0.02)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def is_locked(run: RunFolder) -> bool:
    """Whether a program is training a run."""
    try:
        with run.lock.open("r") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
