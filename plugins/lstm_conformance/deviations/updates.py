"""The path by which `fit` updates, where it differs from the single steps that are right."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations.clipping import clipping
from lstm_conformance.deviations.deviation import Deviation, methods
from lstm_conformance.deviations.dropout import dropping
from lstm_conformance.probes import Probe
from lstm_plugins.records import BatchResults, OptimizerState, Starts, TrainingStep
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.optimizer import global_norm, initial_state
from lstm_plugins.weights import Weights

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
        """Which windows are a batch."""
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


class _PartialNotApplied(Updating):
    def apply(self, gradients: Weights, rate: float, batch: Starts) -> None:
        if len(batch) == self.config.batch_size:
            super().apply(gradients, rate, batch)


class _PartialByFullSize(Updating):
    def gradients_of(self, batch: Starts, step: TrainingStep, n: int) -> tuple[float, Weights]:
        loss, gradients = super().gradients_of(batch, step, n)
        share = len(batch) / self.config.batch_size
        return loss, {name: share * array for name, array in gradients.items()}


class _Accumulating(Updating):
    _sum: Weights | None = None

    def gradients_of(self, batch: Starts, step: TrainingStep, n: int) -> tuple[float, Weights]:
        loss, gradients = super().gradients_of(batch, step, n)
        if n and self._sum is not None:
            gradients = {name: self._sum[name] + array for name, array in gradients.items()}
        self._sum = gradients
        return loss, gradients


class _LastGradients(Updating):
    _last: Weights | None = None

    def gradients_of(self, batch: Starts, step: TrainingStep, n: int) -> tuple[float, Weights]:
        loss, gradients = super().gradients_of(batch, step, n)
        used = gradients if n == 0 or self._last is None else self._last
        self._last = gradients
        return loss, used


class _NoMemory(Updating):
    def apply(self, gradients: Weights, rate: float, batch: Starts) -> None:
        empty = initial_state(self.config, self._weights)
        step = self.optimizer_state().step
        self.load_optimizer_state(OptimizerState(step, empty.first, empty.second))
        super().apply(gradients, rate, batch)


class _NoCounter(Updating):
    def apply(self, gradients: Weights, rate: float, batch: Starts) -> None:
        state = self.optimizer_state()
        self.load_optimizer_state(OptimizerState(0, state.first, state.second))
        super().apply(gradients, rate, batch)


class _NotClipped(Updating):
    def clipped(self, gradients: Weights) -> tuple[Weights, float]:
        return gradients, global_norm(gradients)


class _NormAfter(Updating):
    def clipped(self, gradients: Weights) -> tuple[Weights, float]:
        clipped, _ = super().clipped(gradients)
        return clipped, global_norm(clipped)


class _NoDropout(Updating):
    def gradients_of(self, batch: Starts, step: TrainingStep, n: int) -> tuple[float, Weights]:
        return self.loss_and_gradients(batch)


class _OneMask(Updating):
    def gradients_of(self, batch: Starts, step: TrainingStep, n: int) -> tuple[float, Weights]:
        return super().gradients_of(batch, TrainingStep(step.epoch, step.step - n), n)


class _RateLate(Updating):
    def rate(self, rates: NDArray[np.float64], n: int) -> float:
        return float(rates[max(n - 1, 0)])


class _RateEarly(Updating):
    def rate(self, rates: NDArray[np.float64], n: int) -> float:
        return float(rates[min(n + 1, len(rates) - 1)])


class _LossAfter(Updating):
    def reported(self, loss: float, batch: Starts, step: TrainingStep) -> float:
        return self.loss_and_gradients(batch, step)[0]


class _LossWithoutDropout(Updating):
    def gradients_of(self, batch: Starts, step: TrainingStep, n: int) -> tuple[float, Weights]:
        return self.loss_and_gradients(batch)[0], super().gradients_of(batch, step, n)[1]


class _Backwards(Updating):
    def batches(self, starts: Starts) -> Iterator[Starts]:
        return iter(list(super().batches(starts))[::-1])


class _Twice(Updating):
    def apply(self, gradients: Weights, rate: float, batch: Starts) -> None:
        super().apply(gradients, rate, batch)
        super().apply(gradients, rate, batch)


class _Ascending(Updating):
    def apply(self, gradients: Weights, rate: float, batch: Starts) -> None:
        super().apply({name: -array for name, array in gradients.items()}, rate, batch)


def several_batches(probe: Probe) -> bool:
    """Two batches, the second a partial one, are among the windows."""
    return len(probe.partial_batch) > 0


def _partial(probe: Probe) -> bool:
    return 0 < len(probe.partial_batch) < probe.config.batch_size


def _remembering(probe: Probe) -> bool:
    return several_batches(probe) and (probe.config.optimizer == "adamw" or probe.config.momentum > 0)


def _adamw(probe: Probe) -> bool:
    return several_batches(probe) and probe.config.optimizer == "adamw"


def _late_masks(probe: Probe) -> bool:
    return several_batches(probe) and dropping(probe)


DEVIATIONS = (
    deviation(
        "partial batch not applied",
        "no update by the last, partial batch",
        methods(_PartialNotApplied),
        _partial,
    ),
    deviation(
        "partial batch by the full size",
        "updates by a partial batch's gradients divided by the full batch size",
        methods(_PartialByFullSize),
        _partial,
    ),
    deviation(
        "accumulated over batches",
        "gradients accumulated from batch to batch, never zeroed",
        methods(_Accumulating),
        several_batches,
    ),
    deviation(
        "gradients of the batch before",
        "updates by the gradients of the batch before",
        methods(_LastGradients),
        several_batches,
    ),
    deviation(
        "moments not kept over batches",
        "moments that are not kept from batch to batch",
        methods(_NoMemory),
        _remembering,
    ),
    deviation(
        "counter not kept over batches", "an update counter that does not count", methods(_NoCounter), _adamw
    ),
    deviation("not clipped in training", "no clipping in training", methods(_NotClipped), clipping),
    deviation("clipped norm reported", "norms reported after clipping", methods(_NormAfter), clipping),
    deviation("no dropout in the updates", "no dropout in the updates", methods(_NoDropout), dropping),
    deviation(
        "one mask for all batches",
        "the first batch's dropout masks for all batches",
        methods(_OneMask),
        _late_masks,
    ),
    deviation(
        "rate one batch late", "the learning rate of the batch before", methods(_RateLate), several_batches
    ),
    deviation(
        "rate one batch early", "the learning rate of the next batch", methods(_RateEarly), several_batches
    ),
    deviation("loss after the update", "losses reported after the update", methods(_LossAfter)),
    deviation(
        "loss without dropout", "losses reported without dropout", methods(_LossWithoutDropout), dropping
    ),
    deviation("batches in reverse", "batches in reverse order", methods(_Backwards), several_batches),
    deviation("every update twice", "every update done twice", methods(_Twice)),
    deviation("gradient ascent", "updates that climb", methods(_Ascending)),
)
