"""The layers of an LSTM as a probe with one level, and the names of its tensors.

In the order of computation: `layer{l}.inputs [B, T, D_l]` above the first layer, then for each direction
`layer{l}.{direction}.{part} [B, T, H]` with the parts of `PARTS`, all in time order; after the last layer
`outputs [B, T, S·H]`, `final_hidden [B, S·H]` (the last layer's states after the last step read, joined), and
`h_n` and `c_n [L·S, B, H]` as in PyTorch.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.checks import LevelResult
from lstm_conformance.levels import Level
from lstm_conformance.places import Place
from lstm_conformance.probe import Probe
from lstm_conformance.recomputing import GATE_VALUES as PARTS
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.forecaster import Forecaster
from lstm_plugins.records import SeriesSet
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.network import DirectionPass, NetworkInputs, final_state
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights, weight_shapes

OUTPUTS, FINAL_HIDDEN, H_N, C_N = "outputs", "final_hidden", "h_n", "c_n"
LEVEL = "layers"
_LAYER = re.compile(r"layer(\d+)\.(?:(forward|backward)\.)?(\w+)")

Tensors = dict[str, Array]


def layers_probe(weights: Weights, inputs: NDArray[np.float64]) -> Probe:
    """The probe of the layers on inputs `[B, T, D]`, each window a series of its own, in float64."""
    batch, steps, features = inputs.shape
    config = config_of(weights, steps)
    series = SeriesSet(inputs.reshape(-1, features), (0,), (steps,) * batch)
    rows = ((0, steps),) * batch
    starts = steps * np.arange(batch, dtype=np.int64)
    return Probe("recording", config, series, rows, (), with_head(double(weights), config), starts)


def layers_level(names: Collection[str], name: str = LEVEL) -> Level:
    """The level whose tensors are those of the layers with these names."""

    def observe(forecaster: Forecaster, probe: Probe) -> Tensors:
        inputs = forecaster.normalised_windows(probe.starts).inputs
        return compute(forecaster.weights(), inputs, cast("ReferenceForecaster", forecaster).steps, names)

    return Level(name, name, observe, locate=lambda result: first_difference(result).place)


def config_of(weights: Weights, steps: int) -> ForecasterConfig:
    """The network of canonical arrays, for windows of so many steps."""
    directions = 1 + any(".backward." in name for name in weights)
    return ForecasterConfig(
        look_back=steps,
        hidden_units=len(weights["layer0.forward.recurrent"]),
        layers=sum(name.startswith("layer") for name in weights) // (3 * directions),
        bidirectional=directions == 2,
        normalisation="none",
        precision="float64",
    )


def compute(weights: Weights, inputs: Array, steps: Steps, names: Collection[str] | None = None) -> Tensors:
    """The named tensors of the layers, or all, for inputs `[B, T, D]`; in float64 if all arguments are."""
    config = config_of(weights, inputs.shape[1])
    wanted = set(shapes_of(weights, inputs.shape) if names is None else names)
    done = steps.forward(steps, config, with_head(weights, config), NetworkInputs(inputs), {})
    tensors: Tensors = {}
    for one in done.directions:
        if one.layer and one.direction == "forward":
            tensors[f"layer{one.layer}.inputs"] = steps.time_order(one.inputs, one.direction)
        for part in PARTS:
            if f"{one.name}.{part}" in wanted:
                tensors[f"{one.name}.{part}"] = steps.time_order(_stacked(one, part), one.direction)
    tensors[OUTPUTS], tensors[FINAL_HIDDEN] = done.outputs, done.final_hidden
    for name, part in ((H_N, "hidden"), (C_N, "cell")):
        if name in wanted:
            # The states after the last step, whatever is read of them.
            ends = [final_state(_stacked(one, part), one.direction) for one in done.directions]
            tensors[name] = np.stack(ends)
    return {name: tensor for name, tensor in tensors.items() if name in wanted}


def with_head(weights: Weights, config: ForecasterConfig) -> Weights:
    """The weights with a head of zeros, which the reference's network needs."""
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
        FINAL_HIDDEN: (batch, config.hidden_width),
        H_N: states,
        C_N: states,
    }


