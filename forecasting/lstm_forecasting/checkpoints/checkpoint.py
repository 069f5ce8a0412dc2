"""Checkpoints: one with all that a fit needs to resume bit for bit, one with weights only.

Both describe their numbers well enough to forecast another file with them, years later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.checkpoints.tensor_file import (
    group_of,
    prefixed,
    read_header,
    read_tensors,
    write_tensors,
)
from lstm_forecasting.data.series.bounds import NO_BOUNDS, Bounds
from lstm_forecasting.data.series.scaling import Scaler, ScalerKind
from lstm_forecasting.data.series.transforms import Transform
from lstm_forecasting.data.series.treatment import UNTREATED, Treatment
from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.known.choice import NOTHING_KNOWN, KnownChoice
from lstm_plugins import Epoch, ForecasterConfig, ForecasterError, OptimizerState, TrainingState
from lstm_plugins.errors import InputError
from lstm_plugins.weights import Weights, check_weights, trained_shapes, weight_shapes


@dataclass(frozen=True)
class Model:
    """A network, and the columns and scaling of its series.

    Attributes:
        settings: `ForecasterConfig.to_dict`.
        columns: names of the series' columns, the targets first.
        targets: number of targets.
        frequency: of the rows.
        scaling: kind of the scaler.
        mean: of each column over the training rows, like deviation.
        season: season length in rows; 1 for none.
        bounds: what forecasts of the targets are held to; none in files that are older than bounds.
        indicators: columns with an input that is 1 where they were observed and 0 where they were filled;
            these inputs follow the columns.
        treatment: what reading did to the values.
        transforms: of the targets, before they are scaled; empty for none.
        known: the columns that are known ahead.
    """

    settings: dict[str, Any]
    columns: tuple[str, ...]
    targets: int
    frequency: Frequency
    scaling: ScalerKind
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    season: int
    bounds: Bounds = NO_BOUNDS
    indicators: tuple[str, ...] = ()
    treatment: Treatment = UNTREATED
    transforms: tuple[Transform, ...] = ()
    known: KnownChoice = NOTHING_KNOWN

    @property
    def features(self) -> int:
        """Number of inputs of the network in each row."""
        return len(self.columns) + len(self.indicators)

    @property
    def config(self) -> ForecasterConfig:
        """The settings; raises OptionError for values that this version does not allow."""
        return ForecasterConfig.from_dict(self.settings)

    @property
    def scaler(self) -> Scaler:
        """The scaler of the network's inputs and outputs."""
        mean, deviation = np.array(self.mean), np.array(self.deviation)
        return Scaler(self.scaling, self.columns, mean, deviation, self.transforms)


@dataclass(frozen=True)
class Maker:
    """The backend that computed a checkpoint.

    Attributes:
        backend: short name.
        version: of the plugin.
        framework: distribution and version; "" for none.
        device: of the computation, like threads.
        program: version of lstm-tui.
    """

    backend: str
    version: str
    framework: str
    device: str
    threads: int
    program: str


@dataclass(frozen=True)
class TrainingCheckpoint:
    """Header of a file from which a fit resumes; see `lstm_plugins.TrainingState`.

    `seconds` is the training time so far, `step` the number of updates.
    """

    model: Model
    maker: Maker
    seconds: float
    epoch: int
    step: int
    best_loss: float | None
    best_epoch: int | None
    epochs_without_gain: int
    plateau_loss: float | None
    plateau_count: int
    rate_factor: float


@dataclass(frozen=True)
class WeightsCheckpoint:
    """Header of a file with weights only.

    `epoch` is the number of complete epochs, 0 for the initial weights; `loss` is the validation loss after
    them, if any.
    """

    model: Model
    maker: Maker
    epoch: int
    loss: float | None


_COUNTERS = (
    "epoch",
    "best_loss",
    "best_epoch",
    "epochs_without_gain",
    "plateau_loss",
    "plateau_count",
    "rate_factor",
)
"""The common fields of `TrainingCheckpoint` and `lstm_plugins.TrainingState`."""
_HISTORY = ("training_loss", "validation_loss", "learning_rate", "gradient_norm", "best", "seconds")


