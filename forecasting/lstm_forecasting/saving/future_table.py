"""Forecasts as a table: one row for each time and target, columns for intervals and for each backend."""

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.data.arrays import Times
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.data.times.durations import DAY, SECOND
from lstm_forecasting.data.times.wall_clock import offsets_of
from lstm_forecasting.evaluation.intervals.bands import Bands
from lstm_forecasting.evaluation.intervals.levels import in_percent
from lstm_forecasting.experiment.results import Offer
from lstm_forecasting.saving.rounding import decimals_of_target, rounded
from lstm_plugins import ForecasterConfig

Column = list[Any]


def columns_of(
    table: SeriesTable,
    offers: Sequence[Offer],
    forecasts: Mapping[str, NDArray[np.float64]],
    config: ForecasterConfig,
    intervals: Sequence[Bands | None] = (),
) -> dict[str, Column]:
    """Columns of equal length: times or row numbers, targets, the offered forecasts, and each backend's.

    The columns "model" and "forecast" have the kind of the model that is offered for a target, such as lstm
    or ridge, and its forecast. "lo-80" and "hi-80" are the ends of its interval at 80 %; None where a step or
    a target has none. Times are in ISO 8601.

    Times on the clocks of a zone have their offset from UTC beside them, which is empty for an hour that the
    clocks skip.

    The forecasts `[steps, targets, quantiles]`, in the series' units, follow the last row of the table. With
    several quantiles, a backend has a column for each, such as "torch 0.1", beside its point forecast.
    `intervals` `[steps, levels]` are those of the offered models by target; None for a target without.
    """
    steps = next((len(quantiles) for quantiles in forecasts.values()), 0)
    columns: dict[str, Column] = {}
    times = table.future_times(steps) if steps else None
    if times is None:
        columns["row"] = [table.rows + step for step in range(steps) for _ in table.targets]
    else:
        columns["time"] = [text for text in iso(times) for _ in table.targets]
        if table.zone:
            offsets = offsets_of(times, table.zone)
            columns["utc_offset"] = [offset for offset in offsets for _ in table.targets]
    columns["target"] = list(table.targets) * steps
    if offers:
        columns["model"] = [offer.kind for offer in offers] * steps
        columns["forecast"] = np.stack([offer.future for offer in offers], axis=1).reshape(-1).tolist()
    columns |= _ends(intervals, steps)
    for backend, quantiles in forecasts.items():
        columns[backend] = quantiles[:, :, config.point_quantile].reshape(-1).tolist()
        if len(config.output_quantiles) > 1:
            for index, quantile in enumerate(config.output_quantiles):
                columns[f"{backend} {quantile:g}"] = quantiles[:, :, index].reshape(-1).tolist()
    return columns


def _ends(intervals: Sequence[Bands | None], steps: int) -> dict[str, Column]:
    """The ends of the intervals of all targets at each level that one of them has."""
    columns: dict[str, Column] = {}
    for level in sorted({level for one in intervals if one is not None for level in one.levels}):
        ends = np.full((2, steps, len(intervals)), np.nan)
        for target, one in enumerate(intervals):
            if one is not None and level in one.levels:
                index = one.levels.index(level)
                ends[:, :, target] = one.low[:, index], one.high[:, index]
        for side, values in zip(("lo", "hi"), ends.reshape(2, -1).tolist(), strict=True):
            columns[f"{side}-{in_percent(level)}"] = [
                None if math.isnan(value) else value for value in values
            ]
    return columns


def rounded_columns(columns: Mapping[str, Column], table: SeriesTable) -> dict[str, Column]:
    """The same table with the decimals that each target's values mean; see `decimals_of_target`."""
    by_target = {name: decimals_of_target(table, index) for index, name in enumerate(table.targets)}
    decimals = [by_target[name] for name in columns["target"]]
    return {
        name: rounded(values, decimals) if any(isinstance(value, float) for value in values) else values
        for name, values in columns.items()
    }


def rows_of(columns: Mapping[str, Column]) -> list[dict[str, Any]]:
    """The table as one dictionary for each row."""
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def write_columns(columns: Mapping[str, Column], suffix: str) -> bytes:
    """The content of a file: CSV, JSON, or else Parquet."""
    if suffix == ".csv":
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
        return text.getvalue().encode()
    if suffix == ".json":
        return (json.dumps(rows_of(columns), indent=1, allow_nan=False, ensure_ascii=False) + "\n").encode()
    return _parquet(columns)


def iso(times: Times) -> list[str]:
    """Times in ISO 8601, as short as they all allow."""
    microseconds = times.astype("datetime64[us]").astype(np.int64)
    if (microseconds % DAY == 0).all():
        return [str(time) for time in times.astype("datetime64[D]")]
    if (microseconds % SECOND == 0).all():
        return [str(time) for time in times.astype("datetime64[s]")]
    return [str(time) for time in times]


def _parquet(columns: Mapping[str, Column]) -> bytes:
    import polars

    frame = polars.DataFrame(dict(columns))
    if "time" in columns:
        frame = frame.with_columns(polars.col("time").str.to_datetime(time_unit="us"))
    content = io.BytesIO()
    frame.write_parquet(content)
    return content.getvalue()
