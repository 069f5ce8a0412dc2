"""Writes files completely or not at all, even if the power fails.

Not part of the contract, but below everything that needs it.
"""

import os
from pathlib import Path

from lstm_plugins.errors import InputError


def replace_file(path: Path, content: bytes) -> None:
    """Replaces a file so that either the old or the new content is on the disk at any moment.

    Raises:
        OSError: it cannot be written; the old content is unchanged.
    """
    temporary = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    file = temporary.open("xb")
    try:
        with file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def write_file(path: Path, content: bytes) -> None:
    """Like `replace_file`, with an error for users.

    Raises:
        InputError: it cannot be written there.
    """
    try:
        replace_file(path, content)
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be written: {error.strerror or error}.") from None


def _sync_folder(folder: Path) -> None:
    """Makes the renaming durable, which a power failure could otherwise undo."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
