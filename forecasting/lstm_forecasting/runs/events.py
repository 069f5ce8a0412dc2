"""The events of a run as lines of JSON, for programs that watch it from elsewhere or open it later.

Results are in files of their own; the event of a result only says that it is there.
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
    """Writes an event as a line with its newline."""
    if isinstance(event, ExperimentFinished):
        content: list[Any] = [type(event).__name__]
    elif isinstance(event, BackendFinished):
        content = [type(event).__name__, event.backend]
    else:
        content = [type(event).__name__, to_json(event)]
    return json.dumps(content, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def read_event(line: bytes) -> BackendEvent | str | None:
    """Reads the event of a line: a backend's name when its result is there, None when the run is over.

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
        raise ValueError(f"{line[:80]!r} is no event ({error})") from None
    return event


def _migrated(kind: str, fields: Any) -> Any:
    """The fields of an event that version 0.1.0 wrote: its epochs had no record of their own."""
    if kind == BackendEpoch.__name__ and "training_loss" in fields:
        return {"backend": fields.pop("backend"), "epoch": fields}
    return fields
