"""What stands around a table: comments and titles above it, notes and totals below it, units under titles."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from lstm_forecasting.data.options import DELIMITERS
from lstm_forecasting.data.values.text_numbers import MISSING_SIGNS
from lstm_plugins.counting import counted

_LINES = 60
"""How many lines at each end are looked at."""
_CHARACTERS = 100_000
_COMMENT = re.compile(r"\s*(?:#|//)")
_WORD = r"[^\W\d_]{1,12}"
_UNIT = re.compile(rf"[(\[]?(?:{_WORD}|[°%])?(?:{_WORD})?[²³]?(?:[ ·*/^.-]{_WORD}[-^]?[0-9²³]?)*[)\]]?")
_TOTALS = frozenset(
    (
        *("total", "totals", "grand total", "sum", "average", "mean", "avg", "minimum", "maximum"),
        *("summe", "gesamt", "gesamtsumme", "mittelwert", "durchschnitt"),
        *("somme", "moyenne", "suma", "media", "totale", "totaal", "gemiddelde"),
    )
)
_MOST_TOTALS = 4
_SAMPLE = 20


@dataclass(frozen=True)
class Bare:
    """A text without what stands around its table.

    Attributes:
        text: the table; lines above it are empty, so that line numbers stay those of the file.
        decisions: what is skipped, one sentence each.
    """

    text: str
    decisions: tuple[str, ...] = ()


def without_notes(text: str, delimiter: str | None = None) -> Bare:
    """The text without comments and titles above the header, and without notes below the last row.

    Lines above the header have fewer fields than all others; notes below the table have a single one.
    """
    top = _first_lines(text)
    start, header = _after_comments(top)
    decisions, notes = [], 0
    if start:
        decisions.append(_skipped(start, "comments above the table"))
    shape = _shape([header or "", *top[start:]], delimiter)
    titles = 0
    if shape is not None:
        # First those below, which a short text has among its first lines.
        text, notes = _without_notes_below(text, *shape)
        titles = 0 if header else _titles(_first_lines(text)[start:], *shape)
    if titles:
        decisions.append(f"Notes above the header in line {start + titles + 1} are skipped.")
    if notes:
        decisions.append(_skipped(notes, "notes below the table"))
    skipped = start + titles
    if skipped:
        rest = text.split("\n", skipped)[skipped]
        # A header that is a comment stands in the line before the first row.
        text = "\n" * (skipped - bool(header)) + (f"{header}\n" if header else "") + rest
    return Bare(text, tuple(decisions))


def _skipped(lines: int, what: str) -> str:
    return f"{counted(lines, 'line')} of {what} {'is' if lines == 1 else 'are'} skipped."


def _first_lines(text: str) -> list[str]:
    return text[:_CHARACTERS].split("\n")[:_LINES]


def _after_comments(lines: Sequence[str]) -> tuple[int, str | None]:
    """The number of comments above the table, and the header if the last of them is one."""
    start = 0
    while start < len(lines) - 1 and _COMMENT.match(lines[start]):
        start += 1
    if not start:
        return 0, None
    last = _COMMENT.sub("", lines[start - 1], count=1).strip()
    following = lines[start].lstrip(" \"'")
    for delimiter in DELIMITERS:
        titles = last.split(delimiter)
        if len(titles) > 1 and len(titles) == len(lines[start].split(delimiter)) and following[:1].isdigit():
            return start, last
    return start, None


def _shape(lines: Sequence[str], delimiter: str | None) -> tuple[str, int] | None:
    """The delimiter that gives most lines the same number of fields, and that number; None for one field."""
    best: tuple[int, str, int] | None = None
    for one in (delimiter,) if delimiter else DELIMITERS:
        counts = Counter(count for line in lines if line.strip() and (count := _fields(line, one)) > 1)
        if counts:
            (fields, times), *_ = counts.most_common(1)
            if best is None or times > best[0]:
                best = times, one, fields
    return None if best is None else best[1:]


def _fields(line: str, delimiter: str) -> int:
    """The number of fields; 0 for a part of a record of several lines."""
    if line.count('"') % 2:
        return 0
    return len(next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), []))


def _titles(lines: Sequence[str], delimiter: str, fields: int) -> int:
    """The number of lines above the header; 0 if the first line is it."""
    counts = [_fields(line, delimiter) for line in lines]
    first = next((place for place, count in enumerate(counts) if count == fields), 0)
    below = [count for line, count in zip(lines[first:], counts[first:], strict=True) if line.strip()]
    if not first or not all(count == fields for count in below[:_SAMPLE]) or len(below) < 3:
        return 0
    if not any(map(str.isalpha, "".join(lines[:first]))):
        return 0
    if any(count >= fields or count == 0 for line, count in zip(lines, counts[:first], strict=False) if line):
        return 0
    named = [cell.strip() for cell in next(csv.reader([lines[first]], delimiter=delimiter)) if cell.strip()]
    lettered = sum(not cell[0].isdigit() and any(map(str.isalpha, cell)) for cell in named)
    return first if named and 2 * lettered > len(named) else 0


def _without_notes_below(text: str, delimiter: str, fields: int) -> tuple[str, int]:
    body = text.rstrip("\n")
    tail = body[-_CHARACTERS:].split("\n")[-_LINES:]
    notes = 0
    while notes < len(tail) - 3:
        line = tail[-1 - notes]
        alone = line.strip().strip(delimiter).strip()
        if alone and (fields < 2 or _fields(line, delimiter) != 1 or not any(map(str.isalpha, alone))):
            break
        notes += 1
    said = sum(bool(line.strip(" \t" + delimiter)) for line in tail[len(tail) - notes :])
    if not said or _fields(tail[-1 - notes], delimiter) != fields:
        return text, 0
    return body.rsplit("\n", notes)[0], said


def are_units(fields: Sequence[pl.Series]) -> bool:
    """Whether the first row below the titles has units: words where all following rows have numbers."""
    if len(fields) < 2 or len(fields[0]) < 3:
        return False
    cells = [column[0] for column in fields]
    if not all(
        cell is None or (_UNIT.fullmatch(cell) and cell.lower() not in MISSING_SIGNS) for cell in cells
    ):
        return False
    above_numbers = 0
    for cell, column in zip(cells, fields, strict=True):
        below = column[1 : 1 + _SAMPLE].drop_nulls()
        if cell is not None and len(below) and below.str.contains(r"^[-+]?[0-9.,]+$").all():
            above_numbers += 1
    return above_numbers > 0


def count_totals(fields: Sequence[pl.Series]) -> int:
    """The number of rows at the end that have a word such as "Total" in place of a time or a number."""
    rows = len(fields[0]) if fields else 0
    totals = 0
    while totals < min(_MOST_TOTALS, rows - 2):
        first = next((column for column in fields if column[rows - 1 - totals] is not None), None)
        if first is None:
            break
        word = str(first[rows - 1 - totals]).lower().strip(" :.")
        usual = str(first[0] or "")
        if word not in _TOTALS or not any(map(str.isdigit, usual)):
            break
        totals += 1
    return totals
