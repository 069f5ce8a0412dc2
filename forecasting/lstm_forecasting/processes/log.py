"""The last lines of what a process wrote, fit to be shown."""

from __future__ import annotations

import re
from pathlib import Path

LINES = 20
_BYTES = 64 * 1024
_ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-Z\\-_])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def last_lines(path: Path, start: int = 0) -> tuple[str, ...]:
    """At most the last `LINES` lines that are not empty, of those after byte `start`.

    Whatever would move a terminal's cursor or change its colours is taken out; of a line that was painted
    over (a progress bar's) the last state is left.
    """
    with path.open("rb") as file:
        end = file.seek(0, 2)
        file.seek(min(max(start, end - _BYTES), end))
        text = file.read().decode("utf-8", "replace")
    lines = (_clean(line) for line in text.split("\n"))
    return tuple([line for line in lines if line][-LINES:])


def _clean(line: str) -> str:
    painted_last = line.rstrip("\r").rpartition("\r")[2]
    return _CONTROLS.sub("", _ESCAPES.sub("", painted_last)).expandtabs().rstrip()
