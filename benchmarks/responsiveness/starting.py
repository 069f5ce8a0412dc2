"""Measures how long the app takes to start, compared with the smallest Textual app."""

import subprocess
import sys
import time
from dataclasses import dataclass, field

from benchmarks.responsiveness.bare import GREETING
from benchmarks.responsiveness.opening import Size, opened, painted, shows, usable


@dataclass(frozen=True)
class Starts:
    """Seconds of every start.

    Attributes:
        python: of `python -c pass`.
        bare: until the smallest Textual app shows its text.
        painted: until the program shows header and tabs.
        usable: until its form shows values.
    """

    python: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    painted: list[float] = field(default_factory=list)
    usable: list[float] = field(default_factory=list)


def measure_starts(times: int, size: Size) -> Starts:
    """Starts the program and the bare app in turns, `times` times after one start that fills caches."""
    starts = Starts()
    for _ in range(times + 1):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        starts.python.append(time.perf_counter() - began)
        with opened([], size, "benchmarks.responsiveness.bare") as (terminal, began):
            starts.bare.append(terminal.moment(shows(size, GREETING), "the bare app") - began)
        with opened(["co2"], size) as (terminal, began):
            starts.painted.append(terminal.moment(painted, "the first paint") - began)
            starts.usable.append(terminal.moment(usable(size), "the form") - began)
    for seconds in (starts.python, starts.bare, starts.painted, starts.usable):
        del seconds[0]
    return starts
