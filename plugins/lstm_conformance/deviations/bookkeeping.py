"""What follows from an epoch's losses: the best epoch, early stopping, and when a plateau halves the rate."""

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from lstm_conformance.deviations.conditions import Condition, patient, plateau, several_epochs
from lstm_conformance.deviations.deviation import Deviation, Plant, overriding
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import TrainingState
from lstm_plugins.schedule import GAIN

deviation = partial(Deviation, level="trajectory")


@dataclass(frozen=True)
class Bookkeeping:
    """`Forecaster.after_epoch`; each field is something that real ports get wrong in it.

    Attributes:
        by_training: judged by the training loss, not by the validation loss.
        best_gain: share by which a loss must be lower to be the best.
        waits_add_up: a gain does not reset the count of epochs without gain.
        impatient: one epoch without a gain over the last one is enough.
        gain: share by which a loss must be lower for a plateau to be over.
        absolute_gain: number by which it must be lower instead; None for a share.
        against_last: compared with the last epoch, not with the lowest.
        counts_on: halving the rate does not reset the count of plateau epochs.
        once: the rate is halved once only.
        halving: factor at a plateau.
        ties: a loss that is equal is the best too.
        rate_back: a gain brings the full rate back.
    """

    by_training: bool = False
    best_gain: float = 0.0
    waits_add_up: bool = False
    impatient: bool = False
    gain: float = GAIN
    absolute_gain: float | None = None
    against_last: bool = False
    counts_on: bool = False
    once: bool = False
    halving: float = 0.5
    ties: bool = False
    rate_back: bool = False

    def after_epoch(
        self,
        config: ForecasterConfig,
        state: TrainingState,
        training_loss: float,
        validation_loss: float | None,
    ) -> TrainingState:
        """See `Forecaster.after_epoch`."""
        if validation_loss is None:
            return state
        if self.by_training and math.isnan(training_loss):
            # Before the first update there is none.
            return state
        loss = training_loss if self.by_training else validation_loss
        return self._plateau(config, self._best(config, state, loss), loss)

    def _best(self, config: ForecasterConfig, state: TrainingState, loss: float) -> TrainingState:
        waited = state.epochs_without_gain
        if self.impatient and state.plateau_loss is not None and loss >= state.plateau_loss:
            return replace(state, epochs_without_gain=config.patience)
        better = state.best_loss is None or loss < state.best_loss * (1.0 - self.best_gain)
        if better or (self.ties and loss == state.best_loss):
            return replace(
                state,
                best_weights=state.weights,
                best_loss=loss,
                best_epoch=state.epoch - 1,
                epochs_without_gain=waited if self.waits_add_up else 0,
            )
        return replace(state, epochs_without_gain=waited + 1)

    def _plateau(self, config: ForecasterConfig, state: TrainingState, loss: float) -> TrainingState:
        lowest, count, factor = state.plateau_loss, state.plateau_count, state.rate_factor
        if lowest is not None and self.absolute_gain is not None:
            enough = loss < lowest - self.absolute_gain
        else:
            enough = lowest is None or loss < lowest * (1.0 - self.gain)
        if self.against_last or self.impatient:
            state = replace(state, plateau_loss=loss)
        if enough:
            factor = 1.0 if self.rate_back else factor
            return replace(state, plateau_loss=loss, plateau_count=0, rate_factor=factor)
        if count + 1 < config.plateau:
            return replace(state, plateau_count=count + 1)
        halved = self.halving * (1.0 if self.once else factor)
        return replace(state, plateau_count=count + 1 if self.counts_on else 0, rate_factor=halved)


def _keeping(**changed: Any) -> Plant:
    rule = Bookkeeping(**changed).after_epoch
    return overriding(after_epoch=lambda true, self, *given: rule(self.config, *given))


on_plateau = partial(deviation, applies=plateau)

DEVIATIONS = (
    deviation(
        "judged by training loss",
        "best epoch, patience and plateau judged by the training loss",
        _keeping(by_training=True),
        patient | plateau,
    ),
    deviation(
        "best by a margin",
        "a best epoch that has to be better by 0.01 %",
        _keeping(best_gain=GAIN),
        several_epochs,
    ),
    deviation(
        "waits add up",
        "a count of epochs without gain that a gain does not reset",
        _keeping(waits_add_up=True),
        patient,
    ),
    deviation(
        "stopped at the first rise",
        "early stopping at the first epoch that is no better than the last",
        _keeping(impatient=True),
        patient & ~plateau,
    ),
    on_plateau(
        "plateau without a margin", "a plateau that ends with any gain, however small", _keeping(gain=0.0)
    ),
    on_plateau(
        "plateau margin 1 %",
        "a plateau that ends only with a gain of 1 % instead of 0.01 %",
        _keeping(gain=0.01),
    ),
    on_plateau(
        "plateau margin absolute",
        "a plateau that ends with a gain of 0.0001 instead of 0.01 %, as in Keras",
        _keeping(absolute_gain=GAIN),
    ),
    on_plateau(
        "plateau against the last",
        "a plateau that ends with a gain over the last epoch instead of the lowest loss",
        _keeping(against_last=True),
    ),
    on_plateau(
        "plateau against the last, without a margin",
        "a plateau that ends with any gain over the last epoch",
        _keeping(against_last=True, gain=0.0),
    ),
    on_plateau(
        "plateau counts on",
        "a count of plateau epochs that halving the rate does not reset",
        _keeping(counts_on=True),
        applies=plateau & Condition(lambda probe: probe.config.plateau > 1),
    ),
    on_plateau("plateau without effect", "a plateau that does not change the rate", _keeping(halving=1.0)),
    deviation(
        "ties are better",
        "the last of equally good epochs kept as the best instead of the first",
        _keeping(ties=True),
        several_epochs,
    ),
    on_plateau("halved once", "a rate that is halved only once", _keeping(once=True)),
    on_plateau("rate back after a gain", "the full rate restored after a gain", _keeping(rate_back=True)),
)
