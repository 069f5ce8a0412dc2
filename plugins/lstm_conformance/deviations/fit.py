"""What a fit reports and keeps: losses, norms, masks, whose weights are the result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations.deviation import Deviation, methods
from lstm_conformance.deviations.dropout import dropping
from lstm_conformance.probes import Probe
from lstm_plugins.records import (
    BatchResults,
    Epoch,
    Finished,
    FitRecord,
    Starts,
    TargetRows,
    TrainingState,
    TrainingStep,
)
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.optimizer import initial_state
from lstm_plugins.weights import Weights

deviation = partial(Deviation, level="trajectory")


Fit = Iterator[FitRecord]


class _LastWeights(ReferenceForecaster):
    def fit(self, training: TargetRows, validation: TargetRows, state: TrainingState | None = None) -> Fit:
        yield from super().fit(training, validation, state)
        if self.training_state is not None:
            self.load_weights(self.training_state.weights)


class _BestByTraining(ReferenceForecaster):
    def fit(self, training: TargetRows, validation: TargetRows, state: TrainingState | None = None) -> Fit:
        best: tuple[float, int, Weights] | None = None
        for record in super().fit(training, validation, state):
            if isinstance(record, Epoch) and (best is None or record.training_loss < best[0]):
                best = (record.training_loss, record.epoch, self.weights())
            if isinstance(record, Finished) and best is not None:
                self.load_weights(best[2])
                record = replace(record, best_epoch=best[1])
            yield record


class _ValidatedUnderDropout(ReferenceForecaster):
    _fitting = False

    def fit(self, training: TargetRows, validation: TargetRows, state: TrainingState | None = None) -> Fit:
        self._fitting = True
        try:
            yield from super().fit(training, validation, state)
        finally:
            self._fitting = False

    def mean_loss(self, starts: Starts) -> float:
        if not self._fitting:
            return super().mean_loss(starts)
        total = 0.0
        for n, part in enumerate(self._batches(len(starts))):
            total += self.loss_and_gradients(starts[part], TrainingStep(0, n))[0] * len(starts[part])
        return total / len(starts)


class _Counting(ReferenceForecaster):
    """Lets a subclass see every update of a fit and report other numbers of an epoch."""

    def fit(self, training: TargetRows, validation: TargetRows, state: TrainingState | None = None) -> Fit:
        self._results: list[BatchResults] = []
        for record in super().fit(training, validation, state):
            if isinstance(record, Epoch):
                losses = np.concatenate([results.losses for results in self._results])
                norms = np.concatenate([results.norms for results in self._results])
                record = self.reported_epoch(record, losses, norms)
                self._results = []
            yield record

    def train_batches(
        self, starts: Starts, learning_rates: NDArray[np.float64], first: TrainingStep
    ) -> BatchResults:
        results = super().train_batches(starts, learning_rates, first)
        if hasattr(self, "_results"):
            self._results.append(results)
        return results

    def reported_epoch(self, epoch: Epoch, losses: NDArray[Any], norms: NDArray[Any]) -> Epoch:
        return epoch


class _MeanOfBatches(_Counting):
    def reported_epoch(self, epoch: Epoch, losses: NDArray[Any], norms: NDArray[Any]) -> Epoch:
        return replace(super().reported_epoch(epoch, losses, norms), training_loss=float(np.mean(losses)))


class _LastBatch(_Counting):
    def reported_epoch(self, epoch: Epoch, losses: NDArray[Any], norms: NDArray[Any]) -> Epoch:
        return replace(super().reported_epoch(epoch, losses, norms), training_loss=float(losses[-1]))


class _MeanNorm(_Counting):
    def reported_epoch(self, epoch: Epoch, losses: NDArray[Any], norms: NDArray[Any]) -> Epoch:
        return replace(super().reported_epoch(epoch, losses, norms), gradient_norm=float(np.mean(norms)))


class _LastNorm(_Counting):
    def reported_epoch(self, epoch: Epoch, losses: NDArray[Any], norms: NDArray[Any]) -> Epoch:
        return replace(super().reported_epoch(epoch, losses, norms), gradient_norm=float(norms[-1]))


class _MemoryOfAnEpoch(ReferenceForecaster):
    def train_batches(
        self, starts: Starts, learning_rates: NDArray[np.float64], first: TrainingStep
    ) -> BatchResults:
        if first.step == 0:
            self.load_optimizer_state(initial_state(self.config, self._weights))
        return super().train_batches(starts, learning_rates, first)


class _ValidatedBefore(ReferenceForecaster):
    """Before the epoch's updates."""

    def fit(self, training: TargetRows, validation: TargetRows, state: TrainingState | None = None) -> Fit:
        self._validation_windows = self.window_starts(validation, 1)
        try:
            yield from super().fit(training, validation, state)
        finally:
            del self._validation_windows

    def train_batches(
        self, starts: Starts, learning_rates: NDArray[np.float64], first: TrainingStep
    ) -> BatchResults:
        windows = getattr(self, "_validation_windows", starts[:0])
        if first.step == 0 and len(windows):
            self._loss_before = super().mean_loss(windows)
        return super().train_batches(starts, learning_rates, first)

    def mean_loss(self, starts: Starts) -> float:
        return self._loss_before if hasattr(self, "_validation_windows") else super().mean_loss(starts)


