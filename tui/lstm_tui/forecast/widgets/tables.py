"""Tables of a forecast: the errors of each model and the values step by step, to show and to copy."""

import math
from collections.abc import Sequence
from dataclasses import asdict

from rich.table import Table
from rich.text import Text

from lstm_forecasting.data.arrays import Truths
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.evaluation.intervals.bands import Bands
from lstm_forecasting.evaluation.intervals.levels import in_percent
from lstm_forecasting.evaluation.intervals.model import ModelIntervals
from lstm_forecasting.evaluation.single_forecasts import forecast_rows, window_errors
from lstm_forecasting.experiment.lines import in_offered_order, offered_baseline
from lstm_forecasting.experiment.results import Evaluation, ExperimentResult
from lstm_forecasting.saving.forecast import future_columns
from lstm_tui.forecast.intervals import KnownIntervals, coverage_at
from lstm_tui.kit.charts.raster import Floats
from lstm_tui.kit.copying import CopyTable
from lstm_tui.kit.numbers import MADE, UNDEFINED, decimals_of_values, score_texts, shown
from lstm_tui.kit.palette import Palette

_MEASURES = {"MAE": "mae", "MASE": "mase", "RMSE": "rmse", "R²": "r2", "sMAPE": "smape"}
_WAITING = "…"
"""Stands for what is still being computed."""
_COLUMN = 9
"""Cells of a column of values with the gap after it, for what must fit."""
_NARROWEST = 8
"""Cells of a column of values, relative to those with longer titles."""
_SAMPLE = 5
"""Cells of a line sample and the gap after it."""

_ErrorColumn = tuple[str, int, list[Text]]
"""Title, width and cells of a column."""
_StepColumn = tuple[str, str, Floats]
"""Title, its colour, and the values of a column."""


def score_table(
    result: ExperimentResult, target: int, palette: Palette, width: int, intervals: KnownIntervals
) -> Table:
    """The errors of each model on the test part, and the coverage of its intervals; the lowest MAE first.

    The best value of each measure is bold: of coverage, the one closest to the level. Measures that do not
    fit in `width` are left out.
    """
    ordered = sorted(result.models, key=lambda one: one.scores[target].mae)
    errors = [_errors(title, measure, ordered, target, palette) for title, measure in _MEASURES.items()]
    measured = _measured([intervals.of(one.name, target) for one in ordered], palette)
    room = width - _SAMPLE - max(len(one.name) for one in ordered)
    columns: list[_ErrorColumn] = []
    for column in (*errors[:2], *measured, *errors[2:]):
        room -= column[1]
        if columns and room < 0:
            break
        columns.append(column)
    return _table_of_models(result, ordered, columns, palette)


def _errors(
    title: str, measure: str, ordered: Sequence[Evaluation], target: int, palette: Palette
) -> _ErrorColumn:
    values = [getattr(one.scores[target], measure) for one in ordered]
    unit = " %" if measure == "smape" else ""
    texts = [text if text == UNDEFINED else text + unit for text in score_texts(measure, values)]
    return _column(title, texts, _best(measure, values, texts), palette)


def _measured(found: Sequence[ModelIntervals | None], palette: Palette) -> list[_ErrorColumn]:
    """The coverage of each level, and the CRPS; a model that is not computed yet has a mark instead."""
    known = [one for one in found if one is not None]
    columns = []
    for level in sorted({level for one in known for level in one.levels}):
        coverages = [None if one is None else coverage_at(one, level) for one in found]
        values = [math.nan if one is None else one.measured for one in coverages]
        texts = [
            _WAITING if one is None else shown(value, 1) for one, value in zip(found, values, strict=True)
        ]
        apart = [(abs(value - level), text) for value, text in zip(values, texts, strict=True)]
        best = min((pair for pair in apart if math.isfinite(pair[0])), default=(0.0, ""))[1]
        columns.append(_column(f"in {in_percent(level)} %", texts, best, palette))
    if known:
        scores = [math.nan if one is None else one.crps for one in found]
        numbers = score_texts("mae", scores)
        texts = [_WAITING if one is None else text for one, text in zip(found, numbers, strict=True)]
        columns.append(_column("CRPS", texts, _best("crps", scores, texts), palette))
    return columns


