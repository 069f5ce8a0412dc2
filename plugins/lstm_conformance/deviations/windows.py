"""Windows and the order of an epoch."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations.deviation import Deviation, methods, steps
from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import SeriesSet, Starts, TargetRows
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array

deviation = partial(Deviation, level="windows")
Float64 = NDArray[np.float64]


def _inputs_moved(by: int) -> Any:
    def change(before: Steps) -> Mapping[str, Any]:
        def input_windows(values: Float64, starts: Starts, config: ForecasterConfig) -> Float64:
            return before.input_windows(*_moved(values, starts, by), config)

        return {"input_windows": input_windows}

    return steps(change)


def _targets_moved(by: int) -> Any:
    def change(before: Steps) -> Mapping[str, Any]:
        def target_windows(
            values: Float64, starts: Starts, config: ForecasterConfig, targets: tuple[int, ...]
        ) -> Float64:
            return before.target_windows(*_moved(values, starts, by), config, targets)

        return {"target_windows": target_windows}

    return steps(change)


def _moved(values: Float64, starts: Starts, by: int) -> tuple[Float64, Starts]:
    """Values with their edges repeated, so that a moved window finds rows there, and the moved starts."""
    return np.concatenate([values[:1], values, values[-1:]]), starts + 1 + by


def _target_columns(choose: Any) -> Any:
    def change(before: Steps) -> Mapping[str, Any]:
        def target_windows(
            values: Float64, starts: Starts, config: ForecasterConfig, targets: tuple[int, ...]
        ) -> Float64:
            return before.target_windows(values, starts, config, choose(targets))

        return {"target_windows": target_windows}

    return steps(change)


def _starts(choose: Any) -> Any:
    """`choose` gets the function as it is and its arguments."""

    def change(before: Steps) -> Mapping[str, Any]:
        def window_starts(
            series: SeriesSet, config: ForecasterConfig, rows: TargetRows, stride: int
        ) -> Starts:
            found: Starts = choose(before.window_starts, series, config, rows, stride)
            return found

        return {"window_starts": window_starts}

    return steps(change)


def _order(choose: Any) -> Any:
    def change(before: Steps) -> Mapping[str, Any]:
        return {"epoch_order": lambda seed, epoch, count: choose(before.epoch_order, seed, epoch, count)}

    return steps(change)


def _by_series(series: SeriesSet, starts: Starts) -> list[Starts]:
    of_series = np.searchsorted(np.array(series.offsets), starts, side="right") - 1
    return [starts[of_series == n] for n in range(len(series.lengths))]


def _without_last_of_each(find: Any, series: SeriesSet, *rest: Any) -> Starts:
    return np.concatenate([part[:-1] for part in _by_series(series, find(series, *rest))])


def _from_the_end(find: Any, series: SeriesSet, config: Any, rows: TargetRows, stride: int) -> Starts:
    parts = _by_series(series, find(series, config, rows, 1))
    return np.concatenate([part[::-1][::stride][::-1] for part in parts])


class _AcrossSeries(ReferenceForecaster):
    def window_starts(self, rows: TargetRows, stride: int) -> Starts:
        series, config = self._loaded(), self.config
        found = [np.empty(0, np.int64)]
        for (first, end), offset, length in zip(rows, series.offsets, series.lengths, strict=False):
            first_start = max(first + offset - config.look_back, 0)
            end_start = min(end, length) + offset - config.look_back - config.horizon + 1
            found.append(np.arange(first_start, end_start, stride, dtype=np.int64))
        return np.concatenate(found)

    def _inputs(self, starts: Starts) -> Float64:
        return self.steps.input_windows(self._loaded().values, starts, self.config)

    def _targets(self, starts: Starts) -> Array:
        values = self._loaded().values
        return self.steps.target_windows(values, starts, self.config, self.targets).astype(
            self.config.precision
        )


class _FullBatchesOnly(ReferenceForecaster):
    def epoch_starts(self, starts: Starts, epoch: int) -> Starts:
        size = self.config.batch_size
        return super().epoch_starts(starts, epoch)[: max(len(starts) // size, 1) * size]


def _several_series(probe: Probe) -> bool:
    return len(probe.series.lengths) > 1


def _strided(probe: Probe) -> bool:
    return probe.config.stride > 1


def _unsorted_targets(probe: Probe) -> bool:
    return list(probe.series.targets) != sorted(probe.series.targets)


def _not_the_first_columns(probe: Probe) -> bool:
    return probe.series.targets != tuple(range(len(probe.series.targets)))


DEVIATIONS = (
    deviation("targets one late", "targets that begin one row late", _targets_moved(1)),
    deviation("targets one early", "targets that begin with the last input row", _targets_moved(-1)),
    deviation("inputs one late", "inputs that end with the first target row", _inputs_moved(1)),
    deviation("inputs one early", "inputs that begin one row early", _inputs_moved(-1)),
    deviation(
        "target columns sorted",
        "target columns in rising order, not in the order given",
        _target_columns(lambda targets: tuple(sorted(targets))),
        _unsorted_targets,
    ),
    deviation(
        "first columns as targets",
        "the first columns as targets",
        _target_columns(lambda targets: tuple(range(len(targets)))),
        _not_the_first_columns,
    ),
    deviation(
        "last window dropped",
        "the last window of all left out",
        _starts(lambda find, *rest: find(*rest)[:-1]),
    ),
    deviation(
        "last window of each series dropped",
        "the last window of every series left out",
        _starts(_without_last_of_each),
    ),
    deviation(
        "first window dropped",
        "the first window of all left out",
        _starts(lambda find, *rest: find(*rest)[1:]),
    ),
    deviation(
        "windows across series",
        "windows that reach into the series before",
        methods(_AcrossSeries),
        _several_series,
    ),
    deviation(
        "inputs inside the part",
        "windows whose inputs too lie inside their part",
        _starts(
            lambda find, series, config, rows, stride: find(
                series, config, tuple((first + config.look_back, end) for first, end in rows), stride
            )
        ),
    ),
    deviation(
        "targets past the part",
        "windows whose targets reach past the end of their part",
        _starts(
            lambda find, series, config, rows, stride: find(
                series, config, tuple((first, end + config.horizon - 1) for first, end in rows), stride
            )
        ),
        lambda probe: probe.config.horizon > 1,
    ),
    deviation(
        "stride ignored",
        "a stride of 1",
        _starts(lambda find, series, config, rows, stride: find(series, config, rows, 1)),
        _strided,
    ),
    deviation(
        "stride from the end", "strides counted from the last window", _starts(_from_the_end), _strided
    ),
    deviation(
        "same order every epoch",
        "the first epoch's order in every epoch",
        _order(lambda draw, seed, epoch, count: draw(seed, 0, count)),
    ),
    deviation(
        "no shuffle",
        "windows in the order of time, not shuffled",
        _order(lambda draw, seed, epoch, count: np.arange(count)),
    ),
    deviation(
        "epochs counted from 1",
        "the order of epoch n + 1 in epoch n",
        _order(lambda draw, seed, epoch, count: draw(seed, epoch + 1, count)),
    ),
    deviation(
        "order without the seed",
        "the order of seed 0",
        _order(lambda draw, seed, epoch, count: draw(0, epoch, count)),
        lambda probe: probe.config.seed != 0,
    ),
    deviation(
        "order inverted",
        "the inverse of an epoch's permutation",
        _order(lambda draw, *rest: np.argsort(draw(*rest))),
    ),
    deviation(
        "partial batch dropped",
        "the windows of the last, partial batch left out of every epoch",
        methods(_FullBatchesOnly),
    ),
)