class _TrainingLossAfter(_Counting):
    def fit(self, training: TargetRows, validation: TargetRows, state: TrainingState | None = None) -> Fit:
        self._training_starts = self.window_starts(training, self.config.stride)
        yield from super().fit(training, validation, state)

    def reported_epoch(self, epoch: Epoch, losses: NDArray[Any], norms: NDArray[Any]) -> Epoch:
        # What the epoch ended with: the best weights are loaded at the end of a fit only.
        found = super().reported_epoch(epoch, losses, norms)
        return replace(found, training_loss=self.mean_loss(self._training_starts))


class _MomentsOfAnEpoch(ReferenceForecaster):
    def train_batches(
        self, starts: Starts, learning_rates: NDArray[np.float64], first: TrainingStep
    ) -> BatchResults:
        if first.step == 0:
            fresh = initial_state(self.config, self._weights)
            self.load_optimizer_state(replace(fresh, step=self.optimizer_state().step))
        return super().train_batches(starts, learning_rates, first)


class _BaseRate(_Counting):
    def reported_epoch(self, epoch: Epoch, losses: NDArray[Any], norms: NDArray[Any]) -> Epoch:
        return replace(super().reported_epoch(epoch, losses, norms), learning_rate=self.config.learning_rate)


class _PartialDropped(ReferenceForecaster):
    _fitting = False

    def fit(self, training: TargetRows, validation: TargetRows, state: TrainingState | None = None) -> Fit:
        self._fitting = True
        try:
            yield from super().fit(training, validation, state)
        finally:
            self._fitting = False

    def epoch_starts(self, starts: Starts, epoch: int) -> Starts:
        order = super().epoch_starts(starts, epoch)
        full = len(order) // self.config.batch_size * self.config.batch_size
        return order[:full] if self._fitting and full else order


class _ValidatedOnTraining(ReferenceForecaster):
    def fit(self, training: TargetRows, validation: TargetRows, state: TrainingState | None = None) -> Fit:
        self._training_windows = self.window_starts(training, self.config.stride)
        try:
            yield from super().fit(training, validation, state)
        finally:
            del self._training_windows

    def mean_loss(self, starts: Starts) -> float:
        return super().mean_loss(getattr(self, "_training_windows", starts))


class _MasksOfOneEpoch(ReferenceForecaster):
    def train_batches(
        self, starts: Starts, learning_rates: NDArray[np.float64], first: TrainingStep
    ) -> BatchResults:
        return super().train_batches(starts, learning_rates, TrainingStep(0, first.step))


def _validated(probe: Probe) -> bool:
    return any(last > first for first, last in probe.validation)


def _epochs(probe: Probe) -> bool:
    return probe.config.epochs > 1


DEVIATIONS = (
    deviation(
        "last weights kept",
        "the last epoch's weights as the result, not the best one's",
        methods(_LastWeights),
        _epochs,
    ),
    deviation("best by training loss", "the best epoch by training loss", methods(_BestByTraining), _epochs),
    deviation(
        "validation under dropout",
        "dropout active in the validation loss",
        methods(_ValidatedUnderDropout),
        dropping,
    ),
    deviation(
        "epoch loss as mean of batches",
        "a training loss that is the mean of batch means",
        methods(_MeanOfBatches),
    ),
    deviation(
        "loss of the last batch", "the last batch's loss as an epoch's training loss", methods(_LastBatch)
    ),
    deviation("mean norm", "the mean norm of an epoch for its largest", methods(_MeanNorm)),
    deviation("last norm", "the last norm of an epoch for its largest", methods(_LastNorm)),
    deviation(
        "optimizer made anew", "an optimizer made anew for every epoch", methods(_MemoryOfAnEpoch), _epochs
    ),
    deviation(
        "moments made anew",
        "moments made anew for every epoch, and the counter kept",
        methods(_MomentsOfAnEpoch),
        lambda probe: _epochs(probe) and probe.config.optimizer == "adamw",
    ),
    deviation(
        "base rate reported",
        "the base learning rate reported for every epoch",
        methods(_BaseRate),
        lambda probe: probe.config.schedule != "constant",
    ),
    deviation(
        "partial batch dropped in a fit",
        "the last, partial batch of every epoch dropped in a fit",
        methods(_PartialDropped),
    ),
    deviation(
        "validated before the epoch",
        "a validation loss of the weights before the epoch",
        methods(_ValidatedBefore),
        _validated,
    ),
    deviation(
        "training loss after the epoch",
        "a training loss of the weights after the epoch, without dropout",
        methods(_TrainingLossAfter),
    ),
    deviation(
        "validated on training windows",
        "a validation loss of the training windows",
        methods(_ValidatedOnTraining),
        _validated,
    ),
    deviation(
        "first epoch's masks",
        "the first epoch's dropout masks in every epoch's updates",
        methods(_MasksOfOneEpoch),
        lambda probe: dropping(probe) and _epochs(probe),
    ),
)