def _column(title: str, texts: Sequence[str], best: str, palette: Palette) -> _ErrorColumn:
    cells = [Text(text, f"bold {palette.truth}" if text == best else palette.label) for text in texts]
    return title, max(6, len(title) + 1, *(len(text) + 2 for text in texts)), cells


def single_scores(result: ExperimentResult, window: int, target: int, palette: Palette) -> Table:
    """The error of each model in one window and on average, the lowest in this window first."""
    found = [(float(window_errors(result, one, target)[window]), one) for one in result.models]
    found.sort(key=lambda each: math.inf if math.isnan(each[0]) else each[0])
    means = [one.scores[target].mae for _, one in found]
    texts = score_texts("mae", [*(here for here, _ in found), *means])
    columns: list[_ErrorColumn] = [
        ("MAE here", 12, [Text(here, palette.truth) for here in texts[: len(found)]]),
        ("on average", 12, [Text(mean, palette.label) for mean in texts[len(found) :]]),
    ]
    return _table_of_models(result, [one for _, one in found], columns, palette)


def future_table(
    result: ExperimentResult,
    target: int,
    palette: Palette,
    width: int = 80,
    intervals: ModelIntervals | None = None,
) -> Table:
    """For each step after the series, the offered forecast with its intervals, and each backend's.

    The intervals, narrowest first, are left out where there is no room for them or they are not known.
    """
    baseline = offered_baseline(result, target)
    columns: list[_StepColumn] = []
    if baseline is not None:
        columns.append((baseline.name, palette.truth, baseline.future[:, target]))
    columns += [
        (one.evaluation.name, palette.line(one.backend), one.future[:, target])
        for one in in_offered_order(result, target)
    ]
    table = result.experiment.table
    rows = range(table.rows, table.rows + result.experiment.steps)
    decimals = _decimals(columns)
    if intervals is not None:
        room = width - len(table.row_text(rows[-1])) - len(columns) * _COLUMN
        columns[1:1] = _ends(intervals.future, room, palette)
    return _table_of_steps(table, rows, columns, decimals, palette)


