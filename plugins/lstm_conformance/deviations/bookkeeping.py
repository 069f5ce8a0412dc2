"""What a fit makes of an epoch's losses: the best epoch, patience, and when a plateau halves the rate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from lstm_conformance.deviations.deviation import Deviation, Plant, methods
from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import TrainingState
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.schedule import GAIN

deviation = partial(Deviation, level="trajectory")


@dataclass(frozen=True)
class Bookkeeping:
    """`fitting.after_epoch` with all that real ports get wrong in it as a field.

    Attributes:
        by_training: judged by the training loss, not by the validation loss.
        best_gain: share by which a loss must be lower to be the best.
        waits_add_up: epochs without gain are not counted anew after a gain.
        impatient: one epoch without a gain over the last one is enough.
        gain: share by which a loss must be lower for a plateau to be over.
        absolute_gain: number by which it must be lower instead; None for a share.
        against_last: compared with the last epoch, not with the lowest.
        counts_on: epochs of a plateau are not counted anew after the rate was halved.
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
        """See `fitting.after_epoch`."""
        if validation_loss is None:
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

    class Keeping(ReferenceForecaster):
        def after_epoch(
            self, state: TrainingState, training_loss: float, validation_loss: float | None
        ) -> TrainingState:
            return rule(self.config, state, training_loss, validation_loss)

    return methods(Keeping)


def _epochs(probe: Probe) -> bool:
    return probe.config.epochs > 1


def _patient(probe: Probe) -> bool:
    return probe.config.patience > 0


def _plateau(probe: Probe) -> bool:
    return _epochs(probe) and probe.config.schedule == "plateau"


def _several(probe: Probe) -> bool:
    """A plateau that is longer than one epoch."""
    return _plateau(probe) and probe.config.plateau > 1


DEVIATIONS = (
    deviation(
        "judged by training loss",
        "best epoch, patience and plateau judged by the training loss",
        _keeping(by_training=True),
        lambda probe: _patient(probe) or _plateau(probe),
    ),
    deviation(
        "best by a margin", "a best epoch that has to be better by 0.01 %", _keeping(best_gain=GAIN), _epochs
    ),
    deviation(
        "waits add up",
        "epochs without gain that are not counted anew after a gain",
        _keeping(waits_add_up=True),
        _patient,
    ),
    deviation(
        "stopped at the first rise",
        "early stopping at the first epoch that is no better than the last",
        _keeping(impatient=True),
        lambda probe: _patient(probe) and not _plateau(probe),
    ),
    deviation(
        "plateau without a margin",
        "a plateau that any gain ends, however small",
        _keeping(gain=0.0),
        _plateau,
    ),
    deviation(
        "plateau margin 1 %",
        "a plateau that only a gain of 1 % ends, not of 0.01 %",
        _keeping(gain=0.01),
        _plateau,
    ),
    deviation(
        "plateau margin absolute",
        "a plateau that a gain of 0.0001 ends, not of 0.01 %, as in Keras",
        _keeping(absolute_gain=GAIN),
        _plateau,
    ),
    deviation(
        "plateau against the last",
        "a plateau told by a gain over the last epoch, not over the lowest loss",
        _keeping(against_last=True),
        _plateau,
    ),
    deviation(
        "plateau against the last, without a margin",
        "a plateau told by any gain over the last epoch",
        _keeping(against_last=True, gain=0.0),
        _plateau,
    ),
    deviation(
        "plateau counts on",
        "epochs of a plateau that are not counted anew after the rate was halved",
        _keeping(counts_on=True),
        _several,
    ),
    deviation(
        "plateau without effect", "a plateau that leaves the rate as it is", _keeping(halving=1.0), _plateau
    ),
    deviation(
        "ties are better",
        "the last of equally good epochs as the best, not the first",
        _keeping(ties=True),
        _epochs,
    ),
    deviation("halved once", "a rate that is halved once only", _keeping(once=True), _plateau),
    deviation(
        "rate back after a gain", "the full rate again after a gain", _keeping(rate_back=True), _plateau
    ),
)
