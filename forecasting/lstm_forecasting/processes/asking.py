"""Requests to a backend's process that have one answer."""

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
    """Gives a backend a request and waits for its one answer.

    Args:
        processes: where the backend's process is, or is started.
        backend: short name.
        threads: of the arithmetic.
        request: what to do.
        kind: of the answer.

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
    """What requests about one trained network and one series share.

    Attributes:
        processes: where the backends' processes are.
        folder: for further arrays.
        fields: of a `messages.WeightsRequest`.
    """

    processes: BackendProcesses
    folder: Path
    fields: dict[str, Any]


@contextlib.contextmanager
def inquiry(
    config: ForecasterConfig,
    series: NDArray[np.float64],
    targets: tuple[int, ...],
    weights: Path,
    processes: BackendProcesses | None,
) -> Iterator[Inquiry]:
    """Writes down what every request about a network and a series needs.

    Args:
        config: the network.
        series: `[rows, features]`, scaled.
        targets: columns that are forecast.
        weights: a checkpoint, which the child reads itself.
        processes: a pool that serves more than once; None starts processes for this inquiry.
    """
    with working_folder(processes) as (pool, folder):
        write_array(folder / "series.npy", series)
        fields = {
            "config": config.to_dict(),
            "series": str(folder / "series.npy"),
            "targets": targets,
            "lengths": (len(series),),
            "weights": str(weights),
            "device": "cpu",
            "results": str(folder),
        }
        yield Inquiry(pool, folder, fields)
