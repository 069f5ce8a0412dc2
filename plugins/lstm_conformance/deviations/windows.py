"""Windows and the order of an epoch."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.deviation import Deviation, Plant, altered, methods, overriding
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.randomness import epoch_order
from lstm_plugins.records import SeriesSet, Starts, TargetRows
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.weights import Array

deviation = partial(Deviation, level="windows")
Float64 = NDArray[np.float64]


def _moved(by: int) -> Callable[..., Float64]:
    """Windows moved by rows; the values' edges are repeated, so that a moved window finds rows there."""

    def windows(true: Any, values: Float64, starts: Starts, *rest: Any) -> Float64:
        edged: Float64 = np.concatenate([values[:1], values, values[-1:]])
        moved: Float64 = true(edged, starts + 1 + by, *rest)
        return moved

    return windows


def _target_columns(choose: Callable[[tuple[int, ...]], tuple[int, ...]]) -> Plant:
    return altered(
        target_windows=lambda true, values, starts, config, targets: true(
            values, starts, config, choose(targets)
        )
    )


def _starts(choose: Callable[..., Starts]) -> Plant:
    """Other windows; `choose` takes the true function, series, config, target rows and stride."""
    return altered(window_starts=choose)


def _rows(change: Callable[[Any, int, int], tuple[int, int]]) -> Plant:
    """Windows of other target rows, from the config and the first and the end of each series' rows."""
    return _starts(
        lambda true, series, config, rows, stride: true(
            series, config, tuple(change(config, *one) for one in rows), stride
        )
    )


def _order(choose: Callable[..., Any]) -> Plant:
    """Another order of an epoch; `choose` takes the true function, seed, epoch and count."""
    return altered(epoch_order=choose)


def _drawn(choose: Callable[..., Any]) -> Plant:
    """Other windows of an epoch; `choose` takes the true function, the epoch's order and the config."""
    return altered(in_epoch=choose)


def _first_epochs_windows(true: Any, order: Starts, config: ForecasterConfig) -> Starts:
    first = true(epoch_order(config.seed, 0, len(order)), config)
    return order[np.isin(order, first)]


def of_each_series(series: SeriesSet, starts: Starts) -> list[Starts]:
    """The windows of each series."""
    of_series = np.searchsorted(np.array(series.offsets), starts, side="right") - 1
    return [starts[of_series == n] for n in range(len(series.lengths))]


def _without_last_of_each(true: Any, series: SeriesSet, *rest: Any) -> Starts:
    return np.concatenate([part[:-1] for part in of_each_series(series, true(series, *rest))])


def _from_the_end(true: Any, series: SeriesSet, config: Any, rows: TargetRows, stride: int) -> Starts:
    parts = of_each_series(series, true(series, config, rows, 1))
    return np.concatenate([part[::-1][::stride][::-1] for part in parts])


class _AcrossSeries(ReferenceForecaster):
    def window_starts(self, rows: TargetRows, stride: int, *, evaluated: bool = False) -> Starts:
        series, config = self._loaded(), self.config
        found = [np.empty(0, np.int64)]
        for (first, end), offset, length in zip(rows, series.offsets, series.lengths, strict=False):
            first_start = max(first + offset - config.look_back, 0)
            end_start = min(end, length) + offset - config.look_back - config.horizon + 1
            found.append(np.arange(first_start, end_start, stride, dtype=np.int64))
        return self.steps.kept_starts(series, config, np.concatenate(found), evaluated)

    def _inputs(self, starts: Starts) -> Float64:
        return self.steps.input_windows(self._loaded().values, starts, self.config)

    def _targets(self, starts: Starts) -> Array:
        values = self._loaded().values
        return self.steps.target_windows(values, starts, self.config, self.targets).astype(
            self.config.precision
        )


