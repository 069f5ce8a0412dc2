"""The dialog of a cell of the matrix: the tensors of every probe with their errors and tolerances."""

from collections.abc import Sequence

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import DataTable, Static

from lstm_conformance.checks import LevelResult
from lstm_conformance.tolerance import Verdict
from lstm_conformance.wording import SIGNS, in_eps
from lstm_tui.crosscheck.tensor import TensorScreen
from lstm_tui.kit.dialog import Sheet
from lstm_tui.kit.palette import theme_colour

_COLUMNS = ("error, eps", "allowed", "relative", "worst at")


class TensorsScreen(Sheet[None]):
    """A table of tensors; Enter opens one as a heatmap. `log` has the last lines of failed processes."""

    def __init__(self, title: str, results: Sequence[LevelResult], log: Sequence[str] = ()) -> None:
        super().__init__()
        self._log = tuple(log)
        self._title = title
        self._results = tuple(results)
        self._rows: list[tuple[LevelResult, Verdict]] = [
            (result, one) for result in results for one in result.verdicts
        ]

    def compose(self) -> ComposeResult:
        """Problems, then the table."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = self._title
            dialog.border_subtitle = "Enter opens a tensor · Esc closes" if self._rows else "Esc closes"
            problems = [
                f"{SIGNS[result.state]} probe {result.probe.name!r}: {result.problem}"
                for result in self._results
                if result.problem
            ]
            if problems:
                yield Static("\n".join(problems), id="problems", markup=False)
            if self._log:
                yield Static("\n".join(self._log), id="lines", markup=False)
            if self._rows:
                yield DataTable[Text](cursor_type="row", cell_padding=1)

    def on_mount(self) -> None:
        """Fills the table; the cursor is on the first tensor that failed."""
        for table in self.query(DataTable):
            several = len({result.probe.name for result, _ in self._rows}) > 1
            table.add_column("")
            if several:
                table.add_column("probe")
            table.add_column("tensor")
            for column in _COLUMNS:
                table.add_column(Text(column, justify="right"))
            for number, (result, verdict) in enumerate(self._rows):
                table.add_row(*self._texts(result, verdict, several), key=str(number))
            failed = (number for number, (_, verdict) in enumerate(self._rows) if not verdict.passed)
            table.move_cursor(row=next(failed, 0))
            table.focus()

    def _texts(self, result: LevelResult, verdict: Verdict, several: bool) -> list[Text]:
        judged = result.state != "shown"
        sign = ("✓" if verdict.passed else "✗") if judged else SIGNS["shown"]
        colour = theme_colour(self.app, ("success" if verdict.passed else "error") if judged else "quiet")
        where = "" if verdict.where is None else ", ".join(map(str, verdict.where))
        texts = [Text(sign, f"bold {colour}")]
        if several:
            texts.append(Text(result.probe.name, theme_colour(self.app, "quiet")))
        texts.append(Text(verdict.tensor))
        if verdict.problem:
            return [*texts, Text(verdict.problem, colour), Text(), Text(), Text(where, justify="right")]
        numbers = (in_eps(verdict.error_eps), in_eps(verdict.allowed_eps), f"{verdict.relative_error:.1e}")
        return [*texts, *(Text(number, justify="right") for number in numbers), Text(where, justify="right")]

    @on(DataTable.RowSelected)
    def _open(self, event: DataTable.RowSelected) -> None:
        result, verdict = self._rows[int(event.row_key.value or 0)]
        self.app.push_screen(TensorScreen(self._title, result, verdict))
