"""Which columns of a file are forecast, and which are seen."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from lstm_forecasting.data.text_numbers import NumberColumn, number_columns
from lstm_forecasting.errors import InputError


def select_columns(
    file: str,
    numbers: Mapping[str, NumberColumn],
    time_columns: Sequence[str],
    targets: Sequence[str],
    inputs: Sequence[str],
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Chooses columns by name.

    Args:
        file: the file's name, for messages.
        numbers: every column of the file, as numbers or why it is none.
        time_columns: those that the times are made from.
        targets: the names asked for; if none is, the last column of numbers is the target.
        inputs: further names asked for.

    Returns:
        The targets, all chosen columns (the targets first) and the decisions.

    Raises:
        InputError: a name is unknown or named twice, a column holds no numbers, or there is none to choose.
    """
    decisions: list[str] = []
    available = [name for name in numbers if name not in time_columns]
    for name in (*targets, *inputs):
        _refuse_unusable(file, name, available, time_columns)
    if not targets:
        candidates = [name for name in number_columns(numbers) if name in available]
        if not candidates:
            raise _no_numbers(file, numbers, available)
        target = next((name for name in reversed(candidates) if name not in inputs), candidates[-1])
        targets = (target,)
        others = len(candidates) - 1
        if others:
            decisions.append(
                f"The target is {target}, the last of {others + 1} columns of numbers; "
                "name another one to forecast it."
            )
        else:
            decisions.append(f"The target is {target}, the only column of numbers.")
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


def _refuse_unusable(file: str, name: str, available: Sequence[str], time_columns: Sequence[str]) -> None:
    if name in available:
        return
    if name in time_columns:
        raise InputError(f"Column {name!r} of {file} holds the times; choose a column of numbers.")
    lowered = {known.lower(): known for known in available}
    close = [lowered[match] for match in difflib.get_close_matches(name.lower(), lowered, n=3)]
    if close:
        hint = f"did you mean {' or '.join(close)}?"
    else:
        listed = ", ".join(available[:20]) + (", ..." if len(available) > 20 else "")
        hint = f"it has {listed}."
    raise InputError(f"{file} has no column {name!r}; {hint}")


def _no_numbers(file: str, numbers: Mapping[str, NumberColumn], available: Sequence[str]) -> InputError:
    if not available:
        return InputError(f"{file} has a column of times and nothing else; add a column of numbers.")
    last = available[-1]
    return InputError(
        numbers[last].problem or f"Column {last!r} of {file} has no values at all; give a column of numbers."
    )
