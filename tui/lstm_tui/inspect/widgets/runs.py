"""The runs that can be looked into, as a list to choose from."""

from collections.abc import Sequence

from rich.text import Text
from textual.widgets import DataTable

from lstm_forecasting.runs.folder import RunFolder
from lstm_forecasting.runs.listing import RunStanding
from lstm_tui.runs.words import far


class RunList(DataTable[Text]):
    """A row for every run in which something was trained, the last one first."""

    def __init__(self) -> None:
        super().__init__(cursor_type="row", show_header=False, cell_padding=0)
        self._runs: dict[str, RunFolder] = {}

    def show(self, standings: Sequence[RunStanding], chosen: str) -> None:
        """Shows the runs; the chosen one has the cursor and a mark."""
        self._runs = {one.run.name: one.run for one in standings}
        rows = [_row(one, chosen) for one in standings]
        self.clear(columns=True)
        # A column has no width of its own until the table is idle; what is drawn before stays empty.
        for column in range(2):
            self.add_column("", width=max((row[column].cell_len for row in rows), default=0))
        for one, row in zip(standings, rows, strict=True):
            self.add_row(*row, key=one.run.name)
        if chosen in self._runs:
            self.move_cursor(row=list(self._runs).index(chosen))

    def run_of(self, key: str | None) -> RunFolder | None:
        """The run of a row."""
        return self._runs.get(key or "")


def _row(standing: RunStanding, chosen: str) -> tuple[Text, Text]:
    name, told = standing.run.name, "; ".join(f"{one.backend} {far(one)}" for one in standing.backends)
    if name == chosen:
        return Text(f"◆ {name} ", "bold"), Text(told)
    return Text(f"  {name} "), Text(told)
