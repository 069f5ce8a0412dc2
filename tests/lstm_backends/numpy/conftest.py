from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from lstm_backends.numpy.forecaster import NumpyForecaster
from lstm_conformance.tolerance import compare, measure_changes
from lstm_plugins import Array, ForecasterConfig, SeriesSet, TrainingStep, Weights
from lstm_plugins.reference import ReferenceForecaster

LENGTHS = (30, 45)


@dataclass
class Pair:
    """The backend and the reference with the same weights and series."""

    backend: NumpyForecaster
    reference: ReferenceForecaster
    values: Array

    def reference_at(self, weights: Weights, values: Array) -> ReferenceForecaster:
        """A reference in float64 at other weights and rows."""
        config = ForecasterConfig(**self.backend.config.to_dict() | {"precision": "float64"})
        fresh = ReferenceForecaster(config, self.backend.features, self.backend.targets)
        fresh.load_weights(weights)
        fresh.load_series(SeriesSet(values, self.backend.targets, LENGTHS))
        return fresh

    def assert_same(self, evaluate: Callable[[Any], dict[str, Any]]) -> None:
        """`evaluate` gives the same tensors of both, within section 8's tolerance."""
        config = self.backend.config

        def exact(weights: Weights, values: Array) -> dict[str, Any]:
            return evaluate(self.reference_at(weights, values))

        weights = self.backend.weights()
        changes = measure_changes(exact, weights, self.values, config.precision)
        verdicts = compare(
            evaluate(self.backend), exact(weights, self.values), changes, config.steps, config.precision
        )
        assert verdicts
        assert [verdict for verdict in verdicts if not verdict.passed] == []


def make_pair(
    *, features: int = 2, targets: tuple[int, ...] = (1, 0), spread: float = 0.3, **settings: Any
) -> Pair:
    small = {"look_back": 6, "horizon": 2, "hidden_units": 3, "batch_size": 5, "precision": "float64"}
    config = ForecasterConfig(**small | settings)
    backend = NumpyForecaster(config, features, targets)
    reference = ReferenceForecaster(config, features, targets)
    generator = np.random.default_rng(config.seed)
    weights = {
        name: array + spread * generator.normal(size=array.shape).astype(array.dtype)
        for name, array in reference.weights().items()
    }
    values = generator.normal(size=(sum(LENGTHS), features)).cumsum(axis=0) * 0.4 + 1.0
    for forecaster in (backend, reference):
        forecaster.load_weights(weights)
        forecaster.load_series(SeriesSet(values, targets, LENGTHS))
    return Pair(backend, reference, values)


@pytest.fixture(scope="session")
def make() -> Callable[..., Pair]:
    return make_pair


def single_pass(starts: Array, step: TrainingStep | None) -> Callable[[Any], dict[str, Any]]:
    """Everything that one pass over some windows gives."""

    def evaluate(forecaster: Any) -> dict[str, Any]:
        loss, gradients = forecaster.loss_and_gradients(starts, step)
        return {
            "prediction": forecaster.predict(starts),
            "normalised": forecaster.normalised_windows(starts).inputs,
            "mean loss": forecaster.mean_loss(starts),
            "loss": loss,
            **gradients,
        }

    return evaluate


@pytest.fixture(scope="session")
def evaluate_pass() -> Callable[..., Any]:
    return single_pass
