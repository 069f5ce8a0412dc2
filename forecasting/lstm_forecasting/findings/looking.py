"""Looks through a table and lists what the user should know about it."""

from collections.abc import Iterable, Iterator, Sequence

from lstm_forecasting.data.catalogue import open_rows
from lstm_forecasting.data.finding import Finding
from lstm_forecasting.data.options import DEFAULT_OPTIONS, ReadOptions
from lstm_forecasting.data.reading import choose_columns
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.data.timed_rows import TimedRows
from lstm_forecasting.findings.beside import other_columns, read_beside
from lstm_forecasting.findings.column import Column, columns_of
from lstm_forecasting.findings.columns import find_idle_columns
from lstm_forecasting.findings.counters import find_counters
from lstm_forecasting.findings.limits import find_limits
from lstm_forecasting.findings.outliers import find_outliers
from lstm_forecasting.findings.series import find_short_series
from lstm_forecasting.findings.unit_changes import find_unit_changes


def find_findings(table: SeriesTable) -> tuple[Finding, ...]:
    """The findings of reading and of all columns that the table has, those with a suggestion first."""
    return _in_order(_all(table))


def check_data(
    source: str,
    targets: Sequence[str] = (),
    inputs: Sequence[str] = (),
    options: ReadOptions = DEFAULT_OPTIONS,
) -> tuple[SeriesTable, tuple[Finding, ...]]:
    """Opens data as `open_data` does, and looks through all numeric columns, also those that are not used.

    Raises:
        InputError: the data cannot be read.
    """
    rows = open_rows(source, options)
    table = choose_columns(rows, targets, inputs)
    return table, _in_order((*_all(table), *_beside(table, rows)))


def _beside(table: SeriesTable, rows: TimedRows) -> Iterator[Finding]:
    for name, column in read_beside(table, other_columns(table), rows).items():
        if isinstance(column, str):
            yield Finding("not usable", column, name, "It is left out.")
        else:
            yield from _of(column)


def _all(table: SeriesTable) -> Iterator[Finding]:
    yield from table.findings
    yield from find_short_series(table)
    for column in columns_of(table):
        yield from _of(column)
    yield from find_limits(table)


def _of(column: Column) -> Iterator[Finding]:
    idle = tuple(find_idle_columns(column))
    yield from idle
    if not idle:
        yield from find_unit_changes(column)
        yield from find_counters(column)
        yield from find_outliers(column)


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: not finding.suggested))
