"""A column whose values are many times larger or smaller from a row on."""

from collections.abc import Iterator

from lstm_forecasting.data.finding import Finding
from lstm_forecasting.data.values.unit_changes import LevelChange, find_level_changes
from lstm_forecasting.findings.column import Column, rounded


def find_unit_changes(column: Column) -> Iterator[Finding]:
    """Yields a finding for each abrupt change of level, with its date and factor."""
    if column.table.reading.options.unit_change != "keep":
        return
    for change in find_level_changes(column.values):
        when = column.when(change.row)
        yield Finding(
            "unit change",
            f"From {when} on, values of {column.name} are {_factor(change)} (median "
            f"{rounded(change.before)} before, {rounded(change.after)} after): {_question(change)}",
            column.name,
            "All values are used as they are.",
            "unit_change",
            "convert",
            suggested=True,
            when=(when,),
        )


def _factor(change: LevelChange) -> str:
    if change.offset:
        return "higher" if change.after > change.before else "lower"
    times = change.factor if change.factor > 1 else 1 / change.factor
    return f"about {float(f'{times:.3g}'):g} times {'larger' if change.factor > 1 else 'smaller'}"


def _question(change: LevelChange) -> str:
    return f"another unit ({change.units})?" if change.units else "another unit or level?"
