"""What a backend has to be able to do: docs/specification.md as an interface, and the records it speaks in.

A forecaster has a network, an optimizer and the series that was loaded last. Windows are named by their
first row in the stacked rows of that series set; arrays are batch first and time-major inside. All values
that go in and out are in scaled units (the scaler is the engine's), in the config's precision.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.config import ForecasterConfig
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
        readout: `[B, R]`, what the head reads.
        output: `[B, Q, K, P]` before the per-window normalisation is undone.
        prediction: `[B, Q, K, P]` in scaled units, the same as `predict` gives.
    """

    windows: NormalisedWindows
    layers: tuple[LayerTrace, ...]
    attention: Array | None
    readout: Array
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
    """The end of an epoch.

    Attributes:
        epoch: from 0.
        training_loss: mean over its windows, while the weights moved.
        validation_loss: mean over the validation windows after it; None without any.
        learning_rate: of its last update.
        gradient_norm: largest global norm of its updates, before clipping.
        best: True when the validation loss is the lowest so far.
    """

    epoch: int
    training_loss: float
    validation_loss: float | None
    learning_rate: float
    gradient_norm: float
    best: bool


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


@dataclass
class Forecaster(ABC):
    """A network with its optimizer. Made with the initial weights of `config.seed`.

    Attributes:
        config: all settings.
        features: columns of the series.
        targets: which of them are forecast.
        options: device and threads.
    """

    config: ForecasterConfig
    features: int
    targets: tuple[int, ...]
    options: ForecasterOptions = field(default_factory=ForecasterOptions)

    @abstractmethod
    def load_series(self, series: SeriesSet) -> None:
        """Makes `series` the one that all later window starts mean.

        Raises:
            SeriesError: its columns are not those of this forecaster.
        """

    @abstractmethod
    def window_starts(self, rows: TargetRows, stride: int) -> Starts:
        """First rows, in the stack, of the windows all of whose targets lie in `rows` of their series.

        Inputs may lie before these rows; windows never cross from one series into another. The first
        window is the first possible one, the next ones follow at `stride`.
        """

    @abstractmethod
    def raw_windows(self, starts: Starts) -> tuple[Array, Array]:
        """Inputs `[B, look_back, features]` and targets `[B, Q, K]` as they stand in the series."""

    @abstractmethod
    def normalised_windows(self, starts: Starts) -> NormalisedWindows:
        """What the LSTM sees of these windows."""

    @abstractmethod
    def predict(self, starts: Starts) -> Array:
        """Forecasts `[B, Q, K, P]`; only a window's inputs have to lie in the series, not its targets."""

    @abstractmethod
    def trace(self, starts: Starts, *, derivatives: bool = False) -> Trace:
        """A forward pass with every gate and state, on request with the loss's derivatives."""

    @abstractmethod
    def mean_loss(self, starts: Starts) -> float:
        """Mean loss over windows without dropout, summed in float64."""

    @abstractmethod
    def loss_and_gradients(
        self, starts: Starts, training: TrainingStep | None = None
    ) -> tuple[float, Weights]:
        """Loss of one batch and its gradient by weight array; with `training`, under that step's masks."""

    @abstractmethod
    def clip(self, gradients: Weights) -> tuple[Weights, float]:
        """Gradients scaled to config.clip_norm by their global norm, and that norm before."""

    @abstractmethod
    def update(self, gradients: Weights, learning_rate: float) -> None:
        """One optimizer step with these very gradients."""

    @abstractmethod
    def train_batches(
        self, starts: Starts, learning_rates: NDArray[np.float64], first: TrainingStep
    ) -> BatchResults:
        """Consecutive updates: gather, forward, backward, clip, update, for each batch of `starts`.

        `starts` is cut into batches of config.batch_size; only the last may be smaller. Batch n is step
        `first.step + n` of its epoch and learns at `learning_rates[n]`. From the first batch whose norm is
        not finite on, weights need not mean anything: the caller ends the fit and restores them.
        """

    @property
    def batches_per_call(self) -> int:
        """The most batches that one `train_batches` takes."""
        return 1_000_000

    @abstractmethod
    def weights(self) -> Weights:
        """Copies of the weights."""

    @abstractmethod
    def load_weights(self, weights: Weights) -> None:
        """Replaces the weights; the optimizer's memory stays.

        Raises:
            SeriesError: names or shapes are not this network's.
        """

    @abstractmethod
    def optimizer_state(self) -> OptimizerState:
        """Copies of what the optimizer remembers."""

    @abstractmethod
    def load_optimizer_state(self, state: OptimizerState) -> None:
        """Replaces what the optimizer remembers."""

    def epoch_starts(self, starts: Starts, epoch: int) -> Starts:
        """The training windows in the order in which an epoch, from 0, visits them."""
        from lstm_plugins.randomness import epoch_order

        return starts[epoch_order(self.config.seed, epoch, len(starts))]

    def fit(
        self, training: TargetRows, validation: TargetRows, state: TrainingState | None = None
    ) -> Iterator[FitRecord]:
        """Trains until the epochs are done or validation stops it; the caller stops by asking no further.

        Afterwards the weights are the result (the best epoch's). Stopped in mid-epoch, `training_state`
        is that of the last complete epoch and the weights are its best ones so far.

        Args:
            training: target rows of the training windows.
            validation: target rows of the validation windows; may be empty.
            state: where to go on from; None starts with the present weights.

        Raises:
            SeriesError: there is no training window.
            NotFiniteError: loss or norm left the finite numbers.
        """
        from lstm_plugins.fitting import fit_epochs

        return fit_epochs(self, training, validation, state)

    @property
    def training_state(self) -> TrainingState | None:
        """State after the last complete epoch of `fit`; None before the first call."""
        return self._training_state

    _training_state: TrainingState | None = field(default=None, init=False, repr=False)
