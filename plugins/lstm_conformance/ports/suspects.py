"""Known deviations that a port of an LSTM may have, as ways to compute its layers.

Those of the catalogue that show in gates and states, and those that only ports have: of `port_deviations`, a
second bias that is left out, batch and time exchanged, a bug in one layer and direction alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations import CATALOGUE, Deviation, plant_all
from lstm_conformance.deviations import gate_weights as of_weights
from lstm_conformance.deviations import head_input as of_head_input
from lstm_conformance.deviations import layers as of_layers
from lstm_conformance.ports.computing import (
    OUTPUTS,
    SUMMARY,
    Tensors,
    compute,
    config_of,
    double,
    has_time,
    with_head,
)
from lstm_conformance.ports.lstm import ForeignLstm
from lstm_conformance.ports.port_deviations import LAST_STATE_DEVIATIONS, PORT_DEVIATIONS
from lstm_conformance.ports.recording import Recording
from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig, Precision
from lstm_plugins.records import SeriesSet
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.network import DirectionPass
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights

_LEVEL = "gates"
_SEEN_IN_OUTPUTS = {"outputs not put back", "directions joined backward first"}
"""Deviations that a forecaster of one layer hides, and its outputs do not."""
_SEEN_IN_TRACES = {"left in reading order"}
"""Deviations that without the backward direction's own tensors are known by another name."""
_NOT_ALONE = {"read from the end", "both read forwards", "left in reading order", "state carried over"}
"""Deviations that mean nothing for one layer and direction alone, or are known by another name."""
EXCHANGED = (
    "the batch's axis taken for time's, as PyTorch does without batch_first=True (if your files hold "
    "steps before windows, transpose them)"
)
_MIXING = {"h_n reshaped", "window after window"}
"""Deviations with which windows depend on one another."""
ROUNDINGS: Mapping[str, Callable[[Array], Array]] = {
    "float32": lambda array: array.astype(np.float32).astype(array.dtype),
    "float16": lambda array: array.astype(np.float16).astype(array.dtype),
    "bfloat16": lambda array: _bfloat16(array.astype(np.float32)).astype(array.dtype),
}
MOST_PAIR_STEPS = 200_000
"""Cell steps that may be spent on pairs of deviations."""


@dataclass(frozen=True)
class Suspect:
    """One deviation or two, in all layers or in one part.

    Attributes:
        sentence: completes "equals the reference with …".
        deviations: of the catalogue, planted in this order.
        left_out: which part of the file's weights is left out; "" for none.
        rounded: to which type the weights were rounded on the way; "" for none.
        exchanged: the port takes the batch's axis for time's.
        part: the layer and direction that alone is affected; None for all.
    """

    sentence: str
    deviations: tuple[Deviation, ...] = ()
    left_out: str = ""
    rounded: str = ""
    exchanged: bool = False
    part: tuple[int, str] | None = None

    @property
    def precision(self) -> Precision | None:
        """The coarser one in which it computes; None for the port's own."""
        return next((one.precision for one in self.deviations if one.precision is not None), None)

    @property
    def mixes_windows(self) -> bool:
        """Whether what comes of one window depends on others."""
        return self.exchanged or any(one.name in _MIXING for one in self.deviations)


def single_suspects(lstm: ForeignLstm, recording: Recording) -> list[Suspect]:
    """Deviations that the network can have, in all layers at once."""
    found = [Suspect(one.sentence, (one,)) for one in _deviations(lstm, recording)]
    found += [Suspect(f"{part} left out", left_out=part) for part in lstm.left_out]
    found += [Suspect(f"weights rounded to {name}", rounded=name) for name in ROUNDINGS]
    if all(has_time(name) or name == SUMMARY for name in recording.tensors):
        found.append(Suspect(EXCHANGED, exchanged=True))
    return found


def partial_suspects(lstm: ForeignLstm, recording: Recording) -> list[Suspect]:
    """The same in one layer and direction alone."""
    alone = config_of(_part_weights(lstm.weights, 0, "forward"), 2)
    probe = _probe(alone, lstm.features)
    parts = [
        (layer, direction)
        for layer in range(lstm.layers)
        for direction in ("forward", "backward")[: 1 + lstm.bidirectional]
    ]
    if len(parts) == 1:
        return []
    whole = [
        one
        for one in single_suspects(lstm, recording)
        if not one.exchanged
        and not one.rounded
        and all(
            it.level == _LEVEL
            and it.name not in _NOT_ALONE
            and it not in (*PORT_DEVIATIONS, *LAST_STATE_DEVIATIONS)
            and it.applies(probe)
            for it in one.deviations
        )
    ]
    return [
        replace(one, part=part, sentence=f"{one.sentence}, in layer{part[0]}.{part[1]} only")
        for part in parts
        for one in whole
    ]


def paired_suspects(lstm: ForeignLstm, recording: Recording) -> list[Suspect]:
    """Two deviations at once; none where trying them all would take too long (see `MOST_PAIR_STEPS`)."""
    known = single_suspects(lstm, recording)
    single = [
        one
        for one in known
        if not (one.exchanged or one.rounded or one.precision)
        # Few make such a mistake beside a second one, and there are many of them.
        and not any(it in (*of_weights.PART_ORDERS, *PORT_DEVIATIONS) for it in one.deviations)
    ]
    pairs = [
        Suspect(
            f"{first.sentence} and {second.sentence}",
            (*first.deviations, *second.deviations),
            first.left_out or second.left_out,
        )
        for first, second in combinations(single, 2)
        if not (first.left_out and second.left_out) and not _same_kind(first, second)
    ]
    if any(one.exchanged for one in known):
        pairs += [replace(one, sentence=f"{EXCHANGED}, and {one.sentence}", exchanged=True) for one in single]
    each = recording.inputs.shape[1] * lstm.layers * (1 + lstm.bidirectional)
    return pairs if each * len(pairs) <= MOST_PAIR_STEPS else []


