"""The output of a process and its libraries, in a file whose last lines can be shown."""

import os
import re
import tempfile
from pathlib import Path
from typing import BinaryIO

LINES = 40
"""Enough for output before a crash and for the stacks that Python prints after it."""

LARGEST = 16 * 1024 * 1024
"""Size in bytes from which a log is emptied: some libraries print a line for every batch."""

_TAIL = 64 * 1024
_ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-Z\\-_])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Log:
    """The log of one process for all its requests; empty if the system deletes it."""

    def __init__(self, folder: Path) -> None:
        """Creates an empty log in `folder`."""
        descriptor, name = tempfile.mkstemp(prefix="process-", suffix=".log", dir=folder)
        os.close(descriptor)
        self._path = Path(name)
        self._start = 0

    def open(self) -> BinaryIO:
        """Opens it for appending, also through copies of the descriptor."""
        return self._path.open("ab")

    def mark(self) -> None:
        """Marks the beginning of a request; `last_lines` returns only lines after it."""
        self._start = self._size()

    def trim(self) -> None:
        """Empties a log that has grown too large."""
        if self._size() > LARGEST:
            os.truncate(self._path, 0)
            self._start = 0

    def last_lines(self) -> tuple[str, ...]:
        """The last `LINES` lines that are not empty, without terminal control sequences.

        Of a line that was overwritten, such as a progress bar, only the last state is kept.
        """
        end = self._size()
        if not end:
            return ()
        with self._path.open("rb") as file:
            file.seek(max(min(self._start, end), end - _TAIL))
            text = file.read().decode("utf-8", "replace")
        lines = (_clean(line) for line in text.split("\n"))
        return tuple([line for line in lines if line][-LINES:])

    def _size(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0


def _clean(line: str) -> str:
    painted_last = line.rstrip("\r").rpartition("\r")[2]
    return _CONTROLS.sub("", _ESCAPES.sub("", painted_last)).expandtabs().rstrip()
