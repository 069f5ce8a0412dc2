"""The scores of every backend and baseline on the test part, the best of each in bold."""

import math

from rich.table import Table
from rich.text import Text

from lstm_forecasting.experiment.results import ExperimentResult
from lstm_tui.kit.numbers import decimals_for, shown
from lstm_tui.kit.palette import Palette

_COLUMNS = (("MAE", "mae"), ("MASE", "mase"), ("RMSE", "rmse"), ("R²", "r2"), ("sMAPE", "smape"))
_SAMPLE = 5
"""Cells of a line sample and the gap after it."""


def score_table(result: ExperimentResult, target: int, palette: Palette, width: int) -> Table:
    """A row for every model, the lowest MAE first; as many measures as there is room for beside the names."""
    backends = {one.evaluation.name: one.backend for one in result.backends}
    evaluations = sorted(
        [*(one.evaluation for one in result.backends), *result.baselines],
        key=lambda one: one.scores[target].mae,
    )
    cells = {field: [getattr(one.scores[target], field) for one in evaluations] for _, field in _COLUMNS}
    texts = {field: _texts(field, values) for field, values in cells.items()}
    best = {field: _best(field, cells[field], texts[field]) for field in cells}
    widths = {field: max(6, *(len(text) + 2 for text in texts[field])) for field in cells}
    columns = list(_COLUMNS)
    room = width - _SAMPLE - max(len(one.name) for one in evaluations)
    while len(columns) > 1 and sum(widths[field] for _, field in columns) > room:
        columns.pop()
    table = Table.grid(expand=True)
    table.add_column(width=_SAMPLE, no_wrap=True)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    for _, field in columns:
        table.add_column(width=widths[field], justify="right", no_wrap=True)
    table.add_row("", *(Text(title, palette.quiet) for title in ("model", *(title for title, _ in columns))))
    for index, one in enumerate(evaluations):
        backend = backends.get(one.name)
        sample = Text(palette.look(backend).sample, palette.line(backend)) if backend else Text()
        name = Text(one.name, f"bold {palette.truth}" if backend else palette.label)
        row = [
            Text(
                texts[field][index],
                f"bold {palette.truth}" if texts[field][index] == best[field] else palette.label,
            )
            for _, field in columns
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
