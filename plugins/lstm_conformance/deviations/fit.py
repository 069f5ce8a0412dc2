"""What a fit reports and keeps: losses, norms, masks, whose weights are the result."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations.conditions import adamw, dropping, schedule_is, several_epochs, validated
from lstm_conformance.deviations.deviation import Deviation, Plant, overriding, overriding_parts
from lstm_conformance.deviations.loss import mean_of_batches
from lstm_conformance.deviations.windows import full_batches
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import (
    BatchResults,
    Epoch,
    Finished,
    FitRecord,
    OptimizerState,
    Starts,
    TargetRows,
    TrainingState,
    TrainingStep,
)
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.optimizer import initial_state
from lstm_plugins.weights import Weights, trained_arrays

deviation = partial(Deviation, level="trajectory")
Fit = Iterator[FitRecord]
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Fitted:
    """What a fit under way was given: training and validation windows, and the epoch at which it began."""

    training: Starts
    validation: Starts
    begun_at: int

    def in_epoch(self, config: ForecasterConfig) -> int:
        """The number of windows in an epoch."""
        return config.windows_in_epoch(len(self.training))


class Fitting(ReferenceForecaster):
    """A forecaster that knows whether a fit is under way, and reports an epoch by a method of its own.

    Attributes:
        fitted: the fit under way; None outside.
    """

    fitted: Fitted | None = None

    def fit(self, training: TargetRows, validation: TargetRows, state: TrainingState | None = None) -> Fit:
        """See `Forecaster`."""
        windows = self.training_starts(training), self.evaluated_starts(validation)
        self.fitted = Fitted(*windows, 0 if state is None else state.epoch)
        self._results: list[BatchResults] = []
        try:
            for record in super().fit(training, validation, state):
                # Before the first update of a fit with a linear part there are no batches.
                if isinstance(record, Epoch) and self._results:
                    losses = np.concatenate([results.losses for results in self._results])
                    norms = np.concatenate([results.norms for results in self._results])
                    record = self.reported_epoch(record, losses, norms)
                    self._results = []
                yield record
        finally:
            self.fitted = None

    def train_batches(self, starts: Starts, learning_rates: Values, first: TrainingStep) -> BatchResults:
        """See `Forecaster`."""
        results = super().train_batches(starts, learning_rates, first)
        if self.fitted is not None:
            self._results.append(results)
        return results

    def reported_epoch(self, epoch: Epoch, losses: Values, norms: Values) -> Epoch:
        """What is reported of an epoch, from the losses and norms of its batches."""
        return epoch


fitting = overriding_parts(Fitting)


def reporting(change: Callable[[Fitting, Values, Values], dict[str, float]]) -> Plant:
    """Other numbers of an epoch, from the forecaster and the losses and norms of the batches."""
    return fitting(
        reported_epoch=lambda true, self, epoch, *batches: replace(
            true(epoch, *batches), **change(self, *batches)
        )
    )


def _last_weights(true: Any, self: ReferenceForecaster, *given: Any) -> Fit:
    yield from true(*given)
    if self.training_state is not None:
        self.load_weights(self.training_state.weights)


def _best_by_training(true: Any, self: ReferenceForecaster, *given: Any) -> Fit:
    best: tuple[float, int, Weights] | None = None
    for record in true(*given):
        loss = record.training_loss if isinstance(record, Epoch) else None
        if isinstance(record, Epoch) and loss is not None and (best is None or loss < best[0]):
            best = (loss, record.epoch, self.weights())
        if isinstance(record, Finished) and best is not None:
            self.load_weights(best[2])
            record = replace(record, best_epoch=best[1])
        yield record


def _validation_loss(compute: Callable[[Any, Fitting, Fitted, Starts], float]) -> Callable[..., float]:
    """Another mean loss during a fit; `compute` takes the true one, the forecaster, the fit and windows."""

    def mean_loss(true: Any, self: Fitting, starts: Starts) -> float:
        return true(starts) if self.fitted is None else compute(true, self, self.fitted, starts)

    return mean_loss


def _validating_before(true: Any, self: Any, starts: Starts, rates: Values, first: TrainingStep) -> Any:
    fitted = self.fitted
    if fitted is not None and first.step == 0 and len(fitted.validation):
        self.fitted = None
        self.loss_before = self.mean_loss(fitted.validation)
        self.fitted = fitted
    return true(starts, rates, first)


def _starting_with(state: Callable[[OptimizerState, OptimizerState], OptimizerState]) -> Plant:
    """Every epoch with another optimizer state, from an empty one and the present one."""

    def train_batches(true: Any, self: Any, starts: Starts, rates: Values, first: TrainingStep) -> Any:
        if first.step == 0:
            empty = initial_state(self.config, trained_arrays(self._weights))
            self.load_optimizer_state(state(empty, self.optimizer_state()))
        return true(starts, rates, first)

    return overriding(train_batches=train_batches)


DEVIATIONS = (
    deviation(
        "last weights kept",
        "the last epoch's weights as the result instead of the best epoch's",
        overriding(fit=_last_weights),
        several_epochs,
    ),
    deviation(
        "best by training loss",
        "the best epoch chosen by training loss",
        overriding(fit=_best_by_training),
        several_epochs,
    ),
    deviation(
        "validation under dropout",
        "dropout active in the validation loss",
        fitting(
            mean_loss=_validation_loss(
                lambda true, self, fitted, starts: mean_of_batches(self, starts, partial(TrainingStep, 0))
            )
        ),
        dropping,
    ),
    deviation(
        "epoch loss as mean of batches",
        "a training loss that is the mean of batch means",
        reporting(lambda self, losses, norms: {"training_loss": float(np.mean(losses))}),
    ),
    deviation(
        "loss of the last batch",
        "the last batch's loss reported as the epoch's training loss",
        reporting(lambda self, losses, norms: {"training_loss": float(losses[-1])}),
    ),
    deviation(
        "mean norm",
        "an epoch's mean norm reported instead of its largest",
        reporting(lambda self, losses, norms: {"gradient_norm": float(np.mean(norms))}),
    ),
    deviation(
        "last norm",
        "an epoch's last norm reported instead of its largest",
        reporting(lambda self, losses, norms: {"gradient_norm": float(norms[-1])}),
    ),
    deviation(
        "new optimizer every epoch",
        "a new optimizer for every epoch",
        _starting_with(lambda empty, present: empty),
        several_epochs,
    ),
    deviation(
        "new moments every epoch",
        "new moments for every epoch, with the counter kept",
        _starting_with(lambda empty, present: replace(empty, step=present.step)),
        several_epochs & adamw,
    ),
    deviation(
        "base rate reported",
        "the base learning rate reported for every epoch",
        reporting(lambda self, losses, norms: {"learning_rate": self.config.learning_rate}),
        ~schedule_is("constant"),
    ),
    deviation(
        "partial batch dropped in a fit",
        "the last, partial batch of every epoch dropped in a fit",
        fitting(
            epoch_starts=lambda true, self, *given: (
                full_batches(self, true(*given)) if self.fitted else true(*given)
            )
        ),
    ),
    deviation(
        "validated before the epoch",
        "a validation loss of the weights before the epoch",
        fitting(
            train_batches=_validating_before,
            mean_loss=_validation_loss(lambda true, self, fitted, starts: self.loss_before),  # type: ignore[attr-defined]
        ),
        validated,
    ),
    deviation(
        "training loss after the epoch",
        "a training loss of the weights after the epoch, without dropout",
        # The best weights are loaded at the end of a fit only: these are the epoch's.
        reporting(lambda self, losses, norms: {"training_loss": self.mean_loss(self.fitted.training)}),  # type: ignore[union-attr]
    ),
    deviation(
        "validated on training windows",
        "a validation loss of the training windows",
        fitting(mean_loss=_validation_loss(lambda true, self, fitted, starts: true(fitted.training))),
        validated,
    ),
    deviation(
        "first epoch's masks",
        "the first epoch's dropout masks in every epoch's updates",
        overriding(
            train_batches=lambda true, self, starts, rates, first: true(
                starts, rates, TrainingStep(0, first.step)
            )
        ),
        dropping & several_epochs,
    ),
)
