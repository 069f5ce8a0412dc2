"""The first draw of the weights."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations.conditions import in_float64, seeded, several_units, stepping
from lstm_conformance.deviations.deviation import Deviation, Plant, altered
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.randomness import WEIGHTS, bit_generator
from lstm_plugins.weights import Array, Weights, drawn_weights, weight_shapes

deviation = partial(Deviation, level="initial weights")
Recurrent = Callable[[np.random.Generator, int], Array]


def _arrays(change: Callable[[str, Array], Array]) -> Plant:
    """Every array of the true draw changed."""

    def initial_weights(true: Any, config: ForecasterConfig, *rest: int) -> Weights:
        drawn = true(config, *rest).items()
        return {name: change(name, array).astype(config.precision) for name, array in drawn}

    return altered(initial_weights=initial_weights)


def _first_biases(*blocks: float) -> Plant:
    """These constants in the four blocks of the layers' biases."""

    def change(name: str, array: Array) -> Array:
        if not (name.startswith("layer") and name.endswith(".bias")):
            return array
        return np.repeat(blocks, len(array) // 4)

    return _arrays(change)


def _recurrent_transposed(name: str, array: Array) -> Array:
    if not name.endswith(".recurrent"):
        return array
    return np.concatenate([block.T for block in np.split(array, 4, axis=1)], axis=1)


def _drawn(recurrent: Recurrent) -> Plant:
    """The true draw, but for recurrent kernels `[H, 4H]` that are drawn in another way."""

    def initial_weights(true: Any, config: ForecasterConfig, *columns: int) -> Weights:
        return drawn_weights(config, weight_shapes(config, *columns), recurrent)

    return altered(initial_weights=initial_weights)


def _uniform_as_pytorch(true: Any, config: ForecasterConfig, *columns: int) -> Weights:
    generator = np.random.Generator(bit_generator(config.seed, WEIGHTS))
    weights: Weights = {}
    for name, shape in weight_shapes(config, *columns).items():
        width = config.hidden_units if name.startswith("layer") else config.head_input_width
        limit = 1.0 / np.sqrt(width)
        weights[name] = generator.uniform(-limit, limit, shape).astype(config.precision)
    return weights


def _step_part_drawn(true: Any, config: ForecasterConfig, *columns: int) -> Weights:
    generators: list[np.random.Generator] = []

    def recurrent(generator: np.random.Generator, size: int) -> Array:
        generators.append(generator)
        return np.concatenate([_orthogonal(generator, size, size) for _ in range(4)], axis=1)

    drawn_weights(config, weight_shapes(config, *columns), recurrent)
    # The generator is now where the true draw ends, and these two arrays would be the next ones.
    later = ("step.position", "step.output")
    return {
        name: _glorot(generators[-1], array.shape).astype(config.precision) if name in later else array
        for name, array in true(config, *columns).items()
    }


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


DEVIATIONS = (
    # Other draws come before changes of a draw, since deviations are planted in this order.
    deviation(
        "PyTorch's start",
        "all arrays drawn uniformly within ± 1/√H, as in PyTorch",
        altered(initial_weights=_uniform_as_pytorch),
    ),
    deviation(
        "orthogonal over all gates",
        "one orthogonal matrix [H, 4H] instead of one per gate",
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
        "Glorot uniform recurrent kernels instead of orthogonal ones",
        _drawn(lambda generator, size: _glorot(generator, (size, 4 * size))),
    ),
    deviation(
        "step part drawn",
        "positions and output weights of the step part drawn like its other arrays instead of 0",
        altered(initial_weights=_step_part_drawn),
        stepping,
    ),
    deviation("no forget bias", "no initial forget bias of 1", _first_biases(0, 0, 0, 0)),
    deviation("forget bias on i", "an initial bias of 1 on the input gate", _first_biases(1, 0, 0, 0)),
    deviation("forget bias on C̃", "an initial bias of 1 on the candidate", _first_biases(0, 0, 1, 0)),
    deviation("forget bias on o", "an initial bias of 1 on the output gate", _first_biases(0, 0, 0, 1)),
    deviation("all biases 1", "an initial bias of 1 on all four gates", _first_biases(1, 1, 1, 1)),
    deviation("Glorot per gate", "Glorot limits of one gate instead of all four", _arrays(_per_gate)),
    deviation(
        "orthogonal transposed",
        "orthogonal recurrent blocks transposed",
        _arrays(_recurrent_transposed),
        several_units,
    ),
    deviation(
        "small head",
        "a head that starts ten times smaller",
        _arrays(lambda name, array: array * 0.1 if name == "head.kernel" else array),
    ),
    deviation(
        "weights without the seed",
        "the weights of seed 0, whatever the seed",
        altered(initial_weights=lambda true, config, *rest: true(replace(config, seed=0), *rest)),
        seeded,
    ),
    deviation(
        "weights drawn in float32",
        "initial weights rounded to float32",
        _arrays(lambda name, array: array.astype(np.float32)),
        in_float64,
    ),
)
