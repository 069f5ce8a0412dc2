"""The forecast after the last row, and what a checkpoint keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations.deviation import Deviation, Plant, methods
from lstm_conformance.deviations.dropout import dropping
from lstm_conformance.probes import Probe
from lstm_plugins.records import (
    BatchResults,
    FitRecord,
    OptimizerState,
    Starts,
    TargetRows,
    TrainingState,
    TrainingStep,
)
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.weights import Array

forecast_deviation = partial(Deviation, level="forecast")
checkpoint_deviation = partial(Deviation, level="checkpoint")


def _ends(forecaster: ReferenceForecaster, starts: Starts) -> Starts:
    """The row after the last of the series that each window lies in."""
    series = forecaster._loaded()
    ends = np.array(series.offsets) + np.array(series.lengths)
    return np.asarray(ends[np.searchsorted(ends, starts, side="right")])


class _LastWithTargets(ReferenceForecaster):
    def predict(self, starts: Starts) -> Array:
        latest = _ends(self, starts) - self.config.look_back - self.config.horizon
        return super().predict(np.minimum(starts, latest))


class _WithoutLastRow(ReferenceForecaster):
    def predict(self, starts: Starts) -> Array:
        latest = _ends(self, starts) - self.config.look_back - 1
        return super().predict(np.minimum(starts, latest))


class _LastSeriesOnly(ReferenceForecaster):
    def predict(self, starts: Starts) -> Array:
        newest = _ends(self, starts) == starts + self.config.look_back
        return super().predict(np.where(newest, len(self._loaded().values) - self.config.look_back, starts))


def _resumed(alter: Callable[[ReferenceForecaster, TrainingState], TrainingState]) -> Plant:
    """A fit that goes on from another state than the one handed in."""

    class Resuming(ReferenceForecaster):
        def fit(
            self, training: TargetRows, validation: TargetRows, state: TrainingState | None = None
        ) -> Iterator[FitRecord]:
            return super().fit(training, validation, None if state is None else alter(self, state))

    return methods(Resuming)


class _Since(ReferenceForecaster):
    """Knows at which epoch the fit under way was resumed."""

    _begun_at = 0

    def fit(
        self, training: TargetRows, validation: TargetRows, state: TrainingState | None = None
    ) -> Iterator[FitRecord]:
        self._begun_at = 0 if state is None else state.epoch
        try:
            yield from super().fit(training, validation, state)
        finally:
            self._begun_at = 0


class _OrderFromTheBeginning(_Since):
    def epoch_starts(self, starts: Starts, epoch: int) -> Starts:
        return super().epoch_starts(starts, epoch - self._begun_at)


class _MasksFromTheBeginning(_Since):
    def train_batches(
        self, starts: Starts, learning_rates: NDArray[np.float64], first: TrainingStep
    ) -> BatchResults:
        step = TrainingStep(first.epoch - self._begun_at, first.step)
        return super().train_batches(starts, learning_rates, step)


def _zeros(arrays: Any) -> Any:
    return {name: np.zeros_like(array) for name, array in arrays.items()}


def _no_moments(forecaster: ReferenceForecaster, state: TrainingState) -> TrainingState:
    old = state.optimizer
    return replace(state, optimizer=OptimizerState(old.step, _zeros(old.first), _zeros(old.second)))


def _no_counter(forecaster: ReferenceForecaster, state: TrainingState) -> TrainingState:
    return replace(state, optimizer=replace(state.optimizer, step=0))


def _no_optimizer(forecaster: ReferenceForecaster, state: TrainingState) -> TrainingState:
    return _no_counter(forecaster, _no_moments(forecaster, state))


def _no_second(forecaster: ReferenceForecaster, state: TrainingState) -> TrainingState:
    return replace(state, optimizer=replace(state.optimizer, second=_zeros(state.optimizer.second)))


def _head_transposed(forecaster: ReferenceForecaster, state: TrainingState) -> TrainingState:
    head = state.weights["head.kernel"]
    wrong = np.ascontiguousarray(head.T).reshape(head.shape)
    return replace(state, weights={**state.weights, "head.kernel": wrong})


def _best_weights(forecaster: ReferenceForecaster, state: TrainingState) -> TrainingState:
    return state if state.best_weights is None else replace(state, weights=state.best_weights)


def _no_best(forecaster: ReferenceForecaster, state: TrainingState) -> TrainingState:
    return replace(state, best_weights=None, best_loss=None, best_epoch=None, epochs_without_gain=0)


def _no_best_weights(forecaster: ReferenceForecaster, state: TrainingState) -> TrainingState:
    return replace(state, best_weights=None)


def _no_plateau_count(forecaster: ReferenceForecaster, state: TrainingState) -> TrainingState:
    return replace(state, plateau_loss=None, plateau_count=0)


def _no_rate_factor(forecaster: ReferenceForecaster, state: TrainingState) -> TrainingState:
    return replace(state, rate_factor=1.0)


def _epoch_again(forecaster: ReferenceForecaster, state: TrainingState) -> TrainingState:
    return replace(state, epoch=max(state.epoch - 1, 0))


def _no_plateau(forecaster: ReferenceForecaster, state: TrainingState) -> TrainingState:
    return replace(state, plateau_loss=None, plateau_count=0, rate_factor=1.0)


def _no_patience(forecaster: ReferenceForecaster, state: TrainingState) -> TrainingState:
    return replace(state, epochs_without_gain=0)


def _present_weights(forecaster: ReferenceForecaster, state: TrainingState) -> TrainingState:
    return replace(state, weights=forecaster.weights())


def _epochs(probe: Probe) -> bool:
    return probe.config.epochs > 1


def _adamw(probe: Probe) -> bool:
    return _epochs(probe) and probe.config.optimizer == "adamw"


def _remembering(probe: Probe) -> bool:
    return _adamw(probe) or (_epochs(probe) and probe.config.momentum > 0)


def _plateau(probe: Probe) -> bool:
    return _epochs(probe) and probe.config.schedule == "plateau"


def _patient(probe: Probe) -> bool:
    return _epochs(probe) and probe.config.patience > 0


DEVIATIONS = (
    forecast_deviation(
        "forecast from known targets",
        "the forecast of the last window whose targets are known",
        methods(_LastWithTargets),
    ),
    forecast_deviation(
        "forecast without the last row",
        "a forecast that does not see the last row",
        methods(_WithoutLastRow),
        lambda probe: probe.config.horizon > 1,
    ),
    forecast_deviation(
        "forecast of the last series",
        "the last series' forecast for all series",
        methods(_LastSeriesOnly),
        lambda probe: len(probe.series.lengths) > 1,
    ),
    checkpoint_deviation(
        "moments not saved", "moments that a checkpoint does not keep", _resumed(_no_moments), _remembering
    ),
    checkpoint_deviation(
        "second moments not saved",
        "second moments that a checkpoint does not keep",
        _resumed(_no_second),
        _adamw,
    ),
    checkpoint_deviation(
        "counter not saved",
        "an update counter that a checkpoint does not keep",
        _resumed(_no_counter),
        _adamw,
    ),
    checkpoint_deviation(
        "optimizer not saved", "an optimizer that a checkpoint does not keep", _resumed(_no_optimizer), _adamw
    ),
    checkpoint_deviation(
        "head transposed on load", "the head's kernel transposed on load", _resumed(_head_transposed), _epochs
    ),
    checkpoint_deviation(
        "weights not loaded",
        "weights that a resumed fit does not take from its state",
        _resumed(_present_weights),
        _epochs,
    ),
    checkpoint_deviation(
        "resumed from the best weights",
        "training resumed from the best weights, not from the last",
        _resumed(_best_weights),
        _epochs,
    ),
    checkpoint_deviation(
        "best epoch not saved", "a best epoch that a checkpoint does not keep", _resumed(_no_best), _epochs
    ),
    checkpoint_deviation(
        "plateau not saved",
        "a plateau and its rate that a checkpoint does not keep",
        _resumed(_no_plateau),
        _plateau,
    ),
    checkpoint_deviation(
        "best weights not saved",
        "the best epoch's weights that a checkpoint does not keep",
        _resumed(_no_best_weights),
        _epochs,
    ),
    checkpoint_deviation(
        "plateau's count not saved",
        "a plateau's loss and count that a checkpoint does not keep",
        _resumed(_no_plateau_count),
        _plateau,
    ),
    checkpoint_deviation(
        "plateau's rate not saved",
        "a plateau's rate that a checkpoint does not keep",
        _resumed(_no_rate_factor),
        _plateau,
    ),
    checkpoint_deviation(
        "epoch repeated after a resume",
        "the last epoch done again after a resume",
        _resumed(_epoch_again),
        _epochs,
    ),
    checkpoint_deviation(
        "patience not saved",
        "epochs without gain that a checkpoint does not keep",
        _resumed(_no_patience),
        _patient,
    ),
    checkpoint_deviation(
        "order from the beginning",
        "the first epoch's order again after a resume",
        methods(_OrderFromTheBeginning),
        _epochs,
    ),
    checkpoint_deviation(
        "masks from the beginning",
        "the first epoch's dropout masks again after a resume",
        methods(_MasksFromTheBeginning),
        lambda probe: _epochs(probe) and dropping(probe),
    ),
)
