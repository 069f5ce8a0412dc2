"""JSON as columns: one object per line, or an array of objects."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from lstm_forecasting.data.raw_table import RawTable, add_column, tidy_title
from lstm_forecasting.data.values.text_numbers import shortened
from lstm_plugins.errors import InputError

_WORDS: dict[type, str] = {bool: "true or false", int: "a number", float: "a number", str: "a text"}
_NESTED: dict[type, str] = {dict: "an object", list: "an array"}


def read_json(text: str, file: str) -> RawTable:
    """Reads JSON lines or a JSON array of objects; a member that an object lacks is a missing value.

    Raises:
        InputError: the text is not JSON, or a member does not have plain values of one kind.
    """
    start = text.lstrip()[:1]
    if start == "[":
        noun, records, places = "object", *_array(text, file)
    elif start == "{":
        noun, records, places = "line", *_lines(text, file)
    else:
        raise InputError(
            f"{file} is not JSON but begins with {shortened(text.lstrip().splitlines()[0])}; write one "
            "object per line or an array of objects, or rename the file."
        )
    names: dict[str, None] = {}
    for record, place in zip(records, places, strict=True):
        if not isinstance(record, dict):
            raise InputError(
                f"{file}, {noun} {place}, is {_kind(record)} instead of an object; use objects only."
            )
        if not record.keys() <= names.keys():
            names.update(dict.fromkeys(record))
    if not names:
        raise InputError(f"{file} has no values; give objects with a time and numbers.")
    columns: dict[str, pl.Series] = {}
    for name in names:
        title = tidy_title(name)
        if not title:
            raise InputError(f"{file} has a member without a name; give it one.")
        column = _column([record.get(name) for record in records], title, file, noun, places)
        add_column(columns, title, column, file)
    decision = f"{file} is read as {'JSON lines' if noun == 'line' else 'a JSON array of objects'}."
    return RawTable(file, columns, None, noun, np.array(places, dtype=np.int64), (decision,))


def _array(text: str, file: str) -> tuple[list[Any], Sequence[int]]:
    try:
        records = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{file}, line {error.lineno}, is not JSON ({error.msg}); correct it.") from None
    except (RecursionError, ValueError) as error:
        raise InputError(f"{file} cannot be read as JSON ({error}); correct it.") from None
    if not records:
        raise InputError(f"{file} is an empty array; give objects with a time and numbers.")
    return records, range(1, len(records) + 1)


def _lines(text: str, file: str) -> tuple[list[Any], Sequence[int]]:
    records, places = [], []
    decode = json.JSONDecoder().decode
    for place, line in enumerate(text.split("\n"), start=1):
        if not line or line.isspace():
            continue
        try:
            records.append(decode(line))
        except (RecursionError, ValueError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            raise InputError(
                f"{file}, line {place}, is not a complete JSON object ({reason}); write one object per line, "
                "or an array of objects."
            ) from None
        places.append(place)
    return records, places


def _column(values: list[Any], name: str, file: str, noun: str, places: Sequence[int]) -> pl.Series:
    kinds = {type(value) for value in values} - {type(None)}
    if kinds - _WORDS.keys():
        row = next(row for row, value in enumerate(values) if type(value) in _NESTED)
        raise InputError(
            f"{file}, {noun} {places[row]}, has {_kind(values[row])} in {name!r}; use plain values, each in "
            "its own member."
        )
    if len({_WORDS[kind] for kind in kinds}) > 1:
        first = next(row for row, value in enumerate(values) if value is not None)
        word = _kind(values[first])
        other = next(row for row, value in enumerate(values) if value is not None and _kind(value) != word)
        raise InputError(
            f"{file} mixes types in {name!r}: {word} in {noun} {places[first]}, {_kind(values[other])} in "
            f"{noun} {places[other]}; use one type, and null for missing values."
        )
    if str in kinds:
        column = _texts(values, name, file, noun, places).str.strip_chars()
        return column.set(column == "", None)
    if kinds == {bool}:
        return pl.Series(values, dtype=pl.Boolean)
    if kinds == {int} and all(value is None or abs(value) < 2**53 for value in values):
        return pl.Series(values, dtype=pl.Int64)
    return pl.Series([_float(value) for value in values], dtype=pl.Float64)


def _texts(values: list[Any], name: str, file: str, noun: str, places: Sequence[int]) -> pl.Series:
    try:
        return pl.Series(values, dtype=pl.String)
    except UnicodeEncodeError:
        # JSON can escape half of a surrogate pair, which is not valid text.
        row = next(
            row
            for row, value in enumerate(values)
            if any("\ud800" <= sign <= "\udfff" for sign in value or "")
        )
        raise InputError(
            f"{file}, {noun} {places[row]}, has half of a surrogate pair (\\ud800 to \\udfff) in {name!r}; "
            "correct it."
        ) from None


def _float(value: float | None) -> float | None:
    try:
        return None if value is None else float(value)
    except OverflowError:
        return float("inf")


def _kind(value: Any) -> str:
    kind = type(value)
    return "null" if value is None else _NESTED.get(kind) or _WORDS[kind]
