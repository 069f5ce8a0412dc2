"""Unpacks compressed files and archives that hold a single file."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError

LIMIT = 2**30
"""Bytes. A small file can be made to unpack to more than any memory, so unpacking ends here."""
_SHOWN = 5
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
"""Files that only the archives of spreadsheet programs have."""


@dataclass(frozen=True)
class Compression:
    """A way to compress a single file.

    Attributes:
        name: for messages.
        magic: the first bytes of every file.
        suffixes: usual endings of the files' names.
        unpack: returns at most a number of bytes that the compressed bytes unpack to.
    """

    name: str
    magic: bytes
    suffixes: tuple[str, ...]
    unpack: Callable[[io.BytesIO, int], bytes]


def _gzip(stream: io.BytesIO, most: int) -> bytes:
    with gzip.GzipFile(fileobj=stream) as unpacking:
        return unpacking.read(most)


def _bzip2(stream: io.BytesIO, most: int) -> bytes:
    with bz2.BZ2File(stream) as unpacking:
        return unpacking.read(most)


def _xz(stream: io.BytesIO, most: int) -> bytes:
    with lzma.LZMAFile(stream) as unpacking:
        return unpacking.read(most)


def _zstd(stream: io.BytesIO, most: int) -> bytes:
    # Imported here because few files need it and every start would wait for it.
    import zstandard

    parts: list[bytes] = []
    size, packed, frame = 0, b"", None
    while size < most and (packed := packed or stream.read(_ZSTD_STEP)):
        frame = frame or zstandard.ZstdDecompressor().decompressobj()
        try:
            parts.append(frame.decompress(packed))
        except zstandard.ZstdError as error:
            raise ValueError(error) from None
        size += len(parts[-1])
        packed = b""
        if frame.eof:
            # A file may have several frames, one after the other.
            packed, frame = frame.unused_data, None
    if size < most and frame is not None:
        raise EOFError("the file ends within a frame")
    return b"".join(parts)


COMPRESSIONS = (
    Compression("gzip", b"\x1f\x8b", (".gz",), _gzip),
    Compression("bzip2", b"BZh", (".bz2",), _bzip2),
    Compression("xz", b"\xfd7zXZ", (".xz",), _xz),
    Compression("zstd", b"(\xb5/\xfd", (".zst", ".zstd"), _zstd),
)
_DAMAGED = (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error)
_ZSTD_STEP = 1024
"""Bytes to unpack at once; even the most repetitive ones become some megabytes only."""
_SUFFIXES = {suffix for one in COMPRESSIONS for suffix in one.suffixes} | {".zip"}


@dataclass(frozen=True)
class Unpacked:
    """The content of a file, without the compression around it.

    Attributes:
        content: the bytes inside.
        name: the name of the file inside, of which the ending tells the format.
        decisions: what was unpacked, one sentence each.
    """

    content: bytes
    name: str
    decisions: tuple[str, ...] = ()


def unpack(content: bytes, file: str) -> Unpacked:
    """Unpacks gzip, bzip2, xz, zstd or a zip archive of one file; returns everything else as it is.

    Raises:
        InputError: the file is damaged or encrypted, unpacks to too much, or is an archive of several files.
    """
    for compression in COMPRESSIONS:
        if content.startswith(compression.magic):
            inside = _decompressed(content, file, compression)
            return Unpacked(inside, plain_name(file), (f"{file} is unpacked with {compression.name}.",))
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        return _unzipped(content, file)
    return Unpacked(content, file)


def plain_name(file: str) -> str:
    """A file's name without the ending of its compression: "sales.csv" for "sales.csv.gz"."""
    path = PurePath(file)
    return path.stem if path.suffix.lower() in _SUFFIXES else file


def is_workbook(content: bytes) -> bool:
    """Whether the content is a zip archive that a spreadsheet program wrote."""
    if not content.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return not set(_WORKBOOKS).isdisjoint(archive.namelist())
    except zipfile.BadZipFile:
        return False


def _decompressed(content: bytes, file: str, compression: Compression) -> bytes:
    try:
        inside = compression.unpack(io.BytesIO(content), LIMIT + 1)
    except _DAMAGED as error:
        raise InputError(
            f"{file} is damaged and cannot be unpacked with {compression.name} ({error}); compress it again."
        ) from None
    return _within_limit(inside, file)


def _unzipped(content: bytes, file: str) -> Unpacked:
    if is_workbook(content):
        return Unpacked(content, file)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [member for member in archive.infolist() if _is_data(member)]
            if len(members) != 1:
                names = ", ".join(member.filename for member in members[:_SHOWN])
                more = ", …" if len(members) > _SHOWN else ""
                listed = f" ({names}{more})" if members else ""
                raise InputError(
                    f"{file} is a zip archive of {counted(len(members), 'file')}{listed}; only one file "
                    "can be read, so unpack it and give one of its files."
                )
            (member,) = members
            if member.flag_bits & 1:
                raise InputError(f"{file} is encrypted; unpack it with its password and give the file in it.")
            with archive.open(member) as stream:
                inside = _within_limit(stream.read(LIMIT + 1), file)
    # zipfile raises NotImplementedError for ways of compression that it does not know.
    except (zipfile.BadZipFile, NotImplementedError, *_DAMAGED) as error:
        raise InputError(
            f"{file} is damaged and cannot be unpacked ({error}); make the archive again."
        ) from None
    name = PurePath(member.filename).name
    return Unpacked(inside, name, (f"{file} is unpacked: {name} is the file in it.",))


def _is_data(member: zipfile.ZipInfo) -> bool:
    """Whether a member is a file that its user put in, not one that an operating system added."""
    path = PurePath(member.filename)
    return not member.is_dir() and path.parts[0] != "__MACOSX" and not path.name.startswith(".")


def _within_limit(inside: bytes, file: str) -> bytes:
    if len(inside) > LIMIT:
        raise InputError(f"{file} unpacks to more than {LIMIT >> 30} GiB; give a shorter series.")
    return inside
