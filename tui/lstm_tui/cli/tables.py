"""Tables, in one look."""

from rich import box
from rich.table import Table
from rich.text import Text


def plain_table(*columns: str) -> Table:
    """Returns a table without a frame; its last column takes the remaining room and may wrap."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left", title_style="")
    for name in columns:
        table.add_column(Text(name), no_wrap=name != columns[-1], overflow="fold")
    return table


def table_of_numbers(first: str, *columns: str, title: str | None = None) -> Table:
    """Returns a plain table whose columns, except the first, are numbers aligned at the right."""
    table = plain_table(first, *columns)
    table.title = None if title is None else Text(title)
    for column in table.columns[1:]:
        column.justify, column.no_wrap = "right", True
    return table
