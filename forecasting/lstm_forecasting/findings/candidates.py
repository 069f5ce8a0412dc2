"""The columns that could be the target, described well enough to choose one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.series.bounds import is_never_negative, is_whole
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.findings.beside import other_columns, read_beside
from lstm_forecasting.findings.column import Column, rounded

_MOST_VALUES = 2_000_000
"""Values of other columns that are read for their pictures; more would keep the user waiting."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A column that could be the target.

    Attributes:
        name: its title.
        values: its values without gaps, for a small picture; empty if it is not read.
        facts: what is known of it, a few words each; the reason if it cannot be read; none for large files.
    """

    name: str
    values: Array
    facts: tuple[str, ...]


def describe_candidates(table: SeriesTable) -> tuple[Candidate, ...]:
    """Describes the columns that could as well be the target, or else all numeric columns."""
    names = table.candidates or (*table.columns, *other_columns(table))
    own = {name: Column(table, index) for index, name in enumerate(table.columns)}
    others = [name for name in names if name not in own]
    found = {**own, **(read_beside(table, others) if table.rows * len(others) <= _MOST_VALUES else {})}
    return tuple(
        _described(name, found[name]) if name in found else Candidate(name, np.empty(0), ()) for name in names
    )


def _described(name: str, column: Column | str) -> Candidate:
    if isinstance(column, str):
        return Candidate(name, np.empty(0), (column,))
    return Candidate(name, column.seen, tuple(_facts(column)))


def _facts(column: Column) -> Sequence[str]:
    seen, gaps = column.seen, int((~column.observed).sum())
    facts = [f"{rounded(seen.min())} to {rounded(seen.max())}"]
    if is_whole(seen):
        facts.append("whole")
    if is_never_negative(seen):
        facts.append("never below 0")
    if gaps:
        facts.append(f"{gaps:,} missing")
    return facts
