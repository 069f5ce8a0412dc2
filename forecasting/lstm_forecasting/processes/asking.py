"""Sends a backend's process a request that has a single answer."""

import contextlib
import queue
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.processes.arrays import write_array
from lstm_forecasting.processes.events import BackendFailed
from lstm_forecasting.processes.messages import Message, Request
from lstm_forecasting.processes.pool import BackendProcesses, working_folder
from lstm_plugins import ForecasterConfig
from lstm_plugins.errors import InputError

Answer = TypeVar("Answer")


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
    config: ForecasterConfig, series: NDArray[np.float64], targets: tuple[int, ...], folder: Path
) -> dict[str, Any]:
    """Writes a scaled series `[rows, features]` into a folder and returns the fields of requests about it.

    The requests compute on the CPU and put the arrays of their answers into the same folder.
    """
    write_array(folder / "series.npy", series)
    return {
        "config": config.to_dict(),
        "series": str(folder / "series.npy"),
        "targets": targets,
        "lengths": (len(series),),
        "device": "cpu",
        "results": str(folder),
    }


@contextlib.contextmanager
def inquiry(
    config: ForecasterConfig,
    series: NDArray[np.float64],
    targets: tuple[int, ...],
    weights: Path,
    processes: BackendProcesses | None,
) -> Iterator[Inquiry]:
    """Writes the scaled series `[rows, features]` to a file, for any number of requests about it.

    `weights` is a checkpoint, which the child reads. Without `processes`, new ones start and end with the
    inquiry.
    """
    with working_folder(processes) as (pool, folder):
        fields = series_fields(config, series, targets, folder)
        yield Inquiry(pool, folder, {**fields, "weights": str(weights)})
