"""The `Trace` of a forward pass, optionally with the derivatives of a backward pass."""

import numpy as np

from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import LayerDerivatives, LayerTrace, NormalisedWindows, Trace
from lstm_plugins.reference.network import DirectionPass, ForwardPass
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights


def trace(
    steps: Steps,
    config: ForecasterConfig,
    weights: Weights,
    windows: NormalisedWindows,
    columns: tuple[int, ...],
    done: ForwardPass,
    output: Array | None,
) -> Trace:
    """All values of a forward pass over some windows, without dropout.

    `columns` are the target columns. With `output`, the derivative of the loss with respect to the network's
    output, it includes the derivatives inside the layers.
    """
    prediction = steps.denormalise(done.output, *target_statistics(windows, columns))
    derivatives: tuple[LayerDerivatives, ...] | tuple[None, ...] = (None,) * len(done.directions)
    if output is not None:
        derivatives = steps.backward(steps, config, weights, done, output, {})[1]
    layers = tuple(
        _layer_trace(steps, one, found) for one, found in zip(done.directions, derivatives, strict=True)
    )
    attention = None if done.attention is None else done.attention.weights
    step_hidden = None if done.step is None else done.step.hidden
    return Trace(
        windows, layers, attention, done.head_input, done.output, prediction, step_hidden, done.linear
    )


def target_statistics(windows: NormalisedWindows, columns: tuple[int, ...]) -> tuple[Array, Array]:
    """Center `[B, Q, K]` and scale `[B, K]` of the targets, in the network's precision."""
    center, scale = windows.target_center, windows.scale[:, list(columns)]
    return center.astype(windows.inputs.dtype), scale.astype(windows.inputs.dtype)


def _layer_trace(steps: Steps, done: DirectionPass, derivatives: LayerDerivatives | None) -> LayerTrace:
    def in_time(name: str) -> Array:
        values = np.stack([getattr(cell, name) for cell in done.cells], axis=1)
        return steps.time_order(values, done.direction)

    names = ("forget", "input", "candidate", "cell", "output", "hidden")
    return LayerTrace(
        done.layer,
        done.direction,
        steps.time_order(done.inputs, done.direction),
        **{name: in_time(name) for name in names},
        derivatives=derivatives,
    )
