"""One question to a backend's process, and its one answer."""

from __future__ import annotations

import queue
from typing import TypeVar

from lstm_forecasting.processes.messages import Failed, Message, Request
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_plugins.errors import InputError

Answer = TypeVar("Answer")


def ask(
    processes: BackendProcesses, backend: str, threads: int, request: Request, kind: type[Answer]
) -> Answer:
    """Gives a backend a job and waits for its answer.

    Args:
        processes: where the backend's process is, or is started.
        backend: short name.
        threads: of the arithmetic.
        request: the job.
        kind: of the answer.

    Raises:
        InputError: the process could not be started, or the backend failed.
    """
    answers: queue.SimpleQueue[Message] = queue.SimpleQueue()
    try:
        process = processes.run(backend, threads, request, lambda _, message: answers.put(message))
    except OSError as error:
        raise InputError(f"The process of {backend} could not be started: {error}.") from None
    answer = answers.get()
    if isinstance(answer, Failed):
        log = "" if answer.explained else " ".join(process.log_lines()[-1:])
        raise InputError(f"{backend} failed: {answer.reason}.{log and f' It wrote: {log}'}")
    if not isinstance(answer, kind):
        raise InputError(f"{backend} failed: its process sent {type(answer).__name__} out of turn.")
    return answer
