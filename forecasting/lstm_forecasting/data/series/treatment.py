"""What reading did to the values of a series that a model learnt from, so that later files are read alike."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from lstm_forecasting.data.options import (
    DEFAULT_OPTIONS,
    READ_OPTIONS_BY_NAME,
    Difference,
    Missing,
    ReadOptions,
    UnitChange,
)
from lstm_forecasting.data.table import SeriesTable


@dataclass(frozen=True)
class Treatment:
    """Values of the options of reading that change numbers; the defaults for files older than treatments.

    Attributes:
        missing_mark: numbers that stood for missing values, found or named by the user.
        difference: whether readings of counters were replaced by their changes.
        unit_change: whether values before a change of unit were converted.
        missing: how missing values were filled.
    """

    missing_mark: tuple[str, ...] = ()
    difference: Difference = "none"
    unit_change: UnitChange = "keep"
    missing: Missing = "carry"


UNTREATED = Treatment()


def treatment_of(table: SeriesTable) -> Treatment:
    """How the values of a table were treated."""
    options = table.reading.options
    marks = READ_OPTIONS_BY_NAME["missing_mark"].parse(table.reading.held.get("missing_mark", ""))
    return Treatment(marks, options.difference, options.unit_change, options.missing)


def read_alike(treatment: Treatment, options: ReadOptions, named: Collection[str] = ()) -> ReadOptions:
    """The options of reading with those of a treatment wherever the user named none.

    An option is named if it has another value than its default, or is one of `named`.
    """
    names = ("missing_mark", "difference", "unit_change", "missing")
    unset = [
        name
        for name in names
        if name not in named and getattr(options, name) == getattr(DEFAULT_OPTIONS, name)
    ]
    return replace(options, **{name: getattr(treatment, name) for name in unset})
