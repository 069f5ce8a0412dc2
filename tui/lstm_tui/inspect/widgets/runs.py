"""The list of runs to inspect."""

from collections.abc import Sequence

from rich.text import Text
from textual.widgets import DataTable

from lstm_forecasting.runs.folder import RunFolder
from lstm_forecasting.runs.listing import RunStanding
from lstm_tui.runs.words import progress_of


class RunList(DataTable[Text]):
    """A row for every run with trained weights, the latest first."""

    def __init__(self) -> None:
        super().__init__(cursor_type="row", show_header=False, cell_padding=0)
        self.runs: dict[str, RunFolder] = {}

    def show(self, standings: Sequence[RunStanding], chosen: str) -> None:
        """Shows the runs; the chosen one has the cursor and a mark."""
        self.runs = {one.run.name: one.run for one in standings}
        rows = [_row(one, chosen) for one in standings]
        self.clear(columns=True)
        # A column has no width of its own until the table is idle, so nothing would be drawn until then.
        for column in range(2):
            self.add_column("", width=max((row[column].cell_len for row in rows), default=0))
        for name, row in zip(self.runs, rows, strict=True):
            self.add_row(*row, key=name)
        if chosen in self.runs:
            self.move_cursor(row=list(self.runs).index(chosen))


def _row(standing: RunStanding, chosen: str) -> tuple[Text, Text]:
    name, words = (
        standing.run.name,
        "; ".join(f"{one.backend} {progress_of(one)}" for one in standing.backends),
    )
    if name == chosen:
        return Text(f"◆ {name} ", "bold"), Text(words)
    return Text(f"  {name} "), Text(words)
