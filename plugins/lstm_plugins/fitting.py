"""The bookkeeping of `Forecaster.fit`: what batches weigh, best epoch, patience, plateaus.

docs/specification.md sections 6 and 7. All functions are pure and independent of forecasters.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import SeriesSet, Starts, TrainingState
from lstm_plugins.schedule import GAIN

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
