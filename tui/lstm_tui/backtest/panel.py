"""The result of a backtest on the screen: charts, the models, and the worst origins."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import Static

from lstm_forecasting.backtest.results import BacktestResult, ModelResult
from lstm_forecasting.backtest.scoring import worst_origins
from lstm_forecasting.backtest.wording import sentences, warnings
from lstm_forecasting.evaluation.intervals.levels import in_percent
from lstm_tui.backtest.pictures import CHARTS, ChartName, picture_of
from lstm_tui.kit.charts.chart import Chart
from lstm_tui.kit.copying import CopyTable
from lstm_tui.kit.numbers import fixed, score_texts
from lstm_tui.kit.palette import Palette
from lstm_tui.kit.table import RowTable

WORST = 10
"""Origins in the list of the worst ones."""
View = ChartName | Literal["worst"]
"""What stands in the place of the upper chart."""
VIEWS: tuple[View, ...] = (*CHARTS, "worst")
_LEFT_OUT = ("seconds", "CRPS", "MASE")
"""Columns of the models that are left out where there is no room, the first one first."""
_SAMPLE = 6
"""Cells of a line sample and the gaps beside it."""


class BacktestPanel(Vertical):
    """The verdict, the charts, and the tables of one result.

    Attributes:
        result: that is shown.
        target: index of the target that is shown.
        view: what stands in the place of the upper chart.
        number: index of the model whose worst origins and coverage are shown.
    """

    DEFAULT_CSS = """
    BacktestPanel {
        height: 1fr;
        #backtest-verdict { height: auto; max-height: 4; width: 1fr; padding: 0 1; }
        #charts { height: 1fr; width: 1fr; }
        #main-room, #steps-room { height: 1fr; width: 1fr; padding: 0; }
        #tables { height: auto; width: 1fr; }
        #models-room { width: 1fr; height: auto; }
        #worst-room { width: 40; height: auto; max-height: 9; }
    }
    """

    def __init__(self, result: BacktestResult, palette: Palette) -> None:
        super().__init__()
        self.result = result
        self.target = 0
        self.view: View = "time"
        self.number = result.models.index(result.best(0))
        self._palette = palette
        self._narrow = self._low = False

    @property
    def model(self) -> ModelResult:
        """The model whose worst origins and coverage are shown."""
        return self.result.models[self.number]

    def compose(self) -> ComposeResult:
        """Verdict, charts, tables."""
        yield Static("", id="backtest-verdict", markup=False)
        with Vertical(id="charts"):
            with Container(id="main-room", classes="panel"):
                yield Chart(id="main-chart", label_width=8)
            with Container(id="steps-room", classes="panel"):
                yield Chart(id="steps-chart", label_width=8)
        with Horizontal(id="tables"):
            with Container(id="models-room", classes="panel") as models:
                models.border_title = "Models"
                yield Static("", id="models", markup=False)
            with Container(id="worst-room", classes="panel"):
                yield RowTable()

    def on_mount(self) -> None:
        """Draws everything."""
        worst = self.query_one(RowTable)
        worst.add_column("forecast from", width=22)
        worst.add_column(Text("MAE", justify="right"), width=10)
        self.draw()
        self._show_view()
        worst.focus()

    def on_chart_resized(self) -> None:
        """Draws as many periods and columns as fit."""
        self._draw_charts()
        self._draw_models()

    def show_palette(self, palette: Palette) -> None:
        """Draws again in other colours."""
        self._palette = palette
        self.draw()

    def fold(self, *, narrow: bool, low: bool) -> None:
        """Leaves out what has no room: the worst origins, and the second chart."""
        self._narrow, self._low = narrow, low
        if self.is_mounted:
            self._show_view()

    @property
    def _views(self) -> list[View]:
        """What the upper chart shows in turn; what has no room of its own is among it."""
        left_out = {*(() if self._low else ("steps",)), *(() if self._low and self._narrow else ("worst",))}
        return [view for view in VIEWS if view not in left_out]

    def next_view(self) -> None:
        """Shows something else in the place of the upper chart."""
        views = self._views
        self.view = views[(views.index(self.view) + 1) % len(views)]
        self._show_view()

    def _show_view(self) -> None:
        if self.view not in self._views:
            self.view = "time"
        listed = self.view == "worst"
        self.query_one("#charts").display = not listed
        self.query_one("#steps-room").display = not self._low
        self.query_one("#worst-room").display = listed or not (self._low and self._narrow)
        self.query_one("#models-room").display = not listed
        self.query_one("#tables").styles.layout = "vertical" if self._narrow else "horizontal"
        self._draw_charts()

    def next_model(self) -> None:
        """Shows the worst origins and the coverage of the next model."""
        self.number = (self.number + 1) % len(self.result.models)
        self.draw()

    def next_target(self) -> None:
        """Shows the next target."""
        self.target = (self.target + 1) % len(self.result.backtest.table.targets)
        self.draw()

    @property
    def chosen_origin(self) -> int | None:
        """The selected one of the worst origins, as an index."""
        key = self.query_one(RowTable).chosen_key
        return None if key is None else int(key)

    def draw(self) -> None:
        """Draws everything again."""
        result, palette = self.result, self._palette
        target = result.backtest.table.targets[self.target]
        told = [one for one in sentences(result) if one.startswith(f"{target}: ")][:1]
        verdict = Text("\n".join(told), palette.truth)
        for warning in list(warnings(result))[:2]:
            verdict.append(f"\n~ {warning}", palette.named("warning"))
        self.query_one("#backtest-verdict", Static).update(verdict)
        self._draw_models()
        self._draw_charts()
        room, worst = self.query_one("#worst-room"), self.query_one(RowTable)
        room.border_title = f"Worst of {self.model.name}"
        origins = worst_origins(result, self.model, self.target, WORST)
        worst.clear()
        texts = score_texts("mae", [self.model.errors[origin, self.target] for origin in origins])
        for origin, text in zip(origins, texts, strict=True):
            worst.add_row(Text(_time(result, origin)), Text(text, justify="right"), key=str(origin))

    def _draw_models(self) -> None:
        models = self.query_one("#models", Static)
        width = models.size.width or self.size.width
        models.update(_models(self.result, self.target, self._palette, width))

    def _draw_charts(self) -> None:
        several = len(self.result.backtest.table.targets) > 1
        about = f" · {self.result.backtest.table.targets[self.target]}" if several else ""
        shown: dict[str, View] = {"main": self.view, "steps": "steps"}
        for place, view in shown.items():
            if view == "worst":
                continue
            self.query_one(f"#{place}-room").border_title = f"{CHARTS[view]}{about}"
            chart = self.query_one(f"#{place}-chart", Chart)
            columns = max(10, chart.size.width - 10)
            chart.show(picture_of(view, self.result, self.model, self.target, self._palette, columns))

    def tables(self) -> list[CopyTable]:
        """The scores of the models, and the error from each origin."""
        result, target = self.result, self.target
        scores = [
            (
                one.name,
                one.scores[target].mae,
                one.scores[target].mase,
                one.intervals[target].crps,
                one.seconds,
            )
            for one in result.models
        ]
        errors = [
            (_time(result, origin), *(float(one.errors[origin, target]) for one in result.models))
            for origin in range(len(result.backtest.origins))
        ]
        return [
            CopyTable("the models", ("model", "MAE", "MASE", "CRPS", "seconds"), scores),
            CopyTable("the errors from all origins", ("from", *(one.name for one in result.models)), errors),
        ]


def _time(result: BacktestResult, origin: int) -> str:
    return result.backtest.table.row_text(int(result.backtest.origins[origin]))


def _models(result: BacktestResult, target: int, palette: Palette, width: int) -> Table:
    """The scores of each model, the lowest MAE first, in as many columns as fit."""
    ordered = sorted(result.models, key=lambda one: one.scores[target].mae)
    columns = _columns(ordered, target)
    room = width - max(len(one.name) for one in ordered) - _SAMPLE
    for title in _LEFT_OUT:
        needed = sum(max(map(len, (name, *cells))) + 1 for name, cells in columns.items())
        if needed > room:
            del columns[title]
    table = Table.grid(padding=(0, 1, 0, 0))
    for place in range(len(columns) + 2):
        table.add_column(justify="left" if place < 2 else "right", no_wrap=True)
    table.add_row(*(Text(title, palette.quiet) for title in ("", "model", *columns)))
    for row, one in enumerate(ordered):
        style = f"bold {palette.truth}" if not row else palette.label
        table.add_row(
            Text(palette.look(one.key).sample, palette.line(one.key)),
            Text(one.name, style),
            *(Text(cells[row], style) for cells in columns.values()),
        )
    return table


def _columns(models: Sequence[ModelResult], target: int) -> dict[str, list[str]]:
    """The numbers of the models by the title of their column."""
    intervals = [one.intervals[target] for one in models]
    columns = {
        "MAE": score_texts("mae", [one.scores[target].mae for one in models]),
        "MASE": score_texts("mase", [one.scores[target].mase for one in models]),
        "CRPS": score_texts("mae", [one.crps for one in intervals]),
    }
    for level in sorted({level for one in intervals for level in one.levels}):
        measured = [
            {one.level: one.measured for one in own.coverage}.get(level, math.nan) for own in intervals
        ]
        columns[f"in {in_percent(level)} %"] = [fixed(value, 1) for value in measured]
    return {**columns, "seconds": [fixed(one.seconds, 1) for one in models]}
