"""Probes: configs, series and weights on which a wrong backend shows.

A probe that is too kind proves nothing: constant weights hide a permuted gate order, zero biases hide a
doubled bias, and a batch size that divides the number of windows hides a dropped last batch. So weights and
biases are random and distinct, the last batch is partial, clipping is active, and decay and dropout are on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from lstm_conformance.added_probes import added_probes
from lstm_conformance.probe import Probe, probe_of
from lstm_conformance.wavy import KIND, ROWS, scattered_mask, waves, wavy_probe, wavy_series
from lstm_plugins.config import ForecasterConfig, Precision
from lstm_plugins.records import SeriesSet

SWITCHES: dict[str, dict[str, Any]] = {
    "plain": {"dropout": 0.0},
    "two layers": {"layers": 2},
    "three narrow layers": {"layers": 3, "hidden_units": 3, "epochs": 1},
    "bidirectional": {"bidirectional": True},
    "bidirectional attention": {"bidirectional": True, "attention": "dot", "epochs": 1},
    "dot attention": {"attention": "dot"},
    "general attention": {"attention": "general"},
    "patches": {"patch": 4},
    "no normalisation": {"normalisation": "none"},
    "standard normalisation": {"normalisation": "standard"},
    "absolute error": {"loss": "mae"},
    "Huber loss": {"loss": "huber"},
    "quantiles": {"loss": "quantile", "quantiles": (0.1, 0.5, 0.8)},
    "SGD": {"optimizer": "sgd", "weight_decay": 0.0},
    "no clipping": {"clip_norm": 0.0},
    "cosine schedule": {"schedule": "cosine", "warmup": 4, "epochs": 2},
    "plateau schedule": {
        "schedule": "plateau",
        "plateau": 1,
        "learning_rate": 0.05,
        "epochs": 8,
        "hidden_units": 3,
    },
    # Losses fall by less than a plateau's margin in one epoch, and by more in two or three.
    "plateau of small gains": {
        "schedule": "plateau",
        "plateau": 2,
        "learning_rate": 1e-4,
        "epochs": 12,
        "hidden_units": 3,
        "dropout": 0.0,
        "optimizer": "sgd",
        "weight_decay": 0.0,
    },
    # Losses rise and fall several times before they rise twice in a row.
    "early stopping": {"patience": 2, "learning_rate": 0.1, "epochs": 20, "hidden_units": 3},
    "stride 1": {"stride": 1, "epochs": 1},
    # Its last batch is partial, and the cosine ends earlier than with all windows.
    "windows per epoch": {"windows_per_epoch": 17, "schedule": "cosine", "warmup": 3},
    "everything": {
        "layers": 2,
        "bidirectional": True,
        "attention": "general",
        "patch": 3,
        "normalisation": "standard",
        "loss": "huber",
        "schedule": "cosine",
        "warmup": 3,
        "epochs": 2,
    },
}
"""Each switch of the config in turn, by its name in reports."""


def switch_probe(switch: str, precision: Precision) -> Probe:
    """The probe of one entry of `SWITCHES`."""
    return wavy_probe(switch, SWITCHES[switch], precision)


def quick_probes(precision: Precision) -> Iterator[Probe]:
    """Two probes: a plain network and one with every switch on."""
    yield switch_probe("plain", precision)
    yield switch_probe("everything", precision)


def full_probes(precision: Precision) -> Iterator[Probe]:
    """Every switch in turn, then the edge cases, then missing values, then the other additions."""
    for switch in SWITCHES:
        yield switch_probe(switch, precision)
    yield from awkward_probes(precision)
    yield from missing_probes(precision)
    yield from added_probes(precision)


def awkward_probes(precision: Precision) -> Iterator[Probe]:
    """Edge cases of series and shapes, on which a correct backend has to pass."""
    base = ForecasterConfig(**{**KIND, "precision": precision, "dropout": 0.0, "epochs": 2, "stride": 1})
    wavy = wavy_series()

    def probe(name: str, series: SeriesSet, **settings: Any) -> Probe:
        return probe_of(name, replace(base, **settings), series, *ROWS)

    constant = replace(wavy, values=np.full_like(wavy.values, 2.5))
    for normalisation in ("none", "last", "standard"):
        yield probe(f"a series of one value, {normalisation}", constant, normalisation=normalisation)
    steps = wavy.values.copy()
    steps[10:40] = steps[10]
    yield probe("constant windows", replace(wavy, values=steps), normalisation="standard")
    for loss in ("mae", "quantile"):
        yield _without_error(probe(f"errors of zero, {loss}", constant, loss=loss, normalisation="last"))
    # Zeros have no rounding error, so these probes check the slope at an error of exactly 0.
    nothing = replace(wavy, values=np.zeros_like(wavy.values))
    for loss in ("mae", "quantile"):
        yield _without_error(probe(f"zeros, {loss}", nothing, loss=loss, normalisation="none", epochs=1))
    one_target = replace(wavy, targets=(1,))
    yield probe("one step, one target", one_target, look_back=1)
    yield probe("36 steps", one_target, look_back=36, hidden_units=3, epochs=1)
    yield probe("one unit, one window a batch", wavy, hidden_units=1, batch_size=1, epochs=1)
    long = SeriesSet(waves(840, 1), (0,), (840,))
    config = replace(base, look_back=800, horizon=1, hidden_units=4, epochs=1)
    yield probe_of("800 steps", config, long, ((0, 820),), ((820, 840),))


def missing_probe(name: str, settings: Mapping[str, Any], precision: Precision) -> Probe:
    """The wavy probe with missing values: single ones, and outages longer than a window."""
    probe = wavy_probe(name, settings, precision)
    return probe_of(name, probe.config, replace(probe.series, observed=scattered_mask()), *ROWS)


def missing_probes(precision: Precision) -> Iterator[Probe]:
    """Series with missing target values, and with indicators of missing values among the inputs."""
    for loss in ("mse", "mae", "huber", "quantile"):
        settings = {"loss": loss, "dropout": 0.0, "epochs": 2}
        yield missing_probe(f"missing values, {loss}", settings, precision)
    config, wavy, mask = switch_probe("plain", precision).config, wavy_series(), scattered_mask()
    one_target = replace(wavy, observed=mask | np.array([True, False]))
    yield probe_of("missing values of one target", config, one_target, *ROWS)
    one_series = replace(wavy, observed=mask & (np.arange(101) < wavy.lengths[0])[:, None])
    yield probe_of("a series without observed targets", config, one_series, *ROWS)
    indicators = (np.sin(9.0 * wavy.values[:, :2]) > -0.5).astype(np.float64)
    indicated = replace(wavy, values=np.concatenate([wavy.values, indicators], axis=1), observed=mask)
    for normalisation in ("standard", "last"):
        own_config = replace(config, normalisation=normalisation, epochs=1)
        yield probe_of(f"indicators, {normalisation}", own_config, indicated, *ROWS, indicators=2)


def _without_error(probe: Probe) -> Probe:
    """The probe with a head of zeros: under normalisation `last` it forecasts a constant series exactly."""
    weights = dict(probe.weights)
    for name in ("head.kernel", "head.bias"):
        weights[name] = np.zeros_like(weights[name])
    return replace(probe, weights=weights)
