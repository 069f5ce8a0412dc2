"""The interface of a backend: docs/specification.md as abstract methods.

A forecaster has a network, an optimizer and the series loaded last. A window is identified by its first row
in the stacked rows of that series set. Arrays are batch first, then time. All values are in scaled units (the
engine applies the scaler) and in the config's precision.
"""

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.config import ForecasterConfig
from lstm_plugins.counting import counted
from lstm_plugins.errors import NotFiniteError, SeriesError
from lstm_plugins.fitting import after_epoch, next_chunk, observed_values, out_of_patience, varying_starts
from lstm_plugins.linear import LinearInputs, fit_linear
from lstm_plugins.randomness import epoch_order, in_epoch
from lstm_plugins.records import (
    BatchResults,
    Epoch,
    Finished,
    FitRecord,
    ForecasterOptions,
    NormalisedWindows,
    OptimizerState,
    Progress,
    RawWindows,
    SeriesSet,
    Starts,
    TargetRows,
    Trace,
    TrainingState,
    TrainingStep,
)
from lstm_plugins.schedule import learning_rates
from lstm_plugins.weights import Array, Weights, check_weights, initial_weights, trained_shapes, weight_shapes


@dataclass
class Forecaster(ABC):
    """A network with its optimizer; a new one has the initial weights of `config.seed`.

    A backend implements the abstract methods. `fit` and its bookkeeping are shared, because two fits can only
    be compared if both count epochs in the same way; so are the checks of series, windows and weights.

    Attributes:
        config: all settings.
        features: number of columns of the series.
        targets: indices of the columns to forecast.
        options: device and threads.
        indicators: how many of the last columns are indicators of missing values: 1 where a value was
            observed, 0 where it was made up.
        known: G, number of columns that are known ahead of time.
        own_known: U, how many of these are the user's own; they come first.
    """

    config: ForecasterConfig
    features: int
    targets: tuple[int, ...]
    options: ForecasterOptions = field(default_factory=ForecasterOptions)
    indicators: int = field(default=0, kw_only=True)
    known: int = field(default=0, kw_only=True)
    own_known: int = field(default=0, kw_only=True)

    _series: SeriesSet | None = field(default=None, init=False, repr=False)
    _training_state: TrainingState | None = field(default=None, init=False, repr=False)

    @abstractmethod
    def load_series(self, series: SeriesSet) -> None:
        """Loads the series that all later window starts refer to.

        Raises:
            SeriesError: its columns are not those of this forecaster.
        """

    @abstractmethod
    def window_starts(self, rows: TargetRows, stride: int, *, evaluated: bool = False) -> Starts:
        """First rows, in the stack, of the windows whose targets are all in `rows` of their series.

        Inputs may be before these rows; a window never spans two series. The first window is the first
        possible one; the others follow at `stride`. Then windows without any observed target value are
        removed, and with `evaluated`, for validation and test, also windows whose last input row was made up
        in every target column. Without the addition "masks" a backend needs no argument `evaluated`. The
        first window begins late enough for its longest lag.

        Raises:
            SeriesError: `rows` is not empty and does not have a range for every series.
        """

    @abstractmethod
    def raw_windows(self, starts: Starts) -> RawWindows:
        """Inputs, targets and which of the targets were observed, as in the series."""

    @abstractmethod
    def normalised_windows(self, starts: Starts) -> NormalisedWindows:
        """The windows as the LSTM and the step part see them; indicators have center 0 and scale 1."""

    @abstractmethod
    def predict(self, starts: Starts) -> Array:
        """Forecasts `[B, Q, K, P]`; only the inputs of a window have to be in the series, not its targets.

        The known columns have to be known for its target rows too.
        """

    @abstractmethod
    def trace(self, starts: Starts, *, derivatives: bool = False) -> Trace:
        """All gates and states of a forward pass, optionally with the derivatives of the loss.

        All numbers come from the backend, never from the reference.

        Raises:
            UnsupportedError: this backend cannot provide them.
        """

    @abstractmethod
    def mean_loss(self, starts: Starts) -> float:
        """Mean loss over the observed target values of windows, without dropout, summed in float64.

        Each batch weighs as much as it has observed values; 0 if there are none.

        Raises:
            SeriesError: there is no window.
        """

    @abstractmethod
    def loss_and_gradients(
        self, starts: Starts, training: TrainingStep | None = None
    ) -> tuple[float, Weights]:
        """Loss and gradients of one batch, with the dropout masks of a training step; None for no dropout.

        The loss is the mean over the observed target values and the quantiles. Both are 0 without any.
        """

    @abstractmethod
    def clip(self, gradients: Weights) -> tuple[Weights, float]:
        """Gradients clipped to the global norm config.clip_norm, and the norm before clipping."""

    @abstractmethod
    def update(self, gradients: Weights, learning_rate: float) -> None:
        """Takes one optimizer step with these gradients, without clipping."""

    @abstractmethod
    def train_batches(
        self, starts: Starts, learning_rates: NDArray[np.float64], first: TrainingStep
    ) -> BatchResults:
        """Trains on consecutive batches: gather, forward, backward, clip and update for each of them.

        `starts` is cut into batches of config.batch_size; only the last may be smaller. Batch n is step
        `first.step + n` of its epoch and has the rate `learning_rates[n]`. Once a norm is not finite, the
        weights are undefined, and the caller ends the fit and restores them.
        """

    @property
    def batches_per_call(self) -> int:
        """The largest number of batches in one call of `train_batches`."""
        return 1_000_000

    @abstractmethod
    def weights(self) -> Weights:
        """Copies of the weights."""

    @abstractmethod
    def load_weights(self, weights: Weights) -> None:
        """Replaces the weights and keeps the optimizer's state.

        Raises:
            SeriesError: names or shapes do not match this network.
        """

    @abstractmethod
    def optimizer_state(self) -> OptimizerState:
        """Copies of the optimizer's state."""

    @abstractmethod
    def load_optimizer_state(self, state: OptimizerState) -> None:
        """Replaces the optimizer's state.

        Raises:
            SeriesError: names or shapes do not match this network.
        """

    def training_starts(self, rows: TargetRows) -> Starts:
        """The windows of a training part: `window_starts` at the config's stride.

        If errors are measured in the window, those in which a target is constant are left out.
        """
        starts = self.window_starts(rows, self.config.stride)
        if not self.config.measured_in_window:
            return starts
        return varying_starts(self.config, self._loaded(), starts)

    def evaluated_starts(self, rows: TargetRows) -> Starts:
        """The windows of a validation or test part: `window_starts` at stride 1, with `evaluated`."""
        if self._series is None or self._series.observed is None:
            return self.window_starts(rows, 1)
        return self.window_starts(rows, 1, evaluated=True)

    def epoch_starts(self, starts: Starts, epoch: int) -> Starts:
        """The training windows of an epoch, counted from 0, in its order: the first `windows_per_epoch`."""
        return starts[in_epoch(epoch_order(self.config.seed, epoch, len(starts)), self.config)]

    def after_epoch(
        self, state: TrainingState, training_loss: float, validation_loss: float | None
    ) -> TrainingState:
        """See `fitting.after_epoch`; overridden only to deviate from the specification intentionally."""
        return after_epoch(self.config, state, training_loss, validation_loss)

    def fit(
        self, training: TargetRows, validation: TargetRows, state: TrainingState | None = None
    ) -> Iterator[FitRecord]:
        """Trains until all epochs are done or early stopping applies; closing the iterator stops it.

        Afterwards the weights are those of the best epoch so far, and `training_state` is that of the last
        complete epoch.

        Args:
            training: target rows of the training windows.
            validation: target rows of the validation windows; may be empty.
            state: state to resume from; None starts with the current weights.

        Raises:
            SeriesError: there is no training window.
            NotFiniteError: a loss or norm is not finite.
        """
        config = self.config
        starts = self.training_starts(training)
        if not len(starts):
            raise SeriesError(
                f"the training part has no window of look_back {config.look_back} and horizon "
                f"{config.horizon}{_with_targets(config, self._series)}; lower them, or give a longer series"
            )
        validation_starts = self.evaluated_starts(validation)
        start = state is None
        if state is None:
            self._fit_linear_part(starts, validation_starts)
            state = TrainingState(0, self.weights(), self.optimizer_state())
        self._restore(state)
        windows = 0
        try:
            if start and config.linear != "none" and len(validation_starts):
                loss = self._validation_loss(validation_starts, -1)
                self._training_state = state = self.after_epoch(state, math.nan, loss)
                yield Epoch(-1, None, loss, 0.0, 0.0, best=True)
            while state.epoch < config.epochs and not out_of_patience(config, state):
                loss, rate, norm = 0.0, 0.0, 0.0
                for progress, rate, norm in self._train_epoch(starts, state, windows):  # noqa: B007
                    loss = progress.training_loss
                    yield progress
                windows += config.windows_in_epoch(len(starts))
                epoch, validation_loss = state.epoch, self._validation_loss(validation_starts, state.epoch)
                state = replace(
                    state, epoch=epoch + 1, weights=self.weights(), optimizer=self.optimizer_state()
                )
                self._training_state = state = self.after_epoch(state, loss, validation_loss)
                yield Epoch(epoch, loss, validation_loss, rate, norm, state.best_epoch == epoch)
        finally:
            self._restore(state)
            self.load_weights(state.weights if state.best_weights is None else state.best_weights)
        best_epoch = state.epoch - 1 if state.best_epoch is None else state.best_epoch
        yield Finished("patience" if out_of_patience(config, state) else "epochs", state.epoch, best_epoch)

    @property
    def training_state(self) -> TrainingState | None:
        """State after the last complete epoch of `fit`; None before the first call."""
        return self._training_state

    def _train_epoch(
        self, starts: Starts, state: TrainingState, windows_before: int
    ) -> Iterator[tuple[Progress, float, float]]:
        """Trains one epoch in chunks; yields progress, the last learning rate and the largest norm so far."""
        config, size = self.config, self.config.batch_size
        order = self.epoch_starts(starts, state.epoch)
        observed = observed_values(config, self._series, len(self.targets), order)
        in_window = config.horizon * len(self.targets)
        batches = math.ceil(len(order) / size)
        total_steps = batches * config.epochs
        loss_sum, weights, largest_norm, batch, chunk = 0.0, 0.0, 0.0, 0, 1
        while batch < batches:
            count = min(chunk, batches - batch, self.batches_per_call)
            first_step = state.epoch * batches + batch
            rates = learning_rates(config, first_step, count, total_steps, state.rate_factor)
            part = order[batch * size : (batch + count) * size]
            began = time.perf_counter()
            results = self.train_batches(part, rates, TrainingStep(state.epoch, batch))
            chunk = next_chunk(count, time.perf_counter() - began)
            finite = np.isfinite(results.losses) & np.isfinite(results.norms)
            if not finite.all():
                first = int(np.argmin(finite))
                quantity = "gradient norm" if np.isfinite(results.losses[first]) else "loss"
                raise NotFiniteError(quantity, state.epoch, batch + first)
            for n, loss in enumerate(results.losses):
                first_window = (batch + n) * size
                weight = int(observed[first_window : first_window + size].sum()) / in_window
                loss_sum += float(loss) * weight
                weights += weight
            largest_norm = max(largest_norm, float(results.norms.max()))
            batch += count
            done, mean = min(batch * size, len(order)), loss_sum / weights if weights else 0.0
            progress = Progress(state.epoch, batch, batches, windows_before + done, mean)
            yield progress, float(rates[-1]), largest_norm

    def _fit_linear_part(self, training: Starts, validation: Starts) -> None:
        """Finds the arrays of the linear part, if the network has one, and loads them."""
        if self.config.linear == "none":
            return
        self.load_weights({**self.weights(), **self.fit_linear(training, validation)})

    def fit_linear(self, training: Starts, validation: Starts) -> Weights:
        """See `linear.fit_linear`; overridden only to deviate from the specification intentionally."""
        given = LinearInputs(self.config, self._loaded(), self.indicators)
        return fit_linear(given, training, validation)

    def _validation_loss(self, starts: Starts, epoch: int) -> float | None:
        if not len(starts):
            return None
        loss = self.mean_loss(starts)
        if not math.isfinite(loss):
            raise NotFiniteError("validation loss", epoch, None)
        return loss

    def _restore(self, state: TrainingState) -> None:
        self.load_weights(state.weights)
        self.load_optimizer_state(state.optimizer)
        self._training_state = state

    def _check_series(self, series: SeriesSet) -> None:
        """Raises SeriesError unless the series has this forecaster's columns."""
        columns = series.values.shape[1]
        if columns != self.features or series.targets != self.targets:
            raise SeriesError(
                f"the series has {columns} columns and targets {series.targets}; this forecaster was made "
                f"for {self.features} columns and targets {self.targets}"
            )
        if max(self.targets) >= self.features - self.indicators:
            raise SeriesError("an indicator of missing values cannot be a target")
        if (series.known_columns, series.own_known) != (self.known, self.own_known):
            raise SeriesError(
                f"the series has {counted(series.known_columns, 'known column')}, {series.own_known} of them "
                f"the user's own; this forecaster was made for {self.known} and {self.own_known}"
            )

    def _loaded(self, rows: TargetRows = ()) -> SeriesSet:
        """The loaded series; raises SeriesError if there is none or `rows` does not have a range for each."""
        if self._series is None:
            raise SeriesError("no series is loaded yet")
        loaded = len(self._series.lengths)
        if rows and len(rows) != loaded:
            raise SeriesError(f"target rows are given for {len(rows)} series, but {loaded} are loaded")
        return self._series

    def _inputs_only(self, starts: Starts) -> Starts:
        """The starts; raises SeriesError unless the inputs of each window are within one series.

        With known columns, also unless these reach to the end of its targets.
        """
        if not self.known:
            return self._checked(starts, self.config.look_back)
        return self._checked(starts, self.config.look_back + self.config.horizon, self._loaded().ahead)

    def _complete(self, starts: Starts) -> Starts:
        """The starts; raises SeriesError unless each window, with its targets, is within one series."""
        return self._checked(starts, self.config.look_back + self.config.horizon)

    def _checked(self, starts: Starts, rows: int, ahead: int = 0) -> Starts:
        """The starts, if each window has this many rows of one series, of which some may be ahead of it."""
        series = self._loaded()
        ends = np.cumsum(series.lengths)
        # Starts beyond the last series count as part of it, and are then outside.
        own = np.minimum(np.searchsorted(ends, starts, side="right"), len(ends) - 1)
        least = max(self.config.look_back, rows - ahead)
        outside = (starts < 0) | (starts + least > ends[own])
        if outside.any():
            raise SeriesError(
                f"the window that starts at row {starts[outside][0]} needs {rows} rows of one series, which "
                f"has fewer{' that are known' if ahead else ''}"
            )
        before = self.config.rows_before - self.config.look_back
        early = starts - before < np.asarray(series.offsets)[own]
        if early.any():
            raise SeriesError(
                f"the window that starts at row {starts[early][0]} needs {before} rows before it, for its "
                f"longest lag of {self.config.lags[-1]}"
            )
        return np.ascontiguousarray(starts, np.int64)

    def _scored(self, starts: Starts) -> Starts:
        """Like `_complete`, and raises SeriesError if there is no window."""
        if not len(starts):
            raise SeriesError("a mean loss needs at least one window")
        return self._complete(starts)

    def _initial_weights(self) -> Weights:
        """The initial weights of `config.seed`."""
        return initial_weights(self.config, self.features, len(self.targets), self.known, self.own_known)

    def _checked_weights(self, weights: Weights) -> Weights:
        """See `check_weights`; all arrays, those of the linear part too."""
        columns = (self.features, len(self.targets), self.known, self.own_known)
        return check_weights(weights, weight_shapes(self.config, *columns), self.config)

    def _checked_trained(self, arrays: Weights) -> Weights:
        """See `check_weights`; gradients or moments, which only trained arrays have."""
        shapes = trained_shapes(self.config, self.features, len(self.targets), self.known)
        return check_weights(arrays, shapes, self.config)

    def _checked_state(self, state: OptimizerState) -> OptimizerState:
        """A copy of the state with checked arrays; without second moments for SGD."""
        second = self._checked_trained(state.second) if self.config.optimizer == "adamw" else {}
        return OptimizerState(state.step, self._checked_trained(state.first), second)


def _with_targets(config: ForecasterConfig, series: SeriesSet | None) -> str:
    """What else a window of this series needs, for an error."""
    gaps = series is not None and series.observed is not None
    return (" with an observed target value" if gaps else "") + (
        " in which every target changes" if config.measured_in_window else ""
    )
