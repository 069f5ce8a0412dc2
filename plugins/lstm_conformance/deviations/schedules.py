"""A fit under other settings than those asked for: epochs, patience, schedule."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations.deviation import Deviation, Plant, methods
from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import (
    BatchResults,
    Epoch,
    FitRecord,
    Starts,
    TargetRows,
    TrainingState,
    TrainingStep,
)
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.schedule import learning_rate

deviation = partial(Deviation, level="trajectory")


Fit = Iterator[FitRecord]
Rate = Callable[[ForecasterConfig, int, int, int, float], float]
"""From config, step, all steps, steps of an epoch and the plateau's factor."""


def _under(change: Callable[[ForecasterConfig], dict[str, Any]]) -> Plant:
    """A fit under settings that are a little off; everything but `fit` keeps to the right ones."""

    class Fitting(ReferenceForecaster):
        def fit(
            self, training: TargetRows, validation: TargetRows, state: TrainingState | None = None
        ) -> Fit:
            right = self.config
            self.config = replace(right, **change(right))
            try:
                yield from super().fit(training, validation, state)
            finally:
                self.config = right

    return methods(Fitting)


def _rates(rate: Rate) -> Plant:
    """Other learning rates."""

    class Scheduled(ReferenceForecaster):
        _batches_of_epoch = 0
        _last_rate = 0.0

        def fit(
            self, training: TargetRows, validation: TargetRows, state: TrainingState | None = None
        ) -> Fit:
            windows = len(self.window_starts(training, self.config.stride))
            self._batches_of_epoch = math.ceil(windows / self.config.batch_size)
            try:
                for record in super().fit(training, validation, state):
                    if isinstance(record, Epoch):
                        record = replace(record, learning_rate=self._last_rate)
                    yield record
            finally:
                self._batches_of_epoch = 0

        def train_batches(
            self, starts: Starts, learning_rates: NDArray[np.float64], first: TrainingStep
        ) -> BatchResults:
            batches = self._batches_of_epoch
            if batches:
                begin, total = first.epoch * batches + first.step, batches * self.config.epochs
                state = self.training_state
                factor = 1.0 if state is None else state.rate_factor
                learning_rates = np.array(
                    [rate(self.config, begin + n, total, batches, factor) for n in range(len(learning_rates))]
                )
                self._last_rate = float(learning_rates[-1])
            return super().train_batches(starts, learning_rates, first)

    return methods(Scheduled)


def _linear(config: ForecasterConfig, step: int, total: int, batches: int, factor: float) -> float:
    if step < config.warmup:
        return learning_rate(config, step, total, factor)
    return config.learning_rate * (1.0 - (step + 1 - config.warmup) / (total - config.warmup))


def _done(config: ForecasterConfig, step: int, total: int) -> float:
    return min((step + 1 - config.warmup) / max(total - config.warmup, 1), 1.0)


def _cosine(done: Callable[[ForecasterConfig, int, int, int], float]) -> Rate:
    """The right warm-up, then a cosine whose share that is done is told otherwise."""

    def rate(config: ForecasterConfig, step: int, total: int, batches: int, factor: float) -> float:
        if step < config.warmup:
            return learning_rate(config, step, total, factor)
        share = min(done(config, step, total, batches), 1.0)
        return config.learning_rate * 0.5 * (1.0 + math.cos(math.pi * share))

    return rate


