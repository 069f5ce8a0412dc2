"""Reads bytes from a file or from standard input."""

import functools
import sys
from pathlib import Path

from lstm_plugins.errors import InputError
from lstm_plugins.suggesting import similar_names, suggestion

STANDARD_INPUT = "-"
"""Used instead of a file name."""
STANDARD_INPUT_SOURCE = "standard input"
"""Source of a table that was piped in."""


def read_file(path: Path) -> bytes:
    """The content of a file.

    Raises:
        InputError: the file does not exist or cannot be read.
    """
    try:
        _refuse_missing_file(path)
    except OSError as error:
        raise InputError(f"{path} cannot be reached ({error.strerror}); correct the path.") from error
    try:
        return path.read_bytes()
    except PermissionError:
        raise InputError(f"{path.name} is not readable; change its permissions.") from None
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror or type(error).__name__}.") from None


@functools.cache
def read_standard_input() -> bytes:
    """The content of standard input; cached, because a pipe can be read only once.

    Raises:
        InputError: it is a terminal, empty or closed, or cannot be read.
    """
    stream = sys.stdin
    if stream is None or stream.closed:
        raise InputError("Standard input is closed; pipe a table into it, or name a file.")
    if stream.isatty():
        raise InputError("Standard input is a terminal; pipe a table into it, or name a file.")
    try:
        content = stream.buffer.read()
    except OSError as error:
        raise InputError(f"Standard input cannot be read: {error.strerror}; name a file.") from None
    if not content:
        raise InputError("Standard input is empty; pipe a table into it, or name a file.")
    return content


def _refuse_missing_file(path: Path) -> None:
    if path.is_dir():
        raise InputError(f"{path} is a folder; give a file in it.")
    if path.is_file():
        return
    if path.exists():
        raise InputError(f"{path} is a device or a pipe; give a file, or - for standard input.")
    folder = path.parent
    if not folder.is_dir():
        raise InputError(f"There is no file {path}: the folder {folder} does not exist; correct the path.")
    close = similar_names(path.name, (entry.name for entry in folder.iterdir()))
    hint = suggestion((str(folder / name) for name in close), "correct the path.")
    raise InputError(f"There is no file {path}; {hint}")
