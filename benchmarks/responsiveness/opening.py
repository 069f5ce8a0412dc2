"""Opens the app in a terminal for the measurements."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.terminal.terminal import Terminal

PROGRAM = "lstm_tui"
Line = Callable[[int], str]


@dataclass(frozen=True)
class Size:
    """The size of the terminal in cells, with room for the form and the curves."""

    columns: int
    lines: int

    @classmethod
    def parse(cls, text: str) -> Size:
        columns, lines = map(int, text.split("x"))
        if columns < 120 or lines < 40:
            raise ValueError
        return cls(columns, lines)

    def __str__(self) -> str:
        return f"{self.columns}x{self.lines}"


@contextmanager
def opened(
    arguments: Sequence[str], size: Size, module: str = PROGRAM, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[Terminal, float]]:
    """The app with these arguments and no user settings, and the moment before it was executed."""
    with TemporaryDirectory() as folder:
        began = time.perf_counter()
        terminal = Terminal(
            [sys.executable, "-m", module, *arguments],
            columns=size.columns,
            lines=size.lines,
            environment={"XDG_CONFIG_HOME": folder, "LSTM_TUI_RUNS": folder, **(environment or {})},
            folder=Path.cwd(),
        )
        try:
            yield terminal, began
        finally:
            terminal.close()


def painted(line: Line) -> bool:
    """Whether header and tabs are on the screen."""
    return "lstm-tui" in line(0) and bool(re.search(r"\d Train", line(1)))


def usable(size: Size) -> Callable[[Line], bool]:
    """Whether a training can be started and the form shows its values."""

    def holds(line: Line) -> bool:
        return " t Train" in line(size.lines - 1) and shows(size, r"look_back +\d")(line)

    return holds


def shows(size: Size, pattern: str) -> Callable[[Line], bool]:
    """Whether the regular expression matches a line on the screen."""
    compiled = re.compile(pattern)
    return lambda line: any(compiled.search(line(number)) for number in range(size.lines))


def without_peculiarities() -> None:
    """Unsets variables that slow some machines down, for this process and its children."""
    for name in ("OPENBLAS_CORETYPE", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(name, None)
