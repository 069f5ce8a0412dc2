"""The records of the contract: arguments and results of a forecaster's methods.

Arrays are batch first, then time. All values are in scaled units and in the config's precision.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.errors import SeriesError
from lstm_plugins.weights import Array, Weights

Starts = NDArray[np.int64]
TargetRows = tuple[tuple[int, int], ...]
"""For each series, the rows `[first, end)` that may be targets of a split, counted within the series."""


@dataclass(frozen=True)
class SeriesSet:
    """One or more equally spaced series with the same columns, stacked one below the other.

    Attributes:
        values: `[rows, features]` float64, finite, scaled.
        targets: indices of the K target columns.
        lengths: number of rows of each series.
        observed: bool `[rows, K]`, False where a target's value was made up; None if all were observed, also
            if a mask without any False was given.
        known: float64 `[rows + ahead · series, G]`, standardised: the columns that are known ahead of time,
            those of the user first. Each series has its own rows and then `ahead` rows to be forecast; None
            without such columns.
        own_known: U, how many of the known columns are the user's own.
    """

    values: NDArray[np.float64]
    targets: tuple[int, ...]
    lengths: tuple[int, ...]
    observed: NDArray[np.bool_] | None = None
    known: NDArray[np.float64] | None = None
    own_known: int = 0

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.dtype != np.float64:
            raise SeriesError("a series is a float64 array [rows, features]")
        if not np.isfinite(self.values).all():
            raise SeriesError("a series contains values that are not finite; fill or drop them first")
        if sum(self.lengths) != len(self.values) or min(self.lengths, default=0) < 1:
            raise SeriesError("the lengths of the series do not add up to the rows")
        if not self.targets or not all(0 <= column < self.values.shape[1] for column in self.targets):
            raise SeriesError("the targets are not columns of the series")
        if self.observed is not None and (
            self.observed.dtype != np.bool_ or self.observed.shape != (len(self.values), len(self.targets))
        ):
            raise SeriesError("the mask of observed values is a bool array [rows, targets]")
        if self.known is not None:
            self._check_known(self.known)
        if not 0 <= self.own_known <= self.known_columns:
            raise SeriesError(
                f"{self.own_known} of {self.known_columns} known columns cannot be the user's own"
            )
        if self.observed is not None and self.observed.all():
            object.__setattr__(self, "observed", None)

    def _check_known(self, known: NDArray[np.float64]) -> None:
        if known.ndim != 2 or known.dtype != np.float64 or not known.shape[1]:
            raise SeriesError("known columns are a float64 array [rows, columns]")
        if not np.isfinite(known).all():
            raise SeriesError("a known column contains values that are not finite; fill or drop them first")
        beyond = len(known) - len(self.values)
        if beyond < 0 or beyond % len(self.lengths):
            raise SeriesError(
                f"the known columns have {len(known)} rows, but the series have {len(self.values)}; give "
                "every series its rows and equally many ahead"
            )

    @property
    def known_columns(self) -> int:
        """G, the number of known columns."""
        return 0 if self.known is None else self.known.shape[1]

    @property
    def ahead(self) -> int:
        """Rows of the known columns after the end of each series; 0 without known columns."""
        return 0 if self.known is None else (len(self.known) - len(self.values)) // len(self.lengths)

    @property
    def known_offsets(self) -> tuple[int, ...]:
        """First row of each series in `known`."""
        return tuple(offset + n * self.ahead for n, offset in enumerate(self.offsets))

    def known_rows(self, rows: Starts) -> Starts:
        """The rows in `known` of rows of the stack."""
        series = np.searchsorted(np.cumsum(self.lengths), rows, side="right")
        return np.asarray(rows + series * self.ahead, np.int64)

    @property
    def offsets(self) -> tuple[int, ...]:
        """First row of each series in the stack."""
        return tuple(
            int(end) - length for end, length in zip(np.cumsum(self.lengths), self.lengths, strict=True)
        )


class RawWindows(NamedTuple):
    """Windows as in the series.

    Attributes:
        inputs: `[B, look_back, features]`.
        targets: `[B, Q, K]`.
        observed: bool `[B, Q, K]`, False where a target's value was made up.
    """

    inputs: Array
    targets: Array
    observed: NDArray[np.bool_]


@dataclass(frozen=True)
class NormalisedWindows:
    """Windows as the LSTM sees them.

    Attributes:
        inputs: `[B, T, D]`, normalised and patched, with the known columns of each patch's last row.
        center: `[B, look_back, features]` float64, subtracted from the inputs.
        scale: `[B, features]` float64, the divisor.
        target_center: `[B, Q, K]` float64, added to the forecast of each step.
        step_features: `[B, Q, G + K·lags]`, what the step part reads: the known columns of each target row,
            then the lagged values of the targets, lag by lag; None without known columns and lags.
    """

    inputs: Array
    center: NDArray[np.float64]
    scale: NDArray[np.float64]
    target_center: NDArray[np.float64]
    step_features: Array | None = None


@dataclass(frozen=True)
class LayerDerivatives:
    """Derivatives of the loss inside one layer and direction, in time order.

    Attributes:
        preactivation: `[B, T, 4H]`, with respect to the gates before σ and tanh, in the order of the weights.
        hidden: `[B, T, H]`, with respect to h_t, including all later steps.
        cell: `[B, T, H]`, with respect to C_t, including h_t and all later steps.
    """

    preactivation: Array
    hidden: Array
    cell: Array


@dataclass(frozen=True)
class LayerTrace:
    """All gates and states of one layer and direction, in time order for both directions.

    Attributes:
        layer: from 0.
        direction: "forward" or "backward".
        inputs: `[B, T, D_l]`.
        forget: the forget gate, `[B, T, H]` like all following arrays.
        input: the input gate.
        candidate: C̃.
        cell: C.
        output: the output gate.
        hidden: h.
        derivatives: None unless requested.
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
    """All values of a forward pass without dropout.

    Attributes:
        windows: the windows as the LSTM sees them.
        layers: by layer, forward before backward.
        attention: `[B, T]`, the attention weights; None without attention.
        head_input: `[B, R]`.
        step_hidden: `[B, Q, 24]`, the units of the step part after relu; None without it.
        linear: `[B, Q, K]`, what the linear part adds to the output; None without it.
        output: `[B, Q, K, P]`, head, step part and linear part together, before the per-window normalisation
            is undone.
        prediction: `[B, Q, K, P]` in scaled units, equal to the result of `predict`.
    """

    windows: NormalisedWindows
    layers: tuple[LayerTrace, ...]
    attention: Array | None
    head_input: Array
    output: Array
    prediction: Array
    step_hidden: Array | None = None
    linear: Array | None = None


