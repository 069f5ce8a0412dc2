"""The matrix of a cross-check: a row for each level in the order of computation, columns of backends."""

from collections.abc import Mapping

from rich.text import Text
from textual.widgets import DataTable

from lstm_conformance.checks import State
from lstm_conformance.levels import LEVELS, Level
from lstm_forecasting.crosscheck.results import LevelSummary
from lstm_forecasting.crosscheck.wording import summary_text
from lstm_plugins.config import Precision
from lstm_tui.crosscheck.state import CheckState
from lstm_tui.kit.copying import CopyTable
from lstm_tui.kit.palette import Palette
from lstm_tui.kit.tab_screen import WIDE

_COLOURS: dict[State, str] = {
    "passed": "success",
    "failed": "error",
    "follows": "quiet",
    "shown": "quiet",
    "unsupported": "warning",
    "unasked": "warning",
}
_NARROWEST = 8
_ROOMY = 12
"""Least width of a column in a wide terminal."""
_PENDING = "…"


class Matrix(DataTable[Text]):
    """A cell shows the verdict and the worst error in eps; the matrix fills while the check runs."""

    DEFAULT_CSS = """
    Matrix {
        height: 1fr; width: 1fr; background: $background;
        scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1;
        &:focus { background-tint: transparent; }
        & > .datatable--header { background: $background; color: $foreground; text-style: none; }
        & > .datatable--fixed-cursor { background: $background; color: $foreground; text-style: bold; }
        & > .datatable--fixed { background: $background; color: $foreground; }
        & > .datatable--cursor { background: $block-cursor-background; text-style: bold; }
        & > .datatable--hover { background: $panel; }
        & > .datatable--header-hover { background: $background; }
        &:ansi > .datatable--header { background: ansi_default; color: ansi_default; }
        &:ansi > .datatable--fixed { background: ansi_default; color: ansi_default; }
    }
    """

    def __init__(self) -> None:
        super().__init__(cursor_type="cell", header_height=2, fixed_columns=1, cell_padding=0)
        self._columns: tuple[tuple[str, Precision], ...] = ()
        self._texts: dict[tuple[str, Precision, str], Text] = {}
        self._widths: dict[str, int] = {}
        self._drawn: object = None

    def show(self, state: CheckState, titles: Mapping[str, str], palette: Palette) -> None:
        """Shows the results so far; the cursor stays where it is."""
        least = _ROOMY if self.app.size.width >= WIDE else _NARROWEST
        self._widths = {backend: max(least, len(titles[backend]) + 1) for backend in state.check.backends}
        drawn = (state.check, self.app.theme, least)
        if drawn != self._drawn:
            self._drawn = drawn
            self._begin(state, titles, palette)
        for backend, precision in self._columns:
            for level in LEVELS:
                self._show_cell(state, backend, precision, level, palette)

    def _begin(self, state: CheckState, titles: Mapping[str, str], palette: Palette) -> None:
        cursor = self.cursor_coordinate
        self.clear(columns=True)
        self._texts.clear()
        self._columns = state.check.columns
        self.add_column("\nlevel", width=max(len(level.title) for level in LEVELS) + 1, key="level")
        for backend, precision in self._columns:
            width = self._widths[backend]
            head = Text(f"{titles[backend]:>{width}}\n", palette.line(backend))
            head.append(f"{precision:>{width}}", palette.quiet)
            self.add_column(head, width=width, key=f"{backend} {precision}")
        for level in LEVELS:
            self.add_row(Text(level.title, palette.truth), *(Text() for _ in self._columns), key=level.name)
        self.cursor_coordinate = cursor

    def _show_cell(
        self, state: CheckState, backend: str, precision: Precision, level: Level, palette: Palette
    ) -> None:
        summary = state.summary(backend, precision, level)
        pending = state.running and summary.state is None and state.asks(precision, level)
        text = Text(_PENDING, palette.quiet) if pending else _text(summary, palette)
        # DataTable cannot align cells at the right.
        text.align("right", self._widths[backend])
        place = (backend, precision, level.name)
        if self._texts.get(place) != text:
            self._texts[place] = text
            self.update_cell(level.name, f"{backend} {precision}", text)

    @property
    def chosen(self) -> tuple[str, Precision, Level] | None:
        """The cell of the cursor; None if there is nothing to open."""
        row, column = self.cursor_coordinate
        if not self._columns or not 1 <= column <= len(self._columns) or not self.is_valid_row_index(row):
            return None
        return (*self._columns[column - 1], LEVELS[row])

    def go_to(self, backend: str, precision: Precision, level: Level) -> None:
        """Moves the cursor."""
        self.move_cursor(row=LEVELS.index(level), column=1 + self._columns.index((backend, precision)))


def matrix_copy(state: CheckState, titles: Mapping[str, str]) -> CopyTable:
    """Verdict and worst error in eps of every level, backend and precision."""
    shown = state.check.columns
    names = [
        f"{titles[backend]} {precision} {what}"
        for backend, precision in shown
        for what in ("verdict", "worst error in eps")
    ]
    rows = []
    for level in LEVELS:
        summaries = (state.summary(backend, precision, level) for backend, precision in shown)
        rows.append((level.title, *(value for summary in summaries for value in _values(summary))))
    return CopyTable("the matrix", ("level", *names), rows)


def _values(summary: LevelSummary) -> tuple[str | None, float | None]:
    return summary.state, None if summary.worst is None else summary.worst.error_eps


def _text(summary: LevelSummary, palette: Palette) -> Text:
    colour = palette.named(_COLOURS[summary.state] if summary.state is not None else "quiet")
    bold = "bold " if summary.state == "failed" else ""
    return Text(summary_text(summary), f"{bold}{colour}".strip())
