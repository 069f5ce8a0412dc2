"""Tables for the clipboard, as tab-separated text that spreadsheets split into cells."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textual.app import App

from lstm_plugins.counting import counted


@dataclass(frozen=True)
class CopyTable:
    """A table with unrounded numbers.

    Attributes:
        title: what it contains, for people: "the scores".
        columns: names of the columns.
        rows: values of each row: text, numbers, or None for an empty cell.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


def as_text(table: CopyTable) -> str:
    """One line of column names and one line for each row, with tabs between the values."""
    lines = [table.columns, *table.rows]
    return "".join("\t".join(map(_cell, line)) + "\n" for line in lines)


def copy_table(app: App[Any], table: CopyTable) -> None:
    """Copies a table to the clipboard and notifies the user."""
    app.copy_to_clipboard(as_text(table))
    app.notify(f"Copied {table.title}, {counted(len(table.rows), 'row')}.")


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    return " ".join(str(value).split())
