"""Where text goes: results to stdout, progress and notes to stderr."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console

from lstm_plugins.errors import InputError

WIDTH_OF_A_PIPE = 200
"""Wide enough that no table wraps; lines that do not need it stay short."""


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        """Re-raises BrokenPipeError for the program to handle."""
        raise BrokenPipeError


def results() -> Console:
    """Returns the console for stdout."""
    return _made(stderr=False)


def notes() -> Console:
    """Returns the console for stderr."""
    return _made(stderr=True)


@contextmanager
def results_kept_pure() -> Iterator[None]:
    """Redirects to stderr what native code writes to the file descriptor of stdout, until the block ends.

    Plugins are imported in this process, and output of their libraries there would spoil a result.
    """
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def print_json(value: Any) -> None:
    """Prints a value as JSON on stdout."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def saved(what: str, path: Path | None, save: Callable[[Path], None]) -> bool:
    """Saves a result, if a path is given for it, and says where it is; False if it cannot be saved."""
    if path is None:
        return True
    try:
        save(path)
    except InputError as error:
        notes().print(f"Error: {error}")
        return False
    notes().print(f"The {what} is in {path}.")
    return True


def _made(*, stderr: bool) -> Console:
    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    # Names of columns, files and plugins are plain text: a bracket in them is not markup.
    return _Console(
        stderr=stderr,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=not terminal,
        width=None if terminal else WIDTH_OF_A_PIPE,
    )
