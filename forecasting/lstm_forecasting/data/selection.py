"""Selects the target and input columns of a file."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.close_names import hint_at
from lstm_forecasting.data.errors import ColumnError
from lstm_forecasting.data.finding import TARGET, Finding
from lstm_forecasting.data.times.row_numbers import may_number_rows
from lstm_forecasting.data.values.text_numbers import NumberColumn, number_columns
from lstm_plugins.errors import InputError

TIMES_OPTION = "time_column"
_TITLES = (
    *("y", "target", "value", "values", "close", "adj close", "close price", "closing price", "sales"),
    *("demand", "load", "consumption", "pm2.5", "pm25", "pm 2.5", "ot", "price", "units", "quantity", "qty"),
    *("count", "cnt", "total"),
)
"""Titles of columns that people forecast, likeliest first."""
_BESIDE = {"volume", "vol", "index", "id", "row", "no", "nr", "#", "unnamed: 0"}
"""Titles of columns that stand beside them."""
_LEAST_ROWS = 5
_LONG = 4
"""Letters of a title that may be one word among others, as in weekly_sales."""
_HELD = {TIMES_OPTION: "times", "series_column": "series names"}


def select_columns(
    file: str,
    numbers: Mapping[str, NumberColumn],
    reserved: Mapping[str, str],
    targets: Sequence[str],
    inputs: Sequence[str],
    usual: str | None = None,
    known: Sequence[str] = (),
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Selects columns by name; returns the targets, all selected columns (targets first) and the decisions.

    Args:
        file: the file's name, for messages.
        numbers: every column of the file, parsed as numbers.
        reserved: the columns that contain times or series names, each with the option that reserves it.
        targets: requested targets; if empty, the title of a column decides, or else the last one is taken.
        inputs: requested further inputs.
        usual: the default target, if the titles of a long file tell it.
        known: columns known ahead, which are checked here but not among the selected ones.

    Raises:
        ColumnError: a column does not exist, is reserved, or has two roles.
        InputError: a target is named twice, a column is not numeric, or there is no numeric column.
    """
    decisions: list[str] = []
    available = [name for name in numbers if name not in reserved]
    check_names(file, available, reserved, (*targets, *inputs, *known))
    for name in known:
        if name in targets or name in inputs:
            role = "a target" if name in targets else "an input"
            raise ColumnError(
                f"Column {name!r} of {file} cannot be both known ahead and {role}; name it once."
            )
    taken = (*inputs, *known)
    if not targets and usual is not None and usual not in taken:
        targets = (usual,)
        decisions.append(f"The target is {usual}, by the titles of the file.")
    if not targets:
        free = [name for name in available if name not in known]
        candidates = [name for name in number_columns(numbers) if name in free]
        if not candidates:
            raise _no_numbers(file, numbers, free, known)
        target, decision = _usual_target(numbers, candidates, inputs, known)
        targets = (target,)
        decisions.append(decision)
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


def check_names(
    file: str, available: Sequence[str], reserved: Mapping[str, str], names: Sequence[str]
) -> None:
    """Raises ColumnError if a file has no `available` column of one of the names, or it is reserved."""
    for name in names:
        if name in reserved:
            option = reserved[name]
            raise ColumnError(
                f"Column {name!r} of {file} contains {_HELD[option]}; choose another column, or set {option}."
            )
        if name not in available:
            raise ColumnError(f"{file} has no column {name!r}; {hint_at(name, available)}")


def target_candidates(
    numbers: Mapping[str, NumberColumn], reserved: Mapping[str, str], inputs: Sequence[str] = ()
) -> tuple[str, ...]:
    """The columns that could as well be the target; empty if there is one, or if a title tells which."""
    free = [name for name in number_columns(numbers) if name not in reserved and name not in inputs]
    if _titled(free) is not None:
        return ()
    likely = [name for name in free if not _is_beside(name, numbers[name])]
    return tuple(likely) if len(likely) > 1 else ()


def target_finding(decision: str, target: str, *, suggested: bool) -> Finding:
    """The finding that a target was chosen among several columns; `decision` says which and why."""
    return Finding("target", decision, target, option=TARGET, suggested=suggested)


def _titled(names: Sequence[str]) -> str | None:
    """The column that people forecast, by its title: the only one with that title, or with it as a word."""
    titles = {_plain(name): name for name in reversed(names)}
    exact = next((titles[title] for title in _TITLES if title in titles), None)
    if exact is not None:
        return exact
    for title in _TITLES:
        having = [name for name in names if len(title) >= _LONG and title in _plain(name).split()]
        if having:
            return having[0] if len(having) == 1 else None
    return None


def _plain(name: str) -> str:
    """A title in lower case without units in brackets and other signs, its words separated by spaces."""
    bare = re.sub(r"\s*[(\[].*?[)\]]|[*:.]+$|[<>]", "", name.lower())
    return " ".join(re.split(r"[\s_-]+", bare)).strip()


def _usual_target(
    numbers: Mapping[str, NumberColumn],
    candidates: Sequence[str],
    inputs: Sequence[str],
    known: Sequence[str],
) -> tuple[str, str]:
    """The target by default, and why: by its title, or else the last column that may be one."""
    free = [name for name in candidates if name not in inputs] or list(candidates)
    if len(candidates) == 1:
        others = " that is not known ahead" if known else ""
        return free[0], f"The target is {free[0]}, the only numeric column{others}."
    titled = _titled(free)
    if titled is not None:
        return titled, f"The target is {titled}, by its title; name another column to forecast it."
    likely = [name for name in free if not _is_beside(name, numbers[name])] or free
    which = f"last of {len(likely)} numeric columns" if len(likely) > 1 else "only numeric column"
    but = "" if len(free) == len(candidates) else " apart from the inputs"
    passed = [name for name in free if name not in likely]
    beside = f" ({', '.join(passed)}: row number, time, volume or constant)" if passed else ""
    decision = f"The target is {likely[-1]}, the {which}{but}{beside}; name another one to forecast it."
    return likely[-1], decision


def _is_beside(name: str, column: NumberColumn) -> bool:
    """Whether a column stands beside what people forecast: a row number, a time, a volume or a constant."""
    if _plain(name) in _BESIDE:
        return True
    values = column.values
    if values is None:
        return False
    is_time = may_number_rows(name) and bool((np.diff(values) > 0).all())
    return is_time or is_constant(values) or is_row_number(values)


def is_row_number(values: Array) -> bool:
    """Whether whole values `[rows]` go up or down by the same number from row to row."""
    steps = np.diff(values)
    return len(values) >= _LEAST_ROWS and bool(
        (steps == steps[0]).all() and steps[0] != 0.0 and values[0].is_integer() and steps[0].is_integer()
    )


def is_constant(values: Array) -> bool:
    """Whether values `[rows]` are all the same."""
    return len(values) >= _LEAST_ROWS and bool((values == values[0]).all())


def _no_numbers(
    file: str, numbers: Mapping[str, NumberColumn], available: Sequence[str], known: Sequence[str]
) -> InputError:
    if not available:
        beside = " and columns known ahead" if known else ""
        return InputError(f"{file} has only a time column{beside}; add a numeric column.")
    last = available[-1]
    return InputError(
        numbers[last].problem or f"Column {last!r} of {file} has no values; add a numeric column."
    )
