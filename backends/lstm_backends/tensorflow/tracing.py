"""Traces: gates, states and derivatives, from the functions that training compiles.

They run in a plain graph that returns all results, because a loop over hundreds of steps takes seconds when
it is executed eagerly.
"""

from functools import lru_cache
from typing import Any

import numpy as np

from lstm_backends.tensorflow.devices import tf
from lstm_backends.tensorflow.kernels import LayerPass, StateDerivatives
from lstm_backends.tensorflow.losses import loss_derivative
from lstm_backends.tensorflow.network import Model, backward, forward
from lstm_backends.tensorflow.training import gradient_config, model_of
from lstm_backends.tensorflow.windows import (
    Columns,
    Windows,
    denormalise,
    forecast_error,
    gather_observed,
    normalise,
    normalised_windows,
    output_derivative,
)
from lstm_plugins import Array, ForecasterConfig, LayerDerivatives, LayerTrace, Starts, Trace
from lstm_plugins.weights import direction_names


def trace(model: Model, windows: Windows, starts: Starts, derivatives: bool) -> Trace:
    """See `Forecaster.trace`."""
    config = model.config
    passes = _passes_function(gradient_config(config), windows.columns, derivatives)
    layers, inside, attention, head_input, step_hidden, linear, output, prediction = passes(
        windows.rows, model.flat, model.linear, tf.constant(starts)
    )
    # The backward pass begins with the last layer.
    inside = inside[::-1] or (None,) * config.layers
    return Trace(
        windows=normalised_windows(windows, starts),
        layers=tuple(
            one
            for layer, (done, found) in enumerate(zip(layers, inside, strict=True))
            for one in _layer_traces(config, layer, done, found)
        ),
        attention=None if attention is None else _batch_first(attention.numpy()),
        head_input=head_input.numpy(),
        output=output.numpy(),
        prediction=prediction.numpy(),
        step_hidden=None if step_hidden is None else step_hidden.numpy(),
        linear=None if linear is None else linear.numpy(),
    )


@lru_cache(maxsize=16)
def _passes_function(config: ForecasterConfig, columns: Columns, derivatives: bool) -> Any:
    """A graph from rows, flat weights, the linear part and starts to the values of a forward pass.

    It includes those of a backward pass, if asked. The config is a `training.gradient_config`.
    """

    def passes(rows, weights, linear, starts):  # type: ignore[no-untyped-def]
        windows = Windows(config, columns, rows)
        model = model_of(windows, weights, linear)
        batch = normalise(windows, starts)
        done = forward(model, batch, {}, keep=derivatives)
        head = done.head
        inside: list[StateDerivatives] = []
        if derivatives:
            error = forecast_error(windows, starts, batch, head.output)
            observed, count = gather_observed(windows, starts), tf.constant(starts.shape[0])
            by_error = loss_derivative(config, error, observed, count)
            output = output_derivative(windows, batch, by_error)
            backward(model, done, output, {}, inside)
        attention = None if head.attended is None else head.attended.weights
        step_hidden = None if head.step is None else head.step.hidden
        prediction = denormalise(windows, batch, head.output)
        parts = (attention, head.head_input, step_hidden, head.linear, head.output)
        return done.layers, tuple(inside), *parts, prediction

    return tf.function(passes, autograph=False)


def _layer_traces(
    config: ForecasterConfig, layer: int, done: LayerPass, inside: StateDerivatives | None
) -> list[LayerTrace]:
    # Split as arrays, because one operation on a tensor takes longer than all of NumPy's here.
    i, f, candidate, o = np.split(done.gates.numpy(), 4, axis=3)
    sequences = {
        "inputs": done.inputs.numpy(),
        "forget": f,
        "input": i,
        "candidate": candidate,
        "cell": done.cell.numpy(),
        "output": o,
        "hidden": done.hidden.numpy(),
    }
    arrays = {name: _by_direction(sequence) for name, sequence in sequences.items()}
    derivatives: list[LayerDerivatives | None] = [None] * config.directions
    if inside is not None:
        found = zip(*(_by_direction(sequence.numpy()) for sequence in inside), strict=True)
        derivatives = [LayerDerivatives(*own) for own in found]
    return [
        LayerTrace(
            layer,
            direction,
            **{name: directions[n] for name, directions in arrays.items()},
            derivatives=derivatives[n],
        )
        for n, direction in enumerate(direction_names(config))
    ]


def _by_direction(sequence: Array) -> list[Array]:
    """`[B, T, …]` in time order for each direction of `[T, S, B, …]` in reading order."""
    forwards, *backwards = np.moveaxis(sequence, 1, 0)
    return [_batch_first(in_time) for in_time in (forwards, *(one[::-1] for one in backwards))]


def _batch_first(sequence: Array) -> Array:
    return np.ascontiguousarray(np.swapaxes(sequence, 0, 1))
