"""Which weights a layer computes with: the order of gates, biases, transposition."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import permutations
from typing import Any

import numpy as np

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.deviation import Deviation, Plant, altered, weights_taken_for
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.weights import Array, Weights

deviation = partial(Deviation, level="gates")
Map = Callable[[Array], Array]

SYMBOLS = ("i", "f", "C̃", "o")
KNOWN_ORDERS: dict[tuple[str, ...], str] = {
    ("i", "o", "f", "C̃"): ", as in ONNX",
    ("i", "C̃", "f", "o"): ", as in TensorFlow 1",
}
ORDERS_OF_PARTS = (("i", "o", "f", "C̃"), ("i", "C̃", "f", "o"), ("i", "f", "o", "C̃"))
"""Orders tried for a part of the weights alone, as by converters that forget the other part."""
PARTS = {
    "biases": ("bias",),
    "kernels": ("kernel",),
    "recurrent kernels": ("recurrent",),
    "both kernels": ("kernel", "recurrent"),
}
BOTH_KERNELS = PARTS["both kernels"]
ALL = ("kernel", "recurrent", "bias")


def _taken_for(there: Map, back: Map, *kinds: str) -> Plant:
    """Other arrays of these kinds in every layer, with the inverse map or the transpose for gradients."""

    def mapped(change: Map) -> Callable[[Weights, ForecasterConfig], Weights]:
        return lambda weights, config: {
            name: change(array) if name.startswith("layer") and name.endswith(kinds) else array
            for name, array in weights.items()
        }

    return weights_taken_for(mapped(there), mapped(back))


def _ordered(order: tuple[int, ...]) -> Map:
    """The four blocks in another order."""

    def change(array: Array) -> Array:
        parts = np.split(array, 4, axis=-1)
        return np.concatenate([parts[n] for n in order], axis=-1)

    return change


def _part_order(order: tuple[int, ...], kinds: tuple[str, ...]) -> Plant:
    """`order[n]` is the canonical gate that a port finds in block n."""
    there = tuple(order.index(gate) for gate in range(4))
    return _taken_for(_ordered(there), _ordered(order), *kinds)


def _gate_order(order: tuple[int, ...]) -> Plant:
    """The same for all weights, so that the gates' derivatives have other places too."""

    def backward(true: Any, *given: Any) -> Any:
        gradients, derivatives = true(*given)
        moved = (replace(one, preactivation=_ordered(order)(one.preactivation)) for one in derivatives)
        return gradients, tuple(moved)

    weights, places = _part_order(order, ALL), altered(backward=backward)
    return lambda reference: places(weights(reference))


def _orders() -> Iterator[Deviation]:
    for symbols in permutations(SYMBOLS):
        if symbols != SYMBOLS:
            name = f"gate order {', '.join(symbols)}"
            plant = _gate_order(tuple(map(SYMBOLS.index, symbols)))
            yield deviation(name, name + KNOWN_ORDERS.get(symbols, ""), plant, family="gate order")


def _part_orders() -> Iterator[Deviation]:
    for symbols in ORDERS_OF_PARTS:
        name = f"gate order {', '.join(symbols)}"
        for part, kinds in PARTS.items():
            sentence = f"{name}{KNOWN_ORDERS.get(symbols, '')}, in the {part} only"
            plant = _part_order(tuple(map(SYMBOLS.index, symbols)), kinds)
            applies = when.several_steps if part == "recurrent kernels" else when.always
            yield deviation(f"{name} in {part}", sentence, plant, applies)


def _unit_by_unit(array: Array) -> Array:
    """Columns that stand gate by gate, read as four for each unit."""
    parts = array.reshape(*array.shape[:-1], -1, 4)
    return np.ascontiguousarray(parts.swapaxes(-1, -2)).reshape(array.shape)


def _gate_by_gate(array: Array) -> Array:
    parts = array.reshape(*array.shape[:-1], 4, -1)
    return np.ascontiguousarray(parts.swapaxes(-1, -2)).reshape(array.shape)


