"""What a backend has to be able to do: docs/specification.md as an interface.

A forecaster has a network, an optimizer and the series that was loaded last. Windows are named by their
first row in the stacked rows of that series set; arrays are batch first and time-major inside. All values
that go in and out are in scaled units (the scaler is the engine's), in the config's precision.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import (
    BatchResults,
    FitRecord,
    ForecasterOptions,
    NormalisedWindows,
    OptimizerState,
    SeriesSet,
    Starts,
    TargetRows,
    Trace,
    TrainingState,
    TrainingStep,
)
from lstm_plugins.weights import Array, Weights


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
