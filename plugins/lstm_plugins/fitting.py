"""The epochs of a fit around a forecaster's own updates: order, schedule, early stopping, state.

docs/specification.md sections 6 and 7. Everything numerical is the forecaster's; this is the bookkeeping,
which must be the same everywhere for two fits to be comparable. `lstm_plugins.reference.training` says the
same once more in the plainest form, and the tests hold one against the other.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from lstm_plugins.config import ForecasterConfig
from lstm_plugins.errors import NotFiniteError, SeriesError
from lstm_plugins.forecaster import Forecaster
from lstm_plugins.records import (
    Epoch,
    Finished,
    FitRecord,
    Progress,
    Starts,
    TargetRows,
    TrainingState,
    TrainingStep,
)
from lstm_plugins.schedule import GAIN, learning_rates

AfterEpoch = Callable[[ForecasterConfig, TrainingState, float, float | None], TrainingState]
"""See `after_epoch`."""
SECONDS_BETWEEN_RECORDS = 0.25
"""Chunks of batches are sized to take about this long; which chunk a batch is in changes no bit of it."""


def after_epoch(
    config: ForecasterConfig, state: TrainingState, training_loss: float, validation_loss: float | None
) -> TrainingState:
    """What an epoch's losses make of the best epoch, of patience and of a plateau.

    Args:
        config: gives the plateau's length.
        state: once the epoch is over, with its weights and the number of epochs done.
        training_loss: of the epoch; nothing is judged by it.
        validation_loss: of the epoch; None without validation windows.
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


def fit_epochs(
    forecaster: Forecaster,
    training: TargetRows,
    validation: TargetRows,
    state: TrainingState | None,
    judge: AfterEpoch = after_epoch,
) -> Iterator[FitRecord]:
    """`Forecaster.fit`; another `judge` than `after_epoch` is a deviation from the specification."""
    config = forecaster.config
    starts = forecaster.window_starts(training, config.stride)
    if not len(starts):
        raise SeriesError(
            f"the training part has no window of look_back {config.look_back} and horizon {config.horizon}; "
            "lower them, or give a longer series"
        )
    validation_starts = forecaster.window_starts(validation, 1)
    if state is None:
        state = TrainingState(0, forecaster.weights(), forecaster.optimizer_state())
    _restore(forecaster, state)
    windows = 0
    try:
        while state.epoch < config.epochs and not _out_of_patience(config, state):
            rate, loss, norm = 0.0, 0.0, 0.0
            for done in _train_epoch(forecaster, starts, state, windows):
                progress, rate, norm = done
                loss = progress.training_loss
                yield progress
            windows += len(starts)
            validation_loss = _validation_loss(forecaster, validation_starts, state.epoch)
            epoch = state.epoch
            state = replace(
                state,
                epoch=epoch + 1,
                weights=forecaster.weights(),
                optimizer=forecaster.optimizer_state(),
            )
            state = judge(config, state, loss, validation_loss)
            forecaster._training_state = state
            yield Epoch(epoch, loss, validation_loss, rate, norm, state.best_epoch == epoch)
    finally:
        _restore(forecaster, state)
        forecaster.load_weights(state.weights if state.best_weights is None else state.best_weights)
    best_epoch = state.epoch - 1 if state.best_epoch is None else state.best_epoch
    yield Finished("patience" if _out_of_patience(config, state) else "epochs", state.epoch, best_epoch)


def _train_epoch(
    forecaster: Forecaster, starts: Starts, state: TrainingState, windows_before: int
) -> Iterator[tuple[Progress, float, float]]:
    config = forecaster.config
    order = forecaster.epoch_starts(starts, state.epoch)
    batches = math.ceil(len(order) / config.batch_size)
    total_steps = batches * config.epochs
    loss_sum, largest_norm, batch, chunk = 0.0, 0.0, 0, 1
    while batch < batches:
        count = min(chunk, batches - batch, forecaster.batches_per_call)
        rates = learning_rates(config, state.epoch * batches + batch, count, total_steps, state.rate_factor)
        chunk_starts = order[batch * config.batch_size : (batch + count) * config.batch_size]
        began = time.perf_counter()
        results = forecaster.train_batches(chunk_starts, rates, TrainingStep(state.epoch, batch))
        seconds = time.perf_counter() - began
        finite = np.isfinite(results.losses) & np.isfinite(results.norms)
        if not finite.all():
            first = int(np.argmin(finite))
            quantity = "gradient norm" if np.isfinite(results.losses[first]) else "loss"
            raise NotFiniteError(quantity, state.epoch, batch + first)
        for n, loss in enumerate(results.losses):
            size = min(config.batch_size, len(chunk_starts) - n * config.batch_size)
            loss_sum += float(loss) * size
        largest_norm = max(largest_norm, float(results.norms.max()))
        batch += count
        done = min(batch * config.batch_size, len(order))
        progress = Progress(state.epoch, batch, batches, windows_before + done, loss_sum / done)
        yield progress, float(rates[-1]), largest_norm
        chunk = max(1, min(2 * count, round(count * SECONDS_BETWEEN_RECORDS / max(seconds, 1e-6))))


def _validation_loss(forecaster: Forecaster, starts: Starts, epoch: int) -> float | None:
    if not len(starts):
        return None
    loss = forecaster.mean_loss(starts)
    if not math.isfinite(loss):
        raise NotFiniteError("validation loss", epoch, None)
    return loss


def _out_of_patience(config: ForecasterConfig, state: TrainingState) -> bool:
    return 0 < config.patience <= state.epochs_without_gain


def _restore(forecaster: Forecaster, state: TrainingState) -> None:
    forecaster.load_weights(state.weights)
    forecaster.load_optimizer_state(state.optimizer)
    forecaster._training_state = state
