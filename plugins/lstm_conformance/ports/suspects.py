"""Which deviations a recording is tried with: those of the catalogue that show in layers, and those of ports.

Beside `port_deviations` these are made for the file at hand: a second bias left out, weights rounded on the
way, batch and time exchanged, and a bug in one layer and direction alone.
"""

from __future__ import annotations

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
from lstm_conformance.ports.lstm import ForeignLstm
from lstm_conformance.ports.port_deviations import LAST_STATE_DEVIATIONS, PORT_DEVIATIONS
from lstm_conformance.ports.recording import Recording
from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.reference.cell import CellStep
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.network import DirectionPass, ForwardPass
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights

_GATES = "gates"
_SEEN_IN_OUTPUTS = {"outputs not put back", "directions joined backward first"}
"""Deviations that a forecaster of one layer hides, and its outputs do not."""
_SEEN_IN_TRACES = {"left in reading order"}
"""Deviations that without the backward direction's own tensors are known by another name."""
_NOT_ALONE = {"read from the end", "both read forwards", "left in reading order", "state carried over"}
"""Deviations that mean nothing for one layer and direction alone, or are known by another name."""
ROUNDINGS: Mapping[str, Callable[[Array], Array]] = {
    "float32": lambda array: array.astype(np.float32).astype(array.dtype),
    "float16": lambda array: array.astype(np.float16).astype(array.dtype),
    "bfloat16": lambda array: _bfloat16(array.astype(np.float32)).astype(array.dtype),
}


@dataclass(frozen=True)
class Suspects:
    """The deviations that a recording is tried with.

    Attributes:
        whole: in all layers at once.
        parts: in one layer and direction alone.
        paired: those of `whole` that are tried two at a time.
    """

    whole: tuple[Deviation, ...]
    parts: tuple[Deviation, ...]
    paired: tuple[Deviation, ...]


def suspects_of(lstm: ForeignLstm, recording: Recording, probe: Probe) -> Suspects:
    """The deviations that a network can have and a recording can show.

    Args:
        lstm: the layers.
        recording: what was recorded of them.
        probe: from `layers_probe`.
    """
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


def _known(lstm: ForeignLstm, recording: Recording, probe: Probe) -> Iterator[Deviation]:
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


def _parts(lstm: ForeignLstm, probe: Probe) -> Iterator[Deviation]:
    """Deviations in one layer and direction alone; none where there is only one."""
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
    """A deviation in one layer and direction, which is planted in a network of its own."""

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
            done = deviating.forward(deviating, alone, with_head(own, alone), ordered, {}).directions[0]
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


def _left_out(lstm: ForeignLstm, part: str, only: str = "layer") -> Deviation:
    """A part of the file's weights left out, in the arrays whose names begin with `only`."""
    arrays = {
        name: array
        for name, array in double(lstm.left_out[part]).items()
        if name.endswith(".bias") and name.startswith(only)
    }
    told = f"{part} left out" + ("" if only == "layer" else f", in {only.rstrip('.')} only")
    plant = _reading(lambda weights: {**weights, **arrays})
    return Deviation(told, told, plant, level=LEVEL, family="left out")


def _rounded(lstm: ForeignLstm, name: str) -> Deviation:
    """Every array of the file rounded; of two biases each, before they are summed."""
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
    """Other weights than the file's; nothing is differentiated here."""
    return weights_taken_for(lambda weights, config: there(weights), lambda gradients, config: gradients)


def _exchanged(
    true: Any, inner: Steps, config: ForecasterConfig, weights: Weights, inputs: Array, masks: Any
) -> ForwardPass:
    done: ForwardPass = true(inner, config, weights, inputs.swapaxes(0, 1), masks)
    outputs = done.outputs.swapaxes(0, 1)
    directions = tuple(_swapped(inner, one) for one in done.directions)
    # Whoever exchanges the axes takes the last step of a window for the final state.
    return replace(done, directions=directions, outputs=outputs, final_hidden=outputs[:, -1])


def _swapped(steps: Steps, one: DirectionPass) -> DirectionPass:
    """What was read with windows for steps, as windows of steps in the order of reading."""

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
    """To the nearest of the numbers with 8 bits, the even one of two."""
    bits = array.view(np.uint32)
    kept = bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))
    return (kept & np.uint32(0xFFFF0000)).view(np.float32)
