"""The path by which `fit` updates, where it differs from the single steps that are right."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.deviation import Deviation, overriding_parts
from lstm_conformance.deviations.gradients import accumulated
from lstm_plugins.records import BatchResults, Starts, TrainingStep
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.optimizer import global_norm, initial_state
from lstm_plugins.weights import Weights, trained_arrays

deviation = partial(Deviation, level="two steps")


class Updating(ReferenceForecaster):
    """`train_batches` in parts that can each be replaced."""

    def train_batches(
        self, starts: Starts, learning_rates: NDArray[np.float64], first: TrainingStep
    ) -> BatchResults:
        """See `Forecaster`."""
        losses, norms = np.zeros(len(learning_rates)), np.zeros(len(learning_rates))
        for n, batch in enumerate(self.batches(starts)):
            step = TrainingStep(first.epoch, first.step + n)
            loss, gradients = self.gradients_of(batch, step, n)
            clipped, norms[n] = self.clipped(gradients)
            self.apply(clipped, self.rate(learning_rates, n), batch)
            losses[n] = self.reported(loss, batch, step)
        return BatchResults(losses, norms)

    def batches(self, starts: Starts) -> Iterator[Starts]:
        """The windows of each batch."""
        for part in self._batches(len(starts)):
            yield starts[part]

    def gradients_of(self, batch: Starts, step: TrainingStep, n: int) -> tuple[float, Weights]:
        """Loss and gradients of batch `n` of this call."""
        return self.loss_and_gradients(batch, step)

    def clipped(self, gradients: Weights) -> tuple[Weights, float]:
        """Gradients to be applied, and the norm to be reported."""
        return self.clip(gradients)

    def rate(self, rates: NDArray[np.float64], n: int) -> float:
        """The learning rate of batch `n` of this call."""
        return float(rates[n])

    def apply(self, gradients: Weights, rate: float, batch: Starts) -> None:
        """The update itself."""
        self.update(gradients, rate)

    def reported(self, loss: float, batch: Starts, step: TrainingStep) -> float:
        """The loss to be reported, once the update is done."""
        return loss


_updating = overriding_parts(Updating)


def _only_full(true: Any, self: Updating, gradients: Weights, rate: float, batch: Starts) -> None:
    if len(batch) == self.config.batch_size:
        true(gradients, rate, batch)


def _by_full_size(true: Any, self: Updating, batch: Starts, *rest: Any) -> tuple[float, Weights]:
    loss, gradients = true(batch, *rest)
    share = len(batch) / self.config.batch_size
    return loss, {name: share * array for name, array in gradients.items()}


def _accumulating(true: Any, self: Updating, batch: Starts, step: Any, n: int) -> tuple[float, Weights]:
    loss, gradients = true(batch, step, n)
    return loss, accumulated(self, gradients, anew=n == 0)


def _last_gradients(true: Any, self: Any, batch: Starts, step: Any, n: int) -> tuple[float, Weights]:
    loss, gradients = true(batch, step, n)
    used = self._last_gradients if n else gradients
    self._last_gradients = gradients
    return loss, used


def _without_moments(true: Any, self: Updating, *given: Any) -> None:
    empty = initial_state(self.config, trained_arrays(self._weights))
    self.load_optimizer_state(replace(empty, step=self.optimizer_state().step))
    true(*given)


def _without_counter(true: Any, self: Updating, *given: Any) -> None:
    self.load_optimizer_state(replace(self.optimizer_state(), step=0))
    true(*given)


def _norm_after(true: Any, self: Updating, gradients: Weights) -> tuple[Weights, float]:
    clipped, _ = true(gradients)
    return clipped, global_norm(clipped)


def _twice(true: Any, self: Updating, *given: Any) -> None:
    true(*given)
    true(*given)


over_batches = partial(deviation, applies=when.several_batches)

DEVIATIONS = (
    deviation(
        "partial batch not applied",
        "no update for the last, partial batch",
        _updating(apply=_only_full),
        when.partial_batch,
    ),
    deviation(
        "partial batch by the full size",
        "a partial batch's update with gradients divided by the full batch size",
        _updating(gradients_of=_by_full_size),
        when.partial_batch,
    ),
    over_batches(
        "accumulated over batches",
        "gradients accumulated from batch to batch, never zeroed",
        _updating(gradients_of=_accumulating),
    ),
    over_batches(
        "gradients of the batch before",
        "updates with the previous batch's gradients",
        _updating(gradients_of=_last_gradients),
    ),
    deviation(
        "moments not kept over batches",
        "moments not kept from batch to batch",
        _updating(apply=_without_moments),
        when.several_batches & (when.adamw | when.momentum),
    ),
    deviation(
        "counter not kept over batches",
        "an update counter that does not count",
        _updating(apply=_without_counter),
        when.several_batches & when.adamw,
    ),
    deviation(
        "not clipped in training",
        "no clipping in training",
        _updating(clipped=lambda true, self, gradients: (gradients, global_norm(gradients))),
        when.clipping,
    ),
    deviation(
        "clipped norm reported",
        "norms reported after clipping",
        _updating(clipped=_norm_after),
        when.clipping,
    ),
    deviation(
        "no dropout in the updates",
        "no dropout in the updates",
        _updating(gradients_of=lambda true, self, batch, *rest: self.loss_and_gradients(batch)),
        when.dropping,
    ),
    deviation(
        "one mask for all batches",
        "the first batch's dropout masks for all batches",
        _updating(
            gradients_of=lambda true, self, batch, step, n: true(
                batch, TrainingStep(step.epoch, step.step - n), n
            )
        ),
        when.several_batches & when.dropping,
    ),
    over_batches(
        "rate one batch late",
        "the previous batch's learning rate",
        _updating(rate=lambda true, self, rates, n: true(rates, max(n - 1, 0))),
    ),
    over_batches(
        "rate one batch early",
        "the next batch's learning rate",
        _updating(rate=lambda true, self, rates, n: true(rates, min(n + 1, len(rates) - 1))),
    ),
    deviation(
        "loss after the update",
        "losses reported after the update",
        _updating(reported=lambda true, self, loss, *batch: self.loss_and_gradients(*batch)[0]),
    ),
    deviation(
        "loss without dropout",
        "losses reported without dropout",
        _updating(
            gradients_of=lambda true, self, batch, *rest: (
                self.loss_and_gradients(batch)[0],
                true(batch, *rest)[1],
            )
        ),
        when.dropping,
    ),
    over_batches(
        "batches in reverse",
        "batches in reverse order",
        _updating(batches=lambda true, self, starts: list(true(starts))[::-1]),
    ),
    deviation("every update twice", "every update applied twice", _updating(apply=_twice)),
    deviation(
        "gradient ascent",
        "updates that climb the gradient",
        _updating(
            apply=lambda true, self, gradients, *rest: true({n: -a for n, a in gradients.items()}, *rest)
        ),
    ),
)
