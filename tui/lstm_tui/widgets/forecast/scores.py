"""The scores of every backend and baseline on the test part, the best of each in bold."""

from __future__ import annotations

import math

from rich.table import Table
from rich.text import Text

from lstm_forecasting.experiment.results import ExperimentResult
from lstm_tui.palette import Palette
from lstm_tui.widgets.forecast.numbers import decimals_for, shown

_COLUMNS = (("MAE", "mae"), ("RMSE", "rmse"), ("MASE", "mase"), ("R²", "r2"), ("sMAPE", "smape"))
_ROOM_FOR_ALL = 60


def score_table(result: ExperimentResult, target: int, palette: Palette, width: int) -> Table:
    """A row for every model, the lowest MAE first; sMAPE where there is room."""
    columns = _COLUMNS if width >= _ROOM_FOR_ALL else _COLUMNS[:4]
    backends = {one.evaluation.name: one.backend for one in result.backends}
    evaluations = sorted(
        [*(one.evaluation for one in result.backends), *result.baselines],
        key=lambda one: one.scores[target].mae,
    )
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    table.add_column(width=4, no_wrap=True)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    for _ in columns:
        table.add_column(width=8, justify="right", no_wrap=True)
    table.add_row("", *(Text(title, palette.quiet) for title in ("model", *(title for title, _ in columns))))
    cells = {field: [getattr(one.scores[target], field) for one in evaluations] for _, field in columns}
    texts = {field: _texts(field, values) for field, values in cells.items()}
    best = {field: _best(field, cells[field], texts[field]) for field in cells}
    for index, one in enumerate(evaluations):
        backend = backends.get(one.name)
        sample = Text(palette.look(backend).sample, palette.line(backend)) if backend else Text()
        name = Text(one.name, f"bold {palette.truth}" if backend else palette.label)
        row = [
            Text(
                texts[field][index],
                f"bold {palette.truth}" if texts[field][index] == best[field] else palette.label,
            )
            for field in cells
        ]
        table.add_row(sample, name, *row)
    return table


def _texts(field: str, values: list[float]) -> list[str]:
    decimals = 3 if field in ("mase", "r2") else decimals_for(values)
    unit = " %" if field == "smape" else ""
    return [shown(value, decimals) + (unit if math.isfinite(value) else "") for value in values]


def _best(field: str, values: list[float], texts: list[str]) -> str:
    """What the best one shows; others that show the same are as good as one can see."""
    finite = [(value, text) for value, text in zip(values, texts, strict=True) if math.isfinite(value)]
    if not finite:
        return ""
    return (max if field == "r2" else min)(finite)[1]
