"""The canonical weights: names, shapes, order and initial values.

docs/specification.md section 5. Every backend accepts and returns these arrays, whatever its own layout.

Sources: Glorot and Bengio, AISTATS 2010 (uniform limit); Saxe et al., ICLR 2014 (orthogonal start);
Jozefowicz et al., ICML 2015 (forget bias 1).
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.config import ForecasterConfig
from lstm_plugins.errors import SeriesError
from lstm_plugins.randomness import WEIGHTS, bit_generator

Array = NDArray[np.floating]
Weights = dict[str, Array]
"""Canonical arrays by name, in canonical order; also used for gradients and the optimizer's moments."""

GATES = ("input", "forget", "candidate", "output")
"""Order of the column blocks of width H in kernels, recurrent kernels and biases."""


def weight_shapes(config: ForecasterConfig, features: int, targets: int) -> dict[str, tuple[int, ...]]:
    """Names and shapes of all weight arrays, in canonical order, for this many features and targets."""
    hidden = config.hidden_units
    shapes: dict[str, tuple[int, ...]] = {}
    for layer in range(config.layers):
        inputs = config.patch * features if layer == 0 else config.hidden_width
        for direction in direction_names(config):
            shapes[f"layer{layer}.{direction}.kernel"] = (inputs, 4 * hidden)
            shapes[f"layer{layer}.{direction}.recurrent"] = (hidden, 4 * hidden)
            shapes[f"layer{layer}.{direction}.bias"] = (4 * hidden,)
    if config.attention == "general":
        shapes["attention.kernel"] = (config.hidden_width, config.hidden_width)
    outputs = config.horizon * targets * len(config.output_quantiles)
    shapes["head.kernel"] = (config.head_input_width, outputs)
    shapes["head.bias"] = (outputs,)
    return shapes


def direction_names(config: ForecasterConfig) -> tuple[str, ...]:
    """("forward",) or ("forward", "backward")."""
    return ("forward", "backward")[: config.directions]


def is_decayed(name: str) -> bool:
    """True for the arrays that weight decay applies to: all except the biases."""
    return not name.endswith(".bias")


def initial_weights(config: ForecasterConfig, features: int, targets: int) -> Weights:
    """The initial weights of every backend, drawn from config.seed in float64, then cast."""
    generator = np.random.Generator(bit_generator(config.seed, WEIGHTS))
    weights: Weights = {}
    for name, shape in weight_shapes(config, features, targets).items():
        if name.endswith(".recurrent"):
            weights[name] = np.concatenate([_orthogonal(generator, shape[0]) for _ in GATES], axis=1)
        elif name.endswith(".bias"):
            weights[name] = np.zeros(shape)
            if name.startswith("layer"):
                weights[name][config.hidden_units : 2 * config.hidden_units] = 1.0
        else:
            limit = np.sqrt(6.0 / (shape[0] + shape[1]))
            weights[name] = generator.uniform(-limit, limit, shape)
    return {name: array.astype(config.precision) for name, array in weights.items()}


def _orthogonal(generator: np.random.Generator, size: int) -> NDArray[np.float64]:
    orthogonal, triangular = np.linalg.qr(generator.standard_normal((size, size)))
    signs = np.where(np.diagonal(triangular) < 0, -1.0, 1.0)
    return np.asarray(orthogonal * signs, np.float64)


def check_weights(
    weights: Mapping[str, Array], config: ForecasterConfig, features: int, targets: int
) -> Weights:
    """Copies of the arrays in canonical order and in the config's precision.

    Raises:
        SeriesError: an array is missing, unknown, or has the wrong shape.
    """
    shapes = weight_shapes(config, features, targets)
    if unknown := sorted(weights.keys() - shapes.keys()):
        raise SeriesError(
            f"weights: {unknown[0]} does not belong to this network, which has {', '.join(shapes)}"
        )
    for name, shape in shapes.items():
        if name not in weights:
            raise SeriesError(f"weights: {name} is missing")
        if weights[name].shape != shape:
            raise SeriesError(f"weights: {name} has shape {weights[name].shape}, this network needs {shape}")
    return {name: np.array(weights[name], config.precision) for name in shapes}


def parameter_count(config: ForecasterConfig, features: int, targets: int) -> int:
    """Number of trained parameters of the network."""
    return sum(int(np.prod(shape)) for shape in weight_shapes(config, features, targets).values())