def write_training(
    path: Path,
    model: Model,
    maker: Maker,
    state: TrainingState,
    history: Sequence[Epoch],
    seconds: float,
) -> None:
    """Writes all that a fit needs to resume.

    Raises:
        OSError: it cannot be written; an earlier file is unchanged.
    """
    header = TrainingCheckpoint(
        model=model,
        maker=maker,
        seconds=seconds,
        step=state.optimizer.step,
        **{name: getattr(state, name) for name in _COUNTERS},
    )
    # A missing loss, None, becomes NaN.
    rows = [[getattr(epoch, name) for name in _HISTORY] for epoch in history]
    arrays = {
        **prefixed("weights", state.weights),
        **prefixed("first", state.optimizer.first),
        **prefixed("second", state.optimizer.second),
        **prefixed("best", state.best_weights or {}),
        "history": np.array(rows, np.float64).reshape(-1, len(_HISTORY)),
    }
    write_tensors(path, header, arrays)


def read_training(path: Path) -> tuple[TrainingCheckpoint, TrainingState, tuple[Epoch, ...]]:
    """Reads the header, the state, and the epochs so far.

    Raises:
        InputError: there is no such file, or it is damaged, foreign or of another kind.
    """
    header, arrays = read_tensors(path, TrainingCheckpoint)
    return header, *_training(path, header, arrays)


def training_header(path: Path) -> TrainingCheckpoint:
    """Reads the header of a training without the arrays; raises the errors of `read_training`."""
    header: TrainingCheckpoint = read_header(path, TrainingCheckpoint)
    return header


def write_weights(path: Path, header: WeightsCheckpoint, weights: Weights) -> None:
    """Writes weights only; raises the errors of `write_training`."""
    write_tensors(path, header, weights)


def read_weights(path: Path) -> tuple[WeightsCheckpoint, Weights]:
    """Reads the weights of a file of either kind; the best ones if a fit can resume from the file.

    Raises:
        InputError: there is no such file, or it is damaged or foreign.
    """
    header, arrays = read_tensors(path, WeightsCheckpoint, TrainingCheckpoint)
    if isinstance(header, TrainingCheckpoint):
        state, _ = _training(path, header, arrays)
        return _best_of(header), state.best_weights or state.weights
    return header, _checked(path, header.model, arrays)


def weights_header(path: Path) -> WeightsCheckpoint:
    """Reads the header for the weights of `read_weights`; raises the same errors."""
    header: TrainingCheckpoint | WeightsCheckpoint = read_header(path, WeightsCheckpoint, TrainingCheckpoint)
    return _best_of(header) if isinstance(header, TrainingCheckpoint) else header


def _best_of(training: TrainingCheckpoint) -> WeightsCheckpoint:
    epoch = training.epoch if training.best_epoch is None else training.best_epoch + 1
    return WeightsCheckpoint(training.model, training.maker, epoch, training.best_loss)


def _training(
    path: Path, header: TrainingCheckpoint, arrays: Mapping[str, NDArray[Any]]
) -> tuple[TrainingState, tuple[Epoch, ...]]:
    def weights(group: str, *, moments: bool = False) -> Weights:
        return _checked(path, header.model, group_of(arrays, group), moments=moments)

    # SGD has no second moment.
    second = weights("second", moments=True) if group_of(arrays, "second") else {}
    state = TrainingState(
        weights=weights("weights"),
        optimizer=OptimizerState(header.step, weights("first", moments=True), second),
        best_weights=None if header.best_epoch is None else weights("best"),
        **{name: getattr(header, name) for name in _COUNTERS},
    )
    rows = arrays.get("history", np.empty((0, len(_HISTORY))))
    # With a linear part, the history begins before any update, with epoch −1.
    first = header.epoch - len(rows)
    if rows.shape[1:] != (len(_HISTORY),) or first not in (0, -1):
        raise InputError(f"{path} is damaged: it has {len(rows)} epochs instead of {header.epoch}.")
    return state, tuple(_epoch(number, row) for number, row in enumerate(rows, start=first))


def _checked(
    path: Path, model: Model, weights: Mapping[str, NDArray[Any]], *, moments: bool = False
) -> Weights:
    """The weights, or moments of the trained ones, if they are those of the model."""
    try:
        columns = (model.config, model.features, model.targets, len(model.known.names))
        shapes = trained_shapes(*columns) if moments else weight_shapes(*columns, len(model.known.own_names))
        return check_weights(weights, shapes, model.config)
    except ForecasterError as error:
        raise InputError(f"{path} does not match its header: {error}.") from None


def _epoch(number: int, row: NDArray[np.float64]) -> Epoch:
    training, validation = (None if np.isnan(loss) else float(loss) for loss in row[:2])
    rate, norm, best, seconds = (float(value) for value in row[2:])
    return Epoch(number, training, validation, rate, norm, bool(best), seconds)
