"""What a probe is: a config, a series and weights on which a backend is compared with the reference."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lstm_plugins.additions import extra_columns, needed_additions
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.errors import SeriesError
from lstm_plugins.fitting import varying_starts
from lstm_plugins.records import SeriesSet, Starts, TargetRows
from lstm_plugins.reference.windows import kept_starts, window_starts
from lstm_plugins.weights import Weights, trained_arrays, weight_shapes


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
        return trained_arrays(self.weights)

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
    all_starts = varying_starts(config, series, kept_starts(series, config, possible, False))
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
