"""Targets that are never negative, or whole numbers: what forecasts are held to."""

from collections.abc import Iterator

from lstm_forecasting.data.finding import Finding
from lstm_forecasting.data.options import AUTO, NONE
from lstm_forecasting.data.series.bounds import (
    USUAL_CHANGE,
    count_negative,
    find_bounds,
    is_whole,
    negative_later,
    usual_change,
)
from lstm_forecasting.data.series.splits import DEFAULT_FRACTIONS, split_by_fraction
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.findings.column import Column


def find_limits(table: SeriesTable) -> Iterator[Finding]:
    """Yields findings about the bounds of forecasts, as the training rows of the usual split show them."""
    if table.rows < 2:
        return
    training = split_by_fraction(table.rows, *DEFAULT_FRACTIONS).train
    bounds, negative = find_bounds(table, training), count_negative(table, training.stop)
    for target, name in enumerate(table.targets):
        column = Column(table, target)
        if table.reading.options.minimum == AUTO and bounds.minimum[target] == 0.0:
            yield _never_negative(column, negative[target])
        if table.reading.options.whole == AUTO and is_whole(column.seen):
            yield _whole(column, rounded=bounds.whole[target], name=name)


def _never_negative(column: Column, negative: int) -> Finding:
    if negative:
        return Finding(
            "never negative",
            f"No training value of {column.name} is negative. {negative_later(column.name, negative)}",
            column.name,
            "Forecasts are at least 0, because only training values decide.",
            "minimum",
            NONE,
            suggested=True,
        )
    return Finding(
        "never negative",
        f"{column.name} is never negative; its least value is {column.seen.min():.10g}.",
        column.name,
        "Forecasts are at least 0.",
        "minimum",
        NONE,
    )


def _whole(column: Column, *, rounded: bool, name: str) -> Finding:
    evidence = f"All values of {name} are whole numbers"
    if rounded:
        return Finding("whole numbers", f"{evidence}.", name, "Forecasts are rounded.", "whole", "no")
    return Finding(
        "whole numbers",
        f"{evidence}, and half of their changes are {usual_change(column.seen):g} or less.",
        name,
        f"Forecasts are not rounded, because values change by less than {USUAL_CHANGE:g}.",
        "whole",
        "yes",
    )
