"""The gates and states that the kernels left in their slabs, as the contract's records."""

from __future__ import annotations

import numpy as np

from lstm_backends.numpy.kernels import LayerBuffers
from lstm_backends.numpy.network import Workspace
from lstm_plugins import Array, LayerTrace
from lstm_plugins.weights import direction_names


def layer_traces(workspace: Workspace) -> tuple[LayerTrace, ...]:
    """Every layer and direction after a forward pass, forward before backward, without derivatives.

    Args:
        workspace: one that keeps its slabs.
    """
    return tuple(
        _layer_trace(layer, direction, buffers)
        for layer, by_direction in enumerate(workspace.layers)
        for direction, buffers in zip(direction_names(workspace.config), by_direction, strict=True)
    )


def _layer_trace(layer: int, direction: str, buffers: LayerBuffers) -> LayerTrace:
    def batch_first(values: Array) -> Array:
        in_time = values[::-1] if direction == "backward" else values
        return np.ascontiguousarray(in_time.transpose(2, 0, 1))

    _, output, given, forget, candidate, _ = np.split(buffers.slab[:-1], 6, axis=1)
    return LayerTrace(
        layer,
        direction,
        inputs=batch_first(buffers.inputs),
        forget=batch_first(forget),
        input=batch_first(given),
        candidate=batch_first(candidate),
        cell=batch_first(buffers.slab[1:, 5 * buffers.hidden_units :]),
        output=batch_first(output),
        hidden=batch_first(buffers.outputs),
    )