def compute_as(
    suspect: Suspect | None,
    lstm: ForeignLstm,
    weights: Weights,
    inputs: NDArray[np.float64],
    names: Collection[str] | None = None,
) -> Tensors:
    """What the reference computes, with a deviation or without.

    Args:
        suspect: the deviation; None for the reference as it is.
        lstm: whose layers.
        weights: its canonical arrays in float64, perhaps moved a little.
        inputs: `[B, T, D]`.
        names: of the tensors wanted; None for all.
    """
    if suspect is None:
        return compute(weights, inputs, Steps(), names)
    if suspect.left_out:
        weights = {**weights, **_biases(lstm, suspect)}
    if suspect.rounded:
        weights = _rounded(lstm, weights, ROUNDINGS[suspect.rounded])
    steps = planted(suspect)
    if any(one.remembers for one in suspect.deviations):
        compute(weights, inputs, steps, names)
    if not suspect.exchanged:
        return compute(weights, inputs, steps, names)
    timed = compute(weights, inputs.swapaxes(0, 1), steps, names and {*names, OUTPUTS})
    tensors = {name: array.swapaxes(0, 1) for name, array in timed.items() if has_time(name)}
    # Whoever exchanges the axes takes the last step of a window for the last states.
    tensors[SUMMARY] = tensors[OUTPUTS][:, -1]
    return {name: array for name, array in tensors.items() if names is None or name in names}


def planted(suspect: Suspect) -> Steps:
    """The functions of the reference with the suspect's deviations."""
    # Functions do not know the network; the smallest one carries them, and needs no weights for that.
    functions = replace(Steps(), initial_weights=lambda *_: {})
    plain = ReferenceForecaster(ForecasterConfig(look_back=1, hidden_units=1), 1, (0,), steps=functions)
    deviating = plant_all(suspect.deviations, plain).steps
    if suspect.part is None or not suspect.deviations:
        return deviating
    return _in_one_part(deviating, *suspect.part)


def _deviations(lstm: ForeignLstm, recording: Recording) -> Iterator[Deviation]:
    config = config_of(lstm.weights, recording.inputs.shape[1], recording.precision)
    probe = _probe(config, lstm.features)
    known = [*(one for one in CATALOGUE if one.level == _LEVEL), *PORT_DEVIATIONS]
    if SUMMARY in recording.tensors:
        known += [one for one in of_head_input.DEVIATIONS if one.level != _LEVEL]
        known += LAST_STATE_DEVIATIONS
    traced = any(".backward." in name for name in recording.tensors)
    for one in known:
        if one.name in _SEEN_IN_TRACES and not traced:
            continue
        applies = of_layers.bidirectional if one.name in _SEEN_IN_OUTPUTS else one.applies
        if applies(probe):
            yield one


def _probe(config: ForecasterConfig, features: int) -> Probe:
    rows = config.look_back + config.horizon
    series = SeriesSet(np.zeros((rows, features)), (0,), (rows,))
    return Probe("port", config, series, ((0, rows),), ((0, 0),), {}, np.zeros(1, np.int64))


def _bfloat16(array: NDArray[np.float32]) -> NDArray[np.float32]:
    """To the nearest of the numbers with 8 bits, the even one of two."""
    bits = array.view(np.uint32)
    kept = bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))
    return (kept & np.uint32(0xFFFF0000)).view(np.float32)


def _same_kind(first: Suspect, second: Suspect) -> bool:
    """Two gate orders are a third one."""
    both: Sequence[Suspect] = (first, second)
    return all(one.deviations and one.deviations[0] in of_weights.ORDERS for one in both)


def _biases(lstm: ForeignLstm, suspect: Suspect) -> Weights:
    """The biases with that part left out, in all layers or in the suspect's own."""
    only = "layer" if suspect.part is None else "layer{}.{}.".format(*suspect.part)
    arrays = double(lstm.left_out[suspect.left_out])
    return {name: array for name, array in arrays.items() if name.endswith(".bias") and name.startswith(only)}


def _rounded(lstm: ForeignLstm, weights: Weights, rounding: Callable[[Array], Array]) -> Weights:
    """Every array of the file rounded; of two biases each, before they are summed."""
    both = [double(part) for part in lstm.left_out.values()]

    def rounded(name: str, array: Array) -> Array:
        if both and name.endswith(".bias"):
            return np.asarray(np.sum([rounding(part[name]) for part in both], axis=0))
        return rounding(array)

    return {name: rounded(name, array) for name, array in weights.items()}


def _part_weights(weights: Weights, layer: int, direction: str) -> Weights:
    own = f"layer{layer}.{direction}."
    return {
        name.replace(own, "layer0.forward."): array for name, array in weights.items() if name.startswith(own)
    }


def _in_one_part(deviating: Steps, layer: int, direction: str) -> Steps:
    """The reference in which one layer and direction, as a network of its own, deviates."""
    plain = Steps()

    def read(
        steps: Steps,
        config: ForecasterConfig,
        weights: Weights,
        at_layer: int,
        at_direction: str,
        inputs: Array,
    ) -> Any:
        if (at_layer, at_direction) != (layer, direction):
            return plain.read(steps, config, weights, at_layer, at_direction, inputs)
        own = _part_weights(weights, layer, direction)
        alone = replace(config, layers=1, bidirectional=False)
        ordered = plain.reading_order(inputs, direction)
        done = deviating.forward(deviating, alone, with_head(own, alone), ordered, {}).directions[0]
        return DirectionPass(layer, direction, done.inputs, done.cells)

    return replace(plain, read=read)
