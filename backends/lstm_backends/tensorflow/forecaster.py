"""The TensorFlow forecaster: the contract's methods on tensors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_backends.tensorflow import optimizer, tracing, training, windows
from lstm_backends.tensorflow.devices import computing, open_device, tf
from lstm_backends.tensorflow.losses import mean_loss
from lstm_backends.tensorflow.parameters import decay_by_weight, flatten, unflatten
from lstm_plugins import (
    Array,
    BatchResults,
    Forecaster,
    NormalisedWindows,
    OptimizerState,
    SeriesSet,
    Starts,
    TargetRows,
    Trace,
    TrainingStep,
    Weights,
)
from lstm_plugins.weights import initial_weights


@dataclass(eq=False)
class TensorflowForecaster(Forecaster):
    """docs/specification.md in TensorFlow.

    Raises:
        UnsupportedError: the device of `options` is not there, or this process already computes with
            another number of threads.
    """

    def __post_init__(self) -> None:
        self._device = open_device(self.options)
        self._for_training = training.shared_config(self.config)
        self._for_gradients = training.gradient_config(self.config)
        self._for_prediction = training.prediction_config(self.config)
        self._updates = 0
        with computing(self._device):
            targets = len(self.targets)
            weights = tf.constant(flatten(initial_weights(self.config, self.features, targets)))
            self._learner = optimizer.new_learner(self.config, weights)
            self._decay = tf.constant(decay_by_weight(self.config, self.features, targets))

    def load_series(self, series: SeriesSet) -> None:
        """See `Forecaster`."""
        self._check_series(series)
        with computing(self._device):
            self._rows = tf.constant(windows.padded_rows(series.values))
            self._series = series

    def window_starts(self, rows: TargetRows, stride: int) -> Starts:
        """See `Forecaster`."""
        return windows.window_starts(self.config, self._loaded(rows), rows, stride)

    def raw_windows(self, starts: Starts) -> tuple[Array, Array]:
        """See `Forecaster`."""
        checked = self._complete(starts)
        with computing(self._device):
            inputs = windows.gather_inputs(self.config, self._rows, checked)
            targets = windows.gather_targets(self.config, self.targets, self._rows, checked)
            dtype = self.config.precision
            return tf.cast(inputs, dtype).numpy(), tf.cast(targets, dtype).numpy()

    def normalised_windows(self, starts: Starts) -> NormalisedWindows:
        """See `Forecaster`."""
        checked = self._inputs_only(starts)
        with computing(self._device):
            return tracing.normalised(self.config, self._rows, checked)

    def predict(self, starts: Starts) -> Array:
        """See `Forecaster`."""
        checked = self._inputs_only(starts)
        prediction = np.empty(
            (len(checked), self.config.horizon, len(self.targets), len(self.config.output_quantiles)),
            self.config.precision,
        )
        with computing(self._device):
            for first in range(0, len(checked), training.PREDICTED_AT_ONCE):
                part = checked[first : first + training.PREDICTED_AT_ONCE]
                prediction[first : first + len(part)] = self._predicted(part)[: len(part)].numpy()
        return prediction

    def trace(self, starts: Starts, *, derivatives: bool = False) -> Trace:
        """See `Forecaster`."""
        checked = self._complete(starts) if derivatives else self._inputs_only(starts)
        with computing(self._device):
            opened = tracing.opening_function(self._for_gradients, self.targets, derivatives=derivatives)
            return tracing.trace(self.config, opened(self._rows, self._learner.weights, tf.constant(checked)))

    def mean_loss(self, starts: Starts) -> float:
        """See `Forecaster`."""
        checked = self._scored(starts)
        total = 0.0
        with computing(self._device):
            for first in range(0, len(checked), training.PREDICTED_AT_ONCE):
                part = checked[first : first + training.PREDICTED_AT_ONCE]
                padded = _padded(part)
                targets = windows.gather_targets(self.config, self.targets, self._rows, padded)
                targets = tf.cast(targets, self.config.precision)
                loss = mean_loss(self.config, self._predicted(part), targets, tf.constant(len(part)))
                total += float(loss) * len(part)
        return total / len(checked)

    def loss_and_gradients(
        self, starts: Starts, training: TrainingStep | None = None
    ) -> tuple[float, Weights]:
        """See `Forecaster`."""
        checked = self._complete(starts)
        with computing(self._device):
            loss, gradient = self._gradient(checked, training)
            return float(loss), self._arrays(gradient)

    def clip(self, gradients: Weights) -> tuple[Weights, float]:
        """See `Forecaster`."""
        with computing(self._device):
            clipped, norm = optimizer.clip(self.config, self._flat(gradients))
            return self._arrays(clipped), float(norm)

    def update(self, gradients: Weights, learning_rate: float) -> None:
        """See `Forecaster`."""
        with computing(self._device):
            self._learner = optimizer.update(
                self.config,
                self._learner,
                self._flat(gradients),
                self._decay,
                tf.constant(float(learning_rate), self.config.precision),
                tf.constant(optimizer.corrections(self._updates, 1)[0], self.config.precision),
            )
            self._updates += 1

    def train_batches(
        self, starts: Starts, learning_rates: NDArray[np.float64], first: TrainingStep
    ) -> BatchResults:
        """See `Forecaster`."""
        count, room = len(learning_rates), self.batches_per_call
        padded, sizes = training.padded_starts(self._complete(starts), room, self.config.batch_size)
        masks = training.padded_masks(self.config, first, sizes, self.config.batch_size)
        rates = np.pad(np.asarray(learning_rates, np.float64), (0, room - count))
        with computing(self._device):
            train = training.training_function(self._for_training, self.targets)
            self._learner, losses, norms = train(
                self._rows,
                self._learner,
                self._decay,
                tf.constant(padded),
                tf.constant(sizes),
                tf.constant(rates),
                tf.constant(optimizer.corrections(self._updates, room)),
                {layer: tf.constant(mask) for layer, mask in masks.items()},
                tf.constant(count),
            )
            self._updates += count
            return BatchResults(losses.numpy()[:count], norms.numpy()[:count])

    @property
    def batches_per_call(self) -> int:
        """See `Forecaster`."""
        return training.capacity(self.config)

    def weights(self) -> Weights:
        """See `Forecaster`."""
        return self._arrays(self._learner.weights)

    def load_weights(self, weights: Weights) -> None:
        """See `Forecaster`."""
        with computing(self._device):
            self._learner = self._learner._replace(weights=self._flat(weights))

    def optimizer_state(self) -> OptimizerState:
        """See `Forecaster`."""
        second = self._arrays(self._learner.second) if self.config.optimizer == "adamw" else {}
        return OptimizerState(self._updates, self._arrays(self._learner.first), second)

    def load_optimizer_state(self, state: OptimizerState) -> None:
        """See `Forecaster`."""
        with computing(self._device):
            self._learner = self._learner._replace(first=self._flat(state.first))
            if self.config.optimizer == "adamw":
                self._learner = self._learner._replace(second=self._flat(state.second))
            self._updates = state.step

    def _predicted(self, starts: Starts) -> tf.Tensor:
        predict = training.prediction_function(self._for_prediction, self.targets)
        return predict(self._rows, self._learner.weights, tf.constant(_padded(starts)))

    def _gradient(self, starts: Starts, step: TrainingStep | None) -> tuple[tf.Tensor, tf.Tensor]:
        # A batch of the fit's size runs the fit's shapes; a larger one is compiled for itself.
        room = max(self.config.batch_size, len(starts))
        padded, sizes = training.padded_starts(starts, 1, room)
        masks = (
            training.open_masks(self.config, room)
            if step is None
            else training.padded_masks(self.config, step, sizes, room)
        )
        gradient = training.gradient_function(self._for_gradients, self.targets)
        loss, flat = gradient(
            self._rows,
            self._learner.weights,
            tf.constant(padded[0]),
            tf.constant(sizes[0]),
            {layer: tf.constant(mask[0]) for layer, mask in masks.items()},
        )
        return loss, flat

    def _flat(self, arrays: Weights) -> tf.Tensor:
        return tf.constant(flatten(self._checked_weights(arrays)))

    def _arrays(self, flat: tf.Tensor) -> Weights:
        return unflatten(self.config, self.features, len(self.targets), flat.numpy())


def _padded(starts: Starts) -> Starts:
    return training.padded_starts(starts, 1, training.PREDICTED_AT_ONCE)[0][0]
