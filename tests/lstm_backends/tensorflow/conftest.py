from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from lstm_backends.tensorflow.forecaster import TensorflowForecaster
from lstm_conformance.tolerance import compare, measure_changes
from lstm_plugins import Array, ForecasterConfig, SeriesSet, Starts, Weights
from lstm_plugins.reference import ReferenceForecaster

# Who computes first settles the threads of the whole process, and other tests compute with TensorFlow too.
# This is imported before any of them runs.
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)

TARGETS = (2, 0)
LENGTHS = (31, 40)
ROWS = ((0, 31), (0, 40))
SMALL = {"look_back": 6, "horizon": 2, "hidden_units": 4, "batch_size": 5, "precision": "float64"}

# Every switch, for what runs operation by operation.
SWITCHES: dict[str, dict[str, Any]] = {
    "plain": {},
    "single precision": {"precision": "float32"},
    "one step": {"look_back": 1, "horizon": 1},
    "one hidden unit": {"hidden_units": 1},
    "three layers": {"layers": 3},
    "two bidirectional layers": {"layers": 2, "bidirectional": True},
    "dot attention": {"attention": "dot"},
    "general attention": {"attention": "general", "bidirectional": True},
    "patches": {"patch": 3},
    "one patch": {"patch": 6},
    "no normalisation": {"normalisation": "none"},
    "standard normalisation": {"normalisation": "standard"},
    "absolute error": {"loss": "mae"},
    "huber": {"loss": "huber"},
    "quantiles": {"loss": "quantile", "quantiles": (0.05, 0.3, 0.5, 0.9)},
}

# All of them again in few combinations, for what is compiled: each costs seconds.
COMPILED: dict[str, dict[str, Any]] = {
    "rich": {
        "layers": 2,
        "bidirectional": True,
        "attention": "general",
        "dropout": 0.3,
        "weight_decay": 0.2,
        "patch": 2,
        "normalisation": "standard",
        "loss": "huber",
    },
    "plain": {},
    "quantiles": {
        "loss": "quantile",
        "attention": "dot",
        "bidirectional": True,
        "optimizer": "sgd",
        "normalisation": "none",
        "clip_norm": 0.0,
        "dropout": 0.4,
    },
    "single precision": {
        "precision": "float32",
        "loss": "mae",
        "attention": "general",
        "dropout": 0.3,
        "clip_norm": 0.01,
    },
    # In float64, XLA compiles only networks of at least this size.
    "double precision by XLA": {"hidden_units": 16, "dropout": 0.3, "weight_decay": 0.2, "clip_norm": 0.01},
}


@dataclass(frozen=True)
class Pair:
    """The backend and the reference with the same weights and series."""

    tensorflow: TensorflowForecaster
    reference: ReferenceForecaster
    series: SeriesSet
    starts: Starts

    @property
    def config(self) -> ForecasterConfig:
        return self.tensorflow.config

    def hold(self, compute: Callable[[Any], Mapping[str, Array]]) -> None:
        """Asserts that `compute` gives on both the same, by docs/specification.md section 8."""
        exact = ForecasterConfig.from_dict({**self.config.to_dict(), "precision": "float64"})
        weights = self.tensorflow.weights()

        def evaluate(weights: Weights, values: Array) -> Mapping[str, Array]:
            reference = ReferenceForecaster(exact, self.tensorflow.features, self.tensorflow.targets)
            reference.load_series(SeriesSet(values, self.series.targets, self.series.lengths))
            reference.load_weights(weights)
            return compute(reference)

        changes = measure_changes(evaluate, weights, self.series.values, self.config.precision)
        verdicts = compare(
            compute(self.tensorflow),
            evaluate(weights, self.series.values),
            changes,
            self.config.steps,
            self.config.precision,
        )
        assert verdicts
        assert [verdict for verdict in verdicts if not verdict.passed] == []


def make_series(lengths: tuple[int, ...] = LENGTHS, features: int = 3) -> SeriesSet:
    steps = np.random.default_rng(5).standard_normal((sum(lengths), features))
    return SeriesSet(np.cumsum(steps, axis=0) * 0.3, TARGETS, lengths)


def make_pair(**settings: Any) -> Pair:
    """Both with biases, too, away from their start, so that nothing hides behind a zero."""
    config = ForecasterConfig(**{**SMALL, **settings})
    series = make_series()
    pair = (TensorflowForecaster(config, 3, TARGETS), ReferenceForecaster(config, 3, TARGETS))
    generator = np.random.default_rng(7)
    weights = {
        name: array + generator.normal(0.0, 0.2, array.shape).astype(array.dtype)
        for name, array in pair[1].weights().items()
    }
    for forecaster in pair:
        forecaster.load_series(series)
        forecaster.load_weights(weights)
    starts = pair[1].window_starts(ROWS, 1)
    return Pair(*pair, series, generator.permutation(starts))


def _first_of(combinations: dict[str, dict[str, Any]], every: int) -> list[Any]:
    """Combinations as parameters; of each `every`, all but the first are exhaustive."""
    return [
        pytest.param(settings, id=name, marks=[pytest.mark.exhaustive] if number % every else [])
        for number, (name, settings) in enumerate(combinations.items())
    ]


@pytest.fixture(params=_first_of(SWITCHES, 3))
def switch(request: pytest.FixtureRequest) -> dict[str, Any]:
    return dict(request.param)


@pytest.fixture(params=_first_of(COMPILED, 2))
def compiled(request: pytest.FixtureRequest) -> dict[str, Any]:
    return dict(request.param)


@pytest.fixture(scope="session")
def combinations() -> dict[str, dict[str, Any]]:
    return COMPILED


@pytest.fixture(scope="session")
def pair_of() -> Callable[..., Pair]:
    return make_pair


@pytest.fixture(scope="session")
def series_of() -> Callable[..., SeriesSet]:
    return make_series
