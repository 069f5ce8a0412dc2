"""What a process and its libraries print: kept in a file, of which the last lines may be shown."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import BinaryIO

LINES = 40
"""Room for what was printed before a crash and for the stacks that Python prints after it."""

LARGEST = 16 * 1024 * 1024
"""Bytes after which a log begins anew: some libraries print a line for every batch."""

_TAIL = 64 * 1024
_ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-Z\\-_])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Log:
    """The log of one process, job after job; empty when a system that cleans up takes it away."""

    def __init__(self, folder: Path) -> None:
        """Makes an empty one in `folder`."""
        descriptor, name = tempfile.mkstemp(prefix="process-", suffix=".log", dir=folder)
        os.close(descriptor)
        self._path = Path(name)
        self._start = 0

    def open(self) -> BinaryIO:
        """For writing; whoever writes, also through a copy of the descriptor, writes at the end."""
        return self._path.open("ab")

    def mark(self) -> None:
        """A new job begins here: `last_lines` are those after it."""
        self._start = self._size()

    def trim(self) -> None:
        """Empties a log that has grown too large."""
        if self._size() > LARGEST:
            os.truncate(self._path, 0)
            self._start = 0

    def last_lines(self) -> tuple[str, ...]:
        """At most the last `LINES` lines that are not empty, fit to be shown.

        Whatever would move a terminal's cursor or change its colours is taken out; of a line that was painted
        over (a progress bar's) the last state is left.
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
