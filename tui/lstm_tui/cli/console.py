"""Where text goes: results to stdout, progress and notes to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from rich.console import Console

WIDTH_OF_A_PIPE = 200
"""Wide enough that no table wraps; lines that do not need it stay short."""


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        """Leaves what it means that nobody reads any more to the program."""
        raise BrokenPipeError


def results() -> Console:
    """For stdout."""
    return _made(stderr=False)


def notes() -> Console:
    """For stderr."""
    return _made(stderr=True)


@contextmanager
def results_kept_pure() -> Iterator[None]:
    """Sends to stderr what native code writes to the descriptor of stdout until the block ends.

    Plugins are imported in this process, and what their libraries print there would spoil a result.
    """
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _made(*, stderr: bool) -> Console:
    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    # Names of columns, files and plugins are text: a bracket in them is no markup.
    return _Console(
        stderr=stderr,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=not terminal,
        width=None if terminal else WIDTH_OF_A_PIPE,
    )
