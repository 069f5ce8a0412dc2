"""Traces: the gates, states and derivatives that the kernels leave in their memory."""

import numpy as np

from lstm_backends.numpy.kernels import DirectionPass, StateDerivatives, in_time_order
from lstm_backends.numpy.losses import loss_derivative
from lstm_backends.numpy.network import Model, backward, forward
from lstm_backends.numpy.windows import (
    Windows,
    denormalise,
    forecast_error,
    gather_observed,
    normalise,
    normalised_windows,
    output_derivative,
)
from lstm_plugins import Array, LayerDerivatives, LayerTrace, Starts, Trace
from lstm_plugins.weights import direction_names


def trace(model: Model, windows: Windows, starts: Starts, derivatives: bool) -> Trace:
    """See `Forecaster.trace`. It uses the forward and backward pass of training, without dropout."""
    config, batch = model.config, normalise(windows, starts)
    done = forward(model, batch, {}, keep=True)
    head = done.head
    found: list[StateDerivatives] = []
    if derivatives:
        error = forecast_error(windows, starts, batch, head.output)
        observed = gather_observed(windows, starts)
        output = output_derivative(windows, batch, loss_derivative(config, error, observed))
        backward(model, done, output, {}, found)
    # The backward pass begins with the last layer.
    backwards = [(layer, n) for layer in reversed(range(config.layers)) for n in range(config.directions)]
    inside = dict(zip(backwards, found, strict=False))
    layers = tuple(
        _layer_trace(layer, n, direction, done.layers[layer].directions[n], inside.get((layer, n)))
        for layer in range(config.layers)
        for n, direction in enumerate(direction_names(config))
    )
    return Trace(
        windows=normalised_windows(windows, starts),
        layers=layers,
        attention=None if head.attended is None else head.attended.weights.T.copy(),
        head_input=head.head_input.T.copy(),
        output=head.output,
        prediction=denormalise(windows, batch, head.output),
        step_hidden=None if head.step is None else head.step.hidden,
        linear=head.linear,
    )


def _layer_trace(
    layer: int, n: int, direction: str, done: DirectionPass, inside: StateDerivatives | None
) -> LayerTrace:
    def batch_first(values: Array) -> Array:
        return np.array(in_time_order(values, n).transpose(2, 0, 1), order="C")

    H = done.hidden_units
    _, o, i, f, candidate, _ = np.split(done.slab[:-1], 6, axis=1)
    derivatives: LayerDerivatives | None = None
    if inside is not None:
        # o, i, f, C̃ rolled back by one block is i, f, C̃, o.
        preactivation = np.roll(inside.preactivation, -H, axis=1)
        derivatives = LayerDerivatives(*map(batch_first, (preactivation, inside.hidden, inside.cell)))
    return LayerTrace(
        layer,
        direction,
        inputs=batch_first(done.inputs),
        forget=batch_first(f),
        input=batch_first(i),
        candidate=batch_first(candidate),
        cell=batch_first(done.slab[1:, 5 * H :]),
        output=batch_first(o),
        hidden=batch_first(done.outputs),
        derivatives=derivatives,
    )
