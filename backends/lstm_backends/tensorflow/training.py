"""Compiled forecasts, losses, gradients and sequences of updates.

XLA compiles for fixed shapes. The last, smaller batch is padded, and its padding has weight 0. The number of
batches is a value that the loop reads, so results do not depend on how batches are divided into calls. XLA
took 0.2 to 0.9 times as long as the plain graph, from 32 to 256 hidden units, but takes seconds to compile.
Tiny networks in float64, as the cross-check has, therefore run the same functions as plain graphs.
"""

import dataclasses
import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_backends.tensorflow import losses
from lstm_backends.tensorflow.devices import tf
from lstm_backends.tensorflow.network import Masks, Model, backward, forward, set_weights
from lstm_backends.tensorflow.optimizer import Memory, clip, corrections, new_memory, update
from lstm_backends.tensorflow.parameters import LinearWeights, parameter_layout
from lstm_backends.tensorflow.windows import (
    Columns,
    Windows,
    denormalise,
    forecast_error,
    gather_observed,
    gather_targets,
    normalise,
    output_derivative,
)
from lstm_plugins import Array, BatchResults, ForecasterConfig, Starts, TrainingStep
from lstm_plugins.randomness import dropout_masks, masked_layers

MOST_BATCHES, MOST_STARTS, MOST_MASK_BYTES = 1024, 131_072, 16 * 2**20
"""Limits of one call, which always has its full size of starts and masks, so large ones slow short epochs."""
PREDICTED_AT_ONCE = 256
TINY = 16
"""Hidden units below which a network in float64 is not worth compiling."""
_CACHE = lru_cache(maxsize=16)


class _Trained(NamedTuple):
    """What the compiled loop over batches returns.

    Attributes:
        weights: the new flat weights.
        first: the new first vector of the optimizer's memory.
        second: the new second one.
        gradient: the flat gradient of the last batch, before clipping.
        losses: mean loss of each batch, `[capacity]` float64, with zeros after the last.
        norms: norm of each gradient before clipping, likewise.
    """

    weights: tf.Tensor
    first: tf.Tensor
    second: tf.Tensor
    gradient: tf.Tensor
    losses: tf.Tensor
    norms: tf.Tensor


def predict(model: Model, windows: Windows, starts: Starts) -> Array:
    """Forecasts `[B, Q, K, P]` in scaled units."""
    config = model.config
    shape = (len(starts), config.horizon, len(windows.columns.targets), len(config.output_quantiles))
    prediction: Array = np.empty(shape, config.precision)
    for part in _parts(starts):
        prediction[part] = _predicted(model, windows, starts[part])[0][: len(starts[part])].numpy()
    return prediction


def mean_loss(model: Model, windows: Windows, starts: Starts) -> float:
    """Mean loss over the observed values of windows, without dropout, summed in float64."""
    compiled, total, weights = _loss_function(gradient_config(model.config), windows.columns), 0.0, 0.0
    for part in _parts(starts):
        padded, sizes = _padded_starts(starts[part], 1, PREDICTED_AT_ONCE)
        forecasts = _predicted(model, windows, starts[part])
        loss, weight = (
            float(number)
            for number in compiled(windows.rows, *forecasts, tf.constant(padded[0]), tf.constant(sizes[0]))
        )
        total += loss * weight
        weights += weight
    return total / weights if weights else 0.0


def loss_and_gradient(
    model: Model, windows: Windows, starts: Starts, training: TrainingStep | None
) -> tuple[tf.Tensor, tf.Tensor]:
    """Mean loss of one batch and its flat gradient, both from the function that training runs."""
    # A batch of at most the fit's size has the shapes of the fit; a larger one is compiled for its own.
    room = max(model.config.batch_size, len(starts))
    model = dataclasses.replace(model, config=dataclasses.replace(model.config, batch_size=room))
    memory = new_memory(model.config, model.layout, model.flat)
    trained = _trained(model, memory, windows, starts, np.zeros(1), training)
    return trained.losses[0], trained.gradient


def train_batches(
    model: Model,
    memory: Memory,
    windows: Windows,
    starts: Starts,
    learning_rates: NDArray[np.float64],
    first: TrainingStep,
) -> BatchResults:
    """See `Forecaster.train_batches`."""
    trained, count = _trained(model, memory, windows, starts, learning_rates, first), len(learning_rates)
    set_weights(model, trained.weights)
    memory.first, memory.second = trained.first, trained.second
    memory.step += count
    return BatchResults(trained.losses.numpy()[:count], trained.norms.numpy()[:count])


