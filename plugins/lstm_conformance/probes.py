"""Probes: configs, series and weights on which a wrong backend shows.

A probe that is too kind proves nothing: constant weights hide a permuted gate order, zero biases hide a
doubled bias, and a batch size that divides the number of windows hides a dropped last batch. So weights and
biases are random and distinct, the last batch is partial, clipping is active, and decay and dropout are on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.additions import extra_columns, needed_additions
from lstm_plugins.config import ForecasterConfig, Precision
from lstm_plugins.errors import SeriesError
from lstm_plugins.records import SeriesSet, Starts, TargetRows
from lstm_plugins.reference.windows import kept_starts, window_starts
from lstm_plugins.weights import Weights, is_fixed, weight_shapes

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


ROWS: tuple[TargetRows, TargetRows] = (((0, 45), (0, 30)), ((45, 60), (30, 41)))
"""Target rows of training and validation in `wavy_series`."""


@dataclass(frozen=True, eq=False)
class Probe:
    """A network with its settings, weights and series, on which a backend is compared with the reference.

    Attributes:
        name: in reports.
        config: the network and its training.
        series: one or two series, scaled.
        training: target rows of the training windows.
        validation: target rows of the validation windows.
        weights: random and distinct, biases too, in the config's precision.
        starts: windows of a full batch, then of a partial one, then more for the mean loss.
        indicators: how many of the last columns are indicators of missing values.
    """

    name: str
    config: ForecasterConfig
    series: SeriesSet
    training: TargetRows
    validation: TargetRows
    weights: Weights
    starts: Starts
    indicators: int = 0

    @property
    def additions(self) -> tuple[str, ...]:
        """The additions of the specification that a backend needs for it."""
        return needed_additions(self.config, self.series, self.indicators)

    @property
    def extra_columns(self) -> dict[str, Any]:
        """The arguments of a forecaster for indicators and known columns; only those that are not 0."""
        return extra_columns(self.series, self.indicators)

    @property
    def trained(self) -> Weights:
        """The weights that training changes: all but those of the linear part."""
        return {name: array for name, array in self.weights.items() if not is_fixed(name)}

    @property
    def features(self) -> int:
        """Columns of the series."""
        return int(self.series.values.shape[1])

    @property
    def batch(self) -> Starts:
        """Windows of a full batch, or all windows where there are fewer."""
        return self.starts[: self.config.batch_size]

    @property
    def partial(self) -> slice:
        """Which of `starts` are the partial batch: after the full one, or half of it if none are left."""
        size, windows = self.config.batch_size, len(self.starts)
        if windows > size:
            return slice(size, min(size + max(size // 2, 1), windows))
        return slice(0, max(windows // 2, 1))

    @property
    def partial_batch(self) -> Starts:
        """Windows of a partial batch."""
        return self.starts[self.partial]

    @cached_property
    def unobserved(self) -> Starts:
        """Windows of a batch none of whose targets were observed; empty where there are none."""
        if self.series.observed is None:
            return np.empty(0, np.int64)
        rows = tuple((0, length) for length in self.series.lengths)
        every = window_starts(self.series, self.config, rows, 1)
        kept = kept_starts(self.series, self.config, every, False)
        return np.setdiff1d(every, kept)[: self.config.batch_size]

    @cached_property
    def injected_gradients(self) -> tuple[Weights, ...]:
        """Gradients of four sizes, 1, 1e-4, 1e-8 and 0, for the optimizer; each a full set of arrays."""
        generator = np.random.Generator(np.random.Philox(key=self.config.seed + 1))
        sets = []
        for size in (1.0, 1e-4, 1e-8, 0.0):
            drawn = {
                name: size * generator.standard_normal(array.shape) for name, array in self.trained.items()
            }
            sets.append({name: array.astype(self.config.precision) for name, array in drawn.items()})
        return tuple(sets)


def probe_of(
    name: str,
    config: ForecasterConfig,
    series: SeriesSet,
    training: TargetRows,
    validation: TargetRows,
    indicators: int = 0,
) -> Probe:
    """The probe of a config and series, whose last columns may be indicators of missing values.

    Raises:
        SeriesError: the target rows do not fit the series, or there is no window.
    """
    possible = window_starts(series, config, training, config.stride)
    all_starts = kept_starts(series, config, possible, False)
    if not len(all_starts):
        raise SeriesError("there is no training window to check a backend on; give a longer series")
    generator = np.random.Generator(np.random.Philox(key=config.seed))
    # Spread over all windows, since some errors show only in some of them.
    wanted = min(len(all_starts), 3 * config.batch_size + 1)
    starts = np.sort(generator.permutation(all_starts)[:wanted])
    weights = random_weights(config, series)
    order = generator.permutation(starts)
    return Probe(name, config, series, training, validation, weights, order, indicators)


def random_weights(config: ForecasterConfig, series: SeriesSet) -> Weights:
    """Random distinct weights, of a size at which gates are neither saturated nor linear."""
    generator = np.random.Generator(np.random.Philox(key=config.seed + 2))
    weights: Weights = {}
    columns = (series.values.shape[1], len(series.targets), series.known_columns, series.own_known)
    for name, shape in weight_shapes(config, *columns).items():
        size = 0.5 if name.endswith(".bias") else 1.2 / np.sqrt(shape[0])
        weights[name] = (size * generator.standard_normal(shape)).astype(config.precision)
    return weights


def wavy_probe(name: str, settings: Mapping[str, Any], precision: Precision) -> Probe:
    """A probe on two series of three columns, two of them targets; `KIND` has the other settings."""
    config = ForecasterConfig(**{**KIND, **settings, "precision": precision})
    return probe_of(name, config, wavy_series(), *ROWS)


def switch_probe(switch: str, precision: Precision) -> Probe:
    """The probe of one entry of `SWITCHES`."""
    return wavy_probe(switch, SWITCHES[switch], precision)


def quick_probes(precision: Precision) -> Iterator[Probe]:
    """Two probes: a plain network and one with every switch on."""
    yield switch_probe("plain", precision)
    yield switch_probe("everything", precision)


def full_probes(precision: Precision) -> Iterator[Probe]:
    """Every switch in turn, then the edge cases, then series with missing values."""
    for switch in SWITCHES:
        yield switch_probe(switch, precision)
    yield from awkward_probes(precision)
    yield from missing_probes(precision)


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
    long = SeriesSet(_waves(840, 1), (0,), (840,))
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


def scattered_mask() -> NDArray[np.bool_]:
    """Which target values of `wavy_series` are observed: three in four, and but none in outages."""
    generator = np.random.Generator(np.random.Philox(key=13))
    observed: NDArray[np.bool_] = generator.random((101, 2)) < 0.75
    observed[18:35] = observed[80:90] = False
    observed[38:44, 1] = False
    return observed


def wavy_series() -> SeriesSet:
    """Two series of three columns; the last and the first column are the targets."""
    return SeriesSet(_waves(101, 3), (2, 0), (60, 41))


def _waves(rows: int, columns: int) -> NDArray[np.float64]:
    generator = np.random.Generator(np.random.Philox(key=11))
    time = np.arange(rows)[:, None]
    waves = np.sin(time / (3.0 + 2.0 * np.arange(columns)))
    return np.ascontiguousarray(waves + 0.4 * generator.standard_normal((rows, columns)))


def _without_error(probe: Probe) -> Probe:
    """The probe with a head of zeros: under normalisation `last` it forecasts a constant series exactly."""
    weights = dict(probe.weights)
    for name in ("head.kernel", "head.bias"):
        weights[name] = np.zeros_like(weights[name])
    return replace(probe, weights=weights)