def full_batches(forecaster: ReferenceForecaster, starts: Starts) -> Starts:
    """The windows without those of a last, partial batch; all where there is no full one."""
    size = forecaster.config.batch_size
    return starts[: max(len(starts) // size, 1) * size]


DEVIATIONS = (
    deviation("targets one late", "targets that start one row late", altered(target_windows=_moved(1))),
    deviation(
        "targets one early", "targets that start at the last input row", altered(target_windows=_moved(-1))
    ),
    deviation(
        "inputs one late", "inputs that end with the first target row", altered(input_windows=_moved(1))
    ),
    deviation("inputs one early", "inputs that start one row early", altered(input_windows=_moved(-1))),
    deviation(
        "target columns sorted",
        "target columns in ascending order instead of the order given",
        _target_columns(lambda targets: tuple(sorted(targets))),
        when.unsorted_targets,
    ),
    deviation(
        "first columns as targets",
        "the first columns used as targets",
        _target_columns(lambda targets: tuple(range(len(targets)))),
        when.targets_not_first,
    ),
    deviation(
        "last window dropped", "the last window dropped", _starts(lambda true, *rest: true(*rest)[:-1])
    ),
    deviation(
        "last window of each series dropped",
        "the last window of every series dropped",
        _starts(_without_last_of_each),
    ),
    deviation(
        "first window dropped", "the first window dropped", _starts(lambda true, *rest: true(*rest)[1:])
    ),
    deviation(
        "windows across series",
        "windows that reach into the previous series",
        methods(_AcrossSeries),
        when.several_series,
    ),
    deviation(
        "inputs inside the part",
        "windows whose inputs have to lie inside the split too",
        _rows(lambda config, first, end: (first + config.look_back, end)),
    ),
    deviation(
        "targets past the part",
        "windows whose targets reach beyond the end of the split",
        _rows(lambda config, first, end: (first, end + config.horizon - 1)),
        when.long_horizon,
    ),
    deviation(
        "stride ignored",
        "a stride of 1, whatever the setting",
        _starts(lambda true, series, config, rows, stride: true(series, config, rows, 1)),
        when.strided,
    ),
    deviation(
        "stride from the end", "strides counted from the last window", _starts(_from_the_end), when.strided
    ),
    deviation(
        "same order every epoch",
        "the first epoch's order in every epoch",
        _order(lambda true, seed, epoch, count: true(seed, 0, count)),
    ),
    deviation(
        "no shuffle",
        "windows in time order, not shuffled",
        _order(lambda true, seed, epoch, count: np.arange(count)),
    ),
    deviation(
        "epochs counted from 1",
        "the order of epoch n + 1 in epoch n",
        _order(lambda true, seed, epoch, count: true(seed, epoch + 1, count)),
    ),
    deviation(
        "order without the seed",
        "the order of seed 0, whatever the seed",
        _order(lambda true, seed, epoch, count: true(0, epoch, count)),
        when.seeded,
    ),
    deviation(
        "order inverted",
        "the inverse of an epoch's permutation",
        _order(lambda true, *rest: np.argsort(true(*rest))),
    ),
    deviation(
        "windows_per_epoch ignored",
        "all windows in every epoch in spite of windows_per_epoch",
        _drawn(lambda true, order, config: order),
        when.drawing_windows,
    ),
    deviation(
        "last windows of an epoch's order",
        "the last windows of an epoch's order instead of its first",
        _drawn(lambda true, order, config: order[-config.windows_per_epoch :]),
        when.drawing_windows,
    ),
    deviation(
        "first windows in time",
        "the first windows in time in every epoch, shuffled",
        _drawn(lambda true, order, config: order[order < config.windows_per_epoch]),
        when.drawing_windows,
    ),
    deviation(
        "same windows every epoch",
        "the first epoch's windows in every epoch, shuffled anew",
        _drawn(_first_epochs_windows),
        when.drawing_windows,
    ),
    deviation(
        "partial batch dropped",
        "the last, partial batch of every epoch dropped",
        overriding(epoch_starts=lambda true, self, *given: full_batches(self, true(*given))),
    ),
)
