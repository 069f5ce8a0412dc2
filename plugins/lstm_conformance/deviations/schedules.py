"""A fit under other settings than those asked for: epochs, patience, schedule."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations.conditions import (
    drawing_windows,
    patient,
    plateau,
    schedule_is,
    several_epochs,
    warming,
)
from lstm_conformance.deviations.deviation import Deviation, Plant, overriding
from lstm_conformance.deviations.fit import Fit, Values, fitting
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import BatchResults, Starts, TrainingStep
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.schedule import learning_rate

deviation = partial(Deviation, level="trajectory")
Rate = Callable[[ForecasterConfig, int, int, int, float], float]
"""From config, step, all steps, steps of an epoch and the plateau's factor."""


def _under(change: Callable[[ForecasterConfig], dict[str, Any]]) -> Plant:
    """A fit under settings that are a little off; all but `fit` keeps to the right ones."""

    def fit(true: Any, self: ReferenceForecaster, *given: Any) -> Fit:
        right = self.config
        self.config = replace(right, **change(right))
        try:
            yield from true(*given)
        finally:
            self.config = right

    return overriding(fit=fit)


def _rates(rate: Rate) -> Plant:
    """Other learning rates."""

    def train_batches(
        true: Any, self: Any, starts: Starts, learning_rates: Values, first: TrainingStep
    ) -> BatchResults:
        if self.fitted is not None:
            batches = math.ceil(self.fitted.in_epoch(self.config) / self.config.batch_size)
            begin, total = first.epoch * batches + first.step, batches * self.config.epochs
            factor = 1.0 if self.training_state is None else self.training_state.rate_factor
            learning_rates = np.array(
                [rate(self.config, begin + n, total, batches, factor) for n in range(len(learning_rates))]
            )
            self.last_rate = float(learning_rates[-1])
        results: BatchResults = true(starts, learning_rates, first)
        return results

    return fitting(train_batches=train_batches, reported_epoch=_last_rate)


def _steps_of_all_windows(true: Any, self: Any, starts: Starts, rates: Values, first: TrainingStep) -> Any:
    if self.fitted is None:
        return true(starts, rates, first)
    config, size = self.config, self.config.batch_size
    batches, all_batches = (
        math.ceil(windows / size) for windows in (self.fitted.in_epoch(config), len(self.fitted.training))
    )
    begin, factor = first.epoch * batches + first.step, self.training_state.rate_factor
    total = all_batches * config.epochs
    changed = np.array([learning_rate(config, begin + n, total, factor) for n in range(len(rates))])
    self.last_rate = float(changed[-1])
    return true(starts, changed, first)


def _last_rate(true: Any, self: Any, *given: Any) -> Any:
    return replace(true(*given), learning_rate=self.last_rate)


def _after_warmup(rate: Callable[[ForecasterConfig, int, int, int], float]) -> Plant:
    """The right warm-up, then another rate, from config, step, all steps and steps of an epoch."""
    return _rates(
        lambda c, step, total, batches, factor: (
            learning_rate(c, step, total, factor) if step < c.warmup else rate(c, step, total, batches)
        )
    )


def _warmup(rate: Callable[[ForecasterConfig, int], float]) -> Plant:
    """Another warm-up, then the right rate."""
    return _rates(
        lambda c, step, total, batches, factor: (
            rate(c, step) if step < c.warmup else learning_rate(c, step, total, factor)
        )
    )


def _half_cosine(done: Callable[[ForecasterConfig, int, int, int], float]) -> Plant:
    """The right warm-up, then a cosine; `done` gives another share of it that lies behind a step."""
    return _after_warmup(
        lambda c, *at: c.learning_rate * 0.5 * (1.0 + math.cos(math.pi * min(done(c, *at), 1.0)))
    )


def _done(config: ForecasterConfig, step: int, total: int) -> float:
    return min((step + 1 - config.warmup) / max(total - config.warmup, 1), 1.0)


on_cosine = partial(deviation, applies=several_epochs & schedule_is("cosine"))
warm = partial(deviation, applies=warming)

