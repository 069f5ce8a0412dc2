"""The network as a pure function of its weights: docs/specification.md sections 3 and 4. All batch first."""

import dataclasses
import math
from collections.abc import Mapping

import jax
import jax.numpy as jnp
from jax import Array
from lstm_plugins import ForecasterConfig, LayerDerivatives, LayerTrace, NormalisedWindows, Trace
from lstm_plugins.weights import direction_names

from lstm_tui_jax.windows import Series, gather, normalise

Parameters = Mapping[str, Array]
Masks = Mapping[int, Array]
Nudges = Mapping[str, LayerDerivatives]

# Compiled functions take and return the contract's records; XLA computes only the parts of a trace in use.
for record in (NormalisedWindows, LayerDerivatives, Trace):
    jax.tree_util.register_dataclass(record)
ARRAYS = [field.name for field in dataclasses.fields(LayerTrace)[2:]]
jax.tree_util.register_dataclass(LayerTrace, ARRAYS, ["layer", "direction"])


def forward(
    config: ForecasterConfig, weights: Parameters, series: Series, starts: Array, masks: Masks, nudges: Nudges
) -> Trace:
    """A forward pass from the series to forecasts, with dropout masks, and zeros to differentiate by."""
    windows = normalise(config, series, gather(config, series, starts)[0])
    hidden, layers = windows.inputs, []
    for layer in range(config.layers):
        below = hidden * masks[layer - 1] if layer - 1 in masks else hidden
        passes = [run(weights, layer, direction, below, nudges) for direction in direction_names(config)]
        hidden = jnp.concatenate([one.hidden for one in passes], axis=2)
        layers += passes
    finals = [one.hidden[:, -1 if one.direction == "forward" else 0] for one in passes]
    final_hidden = head_input = jnp.concatenate(finals, axis=1)
    attention = None
    if config.attention != "none":
        query = final_hidden @ weights["attention.kernel"] if config.attention == "general" else final_hidden
        scores = jnp.einsum("bh,bth->bt", query, hidden) / math.sqrt(config.hidden_width)
        attention = jax.nn.softmax(scores, axis=1)
        head_input = jnp.concatenate([jnp.einsum("bt,bth->bh", attention, hidden), final_hidden], axis=1)
    kept = head_input * masks[config.layers] if config.layers in masks else head_input
    output = kept @ weights["head.kernel"] + weights["head.bias"]
    output = output.reshape(len(starts), config.horizon, -1, len(config.output_quantiles))
    center, scale = windows.target_center[..., None], windows.scale[:, None, series.targets, None]
    prediction = output * scale.astype(output.dtype) + center.astype(output.dtype)
    return Trace(windows, tuple(layers), attention, head_input, output, prediction)


def run(weights: Parameters, layer: int, direction: str, inputs: Array, nudges: Nudges) -> LayerTrace:
    """The cell over all steps, from zero states."""
    name = f"layer{layer}.{direction}"
    kernel, recurrent, bias = (weights[f"{name}.{part}"] for part in ("kernel", "recurrent", "bias"))

    def step(states, now):
        (hidden, cell), (projected, nudge) = states, now
        nudge = nudge or LayerDerivatives(0.0, 0.0, 0.0)
        gates = jnp.split(projected + hidden @ recurrent + nudge.preactivation, 4, axis=1)
        entering, forget, leaving = (jax.nn.sigmoid(gates[block]) for block in (0, 1, 3))
        candidate = jnp.tanh(gates[2])
        cell = forget * cell + entering * candidate + nudge.cell
        hidden = leaving * jnp.tanh(cell) + nudge.hidden
        return (hidden, cell), (forget, entering, candidate, cell, leaving, hidden)

    # A scan runs over the first axis; in reverse, too, it leaves what it writes in time order.
    now = jax.tree.map(lambda array: array.swapaxes(0, 1), (inputs @ kernel + bias, nudges.get(name)))
    start = jnp.zeros((len(inputs), len(recurrent)), inputs.dtype)
    _, states = jax.lax.scan(step, (start, start), now, reverse=direction == "backward")
    return LayerTrace(layer, direction, inputs, *(state.swapaxes(0, 1) for state in states))
