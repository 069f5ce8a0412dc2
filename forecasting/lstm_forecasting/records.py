"""Converts frozen dataclasses to JSON and back, checked against the types of their fields.

A loss can be NaN or infinite, which JSON cannot express, so such a float is written as a string and read back
as a float. For this reason, and because unknown fields are refused, msgspec is not used: it writes such
floats as null and ignores unknown fields of a dataclass.
"""

import dataclasses
import functools
import math
import types
from collections.abc import Callable
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def to_json(value: Any) -> Any:
    """A record, or a value of one, as JSON-ready values; values of other types are unchanged."""
    if isinstance(value, float):
        if math.isfinite(value):
            return float(value)
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    kind = type(value)
    if dataclasses.is_dataclass(kind):
        return {name: to_json(getattr(value, name)) for name in _names(kind)}
    return [to_json(item) for item in value] if isinstance(value, tuple) else value


def from_json(kind: Any, fields: Any) -> Any:
    """The record of the dataclass `kind` from the result of `to_json`.

    Raises:
        TypeError: a field is missing, unknown or has the wrong type. A field with a default may be missing,
            as in files that are older than the field.
        ValueError: a value is not allowed.
        KeyError: a string that should be a number is not one.
    """
    readers = _readers(kind)
    if not isinstance(fields, dict) or not _required(kind) <= fields.keys() <= readers.keys():
        raise TypeError(f"{kind.__name__} has the fields {', '.join(readers)}")
    return kind(**{name: readers[name](value) for name, value in fields.items()})


@functools.cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@functools.cache
def _required(kind: type) -> frozenset[str]:
    missing = dataclasses.MISSING
    fields = dataclasses.fields(kind)
    return frozenset(one.name for one in fields if one.default is missing and one.default_factory is missing)


@functools.cache
def _readers(kind: type) -> dict[str, Callable[[Any], Any]]:
    return {name: _reader(hint) for name, hint in get_type_hints(kind).items()}


@functools.cache
def _reader(hint: Any) -> Callable[[Any], Any]:
    """A function that converts JSON to the type `hint`, or raises TypeError or ValueError."""
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
        return functools.partial(from_json, hint)
    return functools.partial(_checked, origin or hint)


def _float(value: Any) -> float:
    return _NOT_FINITE[value] if isinstance(value, str) else float(_checked((float, int), value))


def _checked(kinds: type | tuple[type, ...], value: Any) -> Any:
    if isinstance(value, kinds) and (kinds is bool or not isinstance(value, bool)):
        return value
    raise TypeError(f"{value!r} is not {kinds}")
