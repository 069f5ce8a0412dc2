"""The process of one backend: `python -P -m lstm_forecasting.processes.child BACKEND LIFELINE NICENESS`.

Requests come in on fd 0 and events go out on fd 1; both are taken away before anything else, so that what a
framework prints ends up in the log, which the host has put on fd 2. The process lives exactly as long as its
host: it ends when its requests end, whatever it is doing.
"""

from __future__ import annotations

import importlib.metadata
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import BinaryIO

import numpy as np

from lstm_conformance.probes import Probe
from lstm_forecasting.processes.arrays import map_array, read_arrays, write_array, write_arrays
from lstm_forecasting.processes.environment import THREADS
from lstm_forecasting.processes.inspecting import Arrays, differentiate, lay_open
from lstm_forecasting.processes.lifeline import end_with
from lstm_forecasting.processes.messages import (
    Differentiate,
    Failed,
    ForecastFiles,
    Hello,
    Inspect,
    Inspected,
    Message,
    Observe,
    Observed,
    Predict,
    Request,
    Run,
    SeriesRequest,
    Stop,
    Warm,
)
from lstm_forecasting.processes.observing import Answer, answers
from lstm_forecasting.processes.pacing import paced
from lstm_forecasting.processes.priority import give_way
from lstm_forecasting.processes.protocol import PROTOCOL, Envelope, encode, read_envelopes
from lstm_forecasting.processes.work import Forecasts, Job, loaded, predict, warmed, work
from lstm_plugins import Backend, ForecasterConfig, ForecasterError, ForecasterOptions, SeriesSet
from lstm_plugins.discovery import find_backend
from lstm_plugins.errors import InputError

LONGEST_REASON = 1000


class _Terminated(BaseException):
    """SIGTERM or SIGHUP came; nothing catches it but the way out.

    Attributes:
        number: of the signal.
    """

    def __init__(self, number: int) -> None:
        self.number = number


class _Requests:
    """What the host wants, read by a thread of its own, so that a stop is seen in mid-training."""

    def __init__(self, stream: BinaryIO) -> None:
        self._jobs: queue.SimpleQueue[tuple[int, Request]] = queue.SimpleQueue()
        self._stopped = 0
        threading.Thread(target=self._read, args=(stream,), name="requests", daemon=True).start()

    def next_job(self) -> tuple[int, Request]:
        """Waits for a job and gives it with its number."""
        return self._jobs.get()

    def stopped(self, job: int) -> bool:
        """Whether the host wants this job's training to end."""
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
        except Exception:  # noqa: BLE001 - a host that speaks another language is as good as gone
            traceback.print_exc()
            status = 1
        # The host is gone. The main thread may be deep in native code and cannot be asked.
        os._exit(status)


def main(backend: str, lifeline: int, niceness: int) -> int:
    """Serves jobs until the host goes away, and gives the exit status."""
    requests, events = _take_pipes()
    end_with(lifeline)
    give_way(niceness)
    for end in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, _terminate)
    try:
        _send(events, 0, _hello(backend))
        served = _Requests(requests)
        while True:
            number, request = served.next_job()
            if not _serve(backend, number, request, served, events):
                return 1
    except _Terminated as ended:
        return 128 + ended.number


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    requests, events = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return os.fdopen(requests, "rb"), os.fdopen(events, "wb")


def _terminate(number: int, frame: FrameType | None) -> None:
    raise _Terminated(number)


def _hello(backend: str) -> Hello:
    package = importlib.metadata.version("lstm-tui")
    return Hello(PROTOCOL, package, backend, int(os.environ[THREADS]))


def _send(events: BinaryIO, job: int, *messages: Message) -> None:
    events.write(encode(Envelope(job, messages)))
    events.flush()


