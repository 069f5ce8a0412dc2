"""One forward pass laid open: the compiled path's own functions, run operation by operation."""

from __future__ import annotations

import numpy as np

from lstm_backends.tensorflow import network, windows
from lstm_backends.tensorflow.devices import tf
from lstm_backends.tensorflow.losses import mean_loss
from lstm_backends.tensorflow.optimizer import TensorDict
from lstm_plugins import (
    Array,
    ForecasterConfig,
    LayerDerivatives,
    LayerTrace,
    NormalisedWindows,
    Trace,
)
from lstm_plugins.weights import direction_names


def normalised(config: ForecasterConfig, rows: tf.Tensor, starts: tf.Tensor) -> NormalisedWindows:
    """What the LSTM sees of these windows."""
    return _as_arrays(windows.normalise(config, windows.gather_inputs(config, rows, starts)))


def trace(
    config: ForecasterConfig,
    columns: tuple[int, ...],
    rows: tf.Tensor,
    weights: TensorDict,
    starts: tf.Tensor,
    *,
    derivatives: bool,
) -> Trace:
    """`Forecaster.trace`; with `derivatives` the targets have to lie in the series."""
    seen = windows.normalise(config, windows.gather_inputs(config, rows, starts))
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(weights)
        done = network.forward(config, weights, seen.inputs, {})
        prediction = windows.denormalise(config, columns, done.output, seen)
        if derivatives:
            targets = tf.cast(windows.gather_targets(config, columns, rows, starts), config.precision)
            loss = mean_loss(config, prediction, targets, tf.constant(len(starts)))
    upstream = tape.gradient(loss, done.hidden) if derivatives else None
    layers = []
    for layer, inputs in enumerate(done.inputs):
        for index, direction in enumerate(direction_names(config)):
            from_above = None if upstream is None else upstream[layer][index]
            own = network.layer_weights(weights, layer, direction)
            layers.append(_layer_trace(layer, direction, inputs, own, from_above))
    attention = None if done.attention is None else _batch_first(done.attention)
    return Trace(
        _as_arrays(seen), tuple(layers), attention, done.readout.numpy(), done.output.numpy(),
        prediction.numpy(),
    )  # fmt: skip


def _layer_trace(
    layer: int,
    direction: str,
    inputs: tf.Tensor,
    weights: tuple[tf.Tensor, tf.Tensor, tf.Tensor],
    upstream: tf.Tensor | None,
) -> LayerTrace:
    def in_time(sequence: tf.Tensor) -> tf.Tensor:
        return sequence if direction == "forward" else tf.reverse(sequence, [0])

    states = network.run_layer(in_time(inputs), *weights)
    entering, forget, candidate, leaving = tf.split(states.gates, 4, axis=2)
    derivatives = None
    if upstream is not None:
        found = network.layer_derivatives(states, weights[1], in_time(upstream))
        derivatives = LayerDerivatives(*(_batch_first(in_time(sequence)) for sequence in found))
    return LayerTrace(
        layer,
        direction,
        inputs=_batch_first(inputs),
        forget=_batch_first(in_time(forget)),
        input=_batch_first(in_time(entering)),
        candidate=_batch_first(in_time(candidate)),
        cell=_batch_first(in_time(states.cell)),
        output=_batch_first(in_time(leaving)),
        hidden=_batch_first(in_time(states.hidden)),
        derivatives=derivatives,
    )


def _as_arrays(seen: windows.Windows) -> NormalisedWindows:
    return NormalisedWindows(_batch_first(seen.inputs), seen.center.numpy(), seen.scale.numpy())


def _batch_first(sequence: tf.Tensor) -> Array:
    return np.ascontiguousarray(np.swapaxes(sequence.numpy(), 0, 1))
