"""Turns the errors that libraries raise for damaged or malicious files into one sentence."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lstm_conformance.ports.lstm import reason
from lstm_plugins.errors import InputError

MOST_TEXT = 100_000_000
"""Most bytes of an unpacked model description; a few kilobytes can unpack to gigabytes of spaces."""

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
def reporting_damage(path: Path, kind: str) -> Iterator[None]:
    """Turns errors while reading a file into an `InputError`; `kind` follows "is not"."""
    try:
        yield
    except MemoryError:
        raise InputError(f"{str(path)!r} unpacks to more than fits into memory.") from None
    except _RAISED as error:
        if isinstance(error, OSError) and error.strerror:
            # The system's own, such as a permission that is missing.
            raise
        raise InputError(f"{str(path)!r} is not {kind}, or it is damaged: {reason(error)}.") from None


def read_text(archive: zipfile.ZipFile, name: str) -> bytes:
    """Reads a member of a zip that describes the others.

    Raises:
        KeyError: there is none of that name.
        ValueError: it is too large to be a description.
    """
    size = archive.getinfo(name).file_size
    if size > MOST_TEXT:
        raise ValueError(f"its {name} unpacks to {size:,} bytes")
    return archive.read(name)
