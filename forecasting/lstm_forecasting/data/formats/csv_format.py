"""Delimited text (CSV and the like) as columns of text."""

import csv
import io
from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Integers
from lstm_forecasting.data.formats.notes import without_notes
from lstm_forecasting.data.formats.text_columns import named_columns, refuse_data_as_header, trimmed
from lstm_forecasting.data.formats.text_format import NO_DELIMITER, sniff_delimiter
from lstm_forecasting.data.options import DELIMITERS
from lstm_forecasting.data.raw_table import RawTable, tidy_title
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError

_HUGE_FIELD = 10_000_000


def read_csv(text: str, encoding: str, file: str, delimiter: str | None = None) -> RawTable:
    """Reads delimited text with a header.

    The text is not empty and has line feeds as line ends. `encoding` (in words) and `file` are for messages.

    Raises:
        InputError: the text is not such a table.
    """
    bare = without_notes(text, delimiter)
    text = bare.text
    delimiter = delimiter or sniff_delimiter(text.lstrip("\n"))
    if '"' in text:
        header, fields, lines = _quoted_fields(text, delimiter, file)
    else:
        header, fields, lines = _plain_fields(text, delimiter, file)
    name = DELIMITERS.get(delimiter, delimiter)
    separated = "one column of" if delimiter == NO_DELIMITER or len(header) == 1 else f"{name}-separated"
    decisions = [f"{file} is read as {separated} text in {encoding}."]
    refuse_data_as_header(header, file)
    columns, lines, skipped = named_columns(header, fields, lines, "line", file)
    decisions += [*bare.decisions, *skipped]
    return RawTable(file, columns, delimiter, "line", lines, tuple(decisions), encoding)


def _plain_fields(text: str, delimiter: str, file: str) -> tuple[list[str], list[pl.Series], Integers]:
    """The fast path for text without quotes, where a record is a line."""
    body = text.rstrip("\n")
    blank_start = len(body) - len(body.lstrip("\n"))
    header_line, _, body = body[blank_start:].partition("\n")
    header = [tidy_title(name) for name in header_line.split(delimiter)]
    first_line = blank_start + 2
    content = body.encode()
    if not content:
        return header, [], np.empty(0, dtype=np.int64)
    signs = np.frombuffer(content, dtype=np.uint8)
    ends = np.append(np.flatnonzero(signs == ord("\n")), len(signs))
    lines = np.arange(first_line, first_line + len(ends))
    separators = np.flatnonzero(signs == ord(delimiter))
    counts = np.diff(np.searchsorted(separators, ends), prepend=0) + 1
    empty = np.diff(ends, prepend=-1) == 1
    if len(header) > 1 and empty.any():
        kept = [line for line in body.split("\n") if line]
        content, lines, counts = "\n".join(kept).encode(), lines[~empty], counts[~empty]
    ragged = np.flatnonzero(counts != len(header))
    if len(ragged):
        first = int(ragged[0])
        raise _ragged(file, int(lines[first]), int(counts[first]), len(header))
    if len(header) == 1:
        return header, [trimmed(pl.Series(body.split("\n"), dtype=pl.String))], lines
    frame = pl.read_csv(
        content,
        separator=delimiter,
        has_header=False,
        quote_char=None,
        infer_schema=False,
        new_columns=[str(number) for number in range(len(header))],
    )
    return header, [trimmed(frame.get_column(name)) for name in frame.columns], lines


def _quoted_fields(text: str, delimiter: str, file: str) -> tuple[list[str], list[pl.Series], Integers]:
    """For text with quotes, where a record may span several lines."""
    records = _quoted_records(text, delimiter, file)
    header = next(record for _, record in records if record)
    lines, rows = [], []
    for line, record in records:
        if not record and len(header) > 1:
            continue
        fields_here = record or [""]
        if len(fields_here) != len(header):
            raise _ragged(file, line, len(fields_here), len(header))
        lines.append(line)
        rows.append(fields_here)
    fields = [trimmed(pl.Series(column, dtype=pl.String)) for column in zip(*rows, strict=True)]
    return [tidy_title(name) for name in header], fields, np.array(lines, dtype=np.int64)


def _quoted_records(text: str, delimiter: str, file: str) -> Iterator[tuple[int, Sequence[str]]]:
    """The records with the lines they start in; an empty line is a record without fields."""
    # The limit applies to the whole process; it only guards against a quote that never ends.
    csv.field_size_limit(_HUGE_FIELD)
    reader = csv.reader(
        io.StringIO(text.rstrip("\n")), delimiter=delimiter, skipinitialspace=True, strict=True
    )
    line = 1
    try:
        for record in reader:
            yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{file}, line {line}, has a misplaced quote: {error}.") from None


def _ragged(file: str, line: int, found: int, expected: int) -> InputError:
    return InputError(
        f"{file}, line {line}, has {counted(found, 'field')}, but the header has {expected}; make them "
        "equal, or set the delimiter."
    )
