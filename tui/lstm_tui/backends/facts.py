"""What there is to be known of one backend, as two columns."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text


def fact_table(facts: Iterable[tuple[str, str]], quiet: str) -> Table:
    """Names on the left in the colour `quiet`; long texts are wrapped in their own column."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style=quiet, no_wrap=True)
    table.add_column()
    for name, text in facts:
        table.add_row(name, Text(text))
    return table
