"""The process of one backend: `python -P -m lstm_forecasting.processes.child BACKEND LIFELINE NICENESS`.

Requests arrive on fd 0 and messages leave on fd 1. Both are moved elsewhere first, so that a framework's
output goes to the log, which the host has put on fd 2. The process never outlives its host: it ends when the
stream of requests ends, whatever it is doing.
"""

import importlib.metadata
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from types import FrameType
from typing import BinaryIO

from lstm_forecasting.processes.inspecting import inspected
from lstm_forecasting.processes.messages import (
    Differentiate,
    Failed,
    FindDevices,
    FoundDevices,
    Hello,
    Inspect,
    Message,
    Observe,
    Predict,
    Request,
    Run,
    Stop,
    Warm,
)
from lstm_forecasting.processes.observing import LONGEST_REASON, answers
from lstm_forecasting.processes.pacing import paced
from lstm_forecasting.processes.protocol import PROTOCOL, Envelope, encode, read_envelopes
from lstm_forecasting.processes.system import THREADS, end_with, give_way
from lstm_forecasting.processes.work import predict, train, warm
from lstm_plugins import ForecasterError
from lstm_plugins.discovery import find_backend
from lstm_plugins.errors import InputError


class _Terminated(BaseException):
    """SIGTERM or SIGHUP arrived, whose number is the argument; only `main` catches it."""


class _Requests:
    """The host's requests, read by a thread, so that a request to stop is noticed during training."""

    def __init__(self, stream: BinaryIO) -> None:
        self._jobs: queue.SimpleQueue[tuple[int, Request]] = queue.SimpleQueue()
        self._stopped = 0
        threading.Thread(target=self._read, args=(stream,), name="requests", daemon=True).start()

    def next_job(self) -> tuple[int, Request]:
        """Waits for a request and returns it with its number."""
        return self._jobs.get()

    def stopped(self, job: int) -> bool:
        """Whether the host has asked to stop the training of this request."""
        return self._stopped >= job

    def _read(self, stream: BinaryIO) -> None:
        status = 0
        try:
            for envelope in read_envelopes(stream):
                for message in envelope.messages:
                    if isinstance(message, Request):
                        self._jobs.put((envelope.job, message))
                    elif isinstance(message, Stop):
                        self._stopped = envelope.job
        except Exception:  # noqa: BLE001 - nothing can be done for a host that breaks the protocol
            traceback.print_exc()
            status = 1
        # The host is gone. The main thread may be running native code, which cannot be interrupted.
        os._exit(status)


def main(backend: str, lifeline: int, niceness: int) -> int:
    """Answers requests until the host goes away, and returns the exit status."""
    requests, events = _take_pipes()
    end_with(lifeline)
    give_way(niceness)
    for end in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, _terminate)
    try:
        _send(events, 0, Hello(PROTOCOL, importlib.metadata.version("lstm-tui")))
        served = _Requests(requests)
        while True:
            number, request = served.next_job()
            if not _serve(backend, number, request, served, events):
                return 1
    except _Terminated as ended:
        return 128 + int(ended.args[0])


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    requests, events = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return os.fdopen(requests, "rb"), os.fdopen(events, "wb")


def _terminate(number: int, frame: FrameType | None) -> None:
    raise _Terminated(number)


def _send(events: BinaryIO, job: int, *messages: Message) -> None:
    events.write(encode(Envelope(job, messages)))
    events.flush()


def _serve(backend: str, number: int, request: Request, requests: _Requests, events: BinaryIO) -> bool:
    """Answers one request; returns False if the process should not be used again."""
    try:
        for messages in paced(_messages(backend, number, request, requests)):
            _send(events, number, *messages)
    except (ForecasterError, InputError) as error:
        _send(events, number, Failed(str(error).removesuffix(".")[:LONGEST_REASON], explained=True))
    except _Terminated:
        raise
    except BaseException as error:  # noqa: BLE001 - a plugin may raise anything, even SystemExit
        traceback.print_exc()
        sys.stderr.flush()
        reason = f"it failed with {traceback.format_exception_only(error)[-1].strip()}"
        _send(events, number, Failed(reason.splitlines()[0][:LONGEST_REASON], explained=False))
        return False
    return True


def _messages(backend: str, number: int, request: Request, requests: _Requests) -> Iterator[Message]:
    found, threads = find_backend(backend), int(os.environ[THREADS])
    match request:
        case Warm():
            yield warm(found)
        case FindDevices():
            yield FoundDevices(found.load_devices())
        case Run():
            yield from train(found, request, threads, lambda: requests.stopped(number))
        case Predict():
            yield predict(found, request, threads)
        case Observe():
            yield from answers(found, request, threads)
        case Inspect() | Differentiate():
            yield inspected(found, request, threads)


if __name__ == "__main__":
    status = main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    # Everything is sent and logged; an orderly exit of a framework would take a second.
    sys.stderr.flush()
    os._exit(status)
