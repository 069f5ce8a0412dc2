"""Which weights a layer computes with: the order of gates, biases, transposition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np

from lstm_plugins.config import ForecasterConfig
from lstm_plugins.conformance.deviations.deviation import Deviation, Plant, steps, weights_taken_for
from lstm_plugins.conformance.probes import Probe
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights

LEVEL = "gates"


SYMBOLS = ("i", "f", "C̃", "o")


KNOWN_ORDERS: dict[tuple[str, ...], str] = {
    ("i", "o", "f", "C̃"): ", as in ONNX",
    ("i", "C̃", "f", "o"): ", as in TensorFlow 1",
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
        found.append(
            Deviation(f"gate order {written}", f"gate order {written}{known}", LEVEL, _gate_order(order))
        )
    return tuple(found)


def _each_block_transposed(kind: str, array: Array) -> Array:
    if kind != "recurrent":
        return array
    return np.concatenate([block.T for block in np.split(array, 4, axis=1)], axis=1)


def _read_as_rows(wanted: str) -> Plant:
    """An array `[D, 4H]` whose memory is taken for `[4H, D]` and then transposed."""

    def there(kind: str, array: Array) -> Array:
        return array.reshape(array.shape[::-1]).T if kind == wanted else array

    def back(kind: str, array: Array) -> Array:
        return np.ascontiguousarray(array.T).reshape(array.shape) if kind == wanted else array

    return weights_taken_for(_layer_arrays(there), _layer_arrays(back))


def _times(wanted: str, factor: float) -> Plant:
    return _symmetric(lambda kind, array: factor * array if kind == wanted else array)


def _several_units(probe: Probe) -> bool:
    return probe.config.hidden_units > 1


def _steps_and_units(probe: Probe) -> bool:
    return probe.config.hidden_units > 1 and probe.config.steps > 1


DEVIATIONS = (
    *_orders(),
    Deviation("bias twice", "the bias counted twice", LEVEL, _times("bias", 2.0)),
    Deviation("no bias", "no bias", LEVEL, _times("bias", 0.0)),
    Deviation(
        "no recurrence",
        "no recurrent kernel",
        LEVEL,
        _times("recurrent", 0.0),
        lambda probe: probe.config.steps > 1,
    ),
    Deviation(
        "recurrent kernel transposed",
        "the recurrent kernel of every gate transposed",
        LEVEL,
        _symmetric(_each_block_transposed),
        _steps_and_units,
    ),
    Deviation(
        "recurrent kernel read as rows",
        "the memory of recurrent kernels [H, 4H] taken for [4H, H]",
        LEVEL,
        _read_as_rows("recurrent"),
        _steps_and_units,
    ),
    Deviation(
        "kernel read as rows",
        "the memory of kernels [D, 4H] taken for [4H, D]",
        LEVEL,
        _read_as_rows("kernel"),
        lambda probe: probe.config.patch * probe.features > 1,
    ),
)
