"""Which columns of a file are forecast, and which are seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lstm_forecasting.data.close_names import hint_at
from lstm_forecasting.data.errors import ColumnError
from lstm_forecasting.data.text_numbers import NumberColumn, number_columns
from lstm_plugins.errors import InputError

TIMES_OPTION = "time_column"
_HELD = {TIMES_OPTION: "the times", "series_column": "the names of the series"}


def select_columns(
    file: str,
    numbers: Mapping[str, NumberColumn],
    reserved: Mapping[str, str],
    targets: Sequence[str],
    inputs: Sequence[str],
    usual: str | None = None,
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Chooses columns by name.

    Args:
        file: the file's name, for messages.
        numbers: every column of the file, as numbers or why it is none.
        reserved: the columns that hold times or names of series, with the option of reading that says so.
        targets: the names asked for; if none is, the last column of numbers is the target.
        inputs: further names asked for.
        usual: the column that is the target instead of the last one, if the file's form says so.

    Returns:
        The targets, all chosen columns (the targets first) and the decisions.

    Raises:
        ColumnError: a name is unknown, or its column is needed for something else.
        InputError: a name is named twice, a column holds no numbers, or there is none to choose.
    """
    decisions: list[str] = []
    available = [name for name in numbers if name not in reserved]
    for name in (*targets, *inputs):
        _refuse_unusable(file, name, available, reserved)
    if not targets and usual is not None and usual not in inputs:
        targets = (usual,)
        decisions.append(f"The target is {usual}, as the titles of the file say.")
    if not targets:
        candidates = [name for name in number_columns(numbers) if name in available]
        if not candidates:
            raise _no_numbers(file, numbers, available)
        free = [name for name in candidates if name not in inputs] or candidates
        target = free[-1]
        targets = (target,)
        if len(candidates) == 1:
            decisions.append(f"The target is {target}, the only column of numbers.")
        else:
            which = f"last of {len(free)} columns of numbers" if len(free) > 1 else "only column of numbers"
            but = (
                ""
                if len(free) == len(candidates)
                else " that is no input"
                if len(free) == 1
                else " that are no inputs"
            )
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
        decisions.append(f"Forecasts see {', '.join(columns)}.")
    return tuple(targets), columns, tuple(decisions)


def _refuse_unusable(file: str, name: str, available: Sequence[str], reserved: Mapping[str, str]) -> None:
    if name in available:
        return
    if name in reserved:
        option = reserved[name]
        raise ColumnError(
            f"Column {name!r} of {file} holds {_HELD[option]}; choose a column of numbers, or set {option}."
        )
    raise ColumnError(f"{file} has no column {name!r}; {hint_at(name, available)}")


def _no_numbers(file: str, numbers: Mapping[str, NumberColumn], available: Sequence[str]) -> InputError:
    if not available:
        return InputError(f"{file} has a column of times and nothing else; add a column of numbers.")
    last = available[-1]
    return InputError(
        numbers[last].problem or f"Column {last!r} of {file} has no values at all; give a column of numbers."
    )
