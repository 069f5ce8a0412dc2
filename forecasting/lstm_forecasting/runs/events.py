"""The events of a run as lines of JSON, for programs that watch it or open it later.

Results have their own files; the event of a result only says that its file exists.
"""

import json
from typing import Any, get_args

from lstm_forecasting.experiment.events import (
    BackendEpoch,
    BackendEvent,
    BackendFinished,
    ExperimentFinished,
)
from lstm_forecasting.records import from_json, to_json

_KINDS: dict[str, type] = {kind.__name__: kind for kind in get_args(BackendEvent)}


def event_line(event: BackendEvent | ExperimentFinished) -> bytes:
    """An event as a line of JSON."""
    if isinstance(event, ExperimentFinished):
        content: list[Any] = [type(event).__name__]
    elif isinstance(event, BackendFinished):
        content = [type(event).__name__, event.backend]
    else:
        content = [type(event).__name__, to_json(event)]
    return json.dumps(content, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def read_event(line: bytes) -> BackendEvent | str | None:
    """The event of a line: a backend's name if its result exists, None if the run has ended.

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
        event: BackendEvent = from_json(_KINDS[kind], _migrated(kind, fields))
    except (TypeError, KeyError) as error:
        raise ValueError(f"{line[:80]!r} is not an event ({error})") from None
    return event


def _migrated(kind: str, fields: Any) -> Any:
    """The fields of an event of version 0.1.0, which had no separate record for an epoch."""
    if kind == BackendEpoch.__name__ and "training_loss" in fields:
        return {"backend": fields.pop("backend"), "epoch": fields}
    return fields
