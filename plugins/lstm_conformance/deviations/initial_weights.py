"""The first draw of the weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations.deviation import Deviation, Plant, steps
from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.randomness import WEIGHTS, bit_generator
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights, weight_shapes

deviation = partial(Deviation, level="initial weights")
Recurrent = Callable[[np.random.Generator, int], Array]


def _arrays(alter: Callable[[str, Array], Array]) -> Plant:
    """Every array of the true draw altered."""

    def change(before: Steps) -> Mapping[str, Any]:
        def initial_weights(config: ForecasterConfig, features: int, targets: int) -> Weights:
            drawn = before.initial_weights(config, features, targets)
            return {name: alter(name, array).astype(config.precision) for name, array in drawn.items()}

        return {"initial_weights": initial_weights}

    return steps(change)


def _forget_bias(block: int | None) -> Plant:
    """Ones in another block of the biases, or in none."""

    def alter(name: str, array: Array) -> Array:
        if not (name.startswith("layer") and name.endswith(".bias")):
            return array
        blocks = np.zeros((4, len(array) // 4))
        if block is not None:
            blocks[block] = 1.0
        return blocks.reshape(-1)

    return _arrays(alter)


def _recurrent(alter: Callable[[Array], Array]) -> Plant:
    """Every gate's orthogonal block altered."""

    def alter_array(name: str, array: Array) -> Array:
        if not name.endswith(".recurrent"):
            return array
        return np.concatenate([alter(block) for block in np.split(array, 4, axis=1)], axis=1)

    return _arrays(alter_array)


def _drawn(recurrent: Recurrent) -> Plant:
    """The true draw, but for recurrent kernels `[H, 4H]` that are drawn in another way."""

    def initial_weights(config: ForecasterConfig, features: int, targets: int) -> Weights:
        generator = np.random.Generator(bit_generator(config.seed, WEIGHTS))
        weights: Weights = {}
        for name, shape in weight_shapes(config, features, targets).items():
            if name.endswith(".recurrent"):
                weights[name] = recurrent(generator, shape[0])
            elif name.endswith(".bias"):
                weights[name] = np.zeros(shape)
                if name.startswith("layer"):
                    weights[name][config.hidden_units : 2 * config.hidden_units] = 1.0
            else:
                weights[name] = _glorot(generator, shape)
        return {name: array.astype(config.precision) for name, array in weights.items()}

    return steps(lambda before: {"initial_weights": initial_weights})


def _uniform_as_pytorch(config: ForecasterConfig, features: int, targets: int) -> Weights:
    generator = np.random.Generator(bit_generator(config.seed, WEIGHTS))
    weights: Weights = {}
    for name, shape in weight_shapes(config, features, targets).items():
        width = config.head_input_width if name.startswith("head") else config.hidden_units
        limit = 1.0 / np.sqrt(width)
        weights[name] = generator.uniform(-limit, limit, shape).astype(config.precision)
    return weights


def _glorot(generator: np.random.Generator, shape: tuple[int, ...]) -> Array:
    limit = np.sqrt(6.0 / (shape[0] + shape[1]))
    return generator.uniform(-limit, limit, shape)


def _orthogonal(generator: np.random.Generator, rows: int, columns: int) -> Array:
    orthogonal, triangular = np.linalg.qr(generator.standard_normal((rows, columns)))
    return np.asarray(orthogonal * np.where(np.diagonal(triangular) < 0, -1.0, 1.0))


def _orthogonal_without_signs(generator: np.random.Generator, size: int) -> Array:
    blocks = [np.linalg.qr(generator.standard_normal((size, size)))[0] for _ in range(4)]
    return np.concatenate(blocks, axis=1)


def _per_gate(name: str, array: Array) -> Array:
    if not (name.startswith("layer") and name.endswith(".kernel")):
        return array
    rows, columns = array.shape
    return array * float(np.sqrt((rows + columns) / (rows + columns // 4)))


def _ones_in_all(name: str, array: Array) -> Array:
    return np.ones_like(array) if name.startswith("layer") and name.endswith(".bias") else array


def _small(name: str, array: Array) -> Array:
    return array * 0.1 if name == "head.kernel" else array


def _seeded(probe: Probe) -> bool:
    return probe.config.seed != 0


def _several_units(probe: Probe) -> bool:
    return probe.config.hidden_units > 1


DEVIATIONS = (
    # What draws anew comes before what alters a draw, since both are planted in this order.
    deviation(
        "PyTorch's start",
        "all arrays drawn uniformly within ± 1/√H, as PyTorch does",
        steps(lambda before: {"initial_weights": _uniform_as_pytorch}),
    ),
    deviation(
        "orthogonal over all gates",
        "one orthogonal matrix [H, 4H], not one per gate",
        _drawn(lambda generator, size: _orthogonal(generator, 4 * size, size).T),
    ),
    deviation(
        "orthogonal shared",
        "one orthogonal block for all four gates",
        _drawn(lambda generator, size: np.tile(_orthogonal(generator, size, size), (1, 4))),
    ),
    deviation(
        "orthogonal without signs",
        "orthogonal blocks as QR gives them, without the sign of R's diagonal",
        _drawn(_orthogonal_without_signs),
    ),
    deviation(
        "recurrent Glorot",
        "Glorot uniform recurrent kernels, not orthogonal ones",
        _drawn(lambda generator, size: _glorot(generator, (size, 4 * size))),
    ),
    deviation("no forget bias", "no forget bias of 1 at the start", _forget_bias(None)),
    deviation("forget bias on i", "the starting bias of 1 on the input gate", _forget_bias(0)),
    deviation("forget bias on C̃", "the starting bias of 1 on the candidate", _forget_bias(2)),
    deviation("forget bias on o", "the starting bias of 1 on the output gate", _forget_bias(3)),
    deviation("all biases 1", "a starting bias of 1 on all four gates", _arrays(_ones_in_all)),
    deviation("Glorot per gate", "Glorot limits of one gate, not of all four", _arrays(_per_gate)),
    deviation(
        "orthogonal transposed",
        "orthogonal recurrent blocks transposed",
        _recurrent(lambda block: block.T),
        _several_units,
    ),
    deviation("small head", "a head that starts ten times smaller", _arrays(_small)),
    deviation(
        "weights without the seed",
        "the weights of seed 0",
        steps(
            lambda before: {
                "initial_weights": lambda config, *rest: before.initial_weights(
                    replace(config, seed=0), *rest
                )
            }
        ),
        _seeded,
    ),
    deviation(
        "weights drawn in float32",
        "weights rounded to float32 at the start",
        _arrays(lambda name, array: array.astype(np.float32)),
        lambda probe: probe.config.precision == "float64",
    ),
)
