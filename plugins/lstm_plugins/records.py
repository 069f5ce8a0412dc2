"""The records that a forecaster speaks in.

Arrays are batch first and time-major inside. All values are in scaled units, in the config's precision.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.errors import SeriesError
from lstm_plugins.weights import Array, Weights

Starts = NDArray[np.int64]
TargetRows = tuple[tuple[int, int], ...]
"""For every series the rows `[first, end)`, counted within that series, that may be targets of a split."""


@dataclass(frozen=True)
class SeriesSet:
    """One or more equally spaced series with the same columns, stacked one below the other.

    Attributes:
        values: `[rows, features]` float64, finite, scaled.
        targets: the columns that are forecast, K of them.
        lengths: rows of each series; they add up to all rows.
    """

    values: NDArray[np.float64]
    targets: tuple[int, ...]
    lengths: tuple[int, ...]

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.dtype != np.float64:
            raise SeriesError("a series is a float64 array [rows, features]")
        if not np.isfinite(self.values).all():
            raise SeriesError("a series holds values that are not finite; fill or drop them first")
        if sum(self.lengths) != len(self.values) or min(self.lengths, default=0) < 1:
            raise SeriesError("the lengths of the series do not add up to the rows")
        if not self.targets or not all(0 <= column < self.values.shape[1] for column in self.targets):
            raise SeriesError("the targets are not columns of the series")

    @property
    def offsets(self) -> tuple[int, ...]:
        """First row of each series in the stack."""
        return tuple(
            int(end) - length for end, length in zip(np.cumsum(self.lengths), self.lengths, strict=True)
        )


@dataclass(frozen=True)
class NormalisedWindows:
    """What the LSTM sees of some windows.

    Attributes:
        inputs: `[B, T, D]`, normalised and patched.
        center: `[B, features]` float64, what was subtracted.
        scale: `[B, features]` float64, by what was divided.
    """

    inputs: Array
    center: NDArray[np.float64]
    scale: NDArray[np.float64]


@dataclass(frozen=True)
class LayerDerivatives:
    """Derivatives of the loss inside one layer and direction, in time order.

    Attributes:
        preactivation: `[B, T, 4H]`, with respect to the gates before σ and tanh, in weight order.
        hidden: `[B, T, H]`, with respect to h_t, through every later step.
        cell: `[B, T, H]`, with respect to C_t, through h_t and every later step.
    """

    preactivation: Array
    hidden: Array
    cell: Array


@dataclass(frozen=True)
class LayerTrace:
    """Every gate and state of one layer and direction; index t is the step of the input, also backward.

    Attributes:
        layer: from 0.
        direction: "forward" or "backward".
        inputs: `[B, T, D_l]`.
        forget: `[B, T, H]`, like input, candidate, cell, output and hidden.
        input: the input gate.
        candidate: C̃.
        cell: C.
        output: the output gate.
        hidden: h.
        derivatives: only where asked for.
    """

    layer: int
    direction: str
    inputs: Array
    forget: Array
    input: Array
    candidate: Array
    cell: Array
    output: Array
    hidden: Array
    derivatives: LayerDerivatives | None = None


@dataclass(frozen=True)
class Trace:
    """One forward pass laid open, without dropout.

    Attributes:
        windows: what the LSTM saw.
        layers: by layer, forward before backward.
        attention: `[B, T]` weights of the attention, None without.
        head_input: `[B, R]`, what the head reads.
        output: `[B, Q, K, P]` before the per-window normalisation is undone.
        prediction: `[B, Q, K, P]` in scaled units, the same as `predict` gives.
    """

    windows: NormalisedWindows
    layers: tuple[LayerTrace, ...]
    attention: Array | None
    head_input: Array
    output: Array
    prediction: Array


@dataclass(frozen=True)
class OptimizerState:
    """What the optimizer remembers.

    Attributes:
        step: updates done; the first update is number 1.
        first: AdamW's m, or the velocity u of SGD.
        second: AdamW's v; empty for SGD.
    """

    step: int
    first: Weights
    second: Weights


@dataclass(frozen=True)
class TrainingState:
    """All that a fit needs to go on as if it had never stopped, after a complete epoch.

    Attributes:
        epoch: complete epochs.
        weights: after that epoch.
        optimizer: after that epoch.
        best_weights: of the best epoch by validation loss; None before the first or without validation.
        best_loss: its validation loss.
        best_epoch: its number, from 0.
        epochs_without_gain: counter of early stopping.
        plateau_loss: the validation loss that the plateau schedule wants bettered.
        plateau_count: epochs since.
        rate_factor: by how much the plateau schedule has lowered the learning rate.
    """

    epoch: int
    weights: Weights
    optimizer: OptimizerState
    best_weights: Weights | None = None
    best_loss: float | None = None
    best_epoch: int | None = None
    epochs_without_gain: int = 0
    plateau_loss: float | None = None
    plateau_count: int = 0
    rate_factor: float = 1.0


@dataclass(frozen=True)
class Progress:
    """Somewhere inside an epoch. Epochs count from 0.

    Attributes:
        epoch: the epoch under way.
        batch: batches of it that are done.
        batches: batches it has.
        windows: windows trained on since this call of fit began.
        training_loss: mean over this epoch's windows so far.
    """

    epoch: int
    batch: int
    batches: int
    windows: int
    training_loss: float


@dataclass(frozen=True)
class Epoch:
    """A complete epoch.

    Attributes:
        epoch: its number, from 0.
        training_loss: mean over its windows, while the weights changed.
        validation_loss: mean over the validation windows after it; None without any.
        learning_rate: of its last update.
        gradient_norm: largest global norm of its updates, before clipping.
        best: True when the validation loss is the lowest so far.
        seconds: from the start of the training to the end of the epoch; backends leave it at 0, the engine
            measures it.
    """

    epoch: int
    training_loss: float
    validation_loss: float | None
    learning_rate: float
    gradient_norm: float
    best: bool
    seconds: float = 0.0


@dataclass(frozen=True)
class Finished:
    """The last record of a fit.

    Attributes:
        reason: "epochs" when all were done, "patience" when validation no longer got better.
        epochs: complete epochs.
        best_epoch: whose weights are the result, from 0; the last one without validation.
    """

    reason: Literal["epochs", "patience"]
    epochs: int
    best_epoch: int


FitRecord = Progress | Epoch | Finished


@dataclass(frozen=True)
class BatchResults:
    """What a backend reports of consecutive updates.

    Attributes:
        losses: `[n]` float64, each batch's mean loss before its update, dropout on.
        norms: `[n]` float64, each batch's global gradient norm before clipping.
    """

    losses: NDArray[np.float64]
    norms: NDArray[np.float64]


@dataclass(frozen=True)
class TrainingStep:
    """Which step's dropout masks are meant: epoch and batch of the epoch, both from 0."""

    epoch: int = 0
    step: int = 0


@dataclass(frozen=True)
class ForecasterOptions:
    """Where a forecaster computes.

    Attributes:
        device: one of the names that the backend's `devices` gives; "cpu" is always one.
        threads: threads of the arithmetic on a CPU. Part of what makes a run's bits.
    """

    device: str = "cpu"
    threads: int = 1