@dataclass(frozen=True)
class OptimizerState:
    """The state of the optimizer.

    Attributes:
        step: number of updates so far.
        first: AdamW's m, or the velocity u of SGD.
        second: AdamW's v; empty for SGD.
    """

    step: int
    first: Weights
    second: Weights


@dataclass(frozen=True)
class TrainingState:
    """Everything that a fit needs to resume after a complete epoch as if it had not stopped.

    Attributes:
        epoch: number of complete epochs.
        weights: the weights after the last one.
        optimizer: the optimizer's state after the last one.
        best_weights: weights of the epoch with the lowest validation loss; None if there is none.
        best_loss: validation loss of the best epoch.
        best_epoch: number of the best epoch, from 0; −1 if the linear part alone is best.
        epochs_without_gain: counter of early stopping.
        plateau_loss: validation loss below which the plateau schedule resets its counter.
        plateau_count: counter of the plateau schedule.
        rate_factor: factor by which the plateau schedule has lowered the learning rate.
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
    """Progress within an epoch.

    Attributes:
        epoch: the current epoch, from 0.
        batch: number of its finished batches.
        batches: number of its batches.
        windows: number of windows trained on since this call of `fit` began.
        training_loss: mean over this epoch's observed target values so far.
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
        epoch: its number, from 0; −1 for the start of a fit with a linear part, before any update.
        training_loss: mean over the observed target values of its windows, while the weights changed; None
            for epoch −1.
        validation_loss: mean over those of the validation windows afterwards; None without such windows.
        learning_rate: learning rate of its last update.
        gradient_norm: largest global norm of its gradients, before clipping.
        best: True if the validation loss is the lowest so far.
        seconds: time from the start of the training to the end of the epoch; backends leave it at 0, and the
            engine sets it.
    """

    epoch: int
    training_loss: float | None
    validation_loss: float | None
    learning_rate: float
    gradient_norm: float
    best: bool
    seconds: float = 0.0


@dataclass(frozen=True)
class Finished:
    """The last record of a fit.

    Attributes:
        reason: "epochs" if all are done, "patience" if early stopping applied.
        epochs: number of complete epochs.
        best_epoch: the epoch whose weights are the result, from 0; the last one without validation; −1 if
            the linear part alone is best.
    """

    reason: Literal["epochs", "patience"]
    epochs: int
    best_epoch: int


FitRecord = Progress | Epoch | Finished


@dataclass(frozen=True)
class BatchResults:
    """The results of consecutive updates.

    Attributes:
        losses: `[n]` float64, mean loss of each batch's observed values before its update, with dropout.
        norms: `[n]` float64, global gradient norm of each batch before clipping.
    """

    losses: NDArray[np.float64]
    norms: NDArray[np.float64]


@dataclass(frozen=True)
class TrainingStep:
    """Epoch and batch of the epoch, both from 0; they select dropout masks."""

    epoch: int = 0
    step: int = 0


@dataclass(frozen=True)
class ForecasterOptions:
    """Where a forecaster computes.

    Attributes:
        device: one of the names that the backend's `devices` returns; "cpu" always works.
        threads: number of threads on a CPU; results depend on it in their last bits.
    """

    device: str = "cpu"
    threads: int = 1