def has_time(name: str) -> bool:
    """Whether a tensor is `[B, T, …]`."""
    return name == OUTPUTS or _LAYER.fullmatch(name) is not None


def double(weights: Mapping[str, Array]) -> Weights:
    """The arrays converted to float64, in which the reference computes."""
    return {name: array.astype(np.float64) for name, array in weights.items()}


@dataclass(frozen=True)
class FirstDifference:
    """The first difference of a recording; all numbers count from 0.

    Attributes:
        place: the tensor, the entry and the two numbers.
        layer: whose value it is.
        direction: "forward" or "backward".
        window: of the batch.
        step: in time order; None for a final state.
        unit: of the hidden state, or the column of a layer's inputs.
    """

    place: Place
    layer: int
    direction: str
    window: int
    step: int | None
    unit: int


def first_difference(result: LevelResult) -> FirstDifference:
    """The first difference in the order of computation: by layer and direction, there by the step read.

    Within a step it is the largest error; numbers that are not finite come before.
    """
    config = result.probe.config
    expected = result.expected()
    found: list[tuple[int, FirstDifference]] = []
    for verdict in (one for one in result.verdicts if not one.passed):
        given, wanted = result.observation.tensors[verdict.tensor], expected[verdict.tensor]
        for layer, direction, index in _parts(verdict.tensor, config):
            errors = np.abs(given[index].astype(np.float64) - wanted[index])
            sizes = np.where(np.isfinite(errors), errors, np.inf)
            beyond = np.asarray(np.greater(sizes, verdict.allowed))
            if not beyond.any():
                continue
            step, read = None, config.steps
            if beyond.ndim == 3:
                reading = slice(None, None, -1 if direction == "backward" else 1)
                read = int(np.argmax(np.any(beyond[:, reading], axis=(0, 2))))
                step = config.steps - 1 - read if direction == "backward" else read
                sizes = sizes[:, step]
            window, unit = (int(n) for n in np.unravel_index(int(np.argmax(sizes)), sizes.shape))
            at = (window, unit) if step is None else (window, step, unit)
            when = "after the last step read" if step is None else f"time step {step}"
            place = Place(
                verdict.tensor,
                at,
                f"layer {layer} {direction}, {when}, unit {unit}, window {window}",
                step,
                float(given[index][at]),
                float(wanted[index][at]),
                verdict.allowed,
            )
            found.append((read, FirstDifference(place, layer, direction, window, step, unit)))
    first = found[0][1]
    same = [one for one in found if (one[1].layer, one[1].direction) == (first.layer, first.direction)]
    return first if first.step is None else min(same, key=lambda one: one[0])[1]


def _parts(name: str, config: ForecasterConfig) -> Iterator[tuple[int, str, tuple[slice | int, ...]]]:
    """The layers and directions of a tensor, with the index of each one's `[B, T, H]` or `[B, H]`."""
    directions = ("forward", "backward")[: config.directions]
    if name in (H_N, C_N):
        for n in range(config.layers * config.directions):
            yield n // config.directions, directions[n % config.directions], (n,)
        return
    match = _LAYER.fullmatch(name)
    if match and match[2]:
        yield int(match[1]), match[2], ()
        return
    # Of a layer's inputs, those that computed them: the layer below.
    layer = int(match[1]) - 1 if match else config.layers - 1
    for n, direction in enumerate(directions):
        yield layer, direction, (..., slice(n * config.hidden_units, (n + 1) * config.hidden_units))  # type: ignore[misc]


def _stacked(one: DirectionPass, part: str) -> Array:
    return np.stack([getattr(cell, part) for cell in one.cells], axis=1)
