"""Detects a text file's encoding and delimiter."""

import csv
import itertools

from lstm_forecasting.data.options import DELIMITERS
from lstm_plugins.errors import InputError

# Delimiter of a file with a single column; `decode` ensures that no text contains it.
NO_DELIMITER = "\x1f"
_SAMPLE_CHARACTERS = 65536
_SAMPLE_RECORDS = 100
_CONTROL = bytes((*range(9), *range(14, 32)))
_TAR, _TAR_PLACE = b"ustar", 257
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8 with a byte order mark"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)
_OTHER_FORMATS = (
    (b"FEA1", "a Feather file of version 1; save it again, in version 2 or as Parquet"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it and give the file in it"),
    (b"Rar!", "a RAR archive; unpack it and give the file in it"),
    (b"%PDF", "a PDF; save its table as CSV"),
    (b"\x89HDF", "an HDF5 file; save the table as CSV or Parquet"),
)


def decode(content: bytes, file: str, asked: str | None = None) -> tuple[str, str]:
    """The text of a file, with line feeds as line ends, and the name of its encoding.

    Unless the user `asked` for an encoding, it tries UTF-8 and UTF-16 with a byte order mark, UTF-8 without
    one, then Windows-1252, which is Latin-1 with letters in place of control codes.

    Raises:
        InputError: the file is not text, or obviously not a table.
    """
    for start, what in _OTHER_FORMATS:
        if content.startswith(start):
            raise InputError(f"{file} is {what}.")
    if content[_TAR_PLACE:].startswith(_TAR):
        raise InputError(f"{file} is a tar archive; unpack it and give the file in it.")
    decoded = _decoded(content) if asked is None else _decoded_as_asked(content, file, asked)
    encoded = b"" if decoded is None else decoded[0].encode(errors="replace")
    if decoded is None or len(encoded.translate(None, _CONTROL)) < len(encoded):
        raise InputError(
            f"{file} is not a text file; use CSV, JSON lines or Parquet, or set the encoding if it is text."
        )
    text, encoding = decoded
    start_of_text = text[:200].lstrip()
    if start_of_text.lower().startswith(("<!doctype", "<html", "<?xml")):
        raise InputError(f"{file} is a web page or XML; download the table itself as CSV.")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, encoding


def sniff_delimiter(text: str) -> str:
    """The delimiter of a text, or `NO_DELIMITER` if its header is a single field.

    Of the delimiters that split the header, it is the one that splits the most of the first records into the
    same number of fields.
    """
    sample = text[:_SAMPLE_CHARACTERS]
    if len(text) > len(sample):
        sample = sample[: sample.rfind("\n") + 1]
    best, best_score = NO_DELIMITER, -1
    for delimiter in DELIMITERS:
        records = [record for record in _records(sample, delimiter) if record]
        if not records or len(records[0]) < 2:
            continue
        score = sum(len(record) == len(records[0]) for record in records[1:])
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _records(sample: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(sample.splitlines(keepends=True), delimiter=delimiter)
    records: list[list[str]] = []
    try:
        records.extend(itertools.islice(reader, _SAMPLE_RECORDS))
    except csv.Error:
        # A field exceeds the module's limit; the records before it must suffice.
        return records
    return records


def _decoded_as_asked(content: bytes, file: str, encoding: str) -> tuple[str, str]:
    try:
        text = content.decode(encoding)
    except UnicodeError as error:
        place = f" at byte {error.start + 1}" if isinstance(error, UnicodeDecodeError) else ""
        raise InputError(f"{file} is not encoded in {encoding}{place}; set another encoding.") from None
    return text.removeprefix("\ufeff"), encoding


def _decoded(content: bytes) -> tuple[str, str] | None:
    for mark, codec, name in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(codec), name
            except UnicodeDecodeError:
                return None
    for codec, name in (("utf-8", "UTF-8"), ("cp1252", "Latin-1"), ("latin-1", "Latin-1")):
        try:
            return content.decode(codec), name
        except UnicodeDecodeError:
            continue
    return None
