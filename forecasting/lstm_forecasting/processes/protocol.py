"""Encodes messages as lines of JSON, one envelope per line (see `lstm_forecasting.records` for values)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, get_args

from lstm_forecasting.processes.messages import Message
from lstm_forecasting.records import from_json, to_json

PROTOCOL = 5
"""Version of the protocol; increased when a message changes."""

LINE_LIMIT = 1 << 20
"""Longest line in bytes, including the newline."""

_KINDS: dict[str, type] = {kind.__name__: kind for kind in get_args(Message)}


class ProtocolError(Exception):
    """A line is not a valid envelope."""


@dataclass(frozen=True)
class Envelope:
    """Messages, oldest first, about the request with number `job`, from 1; 0 is the process itself."""

    job: int
    messages: tuple[Message, ...]


def encode(envelope: Envelope) -> bytes:
    """The line of an envelope, including the newline.

    Raises:
        ProtocolError: the line would be too long, or JSON cannot express a field.
    """
    messages = [[type(message).__name__, to_json(message)] for message in envelope.messages]
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
        ProtocolError: the line is not a valid envelope.
    """
    try:
        content = json.loads(line)
        job, messages = content["job"], content["messages"]
        if type(job) is not int or set(content) != {"job", "messages"}:
            raise TypeError("an envelope consists of a job and its messages")
        return Envelope(job, tuple(from_json(_KINDS[kind], fields) for kind, fields in messages))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        shown = line[:80].decode(errors="replace")
        raise ProtocolError(f"{shown!r} ({type(error).__name__}: {error})") from None


def read_envelopes(stream: IO[bytes]) -> Iterator[Envelope]:
    """Reads envelopes until the stream ends; an incomplete last line is dropped.

    Raises:
        ProtocolError: a line is not a valid envelope, or too long.
    """
    while line := stream.readline(LINE_LIMIT + 1):
        if line.endswith(b"\n"):
            yield decode(line)
        elif len(line) > LINE_LIMIT:
            raise ProtocolError(f"a line is over the limit of {LINE_LIMIT} bytes")
