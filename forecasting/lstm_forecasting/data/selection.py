"""Selects the target and input columns of a file."""

from collections.abc import Mapping, Sequence

from lstm_forecasting.data.close_names import hint_at
from lstm_forecasting.data.errors import ColumnError
from lstm_forecasting.data.text_numbers import NumberColumn, number_columns
from lstm_plugins.errors import InputError

TIMES_OPTION = "time_column"
_HELD = {TIMES_OPTION: "times", "series_column": "series names"}


def select_columns(
    file: str,
    numbers: Mapping[str, NumberColumn],
    reserved: Mapping[str, str],
    targets: Sequence[str],
    inputs: Sequence[str],
    usual: str | None = None,
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Selects columns by name; returns the targets, all selected columns (targets first) and the decisions.

    Args:
        file: the file's name, for messages.
        numbers: every column of the file, parsed as numbers.
        reserved: the columns that contain times or series names, each with the option that reserves it.
        targets: requested targets; if empty, the last numeric column is the target.
        inputs: requested further inputs.
        usual: the default target instead of the last numeric column, if the file's titles suggest one.

    Raises:
        ColumnError: a column does not exist or is reserved.
        InputError: a target is named twice, a column is not numeric, or there is no numeric column.
    """
    decisions: list[str] = []
    available = [name for name in numbers if name not in reserved]
    for name in (*targets, *inputs):
        if name in reserved:
            option = reserved[name]
            raise ColumnError(
                f"Column {name!r} of {file} contains {_HELD[option]}; choose a numeric column, or set "
                f"{option}."
            )
        if name not in available:
            raise ColumnError(f"{file} has no column {name!r}; {hint_at(name, available)}")
    if not targets and usual is not None and usual not in inputs:
        targets = (usual,)
        decisions.append(f"The target is {usual}, by the titles of the file.")
    if not targets:
        candidates = [name for name in number_columns(numbers) if name in available]
        if not candidates:
            raise _no_numbers(file, numbers, available)
        free = [name for name in candidates if name not in inputs] or candidates
        target = free[-1]
        targets = (target,)
        if len(candidates) == 1:
            decisions.append(f"The target is {target}, the only numeric column.")
        else:
            which = f"last of {len(free)} numeric columns" if len(free) > 1 else "only numeric column"
            but = "" if len(free) == len(candidates) else " apart from the inputs"
            decisions.append(f"The target is {target}, the {which}{but}; name another one to forecast it.")
    if len(set(targets)) < len(targets):
        twice = next(name for name in targets if list(targets).count(name) > 1)
        raise InputError(f"The target {twice!r} is named twice; name each column once.")
    columns = tuple(dict.fromkeys((*targets, *inputs)))
    for name in columns:
        problem = numbers[name].problem
        if problem is not None:
            raise InputError(problem)
        decisions.extend(numbers[name].decisions)
    further = columns[len(targets) :]
    if further:
        decisions.append(f"Forecasts use {', '.join(columns)}.")
    return tuple(targets), columns, tuple(decisions)


def _no_numbers(file: str, numbers: Mapping[str, NumberColumn], available: Sequence[str]) -> InputError:
    if not available:
        return InputError(f"{file} has only a time column; add a numeric column.")
    last = available[-1]
    return InputError(
        numbers[last].problem or f"Column {last!r} of {file} has no values; add a numeric column."
    )
