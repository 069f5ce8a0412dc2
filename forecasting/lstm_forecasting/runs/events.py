"""The events of a run as lines of JSON, for whoever watches it from elsewhere or opens it later.

Results are in files of their own; the events that bring them only say that they are there.
"""

from __future__ import annotations

import json
from typing import Any, get_args

from lstm_forecasting.experiment.events import (
    BackendEvent,
    BackendFinished,
    ExperimentFinished,
)
from lstm_forecasting.records import plain, record

_KINDS: dict[str, type] = {kind.__name__: kind for kind in get_args(BackendEvent)}


def event_line(event: BackendEvent | ExperimentFinished) -> bytes:
    """An event as a line with its newline."""
    if isinstance(event, ExperimentFinished):
        content: list[Any] = [type(event).__name__]
    elif isinstance(event, BackendFinished):
        content = [type(event).__name__, event.backend]
    else:
        content = [type(event).__name__, plain(event)]
    return json.dumps(content, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def read_event(line: bytes) -> BackendEvent | str | None:
    """The event of a line: the backend's name where its result is there, None where the run is over.

    Raises:
        ValueError: the line is damaged.
    """
    try:
        kind, *content = json.loads(line)
        if kind == ExperimentFinished.__name__:
            return None
        (fields,) = content
        if kind == BackendFinished.__name__ and isinstance(fields, str):
            return fields
        event: BackendEvent = record(_KINDS[kind], fields)
    except (TypeError, KeyError) as error:
        raise ValueError(f"{line[:80]!r} is no event ({error})") from None
    return event
