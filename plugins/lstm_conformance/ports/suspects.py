"""The deviations that may explain a recording: the catalogue's that show in layers, and those of ports.

Some are made for the file at hand: a bias left out, rounded weights, batch and time exchanged, and a bug in a
single layer and direction.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations import CATALOGUE, Deviation
from lstm_conformance.deviations import head_input as of_head_input
from lstm_conformance.deviations.conditions import always, bidirectional
from lstm_conformance.deviations.deviation import Plant, altered, weights_taken_for
from lstm_conformance.deviations.gate_weights import PART_ORDERS
from lstm_conformance.ports.layers import FINAL_HIDDEN, LEVEL, config_of, double, has_time, with_head
from lstm_conformance.ports.lstm import LstmLayers
from lstm_conformance.ports.port_deviations import LAST_STATE_DEVIATIONS, PORT_DEVIATIONS
from lstm_conformance.ports.recording import Recording
from lstm_conformance.probe import Probe
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.reference.cell import CellStep
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.network import DirectionPass, ForwardPass, NetworkInputs
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights

_GATES = "gates"
_SEEN_IN_OUTPUTS = {"outputs not put back", "directions joined backward first"}
"""Deviations that show in the outputs of one layer, but not in a forecaster of one layer."""
_SEEN_IN_TRACES = {"left in reading order"}
"""Deviations that have another name unless the backward direction's own tensors are recorded."""
_NOT_ALONE = {"read from the end", "both read forwards", "left in reading order", "state carried over"}
"""Deviations that make no sense in a single layer and direction, or have another name there."""
ROUNDINGS: Mapping[str, Callable[[Array], Array]] = {
    "float32": lambda array: array.astype(np.float32).astype(array.dtype),
    "float16": lambda array: array.astype(np.float16).astype(array.dtype),
    "bfloat16": lambda array: _bfloat16(array.astype(np.float32)).astype(array.dtype),
}


@dataclass(frozen=True)
class Suspects:
    """The deviations that may explain a recording.

    Attributes:
        whole: in all layers at once.
        parts: in one layer and direction alone.
        paired: those of `whole` that are tried two at a time.
    """

    whole: tuple[Deviation, ...]
    parts: tuple[Deviation, ...]
    paired: tuple[Deviation, ...]


def suspects_of(lstm: LstmLayers, recording: Recording, probe: Probe) -> Suspects:
    """The deviations that can occur in these layers and show in this recording, on a `layers_probe`."""
    known = [replace(one, level=LEVEL, applies=always) for one in _known(lstm, recording, probe)]
    left_out = [_left_out(lstm, part) for part in lstm.left_out]
    rounded = [_rounded(lstm, name) for name in ROUNDINGS]
    exchanged = [EXCHANGED] if all(has_time(n) or n == FINAL_HIDDEN for n in recording.tensors) else []
    # Few make one of these mistakes beside a second one, and there are many of them.
    rare = {one.name for one in (*PART_ORDERS, *PORT_DEVIATIONS)}
    paired = [one for one in known if one.name not in rare and one.precision is None]
    return Suspects(
        (*known, *left_out, *rounded, *exchanged),
        tuple(_parts(lstm, probe)),
        (*paired, *left_out, *exchanged),
    )


def _known(lstm: LstmLayers, recording: Recording, probe: Probe) -> Iterator[Deviation]:
    judged = replace(probe, config=replace(probe.config, precision=recording.precision))
    known = [*(one for one in CATALOGUE if one.level == _GATES), *PORT_DEVIATIONS]
    if FINAL_HIDDEN in recording.tensors:
        known += [one for one in of_head_input.DEVIATIONS if one.level != _GATES]
        known += LAST_STATE_DEVIATIONS
    traced = any(".backward." in name for name in recording.tensors)
    for one in known:
        if one.name in _SEEN_IN_TRACES and not traced:
            continue
        applies = bidirectional if one.name in _SEEN_IN_OUTPUTS else one.applies
        if applies(judged):
            yield one


def _parts(lstm: LstmLayers, probe: Probe) -> Iterator[Deviation]:
    """Deviations in a single layer and direction; none if there is only one."""
    parts = [
        (layer, direction)
        for layer in range(lstm.layers)
        for direction in ("forward", "backward")[: 1 + lstm.bidirectional]
    ]
    if len(parts) == 1:
        return
    own = _part_weights(lstm.weights, 0, "forward")
    alone = replace(probe, config=config_of(own, probe.config.look_back), weights=own)
    inside = [
        one for one in CATALOGUE if one.level == _GATES and one.name not in _NOT_ALONE and one.applies(alone)
    ]
    for layer, direction in parts:
        for one in inside:
            if one.precision is None:
                yield _in_part(one, layer, direction)
        for part in lstm.left_out:
            yield _left_out(lstm, part, f"layer{layer}.{direction}.")


