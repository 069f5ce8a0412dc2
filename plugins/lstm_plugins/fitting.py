"""The bookkeeping of `Forecaster.fit`: what batches weigh, best epoch, patience, plateaus.

docs/specification.md sections 6 and 7. All functions are pure and independent of forecasters.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.config import ForecasterConfig
from lstm_plugins.normalisation import VARIANCE_FLOOR
from lstm_plugins.records import SeriesSet, Starts, TrainingState
from lstm_plugins.schedule import GAIN

WINDOWS_AT_ONCE = 4096
SECONDS_BETWEEN_RECORDS = 0.25
"""Target duration of a chunk of batches; how batches are divided into chunks does not change the results."""


def observed_values(
    config: ForecasterConfig, series: SeriesSet | None, targets: int, starts: Starts
) -> NDArray[np.int64]:
    """How many target values of each window were observed, which is what it weighs in an epoch's loss.

    Without a mask it is all of them, and for a backend that keeps its series to itself.
    """
    if series is None or series.observed is None:
        return np.full(len(starts), config.horizon * targets, np.int64)
    before = np.concatenate([[0], np.cumsum(series.observed.sum(axis=1))])
    first = starts + config.look_back
    return np.asarray(before[first + config.horizon] - before[first], np.int64)


def varying_starts(config: ForecasterConfig, series: SeriesSet, starts: Starts) -> Starts:
    """The training windows without those in which a target is constant, if errors are measured in the window.

    Divided by the scale of a window whose variance is not above the 1e-5 that is added to it, an error would
    outweigh all others.
    """
    if not config.measured_in_window or config.normalisation not in ("standard", "last-deviation"):
        return starts
    kept = []
    for begin in range(0, len(starts), WINDOWS_AT_ONCE):
        rows = starts[begin : begin + WINDOWS_AT_ONCE, None] + np.arange(config.look_back)
        inputs = series.values[:, list(series.targets)].take(rows, axis=0)
        kept.append((inputs.var(axis=1) > VARIANCE_FLOOR).all(axis=1))
    return starts[np.concatenate(kept)] if kept else starts


def after_epoch(
    config: ForecasterConfig, state: TrainingState, training_loss: float, validation_loss: float | None
) -> TrainingState:
    """The state after an epoch with updated best epoch, patience and plateau.

    `state` already has the epoch's weights and number. The specification does not use `training_loss`;
    `validation_loss` is None without validation windows.
    """
    if validation_loss is None:
        return state
    if state.best_loss is None or validation_loss < state.best_loss:
        state = replace(
            state,
            best_weights=state.weights,
            best_loss=validation_loss,
            best_epoch=state.epoch - 1,
            epochs_without_gain=0,
        )
    else:
        state = replace(state, epochs_without_gain=state.epochs_without_gain + 1)
    if state.plateau_loss is None or validation_loss < state.plateau_loss * (1.0 - GAIN):
        return replace(state, plateau_loss=validation_loss, plateau_count=0)
    if state.plateau_count + 1 < config.plateau:
        return replace(state, plateau_count=state.plateau_count + 1)
    return replace(state, plateau_count=0, rate_factor=state.rate_factor * 0.5)


def out_of_patience(config: ForecasterConfig, state: TrainingState) -> bool:
    """True if early stopping ends the fit."""
    return 0 < config.patience <= state.epochs_without_gain


def next_chunk(batches: int, seconds: float) -> int:
    """Number of batches of the next chunk, after one of `batches` took `seconds`; at most twice as many."""
    return max(1, min(2 * batches, round(batches * SECONDS_BETWEEN_RECORDS / max(seconds, 1e-6))))
