"""One forward pass laid open: the compiled path's own functions, in a plain graph that keeps all results.

A graph and not operation by operation: eagerly, a loop over hundreds of steps takes seconds.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from lstm_backends.tensorflow import network, windows
from lstm_backends.tensorflow.devices import tf
from lstm_backends.tensorflow.losses import mean_loss
from lstm_backends.tensorflow.parameters import split_blocks
from lstm_plugins import (
    Array,
    ForecasterConfig,
    LayerDerivatives,
    LayerTrace,
    NormalisedWindows,
    Trace,
)
from lstm_plugins.weights import direction_names


class Opened(NamedTuple):
    """All that a pass computes, as tensors.

    Attributes:
        seen: the normalised windows.
        done: the forward pass.
        prediction: `[B, Q, K, P]`.
        states: by layer.
        derivatives: by layer; empty unless asked for.
    """

    seen: windows.Windows
    done: network.Forward
    prediction: tf.Tensor
    states: tuple[network.LayerStates, ...]
    derivatives: tuple[network.StateDerivatives, ...]


def normalised(config: ForecasterConfig, rows: tf.Tensor, starts: tf.Tensor) -> NormalisedWindows:
    """What the LSTM sees of these windows."""
    return _as_arrays(windows.normalise(config, windows.gather_inputs(config, rows, starts)))


@lru_cache(maxsize=16)
def opening_function(config: ForecasterConfig, columns: tuple[int, ...], *, derivatives: bool) -> Any:
    """From rows, flat weights and starts to all that the pass computes, `Opened`.

    Args:
        config: a `training.gradient_config`.
        columns: the target columns.
        derivatives: then the targets have to lie in the series.
    """

    def opened(rows, weights, starts):  # type: ignore[no-untyped-def]
        seen = windows.normalise(config, windows.gather_inputs(config, rows, starts))
        blocks = split_blocks(config, rows.shape[1], len(columns), weights)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(blocks)
            done = network.forward(config, blocks, seen.inputs, {})
            prediction = windows.denormalise(config, columns, done.output, seen)
            if derivatives:
                targets = tf.cast(windows.gather_targets(config, columns, rows, starts), config.precision)
                loss = mean_loss(config, prediction, targets, tf.constant(starts.shape[0]))
        upstream = tape.gradient(loss, done.hidden) if derivatives else ()
        states = tuple(map(network.run_layer, done.inputs, blocks.layers))
        found = tuple(map(network.layer_derivatives, states, blocks.layers, upstream))
        return Opened(seen, done, prediction, states, found)

    return tf.function(opened, autograph=False)


def trace(config: ForecasterConfig, opened: Opened) -> Trace:
    """`Forecaster.trace` from the tensors of a pass."""
    layers: list[LayerTrace] = []
    for layer, (inputs, states) in enumerate(zip(opened.done.inputs, opened.states, strict=True)):
        derivatives = opened.derivatives[layer] if opened.derivatives else None
        layers += _layer_traces(config, layer, inputs, states, derivatives)
    attention = opened.done.attention
    return Trace(
        windows=_as_arrays(opened.seen),
        layers=tuple(layers),
        attention=None if attention is None else _batch_first(attention),
        head_input=opened.done.head_input.numpy(),
        output=opened.done.output.numpy(),
        prediction=opened.prediction.numpy(),
    )


def _layer_traces(
    config: ForecasterConfig,
    layer: int,
    inputs: tf.Tensor,
    states: network.LayerStates,
    derivatives: network.StateDerivatives | None,
) -> list[LayerTrace]:
    # Split as arrays: every operation on a tensor costs more than all of NumPy's here.
    entering, forget, candidate, leaving = np.split(states.gates.numpy(), 4, axis=3)
    sequences = {
        "inputs": inputs.numpy(),
        "forget": forget,
        "input": entering,
        "candidate": candidate,
        "cell": states.cell.numpy(),
        "output": leaving,
        "hidden": states.hidden.numpy(),
    }
    arrays = {name: _by_direction(sequence) for name, sequence in sequences.items()}
    by_direction: list[LayerDerivatives | None] = [None] * config.directions
    if derivatives is not None:
        found = zip(*(_by_direction(sequence.numpy()) for sequence in derivatives), strict=True)
        by_direction = [LayerDerivatives(*own) for own in found]
    return [
        LayerTrace(
            layer,
            direction,
            **{name: directions[index] for name, directions in arrays.items()},
            derivatives=by_direction[index],
        )
        for index, direction in enumerate(direction_names(config))
    ]


def _by_direction(sequence: Array) -> list[Array]:
    """`[B, T, …]` in time order for each direction of `[T, S, B, …]` in reading order."""
    forwards, *backwards = np.moveaxis(sequence, 1, 0)
    return [_swapped(in_time) for in_time in (forwards, *(backward[::-1] for backward in backwards))]


def _as_arrays(seen: windows.Windows) -> NormalisedWindows:
    return NormalisedWindows(_batch_first(seen.inputs), seen.center.numpy(), seen.scale.numpy())


def _batch_first(sequence: tf.Tensor) -> Array:
    return _swapped(sequence.numpy())


def _swapped(sequence: Array) -> Array:
    return np.ascontiguousarray(np.swapaxes(sequence, 0, 1))
