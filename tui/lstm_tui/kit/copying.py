"""Tables for the clipboard: tab-separated text, which spreadsheets take apart into cells again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lstm_plugins.counting import counted

if TYPE_CHECKING:
    from textual.app import App


@dataclass(frozen=True)
class CopyTable:
    """A table with its numbers as they are, not as a screen rounds them.

    Attributes:
        title: what it holds, as people say it: "the scores".
        columns: their names.
        rows: of as many values; text, numbers, or None for nothing.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


def as_text(table: CopyTable) -> str:
    """A line of names and a line for each row, values separated by tabs."""
    lines = [table.columns, *table.rows]
    return "".join("\t".join(map(_cell, line)) + "\n" for line in lines)


def copy_table(app: App[Any], table: CopyTable) -> None:
    """Puts a table on the clipboard and says so."""
    app.copy_to_clipboard(as_text(table))
    app.notify(f"Copied {table.title}, {counted(len(table.rows), 'row')}.")


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    return " ".join(str(value).split())
