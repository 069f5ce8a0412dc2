from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch

from lstm_backends.torch.forecaster import TorchForecaster
from lstm_conformance.tolerance import compare, measure_changes
from lstm_plugins import Array, ForecasterConfig, ForecasterOptions, SeriesSet, Starts, Weights
from lstm_plugins.reference import ReferenceForecaster

torch.set_num_threads(1)

TARGETS = (2, 0)
LENGTHS = (31, 40)
ROWS = ((0, 31), (0, 40))
SMALL = {"look_back": 6, "horizon": 2, "hidden_units": 4, "batch_size": 5, "precision": "float64"}
SWITCHES: dict[str, dict[str, Any]] = {
    "plain": {},
    "double precision": {"precision": "float64"},
    "one step": {"look_back": 1, "horizon": 1},
    "one hidden unit": {"hidden_units": 1},
    "three layers": {"layers": 3},
    "bidirectional": {"bidirectional": True},
    "two bidirectional layers": {"layers": 2, "bidirectional": True},
    "dot attention": {"attention": "dot"},
    "general attention": {"attention": "general"},
    "general attention on two bidirectional layers": {
        "attention": "general",
        "layers": 2,
        "bidirectional": True,
    },
    "patches": {"patch": 3},
    "one patch": {"patch": 6},
    "no normalisation": {"normalisation": "none"},
    "standard normalisation": {"normalisation": "standard"},
    "absolute error": {"loss": "mae"},
    "huber": {"loss": "huber"},
    "quantiles": {"loss": "quantile", "quantiles": (0.05, 0.3, 0.5, 0.9)},
    "quantiles and standard normalisation": {"loss": "quantile", "normalisation": "standard"},
    "dropout": {"dropout": 0.3},
    "dropout everywhere": {"dropout": 0.5, "layers": 3, "bidirectional": True, "attention": "dot"},
    "decay": {"weight_decay": 0.3},
    "sgd": {"optimizer": "sgd"},
    "no clipping": {"clip_norm": 0.0},
    "hard clipping": {"clip_norm": 0.01},
}


@dataclass(frozen=True)
class Pair:
    """The backend and the reference with the same weights and series."""

    torch: TorchForecaster
    reference: ReferenceForecaster
    series: SeriesSet
    starts: Starts

    @property
    def config(self) -> ForecasterConfig:
        return self.torch.config

    def hold(
        self,
        compute: Callable[[Any], Mapping[str, Array]],
        weights: Weights | None = None,
    ) -> None:
        """Asserts that `compute` gives on both the same, by docs/specification.md section 8."""
        exact = ForecasterConfig.from_dict({**self.config.to_dict(), "precision": "float64"})
        weights = self.torch.weights() if weights is None else weights

        def evaluate(weights: Weights, values: Array) -> Mapping[str, Array]:
            reference = ReferenceForecaster(exact, self.torch.features, self.torch.targets)
            reference.load_series(SeriesSet(values, self.series.targets, self.series.lengths))
            reference.load_weights(weights)
            return compute(reference)

        changes = measure_changes(evaluate, weights, self.series.values, self.config.precision)
        verdicts = compare(
            compute(self.torch),
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


def make_pair(*, device: str = "cpu", **settings: Any) -> Pair:
    config = ForecasterConfig(**{**SMALL, **settings})
    series = make_series()
    options = ForecasterOptions(device=device)
    pair = (TorchForecaster(config, 3, TARGETS, options), ReferenceForecaster(config, 3, TARGETS))
    for forecaster in pair:
        forecaster.load_series(series)
    starts = pair[1].window_starts(ROWS, 1)
    return Pair(*pair, series, np.random.default_rng(6).permutation(starts))


@pytest.fixture(params=SWITCHES.values(), ids=SWITCHES.keys())
def switch(request: pytest.FixtureRequest) -> dict[str, Any]:
    return dict(request.param)


@pytest.fixture(params=["float64", "float32"])
def precision(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def pair_of() -> Callable[..., Pair]:
    return make_pair


@pytest.fixture(scope="session")
def series_of() -> Callable[..., SeriesSet]:
    return make_series


@pytest.fixture(scope="session")
def rows() -> tuple[tuple[int, int], ...]:
    return ROWS
