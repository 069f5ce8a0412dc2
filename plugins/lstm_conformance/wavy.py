"""The series of the probes, and probes on it with any settings."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.probe import Probe, probe_of
from lstm_plugins.config import ForecasterConfig, Precision
from lstm_plugins.records import SeriesSet, TargetRows

KIND: dict[str, Any] = {
    "look_back": 12,
    "horizon": 3,
    "hidden_units": 5,
    "batch_size": 7,
    "epochs": 3,
    "patience": 0,
    "clip_norm": 0.05,
    "weight_decay": 0.05,
    "learning_rate": 0.01,
    "dropout": 0.25,
    "stride": 2,
    "seed": 7,
}
"""The config of the probes, unless a switch changes it."""

NOISE = 0.4
"""Standard deviation of the noise in the series."""

ROWS: tuple[TargetRows, TargetRows] = (((0, 45), (0, 30)), ((45, 60), (30, 41)))
"""Target rows of training and validation in `wavy_series`."""


def wavy_probe(name: str, settings: Mapping[str, Any], precision: Precision) -> Probe:
    """A probe on two series of three columns, two of them targets; `KIND` has the other settings."""
    config = ForecasterConfig(**{**KIND, **settings, "precision": precision})
    return probe_of(name, config, wavy_series(), *ROWS)


def scattered_mask() -> NDArray[np.bool_]:
    """Which target values of `wavy_series` are observed: three in four, and but none in outages."""
    generator = np.random.Generator(np.random.Philox(key=13))
    observed: NDArray[np.bool_] = generator.random((101, 2)) < 0.75
    observed[18:35] = observed[80:90] = False
    observed[38:44, 1] = False
    return observed


def wavy_series(noise: float = NOISE) -> SeriesSet:
    """Two series of three columns; the last and the first column are the targets."""
    return SeriesSet(waves(101, 3, noise), (2, 0), (60, 41))


def waves(rows: int, columns: int, noise: float = NOISE) -> NDArray[np.float64]:
    """Noisy waves of several lengths, `[rows, columns]`."""
    generator = np.random.Generator(np.random.Philox(key=11))
    time = np.arange(rows)[:, None]
    waves = np.sin(time / (3.0 + 2.0 * np.arange(columns)))
    return np.ascontiguousarray(waves + noise * generator.standard_normal((rows, columns)))