def _ends(intervals: Bands, room: int, palette: Palette) -> list[_StepColumn]:
    """The ends of intervals `[steps, levels]` as columns, as many as there is room for."""
    return [
        (f"{side}-{in_percent(level)}", palette.quiet, ends[:, index])
        for index, level in enumerate(intervals.levels[: max(0, room // (2 * _COLUMN))])
        for side, ends in (("lo", intervals.low), ("hi", intervals.high))
    ]


def single_steps(
    result: ExperimentResult,
    window: int,
    target: int,
    palette: Palette,
    width: int = 80,
    intervals: ModelIntervals | None = None,
) -> Table:
    """The truth, each backend and the best baseline for each step of one window.

    The intervals are those of the best backend, beside its column, and are left out as in `future_table`.
    """
    rows, table = forecast_rows(result, window), result.experiment.table
    columns = [("truth", palette.truth, result.truth[window, :, target])]
    columns += [
        (one.evaluation.name, palette.line(one.backend), one.evaluation.forecasts[window, :, target])
        for one in result.backends
    ]
    best = result.best_baseline(target)
    if best is not None:
        columns.append((best.name, palette.quiet, best.forecasts[window, :, target]))
    filled, decimals = table.filled[rows.slice, target], _decimals(columns)
    judged = result.best_backend(target)
    if intervals is not None and judged is not None:
        own = Bands(intervals.levels, intervals.test.low[window], intervals.test.high[window])
        room = width - len(table.row_text(rows.stop - 1)) - len(columns) * _COLUMN
        place = 2 + result.backends.index(judged)
        columns[place:place] = _ends(own, room, palette)
    return _table_of_steps(table, range(rows.start, rows.stop), columns, decimals, palette, filled)


def scores_copy(result: ExperimentResult, target: int) -> CopyTable:
    """All scores of each model."""
    rows = [(one.name, *asdict(one.scores[target]).values()) for one in result.models]
    return CopyTable("the scores", ("model", "mae", "rmse", "mase", "smape", "r2"), rows)


def steps_copy(result: ExperimentResult, target: int) -> CopyTable:
    """The MAE of each model by horizon step."""
    rows = [
        (step + 1, *(one.scores_by_step[step][target].mae for one in result.models))
        for step in range(result.experiment.config.horizon)
    ]
    return CopyTable("the MAE by horizon step", ("step", *(one.name for one in result.models)), rows)


def future_copy(result: ExperimentResult) -> CopyTable:
    """The same table as a saved CSV file, with all digits."""
    columns = future_columns(result)
    return CopyTable("the future", tuple(columns), list(zip(*columns.values(), strict=True)))


def window_copy(result: ExperimentResult, window: int, target: int) -> CopyTable:
    """The truth, empty where it was filled, and the forecast of each model in one window."""
    table, steps = result.experiment.table, forecast_rows(result, window)
    values = [result.truth, *(one.forecasts for one in result.models)]
    columns = [one[window, :, target].tolist() for one in values]
    filled = table.filled[steps.slice, target]
    columns[0] = [None if made else value for value, made in zip(columns[0], filled, strict=True)]
    names = (table.frequency.step, "truth", *(one.name for one in result.models))
    rows = list(zip(map(table.row_text, range(steps.start, steps.stop)), *columns, strict=True))
    return CopyTable(f"the forecast from {table.row_text(steps.start)}", names, rows)


def _table_of_models(
    result: ExperimentResult, ordered: Sequence[Evaluation], columns: Sequence[_ErrorColumn], palette: Palette
) -> Table:
    backends = {one.evaluation.name: one.backend for one in result.backends}
    table = Table.grid(expand=True)
    table.add_column(width=_SAMPLE, no_wrap=True)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    for _, width, _ in columns:
        table.add_column(width=width, justify="right", no_wrap=True)
    table.add_row("", *(Text(title, palette.quiet) for title in ("model", *(title for title, *_ in columns))))
    for index, one in enumerate(ordered):
        backend = backends.get(one.name)
        sample = Text(palette.look(backend).sample, palette.line(backend)) if backend else Text()
        name = Text(one.name, f"bold {palette.truth}" if backend else palette.label)
        table.add_row(sample, name, *(cells[index] for _, _, cells in columns))
    return table


def _table_of_steps(
    series: SeriesTable,
    rows: range,
    columns: Sequence[_StepColumn],
    decimals: int,
    palette: Palette,
    filled: Truths | None = None,
) -> Table:
    """A row for each step; `filled` says which values of the first column are marked as such."""
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    step = series.frequency.step
    table.add_column(min_width=max(len(step), len(series.row_text(rows[-1]))), no_wrap=True)
    for title, *_ in columns:
        # Long names of models get more of the room.
        ratio = max(len(title), _NARROWEST)
        table.add_column(justify="right", no_wrap=True, ratio=ratio, overflow="ellipsis")
    table.add_row(Text(step, palette.quiet), *(Text(title, colour) for title, colour, _ in columns))
    for index, row in enumerate(rows):
        cells = [Text(shown(float(values[index]), decimals), palette.truth) for _, _, values in columns]
        if filled is not None and filled[index]:
            cells[0] = Text(f"{MADE} {cells[0]}", palette.named("accent"))
        table.add_row(Text(series.row_text(row), palette.label), *cells)
    return table


def _decimals(columns: Sequence[_StepColumn]) -> int:
    return decimals_of_values([float(value) for _, _, values in columns for value in values])


def _best(measure: str, values: list[float], texts: list[str]) -> str:
    """The text of the best value; values that look the same are equally good."""
    finite = [(value, text) for value, text in zip(values, texts, strict=True) if math.isfinite(value)]
    return (max if measure == "r2" else min)(finite, default=(0.0, ""))[1]