def _in_part(deviation: Deviation, layer: int, direction: str) -> Deviation:
    """A deviation in a single layer and direction, planted in a network of its own."""

    def plant(reference: ReferenceForecaster) -> ReferenceForecaster:
        deviating = deviation.plant(reference).steps

        def read(
            true: Any, inner: Steps, config: Any, weights: Weights, at: int, way: str, inputs: Array
        ) -> DirectionPass:
            if (at, way) != (layer, direction):
                done: DirectionPass = true(inner, config, weights, at, way, inputs)
                return done
            own = _part_weights(weights, layer, direction)
            alone = replace(config, layers=1, bidirectional=False)
            ordered = inner.reading_order(inputs, direction)
            alone_inputs = NetworkInputs(ordered)
            done = deviating.forward(deviating, alone, with_head(own, alone), alone_inputs, {}).directions[0]
            return DirectionPass(layer, direction, done.inputs, done.cells)

        return altered(read=read)(reference)

    where = f", in layer{layer}.{direction} only"
    return replace(
        deviation,
        name=deviation.name + where,
        sentence=deviation.sentence + where,
        level=LEVEL,
        plant=plant,
        applies=always,
    )


def _part_weights(weights: Weights, layer: int, direction: str) -> Weights:
    own = f"layer{layer}.{direction}."
    return {
        name.replace(own, "layer0.forward."): array for name, array in weights.items() if name.startswith(own)
    }


def _left_out(lstm: LstmLayers, part: str, only: str = "layer") -> Deviation:
    """One of two biases left out, in the arrays whose names start with `only`."""
    arrays = {
        name: array
        for name, array in double(lstm.left_out[part]).items()
        if name.endswith(".bias") and name.startswith(only)
    }
    told = f"{part} left out" + ("" if only == "layer" else f", in {only.rstrip('.')} only")
    plant = _reading(lambda weights: {**weights, **arrays})
    return Deviation(told, told, plant, level=LEVEL, family="left out")


def _rounded(lstm: LstmLayers, name: str) -> Deviation:
    """Every array of the file rounded, and each of two biases before they are summed."""
    rounding = ROUNDINGS[name]
    both = [double(part) for part in lstm.left_out.values()]

    def rounded(name: str, array: Array) -> Array:
        if both and name.endswith(".bias") and name in both[0]:
            return np.asarray(np.sum([rounding(part[name]) for part in both], axis=0))
        return rounding(array)

    told = f"weights rounded to {name}"
    plant = _reading(lambda weights: {name: rounded(name, array) for name, array in weights.items()})
    return Deviation(told, told, plant, level=LEVEL)


def _reading(there: Callable[[Weights], Weights]) -> Plant:
    """Weights changed before use; nothing is differentiated here."""
    return weights_taken_for(lambda weights, config: there(weights), lambda gradients, config: gradients)


def _exchanged(
    true: Any, inner: Steps, config: ForecasterConfig, weights: Weights, inputs: NetworkInputs, masks: Any
) -> ForwardPass:
    exchanged = replace(inputs, sequence=inputs.sequence.swapaxes(0, 1))
    done: ForwardPass = true(inner, config, weights, exchanged, masks)
    outputs = done.outputs.swapaxes(0, 1)
    directions = tuple(_swapped(inner, one) for one in done.directions)
    # Whoever exchanges the axes takes the last step of a window for the final state.
    return replace(done, directions=directions, outputs=outputs, final_hidden=outputs[:, -1])


def _swapped(steps: Steps, one: DirectionPass) -> DirectionPass:
    """A pass that read windows as steps, with both axes put back."""

    def swapped(in_reading_order: Array) -> Array:
        in_time = steps.time_order(in_reading_order, one.direction)
        return steps.reading_order(in_time.swapaxes(0, 1), one.direction)

    values = {
        name: swapped(np.stack([getattr(cell, name) for cell in one.cells], axis=1))
        for name in CellStep.__dataclass_fields__
    }
    count = len(one.inputs)
    cells = tuple(
        CellStep(**{name: array[:, step] for name, array in values.items()}) for step in range(count)
    )
    return replace(one, inputs=swapped(one.inputs), cells=cells)


EXCHANGED = Deviation(
    "batch and time exchanged",
    "the batch axis taken for the time axis, as in PyTorch without batch_first=True (if your files hold "
    "steps before windows, transpose them)",
    altered(forward=_exchanged),
    mixes_windows=True,
    level=LEVEL,
)


def _bfloat16(array: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rounded to 8 significant bits, ties to even."""
    bits = array.view(np.uint32)
    kept = bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))
    return (kept & np.uint32(0xFFFF0000)).view(np.float32)
