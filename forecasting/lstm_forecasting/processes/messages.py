"""The messages between host and child, besides the events of `processes.events`."""

from dataclasses import dataclass, field
from typing import Any

from lstm_forecasting.checkpoints.recorder import TrainingFolder
from lstm_forecasting.processes.events import (
    BackendAnswers,
    BackendFailed,
    BackendStopped,
    BackendWarm,
    TrainingMessage,
)
from lstm_plugins import TargetRows


@dataclass(frozen=True)
class SeriesRequest:
    """Host to child: the fields that all requests about a series share.

    Attributes:
        config: the result of `ForecasterConfig.to_dict`.
        series: path of the scaled series, float64 `[rows, features]`, as `.npy`.
        targets: indices of the target columns.
        lengths: number of rows of each series.
        device: device to compute on.
        results: folder for the arrays of the answer.
        observed: path of the mask of observed target values, bool `[rows, targets]`, as `.npy`; "" if all
            were observed.
        indicators: number of columns, the last ones, that indicate missing values.
        known: path of the columns known ahead of time, float64 `[rows and rows ahead, columns]`, as `.npy`;
            "" without such columns.
        own_known: number of these columns that are the user's own; they come first.
    """

    config: dict[str, Any]
    series: str
    targets: tuple[int, ...]
    lengths: tuple[int, ...]
    device: str
    results: str
    observed: str = field(default="", kw_only=True)
    indicators: int = field(default=0, kw_only=True)
    known: str = field(default="", kw_only=True)
    own_known: int = field(default=0, kw_only=True)


@dataclass(frozen=True)
class Run(SeriesRequest):
    """Host to child: train, then forecast the test windows, the validation windows and the future.

    Attributes:
        training: target rows of the training windows.
        validation: target rows of the validation windows; may be empty.
        test: target rows of the windows to forecast, at stride 1.
        steps: number of rows to forecast after the last one.
        training_folder: folder for checkpoints; None writes none.
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
        weights: path of a checkpoint, or of an `.npz` file with the arrays.
    """

    weights: str


@dataclass(frozen=True)
class Predict(WeightsRequest):
    """Host to child: forecast windows and the future.

    Attributes:
        test: target rows of the windows to forecast, at stride 1; may be empty.
        steps: number of rows to forecast after the last one.
        evaluated: whether only windows are forecast that validation and test may have.
    """

    test: TargetRows
    steps: int
    evaluated: bool = True


@dataclass(frozen=True)
class Observe(WeightsRequest):
    """Host to child: compute some levels of one probe of the cross-check.

    Attributes:
        probe: name of the probe.
        training: target rows of the training windows.
        validation: target rows of the validation windows; may be empty.
        starts: path of an `.npy` file with the first rows of the windows.
        levels: names of the levels, in order.
    """

    probe: str
    training: TargetRows
    validation: TargetRows
    starts: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Inspect(WeightsRequest):
    """Host to child: compute all values inside the window that starts at a row."""

    start: int


@dataclass(frozen=True)
class Differentiate(WeightsRequest):
    """Host to child: compute the gradient of each window, and of all as one batch; see `Observe.starts`."""

    starts: str


@dataclass(frozen=True)
class Warm:
    """Host to child: import the framework now, so that the next request does not wait for it."""


@dataclass(frozen=True)
class FindDevices:
    """Host to child: list the devices of this machine that the backend can use."""


@dataclass(frozen=True)
class Stop:
    """Host to child: stop the training and forecast with the best epoch so far."""


@dataclass(frozen=True)
class Hello:
    """Child to host, before anything heavy is imported: the versions of the protocol and of lstm-tui."""

    protocol: int
    package: str


@dataclass(frozen=True)
class ForecastFiles:
    """The answer to `Run` and `Predict`: the backend's title, and the files of `arrays.Forecasts`."""

    title: str
    starts: str
    test: str
    future: str
    validation_starts: str
    validation: str


@dataclass(frozen=True)
class Observed:
    """A backend's answer to one level.

    Attributes:
        level: name of the level.
        arrays: path of the named arrays, as `.npz`; empty if there are none.
        unsupported: why the backend does not support the level; empty otherwise.
        error: type and text of any other exception; empty otherwise.
    """

    level: str
    arrays: str
    unsupported: str
    error: str


@dataclass(frozen=True)
class AllObserved:
    """The last message of the answer to `Observe`: every level was computed."""


@dataclass(frozen=True)
class Inspected:
    """The answer to `Inspect` and `Differentiate`: an `.npz` file with the named arrays of `inspecting`."""

    arrays: str


@dataclass(frozen=True)
class FoundDevices:
    """The answer to `FindDevices`: names of devices."""

    devices: tuple[str, ...]


@dataclass(frozen=True)
class Failed:
    """A request failed; the host delivers it as `BackendFailed`.

    Attributes:
        reason: one sentence.
        explained: True if the sentence is enough (an error of the contract); otherwise the log has details.
    """

    reason: str
    explained: bool


Request = Run | Predict | Observe | Inspect | Differentiate | Warm | FindDevices
"""The requests that a process answers."""

Message = (
    Request
    | Stop
    | Hello
    | TrainingMessage
    | BackendWarm
    | BackendAnswers
    | ForecastFiles
    | Observed
    | AllObserved
    | Inspected
    | FoundDevices
    | Failed
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
"""The messages that end the answer to a request."""