DEVIATIONS = (
    deviation("one epoch more", "one epoch too many", _under(lambda c: {"epochs": c.epochs + 1})),
    deviation(
        "one epoch less", "one epoch too few", _under(lambda c: {"epochs": c.epochs - 1}), several_epochs
    ),
    deviation(
        "patience one more",
        "early stopping one epoch late",
        _under(lambda c: {"patience": c.patience + 1}),
        patient,
    ),
    deviation("patience ignored", "no early stopping", _under(lambda c: {"patience": 0}), patient),
    deviation(
        "plateau one more",
        "a plateau that ends one epoch late",
        _under(lambda c: {"plateau": c.plateau + 1}),
        plateau,
    ),
    deviation(
        "schedule ignored",
        "a constant learning rate",
        _under(lambda c: {"schedule": "constant"}),
        ~schedule_is("constant"),
    ),
    warm("no warm-up", "no warm-up", _under(lambda c: {"warmup": 0})),
    warm("warm-up one longer", "a warm-up one step longer", _under(lambda c: {"warmup": c.warmup + 1})),
    warm(
        "warm-up from 0",
        "a warm-up that starts with a rate of 0",
        _warmup(lambda c, step: c.learning_rate * step / c.warmup),
    ),
    on_cosine(
        "schedule one step late",
        "the schedule one step late",
        _rates(lambda c, step, total, b, f: learning_rate(c, max(step - 1, 0), total, f)),
    ),
    on_cosine(
        "schedule one step early",
        "the schedule one step early",
        _rates(lambda c, step, total, b, f: learning_rate(c, min(step + 1, total - 1), total, f)),
    ),
    on_cosine(
        "schedule restarted every epoch",
        "a schedule that starts again in every epoch",
        _rates(lambda c, step, total, b, f: learning_rate(c, step % b, total, f)),
    ),
    on_cosine(
        "cosine by epoch",
        "a cosine in steps of epochs, without warm-up",
        _rates(
            lambda c, step, total, b, f: (
                c.learning_rate * 0.5 * (1.0 + math.cos(math.pi * (step // b) / c.epochs))
            )
        ),
    ),
    warm(
        "warm-up short of the rate",
        "a warm-up that ends one step short of the full rate",
        _warmup(lambda c, step: c.learning_rate * (step + 1) / (c.warmup + 1)),
    ),
    on_cosine(
        "cosine not to zero",
        "a cosine that does not reach zero at the last step",
        _half_cosine(lambda c, step, total, b: (step - c.warmup) / max(total - c.warmup, 1)),
    ),
    on_cosine(
        "cosine of one step more",
        "a cosine over one step too many",
        _half_cosine(lambda c, step, total, b: (step + 1 - c.warmup) / max(total + 1 - c.warmup, 1)),
    ),
    warm(
        "cosine over the warm-up too",
        "a cosine that starts with the first step of the warm-up",
        _half_cosine(lambda c, step, total, b: (step + 1) / total),
    ),
    warm(
        "cosine over all steps",
        "a cosine after the warm-up that is as long as all steps together",
        _half_cosine(lambda c, step, total, b: (step + 1 - c.warmup) / total),
    ),
    on_cosine(
        "cosine restarted every epoch",
        "a cosine that starts again in every epoch",
        _half_cosine(lambda c, step, total, b: (step + 1 - c.warmup) % b / b),
    ),
    on_cosine(
        "cosine in steps of epochs",
        "a cosine in steps of epochs",
        _rates(lambda c, step, total, b, f: learning_rate(c, step // b * b, total, f)),
    ),
    on_cosine(
        "quarter of a cosine",
        "a quarter period of a cosine, from the top to zero, instead of half a period",
        _after_warmup(
            lambda c, step, total, b: c.learning_rate * math.cos(0.5 * math.pi * _done(c, step, total))
        ),
    ),
    on_cosine(
        "linear for cosine",
        "a linear decay of the rate instead of a cosine",
        _after_warmup(
            lambda c, step, total, b: c.learning_rate * (1.0 - (step + 1 - c.warmup) / (total - c.warmup))
        ),
    ),
    on_cosine(
        "steps of all windows",
        "a schedule as long as if every epoch had all windows",
        fitting(train_batches=_steps_of_all_windows, reported_epoch=_last_rate),
        applies=several_epochs & schedule_is("cosine") & drawing_windows,
    ),
    deviation(
        "plateau factor 0.1",
        "a tenth of the rate at a plateau instead of half",
        _rates(lambda c, step, total, b, f: c.learning_rate * 0.1 ** round(-math.log2(f))),
        plateau,
    ),
)
