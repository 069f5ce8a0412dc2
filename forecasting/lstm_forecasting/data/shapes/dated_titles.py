"""Tables with a series in each row, and times as the titles of their columns."""

import itertools
from dataclasses import replace

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Integers, Times
from lstm_forecasting.data.raw_table import RawTable
from lstm_forecasting.data.shapes.folded import TIME, VALUE
from lstm_forecasting.data.times.text_times import YEARS, months_by_name, parse_numeric_times, parse_times
from lstm_forecasting.data.values.text_numbers import are_plain

_FEWEST = 5
"""Titles that are times; fewer may be something else."""
_MOST_BESIDE = 12
"""Columns in front of them, such as names and places."""


def unfold_dated_titles(raw: RawTable) -> RawTable:
    """Unfolds columns such as 1/22/20, 1/23/20, … into columns of times and values.

    Texts beside them stay and name the series. Other tables are returned as they are.
    """
    found = _dated(list(raw.columns))
    if found is None:
        return raw
    dated, times = found
    others = [name for name in raw.columns if name not in dated]
    if len(others) == 1 and (months := _months(raw.columns[others[0]])) is not None:
        return _months_by_years(raw, dated, times, months)
    kept = [
        name for name in others if raw.columns[name].dtype == pl.String and not are_plain(raw.columns[name])
    ]
    # Where rows have times of their own, the titles name something else, such as years of delivery.
    if any(_are_times(raw.columns[name]) for name in others) or (raw.rows > 1 and not kept):
        return raw
    rows = pl.Series(np.repeat(np.arange(raw.rows), len(dated)))
    cells = pl.DataFrame({str(place): raw.columns[name] for place, name in enumerate(dated)})
    values = cells.select(pl.concat_list(pl.all())).to_series().explode()
    value = VALUE if VALUE not in kept else next(f"{VALUE} {n}" for n in itertools.count(2))
    columns = {name: raw.columns[name].gather(rows) for name in kept}
    columns[TIME] = pl.Series(TIME, np.tile(times, raw.rows))
    columns[value] = values.alias(value)
    decision = (
        f"The titles {dated[0]} to {dated[-1]} are times, so each row is a series; they are unfolded into "
        f"one column, {value}."
    )
    left_out = [name for name in others if name not in kept]
    more = [f"Columns beside the times are left out: {', '.join(left_out)}."] if left_out else []
    return replace(
        raw,
        columns=columns,
        places=raw.places[rows.to_numpy()],
        decisions=(*raw.decisions, decision, *more),
    )


def _months_by_years(raw: RawTable, years: list[str], times: Times, months: Integers) -> RawTable:
    """A table with a month in each row and a year in each column as columns of times and values."""
    starts = (times.astype("datetime64[M]")[:, np.newaxis] + (months - 1)).ravel()
    order = np.argsort(starts, kind="stable")
    values = pl.concat([raw.columns[year] for year in years]).gather(pl.Series(order))
    columns = {TIME: pl.Series(TIME, starts[order].astype("datetime64[us]")), VALUE: values.alias(VALUE)}
    decision = f"The table has months by years and is unfolded into one column, {VALUE}."
    places = np.tile(raw.places, len(years))[order]
    return replace(raw, columns=columns, places=places, decisions=(*raw.decisions, decision))


def _months(column: pl.Series) -> Integers | None:
    """The months of a column that names each once; None for other columns."""
    months = months_by_name(column) if column.dtype == pl.String else None
    return None if months is None or len(np.unique(months)) < len(months) else months


def _dated(titles: list[str]) -> tuple[list[str], Times] | None:
    """The titles that are times, perhaps behind names and before a total, and their times."""
    for start, stop in itertools.product(range(_MOST_BESIDE + 1), (len(titles), len(titles) - 1)):
        own = titles[start:stop]
        if len(own) < _FEWEST or not all(any(map(str.isdigit, title)) for title in (own[0], own[-1])):
            continue
        times = _times(pl.Series(own))
        if times is not None:
            return own, times
    return None


def _times(titles: pl.Series) -> Times | None:
    """The times of titles if all are times in order; of years, if they are consecutive."""
    parsed = parse_times(titles)
    if parsed is None:
        numeric = parse_numeric_times(titles)
        if numeric is None or numeric[0] != YEARS:
            return None
        parsed = numeric[1]
        if (np.abs(np.diff(parsed.times.astype("datetime64[Y]").astype(np.int64))) != 1).any():
            return None
    if parsed.wrong is not None or parsed.ambiguous or np.isnat(parsed.times).any():
        return None
    steps = np.diff(parsed.times).astype(np.int64)
    return parsed.times if (steps > 0).all() or (steps < 0).all() else None


def _are_times(column: pl.Series) -> bool:
    if column.dtype != pl.String:
        return bool(column.dtype.is_temporal())
    return parse_times(column) is not None or months_by_name(column) is not None
