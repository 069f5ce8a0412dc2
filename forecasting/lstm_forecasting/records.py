"""Frozen dataclasses as JSON and back, checked against the types that they declare.

JSON knows no NaN and no infinity, and a loss can be either; a float that is not finite is spelled as a
string, and is a float again where a record declares one.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import types
from collections.abc import Callable
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

_SPELLED = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def plain(value: Any) -> Any:
    """A record, or what may stand in one, as JSON-ready values; those of unknown types stay as they are."""
    kind = type(value)
    if kind is float:
        return value if math.isfinite(value) else _spelled(value)
    if kind in (int, str, bool, types.NoneType):
        return value
    if dataclasses.is_dataclass(kind):
        return {name: plain(getattr(value, name)) for name in _names(kind)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return plain(float(value)) if isinstance(value, float) else value


def record(kind: Any, fields: Any) -> Any:
    """The record of the dataclass `kind` that `plain` made these fields from.

    Raises:
        TypeError: fields are missing, too many, or of another type.
        ValueError: a value is none of those allowed.
        KeyError: a string stands for a number and spells none.
    """
    readers = _readers(kind)
    if not isinstance(fields, dict) or fields.keys() != readers.keys():
        raise TypeError(f"{kind.__name__} has the fields {', '.join(readers)}")
    return kind(**{name: read(fields[name]) for name, read in readers.items()})


def _spelled(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


@functools.cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@functools.cache
def _reader(hint: Any) -> Callable[[Any], Any]:
    """What makes a value of the type `hint` out of JSON, or raises TypeError or ValueError."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, Union):
        (inner,) = (_reader(argument) for argument in arguments if argument is not types.NoneType)
        return lambda value: None if value is None else inner(value)
    if origin is tuple and arguments[-1] is Ellipsis:
        item = _reader(arguments[0])
        return lambda value: tuple(map(item, _checked(list, value)))
    if origin is tuple:
        items = [_reader(argument) for argument in arguments]
        return lambda value: tuple(
            read(part) for read, part in zip(items, _checked(list, value), strict=True)
        )
    if origin is Literal:
        return lambda value: arguments[arguments.index(value)]
    if hint is float:
        return _float
    if dataclasses.is_dataclass(hint):
        return functools.partial(record, hint)
    return functools.partial(_checked, origin or hint)


def _float(value: Any) -> float:
    return _SPELLED[value] if isinstance(value, str) else float(_checked((float, int), value))


def _checked(kinds: type | tuple[type, ...], value: Any) -> Any:
    if isinstance(value, kinds) and (kinds is bool or not isinstance(value, bool)):
        return value
    raise TypeError(f"{value!r} is not {kinds}")


@functools.cache
def _readers(kind: type) -> dict[str, Callable[[Any], Any]]:
    return {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
