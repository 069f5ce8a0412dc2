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
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, Literal, Union, get_args, get_origin, get_type_hints

from lstm_forecasting.processes.messages import Message

PROTOCOL = 1
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
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _record(kind: type, fields: Any) -> Any:
    hints = _hints(kind)
    if not isinstance(fields, dict) or fields.keys() != hints.keys():
        raise TypeError(f"{kind.__name__} has the fields {', '.join(hints)}")
    return kind(**{name: _typed(hint, fields[name]) for name, hint in hints.items()})


def _typed(hint: Any, value: Any) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, Union):
        if value is None and types.NoneType in arguments:
            return None
        (hint,) = (argument for argument in arguments if argument is not types.NoneType)
        return _typed(hint, value)
    if origin is tuple and isinstance(value, list):
        if arguments[-1] is Ellipsis:
            return tuple(_typed(arguments[0], item) for item in value)
        return tuple(_typed(item_hint, item) for item_hint, item in zip(arguments, value, strict=True))
    if origin is Literal and value in arguments:
        return value
    if hint is float and (type(value) in (int, float) or value in _SPELLED):
        return _SPELLED.get(value, value) if isinstance(value, str) else float(value)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _record(hint, value)
    if type(value) is (origin or hint):
        return value
    raise TypeError(f"{value!r} is not {hint}")
