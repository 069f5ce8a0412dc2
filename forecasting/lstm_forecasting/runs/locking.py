"""One program at a time works on a run."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator

from lstm_forecasting.runs.folder import RunFolder
from lstm_plugins.errors import InputError

_SECONDS = 0.5
"""For somebody who only looks whether a run is locked, which locks it for a moment."""


@contextlib.contextmanager
def locked(run: RunFolder) -> Iterator[None]:
    """Holds a run; the system itself lets it go when the program ends, however it ends.

    Raises:
        InputError: another program holds it, or the folder cannot be written to.
    """
    try:
        file = run.lock.open("a+")
    except OSError as error:
        raise InputError(
            f"Run {run.name} cannot be written to ({error.strerror or error}: {run.path}); copy the folder "
            "to where it can."
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
                    raise InputError(
                        f"Another program works on run {run.name}{process}; watch it with lstm-tui attach "
                        f"{run.name}, or end it with lstm-tui runs stop {run.name}."
                    ) from None
                time.sleep(0.02)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def is_locked(run: RunFolder) -> bool:
    """Whether a program works on a run at this moment."""
    try:
        with run.lock.open("r") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
