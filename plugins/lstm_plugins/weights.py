"""The canonical weights: names, shapes, order and initial values.

docs/specification.md section 5. Every backend accepts and returns these arrays, whatever its own layout.

Sources: Glorot and Bengio, AISTATS 2010 (uniform limit); Saxe et al., ICLR 2014 (orthogonal start);
Jozefowicz et al., ICML 2015 (forget bias 1).
"""

from collections.abc import Callable, Mapping

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


STEP_WIDTH = 24
"""Units of the step part."""


def weight_shapes(
    config: ForecasterConfig, features: int, targets: int, known: int = 0, own_known: int = 0
) -> dict[str, tuple[int, ...]]:
    """Names and shapes of all weight arrays, in canonical order.

    Args:
        config: all settings.
        features: columns of the series.
        targets: how many of them are forecast.
        known: G, columns known ahead of time.
        own_known: U, how many of these are the user's own.
    """
    shapes = trained_shapes(config, features, targets, known)
    if config.linear != "none":
        outputs = config.horizon * targets
        shapes["linear.kernel"] = (linear_inputs(config, features, known, own_known), outputs)
        shapes["linear.bias"] = (outputs,)
    return shapes


def linear_inputs(config: ForecasterConfig, features: int, known: int, own_known: int) -> int:
    """d, the number of inputs of the linear part."""
    return config.look_back * features + known + config.horizon * own_known


def trained_shapes(
    config: ForecasterConfig, features: int, targets: int, known: int = 0
) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the arrays that training changes: all of `weight_shapes` but the linear part."""
    hidden = config.hidden_units
    shapes: dict[str, tuple[int, ...]] = {}
    for layer in range(config.layers):
        inputs = config.patch * features + known if layer == 0 else config.hidden_width
        for direction in direction_names(config):
            shapes[f"layer{layer}.{direction}.kernel"] = (inputs, 4 * hidden)
            shapes[f"layer{layer}.{direction}.recurrent"] = (hidden, 4 * hidden)
            shapes[f"layer{layer}.{direction}.bias"] = (4 * hidden,)
    if config.attention == "general":
        shapes["attention.kernel"] = (config.hidden_width, config.hidden_width)
    outputs = config.horizon * targets * len(config.output_quantiles)
    shapes["head.kernel"] = (config.head_input_width, outputs)
    shapes["head.bias"] = (outputs,)
    if known or config.lags:
        shapes["step.kernel"] = (config.head_input_width, STEP_WIDTH)
        shapes["step.features"] = (known + targets * len(config.lags), STEP_WIDTH)
        shapes["step.position"] = (config.horizon, STEP_WIDTH)
        shapes["step.output"] = (STEP_WIDTH, targets * len(config.output_quantiles))
    return shapes


def direction_names(config: ForecasterConfig) -> tuple[str, ...]:
    """("forward",) or ("forward", "backward")."""
    return ("forward", "backward")[: config.directions]


def is_decayed(name: str) -> bool:
    """True for the arrays that weight decay applies to: all except biases and the positions of steps."""
    return not name.endswith(".bias") and name != "step.position"


def is_fixed(name: str) -> bool:
    """True for the arrays of the linear part, which have no gradient and no moments."""
    return name.startswith("linear.")


def trained_arrays(weights: Mapping[str, Array]) -> Weights:
    """The arrays that training changes: all but those of the linear part."""
    return {name: array for name, array in weights.items() if not is_fixed(name)}


def initial_weights(
    config: ForecasterConfig, features: int, targets: int, known: int = 0, own_known: int = 0
) -> Weights:
    """The initial weights of every backend, drawn from config.seed in float64, then cast.

    With a linear part the head starts at 0; what is drawn for it is dropped, so that no other array changes.
    The arguments are those of `weight_shapes`.
    """
    shapes = weight_shapes(config, features, targets, known, own_known)
    return drawn_weights(config, shapes, _orthogonal_gates)


def drawn_weights(
    config: ForecasterConfig,
    shapes: Mapping[str, tuple[int, ...]],
    recurrent: Callable[[np.random.Generator, int], Array],
) -> Weights:
    """The initial weights of these shapes, whose recurrent kernels `[H, 4H]` are drawn by a function of H."""
    generator = np.random.Generator(bit_generator(config.seed, WEIGHTS))
    weights: Weights = {}
    for name, shape in shapes.items():
        if name.endswith(".recurrent"):
            weights[name] = recurrent(generator, shape[0])
        elif name.endswith(".bias"):
            weights[name] = np.zeros(shape)
            if name.startswith("layer"):
                weights[name][config.hidden_units : 2 * config.hidden_units] = 1.0
        elif name in ("step.position", "step.output") or is_fixed(name):
            weights[name] = np.zeros(shape)
        else:
            limit = np.sqrt(6.0 / (shape[0] + shape[1]))
            weights[name] = generator.uniform(-limit, limit, shape)
            if name == "head.kernel" and config.linear != "none":
                weights[name] = np.zeros(shape)
    return {name: array.astype(config.precision) for name, array in weights.items()}


def _orthogonal_gates(generator: np.random.Generator, size: int) -> NDArray[np.float64]:
    return np.concatenate([_orthogonal(generator, size) for _ in GATES], axis=1)


def _orthogonal(generator: np.random.Generator, size: int) -> NDArray[np.float64]:
    orthogonal, triangular = np.linalg.qr(generator.standard_normal((size, size)))
    signs = np.where(np.diagonal(triangular) < 0, -1.0, 1.0)
    return np.asarray(orthogonal * signs, np.float64)


def check_weights(
    weights: Mapping[str, Array], shapes: Mapping[str, tuple[int, ...]], config: ForecasterConfig
) -> Weights:
    """Copies of the arrays in the order of `shapes` and in the config's precision.

    Raises:
        SeriesError: an array is missing, unknown, or has the wrong shape.
    """
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


def parameter_count(config: ForecasterConfig, features: int, targets: int, known: int = 0) -> int:
    """Number of trained parameters of the network."""
    return sum(int(np.prod(shape)) for shape in trained_shapes(config, features, targets, known).values())
