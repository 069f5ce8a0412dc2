"""Messages as lines of JSON: one line is one envelope, and a line is never longer than `LINE_LIMIT`.

JSON knows no NaN and no infinity, and a loss can be either; a float that is not finite is spelled as a
string, and is a float again where a record declares one.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import math
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Literal, Union, get_args, get_origin, get_type_hints

from lstm_forecasting.processes.messages import Message

PROTOCOL = 3
"""Raised when a message changes."""

LINE_LIMIT = 1 << 20
"""Bytes, the newline among them."""

_KINDS: dict[str, type] = {kind.__name__: kind for kind in get_args(Message)}
_SPELLED = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


class ProtocolError(Exception):
    """A line is no envelope of ours."""


@dataclass(frozen=True)
class Envelope:
    """Messages about one job.

    Attributes:
        job: jobs of a process count from 1; 0 is the process itself.
        messages: oldest first.
    """

    job: int
    messages: tuple[Message, ...]


def encode(envelope: Envelope) -> bytes:
    """The envelope as a line with its newline.

    Raises:
        ProtocolError: the line would be too long, or a field holds what JSON has no words for.
    """
    messages = [[type(message).__name__, _plain(message)] for message in envelope.messages]
    try:
        text = json.dumps({"job": envelope.job, "messages": messages}, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise ProtocolError(f"{error} in {envelope}") from None
    line = text.encode() + b"\n"
    if len(line) > LINE_LIMIT:
        raise ProtocolError(f"a line of {len(line)} bytes is over the limit of {LINE_LIMIT}")
    return line


def decode(line: bytes) -> Envelope:
    """The envelope of a line.

    Raises:
        ProtocolError: it is none.
    """
    try:
        content = json.loads(line)
        job, messages = content["job"], content["messages"]
        if type(job) is not int or set(content) != {"job", "messages"}:
            raise TypeError("an envelope is a job and its messages")
        return Envelope(job, tuple(_record(_KINDS[kind], fields) for kind, fields in messages))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        shown = line[:80].decode(errors="replace")
        raise ProtocolError(f"{shown!r} ({type(error).__name__}: {error})") from None


def read_envelopes(stream: IO[bytes]) -> Iterator[Envelope]:
    """Envelopes until the stream ends; a last line that was cut short is dropped.

    Raises:
        ProtocolError: a line is no envelope, or too long.
    """
    while line := stream.readline(LINE_LIMIT + 1):
        if line.endswith(b"\n"):
            yield decode(line)
        elif len(line) > LINE_LIMIT:
            raise ProtocolError(f"a line is over the limit of {LINE_LIMIT} bytes")


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is float:
        return value if math.isfinite(value) else _spelled(value)
    if kind in (int, str, bool, types.NoneType):
        return value
    if dataclasses.is_dataclass(kind):
        return {name: _plain(getattr(value, name)) for name in _names(kind)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return _plain(float(value)) if isinstance(value, float) else value


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
        return functools.partial(_record, hint)
    return functools.partial(_checked, origin or hint)


def _float(value: Any) -> float:
    return _SPELLED[value] if isinstance(value, str) else float(_checked((float, int), value))


def _checked(kinds: type | tuple[type, ...], value: Any) -> Any:
    if isinstance(value, kinds) and (kinds is bool or not isinstance(value, bool)):
        return value
    raise TypeError(f"{value!r} is not {kinds}")


def _record(kind: Any, fields: Any) -> Any:
    readers = _readers(kind)
    if not isinstance(fields, dict) or fields.keys() != readers.keys():
        raise TypeError(f"{kind.__name__} has the fields {', '.join(readers)}")
    return kind(**{name: read(fields[name]) for name, read in readers.items()})


@functools.cache
def _readers(kind: type) -> dict[str, Callable[[Any], Any]]:
    return {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
