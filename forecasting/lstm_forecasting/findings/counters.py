"""A column of meter readings, which grow and fall back."""

from collections.abc import Iterator

import numpy as np

from lstm_forecasting.data.finding import Finding
from lstm_forecasting.data.raw_table import title_words
from lstm_forecasting.data.values.counters import find_counter
from lstm_forecasting.findings.column import Column

_TITLES = {
    *("meter", "counter", "cumulative", "cum", "cumul", "total", "totals", "odometer", "reading"),
    *("kwh", "mwh", "wh", "energy", "import", "export"),
    *("zähler", "zählerstand", "zaehlerstand", "compteur", "contador"),
}
"""Words in titles of counters that may never have fallen back."""
_FEWEST = 50
_GROWING = 0.2
"""Of the steps of such a counter; the others are 0."""


def find_counters(column: Column) -> Iterator[Finding]:
    """Yields a finding if the column is a counter: by how it falls back, or by its title if it only grows."""
    if column.table.reading.options.difference != "none":
        return
    counter = find_counter(column.values)
    if counter is not None:
        first = int(counter.falls[0])
        count = "once" if len(counter.falls) == 1 else f"{len(counter.falls)} times"
        which = "" if len(counter.falls) == 1 else "first "
        fall = f"from {counter.before[0]:.10g} to {counter.after[0]:.10g} at {column.when(first)}"
        evidence = (
            f"{column.name} grows from row to row and falls back {count}, {which}{fall}: readings of a meter?"
        )
        when = column.times(counter.falls)
    elif _only_grows(column):
        evidence, when = f"{column.name} never falls, and its title suggests that it counts.", ()
    else:
        return
    yield Finding(
        "counter",
        evidence,
        column.name,
        "Readings are forecast, not what is used from row to row." if column.is_target else "Used as it is.",
        "difference",
        "counter",
        suggested=True,
        when=when,
    )


def _only_grows(column: Column) -> bool:
    if _TITLES.isdisjoint(title_words(column.name)) or len(column.seen) < _FEWEST:
        return False
    steps = np.diff(column.seen)
    return bool((steps >= 0).all() and (steps > 0).mean() >= _GROWING and column.seen[0] >= 0)
