"""Which weights a layer computes with: the order of gates, biases, transposition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import permutations
from typing import Any

import numpy as np

from lstm_conformance.deviations.deviation import Deviation, Plant, everywhere, steps, weights_taken_for
from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights

deviation = partial(Deviation, level="gates")


SYMBOLS = ("i", "f", "C̃", "o")


KNOWN_ORDERS: dict[tuple[str, ...], str] = {
    ("i", "o", "f", "C̃"): ", as in ONNX",
    ("i", "C̃", "f", "o"): ", as in TensorFlow 1",
}


ORDERS_OF_PARTS = (("i", "o", "f", "C̃"), ("i", "C̃", "f", "o"), ("i", "f", "o", "C̃"))
"""Of one part of the weights alone, as converters leave the other as it was."""
PARTS = {
    "biases": ("bias",),
    "kernels": ("kernel",),
    "recurrent kernels": ("recurrent",),
    "both kernels": ("kernel", "recurrent"),
}


def _layer_arrays(alter: Callable[[str, Array], Array]) -> Callable[[Weights, ForecasterConfig], Weights]:
    """A map of the layers' arrays by their kind: kernel, recurrent or bias."""

    def there(weights: Weights, config: ForecasterConfig) -> Weights:
        return {
            name: alter(name.rsplit(".", 1)[1], array) if name.startswith("layer") else array
            for name, array in weights.items()
        }

    return there


def _symmetric(alter: Callable[[str, Array], Array]) -> Plant:
    """For linear maps that are their own transpose."""
    return weights_taken_for(_layer_arrays(alter), _layer_arrays(alter))


def _blocks(array: Array, order: tuple[int, ...]) -> Array:
    parts = np.split(array, 4, axis=-1)
    return np.concatenate([parts[n] for n in order], axis=-1)


def _gate_order(order: tuple[int, ...]) -> Plant:
    """`order[n]` is the canonical gate that a port finds in block n."""
    there = tuple(order.index(gate) for gate in range(4))
    weights = weights_taken_for(
        _layer_arrays(lambda kind, array: _blocks(array, there)),
        _layer_arrays(lambda kind, array: _blocks(array, order)),
    )

    def change(before: Steps) -> Mapping[str, Any]:
        def backward(*given: Any) -> Any:
            gradients, derivatives = before.backward(*given)
            in_order = [replace(one, preactivation=_blocks(one.preactivation, order)) for one in derivatives]
            return gradients, tuple(in_order)

        return {"backward": backward}

    return lambda reference: steps(change)(weights(reference))


def _orders() -> tuple[Deviation, ...]:
    found = []
    for order in permutations(range(4)):
        if order == (0, 1, 2, 3):
            continue
        symbols = tuple(SYMBOLS[gate] for gate in order)
        written = ", ".join(symbols)
        known = KNOWN_ORDERS.get(symbols, "")
        sentence = f"gate order {written}{known}"
        found.append(deviation(f"gate order {written}", sentence, _gate_order(order), family="gate order"))
    return tuple(found)


def _part_orders() -> tuple[Deviation, ...]:
    found = []
    for symbols in ORDERS_OF_PARTS:
        order = tuple(SYMBOLS.index(symbol) for symbol in symbols)
        written = f"gate order {', '.join(symbols)}"
        for part, kinds in PARTS.items():
            sentence = f"{written}{KNOWN_ORDERS.get(symbols, '')}, in the {part} alone"
            plant = _part_order(order, kinds)
            applies = _steps if part == "recurrent kernels" else everywhere
            found.append(deviation(f"{written} in {part}", sentence, plant, applies))
    return tuple(found)


def _part_order(order: tuple[int, ...], kinds: tuple[str, ...]) -> Plant:
    """As `_gate_order`; the gates keep their places, since only some of their weights are another's."""
    there = tuple(order.index(gate) for gate in range(4))
    return weights_taken_for(
        _layer_arrays(lambda kind, array: _blocks(array, there) if kind in kinds else array),
        _layer_arrays(lambda kind, array: _blocks(array, order) if kind in kinds else array),
    )


def _unit_by_unit(kind: str, array: Array) -> Array:
    """Columns that stand gate by gate, read as four for each unit."""
    parts = array.reshape(*array.shape[:-1], -1, 4)
    return np.ascontiguousarray(parts.swapaxes(-1, -2)).reshape(array.shape)


def _gate_by_gate(kind: str, array: Array) -> Array:
    parts = array.reshape(*array.shape[:-1], 4, -1)
    return np.ascontiguousarray(parts.swapaxes(-1, -2)).reshape(array.shape)


