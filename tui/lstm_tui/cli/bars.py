"""Progress bars, in one look."""

from collections.abc import Iterable

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.table import Column
from rich.text import Text

NARROW = 100
"""Cells of a terminal below which bars are short."""


class _TitleColumn(TextColumn):
    def __init__(self) -> None:
        super().__init__("{task.description}", markup=False)

    def render(self, task: Task) -> Text:
        """Returns the title in the task's colour."""
        return Text(task.description, style=task.fields["colour"])


def progress_bars(console: Console, further: Iterable[ProgressColumn] = ()) -> Progress:
    """Returns bars with a title, `further` columns, and a status; tasks have fields `colour` and `status`."""
    return Progress(
        _TitleColumn(),
        BarColumn(
            bar_width=10 if console.width < NARROW else 24, complete_style="bold", finished_style="bold"
        ),
        *further,
        TextColumn(
            "{task.fields[status]}",
            markup=False,
            table_column=Column(no_wrap=True, overflow="ellipsis"),
        ),
        console=console,
    )