def _each_block_transposed(array: Array) -> Array:
    """In layers where it is square."""
    if 4 * len(array) != array.shape[-1]:
        return array
    return np.concatenate([block.T for block in np.split(array, 4, axis=1)], axis=1)


def _kernels_swapped(weights: Weights, config: ForecasterConfig) -> Weights:
    """Kernel and recurrent kernel swapped in layers where they have the same shape."""
    taken = dict(weights)
    for name, array in weights.items():
        other = name.replace(".kernel", ".recurrent")
        if name.startswith("layer") and other != name and array.shape == weights[other].shape:
            taken[name], taken[other] = weights[other], array
    return taken


def _rows(array: Array) -> Array:
    """An array whose memory is taken for that of its transpose's shape."""
    return array.reshape(array.shape[::-1]).T


def _columns(array: Array) -> Array:
    return np.ascontiguousarray(array.T).reshape(array.shape)


def _times(factor: float, kind: str) -> Plant:
    return _taken_for(lambda array: factor * array, lambda array: factor * array, kind)


# Of some layer; those behind the first read as many columns as all directions have units.
square_kernel = when.Condition(
    lambda probe: (
        (probe.config.layers > 1 and not probe.config.bidirectional)
        or probe.config.patch * probe.features == probe.config.hidden_units
    )
)
steps_and_units = when.several_steps & when.several_units

ORDERS, PART_ORDERS = tuple(_orders()), tuple(_part_orders())

recurrent = partial(deviation, applies=steps_and_units)

DEVIATIONS = (
    *ORDERS,
    *PART_ORDERS,
    deviation("bias twice", "the bias counted twice", _times(2.0, "bias")),
    deviation("no bias", "no bias", _times(0.0, "bias")),
    deviation("no recurrence", "no recurrent kernel", _times(0.0, "recurrent"), when.several_steps),
    recurrent(
        "recurrent kernel transposed",
        "the recurrent kernel of every gate transposed",
        _taken_for(_each_block_transposed, _each_block_transposed, "recurrent"),
    ),
    deviation(
        "kernel transposed",
        "the kernel of every gate transposed, where it is square",
        _taken_for(_each_block_transposed, _each_block_transposed, "kernel"),
        square_kernel & when.several_units,
    ),
    deviation(
        "kernels exchanged",
        "kernel and recurrent kernel swapped, where they have the same shape",
        weights_taken_for(_kernels_swapped, _kernels_swapped),
        square_kernel,
    ),
    deviation(
        "gates unit by unit",
        "gates read unit by unit (i f C̃ o of the first unit, then of the second), as in Chainer",
        _taken_for(_unit_by_unit, _gate_by_gate, *ALL),
        when.several_units,
    ),
    recurrent(
        "recurrent kernel read as rows",
        "recurrent kernels [H, 4H] read from memory as [4H, H]",
        _taken_for(_rows, _columns, "recurrent"),
    ),
    recurrent(
        "recurrent kernel read as columns",
        "recurrent kernels [4H, H] read from memory as [H, 4H]",
        _taken_for(_columns, _rows, "recurrent"),
    ),
    deviation(
        "kernel read as rows",
        "kernels [D, 4H] read from memory as [4H, D]",
        _taken_for(_rows, _columns, "kernel"),
        when.several_inputs,
    ),
    deviation(
        "kernel read as columns",
        "kernels [4H, D] read from memory as [D, 4H]",
        _taken_for(_columns, _rows, "kernel"),
        when.several_inputs,
    ),
    recurrent(
        "both kernels read as rows",
        "both kernels [D, 4H] and [H, 4H] read from memory as [4H, D] and [4H, H]",
        _taken_for(_rows, _columns, *BOTH_KERNELS),
    ),
    recurrent(
        "both kernels read as columns",
        "both kernels [4H, D] and [4H, H] read from memory as [D, 4H] and [H, 4H]",
        _taken_for(_columns, _rows, *BOTH_KERNELS),
    ),
)
