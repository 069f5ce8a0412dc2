"""What a damaged or a malicious file makes libraries raise, in one sentence of bad input."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lstm_conformance.ports.lstm import reason
from lstm_plugins.errors import InputError

MOST_TEXT = 100_000_000
"""Bytes of a model's description, unpacked; a few kilobytes hold gigabytes of spaces."""

_RAISED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    # Encrypted, packed in a way that Python has not, nested too deeply.
    RuntimeError,
)


@contextmanager
def damage_told(path: Path, kind: str) -> Iterator[None]:
    """Turns what reading raises into an `InputError`.

    Args:
        path: of the file.
        kind: what it should be, to follow "is no".
    """
    try:
        yield
    except MemoryError:
        raise InputError(f"{str(path)!r} unpacks to more than the memory holds.") from None
    except _RAISED as error:
        if isinstance(error, OSError) and error.strerror:
            # The system's own, such as a permission that is missing.
            raise
        raise InputError(f"{str(path)!r} is no {kind}, or a damaged one: {reason(error)}.") from None


def read_text(archive: zipfile.ZipFile, name: str) -> bytes:
    """A member of a zip that describes the rest of it.

    Raises:
        KeyError: there is none of that name.
        ValueError: it is too large to be a description.
    """
    size = archive.getinfo(name).file_size
    if size > MOST_TEXT:
        raise ValueError(f"its {name} unpacks to {size:,} bytes")
    return archive.read(name)