def _serve(backend: str, number: int, request: Request, requests: _Requests, events: BinaryIO) -> bool:
    """Does one job; False when the process had better not be used again."""
    try:
        for messages in paced(_messages(backend, number, request, requests)):
            _send(events, number, *messages)
    except (ForecasterError, InputError) as error:
        _send(events, number, Failed(str(error)[:LONGEST_REASON], explained=True))
    except _Terminated:
        raise
    except BaseException as error:  # noqa: BLE001 - a plugin may raise anything, SystemExit among it
        traceback.print_exc()
        sys.stderr.flush()
        reason = f"it failed with {traceback.format_exception_only(error)[-1].strip()}"
        _send(events, number, Failed(reason.splitlines()[0][:LONGEST_REASON], explained=False))
        return False
    return True


def _messages(backend: str, number: int, request: Request, requests: _Requests) -> Iterator[Message]:
    found = find_backend(backend)
    if isinstance(request, Warm):
        yield warmed(found)
        return
    if isinstance(request, Observe):
        folder = Path(request.results)
        for answer in answers(found, _probe(request), request.levels, _options(request)):
            yield _observed(answer, folder) if isinstance(answer, Answer) else answer
        return
    if isinstance(request, Predict):
        weights = read_arrays(Path(request.weights))
        yield _written(predict(found, _prediction(request), weights), Path(request.results))
        return
    if isinstance(request, Inspect | Differentiate):
        yield _inspected(_looked_into(found, request), Path(request.results))
        return
    for event in work(found, _job(request), lambda: requests.stopped(number)):
        yield _written(event, Path(request.results)) if isinstance(event, Forecasts) else event


def _job(run: Run) -> Job:
    return Job(
        config=ForecasterConfig.from_dict(run.config),
        series=_series(run),
        training=run.training,
        validation=run.validation,
        test=run.test,
        steps=run.steps,
        options=_options(run),
        training_folder=run.training_folder,
    )


def _prediction(request: Predict) -> Job:
    return Job(
        config=ForecasterConfig.from_dict(request.config),
        series=_series(request),
        training=(),
        validation=(),
        test=request.test,
        steps=request.steps,
        options=_options(request),
    )


def _probe(request: Observe) -> Probe:
    return Probe(
        name=request.probe,
        config=ForecasterConfig.from_dict(request.config),
        series=_series(request),
        training=request.training,
        validation=request.validation,
        weights=read_arrays(Path(request.weights)),
        starts=np.array(map_array(Path(request.starts))),
    )


def _looked_into(backend: Backend, request: Inspect | Differentiate) -> Arrays:
    config = ForecasterConfig.from_dict(request.config)
    series = _series(request)
    weights = read_arrays(Path(request.weights))
    forecaster = loaded(backend, config, series, _options(request), weights)
    if isinstance(request, Inspect):
        return lay_open(forecaster, request.start)
    return differentiate(forecaster, np.array(map_array(Path(request.starts))))


def _series(request: SeriesRequest) -> SeriesSet:
    return SeriesSet(map_array(Path(request.series)), request.targets, request.lengths)


def _options(request: SeriesRequest) -> ForecasterOptions:
    return ForecasterOptions(request.device, int(os.environ[THREADS]))


def _observed(answer: Answer, folder: Path) -> Observed:
    observation, path = answer.observation, folder / f"{answer.level}.npz"
    unsupported, error = observation.unsupported, observation.error
    if not (unsupported or error):
        try:
            write_arrays(path, observation.tensors)
        except ValueError as problem:
            error = f"it answered with something else than numbers ({problem})"
    arrays = "" if unsupported or error else str(path)
    return Observed(answer.level, arrays, unsupported[:LONGEST_REASON], error[:LONGEST_REASON])


def _inspected(arrays: Arrays, folder: Path) -> Inspected:
    path = folder / "inside.npz"
    write_arrays(path, arrays)
    return Inspected(str(path))


def _written(forecasts: Forecasts, folder: Path) -> ForecastFiles:
    arrays = {"starts": forecasts.starts, "test": forecasts.test, "future": forecasts.future}
    paths = {name: folder / f"{name}.npy" for name in arrays}
    for name, array in arrays.items():
        write_array(paths[name], array)
    return ForecastFiles(**{name: str(path) for name, path in paths.items()})


if __name__ == "__main__":
    status = main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    # All that was to be sent or logged is written, and a framework takes a second to be taken down.
    sys.stderr.flush()
    os._exit(status)
