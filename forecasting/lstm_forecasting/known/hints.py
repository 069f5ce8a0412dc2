"""Finds columns that go on after the last value of the target, and that nobody named known ahead."""

from dataclasses import replace

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Integers, Truths
from lstm_forecasting.data.finding import KNOWN, Finding
from lstm_forecasting.data.options import READ_OPTIONS_BY_NAME
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.data.timed_rows import TimedRows
from lstm_forecasting.data.values.text_numbers import MISSING_SIGNS
from lstm_plugins.counting import counted, joined


def with_hint_at_known(table: SeriesTable, rows: TimedRows) -> SeriesTable:
    """The table, with a finding if unused columns have values in rows after the last one of the target.

    Files with several series get none.
    """
    if len(rows.series.names) > 1 or len(table.targets) > 1:
        return table
    after = _rows_after(rows, table.targets[0])
    names = [
        column.name
        for column in table.file_columns
        if table.role(column.name) == "unused" and _filled(rows.raw.columns[column.name])[after].any()
    ]
    if not names:
        return table
    own = () if table.known is None else table.known.names
    last = "the last row" if len(after) == 1 else f"the last {counted(len(after), 'row')}"
    have, them = ("has", "it") if len(names) == 1 else ("have", "them")
    sentence = (
        f"{joined(names)} {have} values in {last}, where {table.targets[0]} has none; to forecast with "
        f"{them}, name {them} as known ahead."
    )
    value = READ_OPTIONS_BY_NAME[KNOWN].text((*own, *names))
    finding = Finding("known ahead", sentence, option=KNOWN, value=value, suggested=True)
    return replace(table, decisions=(*table.decisions, sentence), findings=(*table.findings, finding))


def _rows_after(rows: TimedRows, target: str) -> Integers:
    """The rows of the file after the last one with a value of the target, in the order of their times."""
    filled = _filled(rows.raw.columns[target])
    order = np.arange(len(filled)) if rows.times is None else np.argsort(rows.times, kind="stable")
    observed = np.flatnonzero(filled[order])
    return order[int(observed[-1]) + 1 :] if len(observed) else order[:0]


def _filled(column: pl.Series) -> Truths:
    """In which rows a column of a file has a value."""
    if column.dtype != pl.String:
        return column.is_not_null().to_numpy()
    texts = column.str.strip_chars().str.to_lowercase()
    return (texts.is_not_null() & ~texts.is_in(["", *MISSING_SIGNS])).to_numpy()
