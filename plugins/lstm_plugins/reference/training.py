"""A whole fit in its simplest form: docs/specification.md sections 6 and 7.

It shares no code with `Forecaster.fit`, which does the same in chunks, with progress and resuming; tests
compare the two.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from lstm_plugins.errors import NotFiniteError, SeriesError
from lstm_plugins.forecaster import Forecaster
from lstm_plugins.records import Epoch, Finished, TargetRows, TrainingStep
from lstm_plugins.reference.steps import Steps


@dataclass
class Plateau:
    """Halves the rate when the validation loss has not improved by 0.01 % for `patience` epochs."""

    patience: int
    factor: float = 1.0
    lowest: float = math.inf
    waited: int = 0

    def after(self, validation_loss: float) -> None:
        """Updates the state after an epoch."""
        if validation_loss < self.lowest * (1.0 - 1e-4):
            self.lowest, self.waited = validation_loss, 0
            return
        self.waited += 1
        if self.waited == self.patience:
            self.factor, self.waited = self.factor * 0.5, 0


def fit_plainly(
    forecaster: Forecaster, training: TargetRows, validation: TargetRows, steps: Steps
) -> Iterator[Epoch | Finished]:
    """Trains `forecaster` from its current weights; afterwards they are those of the best epoch.

    The forecaster, whose series is loaded, computes losses, gradients, clipping and updates; `steps` computes
    the order of the windows and the learning rate. `validation` may be empty.

    Raises:
        SeriesError: there is no training window.
        NotFiniteError: a loss or norm is not finite.
    """
    config = forecaster.config
    starts = forecaster.training_starts(training)
    validation_starts = forecaster.evaluated_starts(validation)
    if not len(starts):
        raise SeriesError("there is no training window")
    windows = config.windows_in_epoch(len(starts))
    total_steps = math.ceil(windows / config.batch_size) * config.epochs
    plateau = Plateau(config.plateau)
    if config.linear != "none":
        forecaster.load_weights({**forecaster.weights(), **forecaster.fit_linear(starts, validation_starts)})
    best_loss, best_epoch, best_weights = math.inf, -1, forecaster.weights()
    if config.linear != "none" and len(validation_starts):
        best_loss = forecaster.mean_loss(validation_starts)
        plateau.after(best_loss)
        yield Epoch(-1, None, best_loss, 0.0, 0.0, best=True)
    done = 0
    for epoch in range(config.epochs):
        order = starts[steps.in_epoch(steps.epoch_order(config.seed, epoch, len(starts)), config)]
        loss_sum, weights, largest_norm, rate = 0.0, 0.0, 0.0, 0.0
        for step, first in enumerate(range(0, len(order), config.batch_size)):
            batch = order[first : first + config.batch_size]
            rate = steps.learning_rate(config, done, total_steps, plateau.factor)
            loss, gradients = forecaster.loss_and_gradients(batch, TrainingStep(epoch, step))
            gradients, norm = forecaster.clip(gradients)
            for quantity, value in (("loss", loss), ("gradient norm", norm)):
                if not math.isfinite(value):
                    raise NotFiniteError(quantity, epoch, step)
            forecaster.update(gradients, rate)
            weight = steps.weight(forecaster.raw_windows(batch).observed)
            loss_sum, weights = loss_sum + loss * weight, weights + weight
            largest_norm = max(largest_norm, norm)
            done += 1
        training_loss = loss_sum / weights
        if not len(validation_starts):
            best_epoch, best_weights = epoch, forecaster.weights()
            yield Epoch(epoch, training_loss, None, rate, largest_norm, best=False)
            continue
        validation_loss = forecaster.mean_loss(validation_starts)
        if not math.isfinite(validation_loss):
            raise NotFiniteError("validation loss", epoch, None)
        plateau.after(validation_loss)
        best = validation_loss < best_loss
        if best:
            best_loss, best_epoch, best_weights = validation_loss, epoch, forecaster.weights()
        yield Epoch(epoch, training_loss, validation_loss, rate, largest_norm, best)
        if epoch - best_epoch == config.patience > 0:
            forecaster.load_weights(best_weights)
            yield Finished("patience", epoch + 1, best_epoch)
            return
    forecaster.load_weights(best_weights)
    yield Finished("epochs", config.epochs, best_epoch)
