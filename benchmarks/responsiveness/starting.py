"""How long the app takes to show itself."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass, field

from benchmarks.responsiveness.opening import PATIENCE, Size, opened, painted, usable


@dataclass(frozen=True)
class Starts:
    """Seconds of every start, and of what it is held against.

    Attributes:
        python: `python -c pass`.
        textual: the import of the library that draws.
        painted: until header and tabs stand on the screen.
        usable: until the form has its values.
    """

    python: list[float] = field(default_factory=list)
    textual: list[float] = field(default_factory=list)
    painted: list[float] = field(default_factory=list)
    usable: list[float] = field(default_factory=list)


def measure_starts(times: int, size: Size) -> Starts:
    """Starts the app so many times, in turns with what it is held against, and once before to fill caches."""
    starts = Starts()
    for _ in range(times + 1):
        starts.python.append(_seconds("pass"))
        starts.textual.append(_seconds("import textual.app"))
        with opened(["co2"], size) as (terminal, began):
            starts.painted.append(terminal.moment(painted, "the first paint", PATIENCE) - began)
            starts.usable.append(terminal.moment(usable(size), "the form", PATIENCE) - began)
    for seconds in (starts.python, starts.textual, starts.painted, starts.usable):
        del seconds[0]
    return starts


def _seconds(code: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began
