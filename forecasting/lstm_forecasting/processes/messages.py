"""What host and child tell each other, and what a backend's work reports, as frozen records.

Epochs count from 0. Seconds are the child's own, so that a busy host does not bend a rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from lstm_forecasting.checkpoints.recorder import TrainingFolder
from lstm_plugins import Epoch, Progress, TargetRows


@dataclass(frozen=True)
class SeriesRequest:
    """Host to child: what every request about a series has.

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
    """Host to child: train, forecast the test windows and the future.

    Attributes:
        training: target rows, like validation and test.
        validation: may be empty.
        test: whose windows are forecast at stride 1.
        steps: rows to forecast after the last one.
        training_folder: where checkpoints are written and read; None writes none.
    """

    training: TargetRows
    validation: TargetRows
    test: TargetRows
    steps: int
    training_folder: TrainingFolder | None = None


@dataclass(frozen=True)
class Predict(SeriesRequest):
    """Host to child: forecast windows and the future with given weights.

    Attributes:
        weights: path of the weights, as `.npz`.
        test: target rows whose windows are forecast at stride 1; may be empty.
        steps: rows to forecast after the last one.
    """

    weights: str
    test: TargetRows
    steps: int


@dataclass(frozen=True)
class Observe(SeriesRequest):
    """Host to child: answer the levels of one probe of the cross-check.

    Attributes:
        probe: its name.
        training: target rows, like validation.
        validation: may be empty.
        weights: path of the probe's weights, as `.npz`.
        starts: path of the windows that are asked for, as `.npy`.
        levels: names, in order.
    """

    probe: str
    training: TargetRows
    validation: TargetRows
    weights: str
    starts: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Inspect(SeriesRequest):
    """Host to child: lay open what given weights do to one window.

    Attributes:
        weights: path of the weights, as `.npz`.
        start: first row of the window.
    """

    weights: str
    start: int


@dataclass(frozen=True)
class Differentiate(SeriesRequest):
    """Host to child: the gradient of each of some windows, and the one of all of them as a batch.

    Attributes:
        weights: path of the weights, as `.npz`.
        starts: path of the windows' first rows, as `.npy`.
    """

    weights: str
    starts: str


@dataclass(frozen=True)
class Warm:
    """Host to child: import the framework now, so that the next job does not wait for it."""


@dataclass(frozen=True)
class Stop:
    """Host to child: end the training and forecast with what was learnt."""


@dataclass(frozen=True)
class Hello:
    """Child to host, before anything heavy is imported.

    Attributes:
        protocol: version of these messages.
        package: version of lstm-tui that the child runs.
        backend: short name.
        threads: that its arithmetic was given.
    """

    protocol: int
    package: str
    backend: str
    threads: int


@dataclass(frozen=True)
class Ready:
    """The framework is imported and the network stands.

    Attributes:
        title: the backend's name for people.
        version: of the plugin.
        framework: distribution and version of what computes; empty for none.
        device: where it computes.
        threads: of the arithmetic.
        parameters: how many numbers are learnt.
        training_windows: windows of an epoch.
    """

    title: str
    version: str
    framework: str
    device: str
    threads: int
    parameters: int
    training_windows: int


@dataclass(frozen=True)
class TrainingProgress:
    """Somewhere inside an epoch; only the latest one matters.

    Attributes:
        progress: the contract's record.
        seconds: since training began.
        memory: resident bytes of the process; None where the system does not tell.
    """

    progress: Progress
    seconds: float
    memory: int | None


@dataclass(frozen=True)
class TrainingEpoch:
    """An epoch ended, `seconds` after training began."""

    epoch: Epoch
    seconds: float


@dataclass(frozen=True)
class Unsaved:
    """The training could not be kept on disk, for this reason; it goes on, and so do the attempts."""

    reason: str


@dataclass(frozen=True)
class Trained:
    """Training ended and left the best epoch's weights; forecasts come next.

    Attributes:
        reason: why it ended.
        epochs: complete ones.
        best_epoch: whose weights are the result.
        seconds: of training alone.
    """

    reason: Literal["epochs", "patience", "stopped"]
    epochs: int
    best_epoch: int
    seconds: float


@dataclass(frozen=True)
class ForecastFiles:
    """The job is done; the arrays of `work.Forecasts` lie in these files."""

    starts: str
    test: str
    future: str


@dataclass(frozen=True)
class NothingLearnt:
    """The job is over: it was stopped before an epoch was complete."""


@dataclass(frozen=True)
class Observing:
    """The framework is imported, and the first level of a probe is about to be asked.

    Attributes:
        version: of the plugin.
        framework: distribution and version of what computes; empty for none.
        device: where it computes.
        threads: of the arithmetic.
    """

    version: str
    framework: str
    device: str
    threads: int


@dataclass(frozen=True)
class Observed:
    """What a backend answered to one level.

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
    """The job is over: every level was asked."""


@dataclass(frozen=True)
class Inspected:
    """The job is over: the named arrays of `processes.inspecting` lie in this file, as `.npz`."""

    arrays: str


@dataclass(frozen=True)
class Warmed:
    """The job is over: the framework is imported.

    Attributes:
        version: of the plugin.
        framework: distribution and version of what computes; empty for none.
        devices: that it finds on this machine.
    """

    version: str
    framework: str
    devices: tuple[str, ...]


@dataclass(frozen=True)
class Failed:
    """The job is over, without forecasts.

    Attributes:
        reason: one sentence.
        explained: True when the sentence says all (an error of the contract); otherwise the log says more.
    """

    reason: str
    explained: bool


Request = Run | Predict | Observe | Inspect | Differentiate | Warm
"""What a process is given to do."""

Message = (
    Request
    | Stop
    | Hello
    | Ready
    | TrainingProgress
    | TrainingEpoch
    | Unsaved
    | Trained
    | ForecastFiles
    | NothingLearnt
    | Observing
    | Observed
    | AllObserved
    | Inspected
    | Warmed
    | Failed
)

LAST = (ForecastFiles, NothingLearnt, AllObserved, Inspected, Warmed, Failed)
"""The kinds of message that end a job."""
