"""The mean loss over batches, and what the loss is taken of."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from lstm_conformance.deviations.deviation import Deviation, methods
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import Starts, TrainingStep
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.tracing import target_statistics
from lstm_plugins.weights import Array, Weights

deviation = partial(Deviation, level="loss")


class _MeanOfMeans(ReferenceForecaster):
    def mean_loss(self, starts: Starts) -> float:
        parts = [starts[part] for part in self._batches(len(starts))]
        return float(np.mean([super(_MeanOfMeans, self).mean_loss(part) for part in parts]))


class _FullBatchesOnly(ReferenceForecaster):
    def mean_loss(self, starts: Starts) -> float:
        size = self.config.batch_size
        return super().mean_loss(starts[: max(len(starts) // size, 1) * size])


class _SumOfMeans(ReferenceForecaster):
    def mean_loss(self, starts: Starts) -> float:
        parts = [starts[part] for part in self._batches(len(starts))]
        return float(np.sum([super(_SumOfMeans, self).mean_loss(part) for part in parts]))


class _Dropping(ReferenceForecaster):
    def mean_loss(self, starts: Starts) -> float:
        total = 0.0
        for n, part in enumerate(self._batches(len(starts))):
            loss, _ = super().loss_and_gradients(starts[part], TrainingStep(0, n))
            total += loss * len(starts[part])
        return total / len(starts)


class _Normalised(ReferenceForecaster):
    """The loss of normalised forecasts against normalised targets."""

    def mean_loss(self, starts: Starts) -> float:
        losses = [
            self.loss_and_gradients(starts[part])[0] * len(starts[part])
            for part in self._batches(len(starts))
        ]
        return float(np.sum(losses)) / len(starts)

    def loss_and_gradients(
        self, starts: Starts, training: TrainingStep | None = None
    ) -> tuple[float, Weights]:
        windows = self.normalised_windows(starts)
        center, scale = target_statistics(windows, self.targets)
        forecaster = _against_normalised(self, center, scale)
        return forecaster.loss_and_gradients(starts, training)


def _against_normalised(owner: ReferenceForecaster, center: Array, scale: Array) -> ReferenceForecaster:
    """A plain forecaster in the owner's state whose loss divides by the windows' scale."""
    before = owner.steps

    def normalised(values: Array) -> Array:
        extra = (None,) * (values.ndim - 3)
        return np.asarray((values - center[:, None, :][(..., *extra)]) / scale[:, None, :][(..., *extra)])

    def loss(config: ForecasterConfig, prediction: Array, wanted: Array) -> float:
        return before.loss(config, normalised(prediction), normalised(wanted))

    def loss_derivative(config: ForecasterConfig, prediction: Array, wanted: Array) -> Array:
        derivative = before.loss_derivative(config, normalised(prediction), normalised(wanted))
        return np.asarray(derivative / scale[:, None, :, None])

    plain = ReferenceForecaster(
        owner.config,
        owner.features,
        owner.targets,
        steps=replace(before, loss=loss, loss_derivative=loss_derivative),
    )
    plain.load_series(owner._loaded())
    plain.load_weights(owner._weights)
    return plain


DEVIATIONS = (
    deviation(
        "loss of normalised values",
        "the loss of normalised forecasts, not in the series' units",
        methods(_Normalised),
        lambda probe: probe.config.normalisation == "standard",
    ),
    deviation("mean of batch means", "a mean loss that is the mean of batch means", methods(_MeanOfMeans)),
    deviation(
        "mean without the partial batch", "a mean loss without the partial batch", methods(_FullBatchesOnly)
    ),
    deviation("sum of batch means", "a mean loss that is the sum of batch means", methods(_SumOfMeans)),
    deviation(
        "mean loss under dropout",
        "dropout active in the mean loss",
        methods(_Dropping),
        lambda probe: probe.config.dropout > 0,
    ),
)