def _by_epoch(config: ForecasterConfig, step: int, total: int, batches: int, factor: float) -> float:
    return config.learning_rate * 0.5 * (1.0 + math.cos(math.pi * (step // batches) / config.epochs))


def _schedule(name: str) -> Callable[[Probe], bool]:
    return lambda probe: probe.config.schedule == name and probe.config.epochs > 1


def _warming(probe: Probe) -> bool:
    return probe.config.schedule == "cosine" and probe.config.warmup > 0


def _scheduled(probe: Probe) -> bool:
    return probe.config.schedule != "constant"


def _epochs(probe: Probe) -> bool:
    return probe.config.epochs > 1


def _patient(probe: Probe) -> bool:
    return probe.config.patience > 0


DEVIATIONS = (
    deviation("one epoch more", "one epoch more than asked for", _under(lambda c: {"epochs": c.epochs + 1})),
    deviation(
        "one epoch less", "one epoch less than asked for", _under(lambda c: {"epochs": c.epochs - 1}), _epochs
    ),
    deviation(
        "patience one more",
        "early stopping one epoch late",
        _under(lambda c: {"patience": c.patience + 1}),
        _patient,
    ),
    deviation("patience ignored", "no early stopping", _under(lambda c: {"patience": 0}), _patient),
    deviation(
        "plateau one more",
        "a plateau counted from one epoch too early, so that it ends one late",
        _under(lambda c: {"plateau": c.plateau + 1}),
        _schedule("plateau"),
    ),
    deviation(
        "schedule ignored", "a constant learning rate", _under(lambda c: {"schedule": "constant"}), _scheduled
    ),
    deviation("no warm-up", "no warm-up", _under(lambda c: {"warmup": 0}), _warming),
    deviation(
        "warm-up one longer",
        "a warm-up one step longer",
        _under(lambda c: {"warmup": c.warmup + 1}),
        _warming,
    ),
    deviation(
        "warm-up from 0",
        "a warm-up that begins with a rate of 0",
        _rates(
            lambda c, step, total, b, f: (
                c.learning_rate * step / c.warmup if step < c.warmup else learning_rate(c, step, total, f)
            )
        ),
        _warming,
    ),
    deviation(
        "schedule one step late",
        "the schedule one step late",
        _rates(lambda c, step, total, b, f: learning_rate(c, max(step - 1, 0), total, f)),
        _schedule("cosine"),
    ),
    deviation(
        "schedule one step early",
        "the schedule one step early",
        _rates(lambda c, step, total, b, f: learning_rate(c, min(step + 1, total - 1), total, f)),
        _schedule("cosine"),
    ),
    deviation(
        "schedule begun every epoch",
        "a schedule that begins anew every epoch",
        _rates(lambda c, step, total, b, f: learning_rate(c, step % b, total, f)),
        _schedule("cosine"),
    ),
    deviation(
        "cosine by epoch",
        "a cosine in steps of epochs, without warm-up",
        _rates(_by_epoch),
        _schedule("cosine"),
    ),
    deviation(
        "warm-up short of the rate",
        "a warm-up that ends one step short of the full rate",
        _rates(
            lambda c, step, total, b, f: (
                c.learning_rate * (step + 1) / (c.warmup + 1)
                if step < c.warmup
                else learning_rate(c, step, total, f)
            )
        ),
        _warming,
    ),
    deviation(
        "cosine not to zero",
        "a cosine that does not reach zero at the last step",
        _rates(_cosine(lambda c, step, total, b: (step - c.warmup) / max(total - c.warmup, 1))),
        _schedule("cosine"),
    ),
    deviation(
        "cosine of one step more",
        "a cosine over one step more than there are",
        _rates(_cosine(lambda c, step, total, b: (step + 1 - c.warmup) / max(total + 1 - c.warmup, 1))),
        _schedule("cosine"),
    ),
    deviation(
        "cosine over the warm-up too",
        "a cosine that begins with the first step of the warm-up",
        _rates(_cosine(lambda c, step, total, b: (step + 1) / total)),
        _warming,
    ),
    deviation(
        "cosine over all steps",
        "a cosine over as many steps as there are with the warm-up",
        _rates(_cosine(lambda c, step, total, b: (step + 1 - c.warmup) / total)),
        _warming,
    ),
    deviation(
        "cosine begun every epoch",
        "a cosine that begins anew every epoch",
        _rates(_cosine(lambda c, step, total, b: (step + 1 - c.warmup) % b / b)),
        _schedule("cosine"),
    ),
    deviation(
        "cosine in steps of epochs",
        "a cosine in steps of epochs",
        _rates(lambda c, step, total, b, f: learning_rate(c, step // b * b, total, f)),
        _schedule("cosine"),
    ),
    deviation(
        "quarter of a cosine",
        "a quarter of a cosine, from the top to zero, for half of one",
        _rates(
            lambda c, step, total, b, f: (
                learning_rate(c, step, total, f)
                if step < c.warmup
                else c.learning_rate * math.cos(0.5 * math.pi * _done(c, step, total))
            )
        ),
        _schedule("cosine"),
    ),
    deviation("linear for cosine", "a linear fall of the rate", _rates(_linear), _schedule("cosine")),
    deviation(
        "plateau factor 0.1",
        "a tenth of the rate at a plateau, not half",
        _rates(lambda c, step, total, b, f: c.learning_rate * 0.1 ** round(-math.log2(f))),
        _schedule("plateau"),
    ),
)
