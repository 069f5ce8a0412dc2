"""One forward pass laid open: the compiled path's own functions, run operation by operation."""

from __future__ import annotations

import numpy as np

from lstm_backends.tensorflow import network, windows
from lstm_backends.tensorflow.devices import tf
from lstm_backends.tensorflow.losses import mean_loss
from lstm_backends.tensorflow.parameters import Blocks
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
    blocks: Blocks,
    starts: tf.Tensor,
    *,
    derivatives: bool,
) -> Trace:
    """`Forecaster.trace`; with `derivatives` the targets have to lie in the series."""
    seen = windows.normalise(config, windows.gather_inputs(config, rows, starts))
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(blocks)
        done = network.forward(config, blocks, seen.inputs, {})
        prediction = windows.denormalise(config, columns, done.output, seen)
        if derivatives:
            targets = tf.cast(windows.gather_targets(config, columns, rows, starts), config.precision)
            loss = mean_loss(config, prediction, targets, tf.constant(len(starts)))
    upstream = tape.gradient(loss, done.hidden) if derivatives else (None,) * config.layers
    layers: list[LayerTrace] = []
    for layer, inputs in enumerate(done.inputs):
        layers += _layer_traces(config, layer, inputs, blocks.layers[layer], upstream[layer])
    return Trace(
        windows=_as_arrays(seen),
        layers=tuple(layers),
        attention=None if done.attention is None else _batch_first(done.attention),
        readout=done.readout.numpy(),
        output=done.output.numpy(),
        prediction=prediction.numpy(),
    )


def _layer_traces(
    config: ForecasterConfig,
    layer: int,
    inputs: tf.Tensor,
    weights: tf.Tensor,
    upstream: tf.Tensor | None,
) -> list[LayerTrace]:
    states = network.run_layer(inputs, weights)
    entering, forget, candidate, leaving = tf.split(states.gates, 4, axis=3)
    sequences = {
        "inputs": inputs,
        "forget": forget,
        "input": entering,
        "candidate": candidate,
        "cell": states.cell,
        "output": leaving,
        "hidden": states.hidden,
    }
    arrays = {name: _by_direction(sequence) for name, sequence in sequences.items()}
    derivatives: list[LayerDerivatives | None] = [None] * config.directions
    if upstream is not None:
        found = network.layer_derivatives(states, weights, upstream)
        by_direction = zip(*(_by_direction(sequence) for sequence in found), strict=True)
        derivatives = [LayerDerivatives(*own) for own in by_direction]
    return [
        LayerTrace(
            layer,
            direction,
            **{name: directions[index] for name, directions in arrays.items()},
            derivatives=derivatives[index],
        )
        for index, direction in enumerate(direction_names(config))
    ]


def _by_direction(sequence: tf.Tensor) -> list[Array]:
    return [_batch_first(in_time) for in_time in network.in_time_order(sequence)]


def _as_arrays(seen: windows.Windows) -> NormalisedWindows:
    return NormalisedWindows(_batch_first(seen.inputs), seen.center.numpy(), seen.scale.numpy())


def _batch_first(sequence: tf.Tensor) -> Array:
    return np.ascontiguousarray(np.swapaxes(sequence.numpy(), 0, 1))
