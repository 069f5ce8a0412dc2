"""A sheet of an Excel or OpenDocument workbook as columns of text."""

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from lstm_forecasting.data.close_names import hint_at
from lstm_forecasting.data.errors import Sheet, SheetError
from lstm_forecasting.data.formats.text_columns import named_columns, refuse_data_as_header, trimmed
from lstm_forecasting.data.raw_table import RawTable, tidy_title
from lstm_plugins.errors import InputError

if TYPE_CHECKING:
    from fastexcel import ExcelReader

OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
"""The first bytes of workbooks before Excel 2007."""
_TITLED = 0.6
# Notes above a table fill fewer cells of a row than its header does.


def read_workbook(content: bytes, file: str, sheet: str | None = None) -> RawTable:
    """Reads a sheet of a workbook; without a name, the only sheet that is not empty.

    Dates become text like 2016-07-01 00:00:00, so that everything after is as for a text file.

    Raises:
        SheetError: several sheets have cells, and none is named.
        InputError: the workbook is damaged, or fastexcel is not installed.
    """
    try:
        import fastexcel
    except ImportError:
        raise InputError(
            f"{file} is a workbook; to read it, pip install 'lstm-tui[excel]', or save the sheet as CSV."
        ) from None
    try:
        reader = fastexcel.read_excel(content)
        name, cells = _chosen(reader, file, sheet)
    except fastexcel.FastExcelError as error:
        reason = str(error).partition("\n")[0]
        raise InputError(
            f"{file} is damaged or protected by a password ({reason}); save it again, or save the "
            "sheet as CSV."
        ) from None
    columns = [trimmed(cells.get_column(title)) for title in cells.columns]
    filled = np.sum([column.is_not_null().to_numpy() for column in columns], axis=0)
    top = int(np.argmax(filled >= _TITLED * filled.max()))
    header = [tidy_title(column[top] or "") for column in columns]
    refuse_data_as_header(header, file)
    decisions = [f"{file} is read as a workbook; the sheet is {name}."]
    above = np.flatnonzero(filled[:top])
    if len(above):
        decisions.append(f"Notes above the header in row {top + 1} are skipped.")
    places = np.arange(top + 2, len(cells) + 1)
    named, places, skipped = named_columns(
        header, [column[top + 1 :] for column in columns], places, "row", file
    )
    return RawTable(file, named, None, "row", places, (*decisions, *skipped), sheet=name)


def _chosen(reader: "ExcelReader", file: str, sheet: str | None) -> tuple[str, pl.DataFrame]:
    """The name and the cells of the sheet, from the workbook's first row."""
    names = reader.sheet_names
    if sheet is not None and sheet not in names:
        raise InputError(f"{file} has no sheet {sheet!r}; {hint_at(sheet, names)}")
    found = {name: _cells(reader, name) for name in ([sheet] if sheet is not None else names)}
    filled = {name: cells for name, cells in found.items() if cells.height and cells.width}
    if not filled:
        raise InputError(f"{file} has no cells in {'its sheets' if sheet is None else f'sheet {sheet}'}.")
    if len(filled) > 1:
        raise SheetError(
            f"{file} has several sheets: {', '.join(filled)}; set sheet to one of them.",
            tuple(_described(name, cells) for name, cells in filled.items()),
        )
    ((name, cells),) = filled.items()
    return name, cells


def _described(name: str, cells: pl.DataFrame) -> Sheet:
    first = (tidy_title(text or "") for text in cells.row(0))
    return Sheet(name, cells.height, tuple(filter(None, first)))


def _cells(reader: "ExcelReader", name: str) -> pl.DataFrame:
    # Rows are skipped explicitly (none of them), or the reader leaves out empty ones above the table.
    return reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