def _trained(
    model: Model,
    memory: Memory,
    windows: Windows,
    starts: Starts,
    learning_rates: NDArray[np.float64],
    first: TrainingStep | None,
) -> _Trained:
    """What the compiled loop makes of consecutive batches, from step `first`; None for no dropout."""
    config, count, room = model.config, len(learning_rates), capacity(model.config)
    padded, sizes = _padded_starts(starts, room, config.batch_size)
    masks = _open_masks(config, room) if first is None else _padded_masks(config, first, sizes)
    rates = np.pad(np.asarray(learning_rates, np.float64), (0, room - count))
    table = [corrections(memory.step + n + 1) for n in range(room)]
    train = _training_function(_shared_config(config), windows.columns)
    trained: _Trained = train(
        windows.rows,
        model.flat,
        model.linear,
        memory.first,
        memory.second,
        memory.decay,
        tf.constant(padded),
        tf.constant(sizes),
        tf.constant(rates),
        tf.constant(table, tf.float64),
        {layer: tf.constant(mask) for layer, mask in masks.items()},
        tf.constant(count),
    )
    return trained


def capacity(config: ForecasterConfig) -> int:
    """The number of batches in one call of the training function; it depends on shapes only."""
    batches = min(MOST_BATCHES, MOST_STARTS // config.batch_size)
    shapes = _mask_shapes(config, config.batch_size).values()
    mask_bytes = np.dtype(config.precision).itemsize * sum(math.prod(shape) for shape in shapes)
    if mask_bytes:
        batches = min(batches, MOST_MASK_BYTES // mask_bytes)
    return max(1, batches)


@_CACHE
def gradient_config(config: ForecasterConfig) -> ForecasterConfig:
    """The config with defaults for everything that gradients do not depend on, except through shapes."""
    of_updates = ("optimizer", "momentum", "weight_decay", "clip_norm", "batch_size", "dropout")
    return _without(_shared_config(config), of_updates)


@_CACHE
def _shared_config(config: ForecasterConfig) -> ForecasterConfig:
    """The config with defaults for everything that compiled functions do not depend on, to share them."""
    free = ["learning_rate", "schedule", "warmup", "plateau", "epochs", "patience", "stride", "seed"]
    free.append("windows_per_epoch")
    if config.normalisation != "seasonal":
        free.append("season")
    # Only whether there are masks counts, because their values are arguments.
    return dataclasses.replace(_without(config, free), dropout=0.5 if config.dropout else 0.0)


@_CACHE
def _prediction_config(config: ForecasterConfig) -> ForecasterConfig:
    """The config with defaults for everything that forecasts do not depend on."""
    rest = _without(gradient_config(config), ("loss_scale",))
    return rest if config.loss == "quantile" else _without(rest, ("loss",))


def _without(config: ForecasterConfig, free: Sequence[str]) -> ForecasterConfig:
    default = ForecasterConfig()
    return dataclasses.replace(config, **{name: getattr(default, name) for name in free})


@_CACHE
def _training_function(config: ForecasterConfig, columns: Columns) -> Any:
    """The compiled loop over batches, for a `_shared_config`; it returns `_Trained`.

    Its arguments are the rows, flat weights, the linear part and memory, starts `[capacity, B]` with their
    sizes, learning rates `[capacity]`, corrections `[capacity, 2]`, dropout masks by layer `[capacity, …]`
    and the number of batches.
    """
    room = capacity(config)

    def train(rows, weights, linear, first, second, decay, starts, sizes, rates, table, masks, batches):  # type: ignore[no-untyped-def]
        windows = Windows(config, columns, rows)

        def one_batch(n, weights, first, second, before, found, norms):  # type: ignore[no-untyped-def]
            own_masks = {layer: mask[n] for layer, mask in masks.items()}
            model = model_of(windows, weights, linear)
            loss, gradient = _loss_and_gradient(model, windows, starts[n], sizes[n], own_masks)
            clipped, norm = clip(config, gradient)
            rate, correction = tf.cast(rates[n], config.precision), tf.cast(table[n], config.precision)
            memory = Memory(first, second, decay)
            weights = update(config, weights, clipped, memory, rate, correction)
            found, norms = found.write(n, tf.cast(loss, tf.float64)), norms.write(n, norm)
            return n + 1, weights, memory.first, memory.second, gradient, found, norms

        found, norms = (tf.TensorArray(tf.float64, size=room, element_shape=[]) for _ in range(2))
        begin = (tf.constant(0), weights, first, second, tf.zeros_like(weights), found, norms)
        _, weights, first, second, gradient, found, norms = tf.while_loop(
            lambda n, *_: n < batches, one_batch, begin
        )
        return _Trained(weights, first, second, gradient, found.stack(), norms.stack())

    return _compiled(train, config)


@_CACHE
def _prediction_function(config: ForecasterConfig, columns: Columns) -> Any:
    """Compiled forecasts of PREDICTED_AT_ONCE windows and the output they are made of.

    The config is a `_prediction_config`.
    """

    def predict(rows, weights, linear, starts):  # type: ignore[no-untyped-def]
        windows = Windows(config, columns, rows)
        batch = normalise(windows, starts)
        output = forward(model_of(windows, weights, linear), batch, {}, keep=False).head.output
        return denormalise(windows, batch, output), output

    return _compiled(predict, config)


@_CACHE
def _loss_function(config: ForecasterConfig, columns: Columns) -> Any:
    """A graph from the forecasts of padded windows to their mean loss, and what it weighs among others.

    The config is a `gradient_config`.
    """

    def loss(rows, prediction, output, starts, size):  # type: ignore[no-untyped-def]
        windows = Windows(config, columns, rows)
        observed = gather_observed(windows, starts)
        if config.measured_in_window:
            error = forecast_error(windows, starts, normalise(windows, starts), output)
        else:
            targets = tf.cast(gather_targets(windows, starts), config.precision)
            error = prediction - targets[..., None]
        mean = losses.mean_loss(config, error, observed, size)
        return mean, losses.weight(error, observed, size)

    return tf.function(loss, autograph=False)


def _compiled(function: Callable[..., Any], config: ForecasterConfig) -> Any:
    """The function as a graph, which XLA compiles except for tiny networks in float64."""
    tiny = config.precision == "float64" and config.hidden_units < TINY
    return tf.function(function, jit_compile=not tiny, autograph=False)


def _loss_and_gradient(
    model: Model, windows: Windows, starts: tf.Tensor, size: tf.Tensor, masks: Masks
) -> tuple[tf.Tensor, tf.Tensor]:
    config = windows.config
    batch = normalise(windows, starts)
    done = forward(model, batch, masks, keep=True)
    error = forecast_error(windows, starts, batch, done.head.output)
    observed = gather_observed(windows, starts)
    output = output_derivative(windows, batch, losses.loss_derivative(config, error, observed, size))
    return losses.mean_loss(config, error, observed, size), backward(model, done, output, masks)


def model_of(windows: Windows, weights: tf.Tensor, linear: LinearWeights | None) -> Model:
    """The model of a compiled function, from its arguments."""
    rows = windows.rows
    known = 0 if rows.known is None else rows.known.values.shape[1]
    columns = (rows.values.shape[1], len(windows.columns.targets), known)
    return Model(windows.config, parameter_layout(windows.config, *columns), weights, linear)


def _predicted(model: Model, windows: Windows, starts: Starts) -> tuple[tf.Tensor, tf.Tensor]:
    """Forecasts of at most PREDICTED_AT_ONCE windows, padded to that number, and the output."""
    compiled = _prediction_function(_prediction_config(model.config), windows.columns)
    padded = _padded_starts(starts, 1, PREDICTED_AT_ONCE)[0][0]
    forecasts: tuple[tf.Tensor, tf.Tensor] = compiled(
        windows.rows, model.flat, model.linear, tf.constant(padded)
    )
    return forecasts


def _parts(starts: Starts) -> list[slice]:
    return [slice(first, first + PREDICTED_AT_ONCE) for first in range(0, len(starts), PREDICTED_AT_ONCE)]


def _padded_starts(starts: Starts, batches: int, batch_size: int) -> tuple[Starts, NDArray[np.int32]]:
    """Starts as `[batches, batch_size]`, padded with the first one, and the number of real ones per batch."""
    padded = np.full(batches * batch_size, starts[0], np.int64)
    padded[: len(starts)] = starts
    sizes = np.clip(len(starts) - batch_size * np.arange(batches), 0, batch_size).astype(np.int32)
    return padded.reshape(batches, batch_size), sizes


def _padded_masks(
    config: ForecasterConfig, first: TrainingStep, sizes: NDArray[np.int32]
) -> dict[int, Array]:
    """Dropout factors of consecutive steps by layer, `[len(sizes), B, …]`, 0 in the padding."""
    masks = {
        layer: np.zeros((len(sizes), *shape), config.precision)
        for layer, shape in _mask_shapes(config, config.batch_size).items()
    }
    for n in np.flatnonzero(sizes):
        for layer, mask in dropout_masks(config, first.epoch, first.step + int(n), int(sizes[n])).items():
            masks[layer][n, : sizes[n]] = mask
    return masks


def _open_masks(config: ForecasterConfig, batches: int) -> dict[int, Array]:
    """Masks that drop nothing, `[batches, B, …]` by layer; factors of 1 do not change any result."""
    shapes = _mask_shapes(config, config.batch_size)
    return {layer: np.ones((batches, *shape), config.precision) for layer, shape in shapes.items()}


def _mask_shapes(config: ForecasterConfig, batch: int) -> dict[int, tuple[int, ...]]:
    """Shape of each dropout mask of a batch, by layer; empty without dropout."""
    if not config.dropout:
        return {}
    between, head_input = (batch, config.steps, config.hidden_width), (batch, config.head_input_width)
    return {layer: head_input if layer == config.layers else between for layer in masked_layers(config)}
