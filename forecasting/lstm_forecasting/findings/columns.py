"""Columns that say nothing: those that number the rows, and constants."""

from collections.abc import Iterator

from lstm_forecasting.data.finding import TARGET, Finding
from lstm_forecasting.data.selection import is_constant, is_row_number
from lstm_forecasting.findings.column import Column


def find_idle_columns(column: Column) -> Iterator[Finding]:
    """Yields a finding if the column numbers the rows or is constant."""
    done = "It is forecast." if column.is_target else "It is an input only if you choose it."
    others = [one for one in column.table.file_columns if one.kind == "number" and one.name != column.name]
    suggested = column.is_target and bool(others)
    option = TARGET if suggested else ""
    if is_constant(column.seen):
        yield Finding(
            "constant",
            f"All values of {column.name} are {column.seen[0]:g}.",
            column.name,
            done,
            option,
            suggested=suggested,
        )
    elif is_row_number(column.seen):
        yield Finding(
            "row number",
            f"{column.name} numbers the rows, from {column.seen[0]:g} to {column.seen[-1]:g}.",
            column.name,
            done,
            option,
            suggested=suggested,
        )
