"""Errors about sheets and columns."""

from dataclasses import dataclass

from lstm_plugins.errors import InputError


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook, or a table of a database.

    Attributes:
        name: its name.
        rows: number of rows, with the header.
        first: the cells of its first row that have a text.
    """

    name: str
    rows: int
    first: tuple[str, ...]


class SheetError(InputError):
    """A workbook has several sheets, or a database several tables, and none was named."""

    def __init__(self, message: str, sheets: tuple[Sheet, ...]) -> None:
        super().__init__(message)
        self.sheets = sheets


class ColumnError(InputError):
    """A named column does not exist or cannot be chosen."""
