"""What the reference computes of an LSTM's layers, and what these tensors are called.

In the order of computation: `layer{l}.inputs [B, T, D_l]` above the first layer, then for each direction
`layer{l}.{direction}.{part} [B, T, H]` with the parts of `PARTS`, all in time order; after the last layer
`outputs [B, T, S·H]`, `summary [B, S·H]` (the last layer's states after the last step read, joined), and
`final_hidden` and `final_cell [L·S, B, H]` as in PyTorch.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.config import ForecasterConfig, Precision
from lstm_plugins.reference.network import DirectionPass, final_state
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights, weight_shapes

PARTS = ("forget", "input", "candidate", "cell", "output", "hidden")
OUTPUTS, SUMMARY, FINAL_HIDDEN, FINAL_CELL = "outputs", "summary", "final_hidden", "final_cell"
_LAYER = re.compile(r"layer(\d+)\.(?:(forward|backward)\.)?(\w+)")

Tensors = dict[str, Array]


@dataclass(frozen=True)
class Place:
    """Where a tensor's entry belongs in the network; all count from 0.

    Attributes:
        layer: whose value it is.
        direction: "forward" or "backward".
        window: of the batch.
        step: in time order; None for a final state.
        unit: of the hidden state.
    """

    layer: int
    direction: str
    window: int
    step: int | None
    unit: int


def config_of(weights: Weights, steps: int, precision: Precision = "float64") -> ForecasterConfig:
    """The network of canonical arrays, for windows of so many steps."""
    directions = 1 + any(".backward." in name for name in weights)
    return ForecasterConfig(
        look_back=steps,
        hidden_units=len(weights["layer0.forward.recurrent"]),
        layers=len(weights) // (3 * directions),
        bidirectional=directions == 2,
        normalisation="none",
        precision=precision,
    )


def compute(
    weights: Weights, inputs: NDArray[np.float64], steps: Steps, names: Collection[str] | None = None
) -> Tensors:
    """The tensors of the layers, in float64 where weights and inputs are.

    Args:
        weights: canonical arrays of the layers.
        inputs: `[B, T, D]`.
        steps: the functions of the reference.
        names: of the tensors wanted; None for all.
    """
    config = config_of(weights, inputs.shape[1])
    wanted = set(shapes_of(weights, inputs.shape) if names is None else names)
    done = steps.forward(steps, config, with_head(weights, config), inputs, {})
    tensors: Tensors = {}
    for one in done.directions:
        if one.layer and one.direction == "forward":
            tensors[f"layer{one.layer}.inputs"] = steps.time_order(one.inputs, one.direction)
        for part in PARTS:
            if f"{one.name}.{part}" in wanted:
                tensors[f"{one.name}.{part}"] = steps.time_order(_stacked(one, part), one.direction)
    tensors[OUTPUTS], tensors[SUMMARY] = done.outputs, done.final_hidden
    for name, part in ((FINAL_HIDDEN, "hidden"), (FINAL_CELL, "cell")):
        if name in wanted:
            # The states after the last step, whatever is read of them.
            ends = [final_state(_stacked(one, part), one.direction) for one in done.directions]
            tensors[name] = np.stack(ends)
    return {name: tensor for name, tensor in tensors.items() if name in wanted}


def with_head(weights: Weights, config: ForecasterConfig) -> Weights:
    """The same with a head of zeros, which the reference's network has and a stack of layers has not."""
    shapes = weight_shapes(config, 1, 1)
    head = {name: np.zeros(shapes[name]) for name in ("head.kernel", "head.bias")}
    return {**weights, **head}


def shapes_of(weights: Weights, inputs: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    """The shape of each tensor for inputs `[B, T, D]`, in the order of computation."""
    config = config_of(weights, inputs[1])
    batch, steps, hidden = inputs[0], inputs[1], config.hidden_units
    shapes: dict[str, tuple[int, ...]] = {}
    for layer in range(config.layers):
        if layer:
            shapes[f"layer{layer}.inputs"] = (batch, steps, config.hidden_width)
        for direction in ("forward", "backward")[: config.directions]:
            shapes |= {f"layer{layer}.{direction}.{part}": (batch, steps, hidden) for part in PARTS}
    states = (config.layers * config.directions, batch, hidden)
    return shapes | {
        OUTPUTS: (batch, steps, config.hidden_width),
        SUMMARY: (batch, config.hidden_width),
        FINAL_HIDDEN: states,
        FINAL_CELL: states,
    }


def has_time(name: str) -> bool:
    """Whether a tensor is `[B, T, …]`."""
    return name == OUTPUTS or _LAYER.fullmatch(name) is not None


def first_entry(name: str, off: NDArray[np.bool_], errors: Array, config: ForecasterConfig) -> Place:
    """The entry of a tensor at which it is off first, in the order of reading; there is one at least.

    Args:
        name: of the tensor.
        off: which entries are off.
        errors: how far; among those of the first step the largest is told, one that is not finite before.
        config: the network.
    """
    directions = ("forward", "backward")[: config.directions]
    sizes = np.where(np.isfinite(errors), errors, np.inf)
    if not has_time(name):
        if name == SUMMARY:
            window, column = _largest(np.where(off, sizes, -1.0))
            place = (config.layers - 1) * config.directions + column // config.hidden_units
            unit = column % config.hidden_units
        else:
            place = int(np.argmax(off.any(axis=(1, 2))))
            window, unit = _largest(np.where(off, sizes, -1.0)[place])
        at_layer, at_direction = divmod(place, config.directions)
        return Place(at_layer, directions[at_direction], window, None, unit)
    match = _LAYER.fullmatch(name)
    layer = int(match[1]) - (match[3] == "inputs") if match else config.layers - 1
    own = [match[2]] if match and match[2] else list(directions)
    for way, columns in zip(own, np.split(np.arange(off.shape[2]), len(own)), strict=True):
        by_step = np.asarray(off[:, :, columns].any(axis=(0, 2)))
        if by_step.any():
            late = way == "backward"
            step = len(by_step) - 1 - int(np.argmax(by_step[::-1])) if late else int(np.argmax(by_step))
            window, unit = _largest(np.where(off, sizes, -1.0)[:, step, columns])
            return Place(layer, way, window, step, unit)
    raise AssertionError("an entry is off")


def value_at(name: str, tensor: Array, entry: Place, config: ForecasterConfig) -> float:
    """The number of a tensor that an entry means."""
    backward = entry.direction == "backward"
    column = entry.unit + (config.hidden_units if backward and tensor.shape[-1] != config.hidden_units else 0)
    if name in (FINAL_HIDDEN, FINAL_CELL):
        return float(tensor[entry.layer * config.directions + backward, entry.window, entry.unit])
    if entry.step is None:
        return float(tensor[entry.window, column])
    return float(tensor[entry.window, entry.step, column])


def double(weights: Mapping[str, Array]) -> Weights:
    """The same in float64, where the reference computes; the numbers stay."""
    return {name: array.astype(np.float64) for name, array in weights.items()}


def _stacked(one: DirectionPass, part: str) -> Array:
    return np.stack([getattr(cell, part) for cell in one.cells], axis=1)


def _largest(values: Array) -> tuple[int, int]:
    first, second = np.unravel_index(int(np.argmax(values)), values.shape)
    return int(first), int(second)