def _each_block_transposed(wanted: str) -> Plant:
    """In layers where it is square."""

    def alter(kind: str, array: Array) -> Array:
        if kind != wanted or 4 * len(array) != array.shape[-1]:
            return array
        return np.concatenate([block.T for block in np.split(array, 4, axis=1)], axis=1)

    return _symmetric(alter)


def _kernels_exchanged(weights: Weights, config: ForecasterConfig) -> Weights:
    """Kernel and recurrent kernel, in layers where they have the same shape."""
    taken = dict(weights)
    for name, array in weights.items():
        other = name.replace(".kernel", ".recurrent")
        if name.startswith("layer") and other != name and array.shape == weights[other].shape:
            taken[name], taken[other] = weights[other], array
    return taken


def _rows(array: Array) -> Array:
    return array.reshape(array.shape[::-1]).T


def _columns(array: Array) -> Array:
    return np.ascontiguousarray(array.T).reshape(array.shape)


def _read_as(there: Callable[[Array], Array], back: Callable[[Array], Array], *wanted: str) -> Plant:
    """Arrays whose memory is taken for that of another shape."""
    return weights_taken_for(
        _layer_arrays(lambda kind, array: there(array) if kind in wanted else array),
        _layer_arrays(lambda kind, array: back(array) if kind in wanted else array),
    )


def _times(wanted: str, factor: float) -> Plant:
    return _symmetric(lambda kind, array: factor * array if kind == wanted else array)


def _several_units(probe: Probe) -> bool:
    return probe.config.hidden_units > 1


def _steps(probe: Probe) -> bool:
    return probe.config.steps > 1


def _several_inputs(probe: Probe) -> bool:
    return probe.config.patch * probe.features > 1


def _square_kernel(probe: Probe) -> bool:
    """Of some layer; those behind the first read as many columns as all directions have units."""
    config = probe.config
    above = config.layers > 1 and not config.bidirectional
    return above or config.patch * probe.features == config.hidden_units


def _square_kernel_of_units(probe: Probe) -> bool:
    return _square_kernel(probe) and probe.config.hidden_units > 1


def _steps_and_units(probe: Probe) -> bool:
    return probe.config.hidden_units > 1 and probe.config.steps > 1


ORDERS, PART_ORDERS = _orders(), _part_orders()

DEVIATIONS = (
    *ORDERS,
    *PART_ORDERS,
    deviation("bias twice", "the bias counted twice", _times("bias", 2.0)),
    deviation("no bias", "no bias", _times("bias", 0.0)),
    deviation("no recurrence", "no recurrent kernel", _times("recurrent", 0.0), _steps),
    deviation(
        "recurrent kernel transposed",
        "the recurrent kernel of every gate transposed",
        _each_block_transposed("recurrent"),
        _steps_and_units,
    ),
    deviation(
        "kernel transposed",
        "the kernel of every gate transposed, where it is square",
        _each_block_transposed("kernel"),
        _square_kernel_of_units,
    ),
    deviation(
        "kernels exchanged",
        "kernel and recurrent kernel exchanged, where they have the same shape",
        weights_taken_for(_kernels_exchanged, _kernels_exchanged),
        _square_kernel,
    ),
    deviation(
        "gates unit by unit",
        "gates read unit by unit, i f C̃ o of the first unit before those of the second, as in Chainer",
        weights_taken_for(_layer_arrays(_unit_by_unit), _layer_arrays(_gate_by_gate)),
        _several_units,
    ),
    deviation(
        "recurrent kernel read as rows",
        "the memory of recurrent kernels [H, 4H] taken for [4H, H]",
        _read_as(_rows, _columns, "recurrent"),
        _steps_and_units,
    ),
    deviation(
        "recurrent kernel read as columns",
        "the memory of recurrent kernels [4H, H] taken for [H, 4H]",
        _read_as(_columns, _rows, "recurrent"),
        _steps_and_units,
    ),
    deviation(
        "kernel read as rows",
        "the memory of kernels [D, 4H] taken for [4H, D]",
        _read_as(_rows, _columns, "kernel"),
        _several_inputs,
    ),
    deviation(
        "kernel read as columns",
        "the memory of kernels [4H, D] taken for [D, 4H]",
        _read_as(_columns, _rows, "kernel"),
        _several_inputs,
    ),
    deviation(
        "both kernels read as rows",
        "the memory of both kernels [D, 4H] and [H, 4H] taken for [4H, D] and [4H, H]",
        _read_as(_rows, _columns, "kernel", "recurrent"),
        _steps_and_units,
    ),
    deviation(
        "both kernels read as columns",
        "the memory of both kernels [4H, D] and [4H, H] taken for [D, 4H] and [H, 4H]",
        _read_as(_columns, _rows, "kernel", "recurrent"),
        _steps_and_units,
    ),
)
