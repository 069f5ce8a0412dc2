"""Checks the destination of a file before work begins."""

import os
from collections.abc import Sequence
from pathlib import Path

from lstm_plugins.errors import InputError


def check_destination(path: Path, suffixes: Sequence[str], what: str) -> None:
    """Checks, before work begins, that a file can be saved there; messages start with `what`.

    Raises:
        InputError: the suffix is not allowed, or the folder is missing or cannot be written to.
    """
    if path.suffix.lower() not in suffixes:
        *others, last = suffixes
        allowed = f"{', '.join(others)} or {last}" if others else last
        choose = "choose one of them" if others else f"use {last}"
        raise InputError(
            f"{what} is saved as {allowed}, but {str(path)!r} ends in "
            f"{path.suffix or 'no suffix'!r}; {choose}."
        )
    folder = path.parent
    if path.is_dir():
        raise InputError(f"{str(path)!r} is a folder; name a file in it.")
    if not folder.is_dir():
        raise InputError(f"There is no folder {str(folder)!r} to save {path.name!r} in; create it first.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"The folder {str(folder)!r} cannot be written to; choose another folder.")
