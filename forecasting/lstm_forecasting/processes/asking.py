"""Sends backends' processes requests that have a single answer."""

import contextlib
import queue
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from lstm_forecasting.processes.arrays import write_array
from lstm_forecasting.processes.events import BackendFailed
from lstm_forecasting.processes.inbox import Inbox
from lstm_forecasting.processes.messages import FindDevices, FoundDevices, Message, Request
from lstm_forecasting.processes.pool import BackendProcesses, working_folder
from lstm_plugins import ForecasterConfig, SeriesSet
from lstm_plugins.errors import InputError

Answer = TypeVar("Answer")

SECONDS_FOR_DEVICES = 60.0
"""Time to import a framework on a slow and busy machine."""


def ask(
    processes: BackendProcesses, backend: str, threads: int, request: Request, kind: type[Answer]
) -> Answer:
    """Sends a request to a backend and waits for its answer, which must be of type `kind`.

    Raises:
        InputError: the process could not be started, or the backend failed.
    """
    answers: queue.SimpleQueue[Message] = queue.SimpleQueue()
    processes.submit(backend, threads, request, lambda _, message: answers.put(message))
    answer = answers.get()
    if isinstance(answer, BackendFailed):
        log = " ".join(answer.log[-1:])
        raise InputError(f"{backend} failed: {answer.reason}.{log and f' It wrote: {log}'}")
    if not isinstance(answer, kind):
        raise InputError(f"{backend} failed: its process sent {type(answer).__name__} out of turn.")
    return answer


@dataclass(frozen=True, eq=False)
class Inquiry:
    """What all requests about one trained network and one series share.

    Attributes:
        processes: the backends' processes.
        folder: place for further arrays.
        fields: the fields of a `messages.WeightsRequest`.
    """

    processes: BackendProcesses
    folder: Path
    fields: dict[str, Any]


def series_fields(
    config: ForecasterConfig, series: SeriesSet, folder: Path, indicators: int = 0
) -> dict[str, Any]:
    """Writes a scaled series into a folder and returns the fields of requests about it.

    Its last columns are `indicators` of missing values. The requests compute on the CPU and put the arrays of
    their answers into the same folder.
    """
    write_array(folder / "series.npy", series.values)
    beside = {"observed": series.observed, "known": series.known}
    for name, array in beside.items():
        if array is not None:
            write_array(folder / f"{name}.npy", array)
    return {
        "config": config.to_dict(),
        "series": str(folder / "series.npy"),
        "targets": series.targets,
        "lengths": series.lengths,
        "device": "cpu",
        "results": str(folder),
        **{name: "" if array is None else str(folder / f"{name}.npy") for name, array in beside.items()},
        "indicators": indicators,
        "own_known": series.own_known,
    }


@contextlib.contextmanager
def inquiry(
    config: ForecasterConfig,
    series: SeriesSet,
    weights: Path,
    processes: BackendProcesses | None,
    indicators: int = 0,
) -> Iterator[Inquiry]:
    """Writes the scaled series to a file, for any number of requests about it; see `series_fields`.

    `weights` is a checkpoint, which the child reads. Without `processes`, new ones start and end with the
    inquiry.
    """
    with working_folder(processes) as (pool, folder):
        fields = series_fields(config, series, folder, indicators)
        yield Inquiry(pool, folder, {**fields, "weights": str(weights)})


@dataclass(frozen=True)
class Devices:
    """A backend's devices.

    Attributes:
        names: empty if the backend did not answer.
        problem: why there is no answer, in one sentence; empty if there is one.
    """

    names: tuple[str, ...]
    problem: str = ""


def ask_devices(backends: Sequence[str], seconds: float = SECONDS_FOR_DEVICES) -> dict[str, Devices]:
    """Asks several backends at once for their devices; processes end if they do not answer in time."""
    inbox = Inbox[str]()
    unknown = Devices((), f"its devices were not known after {seconds:g} seconds")
    found = dict.fromkeys(backends, unknown)
    with BackendProcesses() as processes:
        for backend in backends:
            processes.submit(backend, 1, FindDevices(), inbox.put)
        until, missing = time.monotonic() + seconds, set(backends)
        while missing and (arrived := inbox.get(until)) is not None:
            backend, message = arrived
            missing.discard(backend)
            if isinstance(message, FoundDevices):
                found[backend] = Devices(message.devices)
            elif isinstance(message, BackendFailed):
                found[backend] = Devices((), message.reason)
    return found
