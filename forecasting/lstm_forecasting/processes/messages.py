"""What host and child send each other besides the events of `processes.events`, as frozen records."""

from dataclasses import dataclass
from typing import Any

from lstm_forecasting.checkpoints.recorder import TrainingFolder
from lstm_forecasting.processes.events import (
    BackendAnswers,
    BackendEpoch,
    BackendFailed,
    BackendProgress,
    BackendReady,
    BackendStopped,
    BackendTrained,
    BackendUnsaved,
    BackendWarm,
)
from lstm_plugins import TargetRows


@dataclass(frozen=True)
class SeriesRequest:
    """Host to child: the fields that all requests about a series share.

    Attributes:
        config: `ForecasterConfig.to_dict`.
        series: path of the scaled series, float64 `[rows, features]`, as `.npy`.
        targets: columns that are forecast.
        lengths: rows of each series.
        device: where to compute.
        results: folder for the arrays of the answer.
    """

    config: dict[str, Any]
    series: str
    targets: tuple[int, ...]
    lengths: tuple[int, ...]
    device: str
    results: str


@dataclass(frozen=True)
class Run(SeriesRequest):
    """Host to child: train, then forecast the test windows and the future.

    Attributes:
        training: target rows, like validation and test.
        validation: may be empty.
        test: target rows whose windows are forecast at stride 1.
        steps: rows to forecast after the last one.
        training_folder: where checkpoints are written and read; None writes none.
    """

    training: TargetRows
    validation: TargetRows
    test: TargetRows
    steps: int
    training_folder: TrainingFolder | None = None


@dataclass(frozen=True)
class WeightsRequest(SeriesRequest):
    """Host to child: the fields that all requests about given weights share.

    Attributes:
        weights: path of a checkpoint, or of the arrays alone as `.npz`.
    """

    weights: str


@dataclass(frozen=True)
class Predict(WeightsRequest):
    """Host to child: forecast windows and the future.

    Attributes:
        test: target rows whose windows are forecast at stride 1; may be empty.
        steps: rows to forecast after the last one.
    """

    test: TargetRows
    steps: int


@dataclass(frozen=True)
class Observe(WeightsRequest):
    """Host to child: answer the levels of one probe of the cross-check.

    Attributes:
        probe: its name.
        training: target rows, like validation.
        validation: may be empty.
        starts: path of the first rows of the windows asked about, as `.npy`.
        levels: names, in order.
    """

    probe: str
    training: TargetRows
    validation: TargetRows
    starts: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Inspect(WeightsRequest):
    """Host to child: compute everything inside the window that starts at a row."""

    start: int


@dataclass(frozen=True)
class Differentiate(WeightsRequest):
    """Host to child: compute the gradient of each window, and of all as one batch; see `Observe.starts`."""

    starts: str


@dataclass(frozen=True)
class Warm:
    """Host to child: import the framework now, so that the next request need not wait for it."""


@dataclass(frozen=True)
class FindDevices:
    """Host to child: find the devices of this machine that the backend can use."""


@dataclass(frozen=True)
class Stop:
    """Host to child: end the training and forecast with the best epoch so far."""


@dataclass(frozen=True)
class Hello:
    """Child to host, before anything heavy is imported: the protocol's version and that of lstm-tui."""

    protocol: int
    package: str


@dataclass(frozen=True)
class ForecastFiles:
    """The answer to `Run` and `Predict`: the backend's name for people, and files of `arrays.Forecasts`."""

    title: str
    starts: str
    test: str
    future: str


@dataclass(frozen=True)
class Observed:
    """A backend's answer to one level.

    Attributes:
        level: name.
        arrays: path of the named arrays, as `.npz`; empty without an answer.
        unsupported: why the backend says that it cannot; empty otherwise.
        error: type and text of any other exception; empty otherwise.
    """

    level: str
    arrays: str
    unsupported: str
    error: str


@dataclass(frozen=True)
class AllObserved:
    """The end of the answer to `Observe`: every level was computed."""


@dataclass(frozen=True)
class Inspected:
    """The answer to `Inspect` and `Differentiate`: the named arrays of `inspecting` in a file, as `.npz`."""

    arrays: str


@dataclass(frozen=True)
class FoundDevices:
    """The answer to `FindDevices`: names of devices."""

    devices: tuple[str, ...]


@dataclass(frozen=True)
class Failed:
    """The end of a request that could not be answered; the host delivers it as `BackendFailed`.

    Attributes:
        reason: one sentence.
        explained: True when the sentence says all (an error of the contract); otherwise the log says more.
    """

    reason: str
    explained: bool


Request = Run | Predict | Observe | Inspect | Differentiate | Warm | FindDevices
"""What a process can be asked to do."""

Message = (
    Request
    | Stop
    | Hello
    | BackendReady
    | BackendProgress
    | BackendEpoch
    | BackendUnsaved
    | BackendTrained
    | BackendStopped
    | BackendWarm
    | BackendAnswers
    | ForecastFiles
    | Observed
    | AllObserved
    | Inspected
    | FoundDevices
    | Failed
    | BackendFailed
)

LAST = (
    ForecastFiles,
    BackendStopped,
    BackendWarm,
    AllObserved,
    Inspected,
    FoundDevices,
    Failed,
    BackendFailed,
)
"""The kinds of message that end a request."""
