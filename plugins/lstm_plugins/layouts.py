"""Converts the weights of LSTM layers to and from the layouts of PyTorch, Keras and ONNX.

Canonical arrays of attention and head are ignored, because they are specific to this project. The order of
gate blocks is input, forget, candidate, output here, in PyTorch and in Keras, and input, output, forget,
candidate in ONNX. PyTorch and ONNX have two biases, of which only the sum matters.

All functions raise SeriesError if the arrays are not those of stacked LSTM layers of one width, without
projections.

Sources: the documentation of torch.nn.LSTM, of keras.layers.LSTM, and the ONNX operator LSTM.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lstm_plugins.errors import SeriesError
from lstm_plugins.weights import Array, Weights

DIRECTIONS = ("forward", "backward")
ONNX_ORDER = (0, 3, 1, 2)
"""Our gate blocks in the order of ONNX; `_ONNX_INVERSE` is the inverse."""
_ONNX_INVERSE = (0, 2, 3, 1)

_OURS = re.compile(r"layer(\d+)\.(forward|backward)\.(kernel|recurrent|bias)")
_TORCH = re.compile(r"(weight_ih|weight_hh|bias_ih|bias_hh)_l(\d+)(_reverse)?")


class OnnxLayer(NamedTuple):
    """Initializers of one ONNX LSTM node without peepholes.

    Attributes:
        W: `[S, 4H, D]`.
        R: `[S, 4H, H]`.
        B: `[S, 8H]`, the biases of W followed by those of R; None for no biases.
    """

    W: Array
    R: Array
    B: Array | None


class _Part(NamedTuple):
    """The canonical arrays of one layer and direction: `[D, 4H]`, `[H, 4H]`, `[4H]`."""

    kernel: Array
    recurrent: Array
    bias: Array


def to_torch(weights: Mapping[str, ArrayLike], prefix: str = "") -> dict[str, Array]:
    """The state dict of a `torch.nn.LSTM`; the first bias is ours, the second one is zero.

    `prefix` is the module's name in a larger model, with its dot.
    """
    state = {}
    for (layer, direction), part in _parts(weights).items():
        suffix = f"l{layer}" + ("_reverse" if direction == "backward" else "")
        state[f"{prefix}weight_ih_{suffix}"] = np.array(part.kernel.T, order="C")
        state[f"{prefix}weight_hh_{suffix}"] = np.array(part.recurrent.T, order="C")
        state[f"{prefix}bias_ih_{suffix}"] = part.bias.copy()
        state[f"{prefix}bias_hh_{suffix}"] = np.zeros_like(part.bias)
    return state


def from_torch(state: Mapping[str, ArrayLike], prefix: str = "") -> Weights:
    """Canonical arrays of a `torch.nn.LSTM`, from its state dict or that of a model; biases are summed.

    `prefix` is the LSTM's name in the model, with its dot; entries of other modules are ignored.
    """
    found: dict[tuple[int, str], dict[str, Array]] = {}
    for name, array in state.items():
        if not name.startswith(prefix):
            continue
        match = _TORCH.fullmatch(name.removeprefix(prefix))
        if match is None:
            raise SeriesError(f"weights: {name} does not belong to an LSTM without projections")
        direction = "backward" if match[3] else "forward"
        found.setdefault((int(match[2]), direction), {})[match[1]] = np.asarray(array)
    parts = {}
    for (layer, direction), arrays in found.items():
        if not {"weight_ih", "weight_hh"} <= arrays.keys() or len(arrays) == 3:
            raise SeriesError(
                f"weights: layer {layer}, {direction}, has {', '.join(sorted(arrays))}; it needs weight_ih "
                "and weight_hh, and both biases or none"
            )
        biases = [arrays[name] for name in ("bias_ih", "bias_hh") if name in arrays]
        parts[layer, direction] = _part(arrays["weight_ih"].T, arrays["weight_hh"].T, biases)
    return _canonical(parts)


def to_keras(weights: Mapping[str, ArrayLike]) -> list[list[Array]]:
    """For each layer, the argument of `set_weights` of a Keras `LSTM` or a `Bidirectional` around one."""
    layers: list[list[Array]] = []
    for (layer, _), part in _parts(weights).items():
        if layer == len(layers):
            layers.append([])
        layers[layer] += [array.copy() for array in part]
    return layers


def from_keras(layers: Sequence[Sequence[ArrayLike]]) -> Weights:
    """Canonical arrays of Keras layers, from the results of `get_weights`.

    An `LSTM` has 3 arrays (2 without bias), a `Bidirectional` around one has 6 (4 without).
    """
    parts = {}
    for layer, arrays in enumerate(layers):
        if len(arrays) not in (2, 3, 4, 6):
            raise SeriesError(
                f"weights: layer {layer} has {len(arrays)} arrays; an LSTM has 3 and a Bidirectional one 6, "
                "or 2 and 4 without bias"
            )
        directions = DIRECTIONS[: 1 if len(arrays) < 4 else 2]
        size = len(arrays) // len(directions)
        for n, direction in enumerate(directions):
            kernel, recurrent, *bias = (np.asarray(array) for array in arrays[n * size : (n + 1) * size])
            parts[layer, direction] = _part(kernel, recurrent, bias)
    return _canonical(parts)


def to_onnx(weights: Mapping[str, ArrayLike]) -> list[OnnxLayer]:
    """For each layer, the initializers of an ONNX LSTM node; the biases of R are zero."""
    parts = _parts(weights)
    layers = []
    for layer in range(1 + max(layer for layer, _ in parts)):
        both = [parts[layer, direction] for direction in DIRECTIONS if (layer, direction) in parts]
        biases = [np.concatenate([_reordered(one.bias, ONNX_ORDER), np.zeros_like(one.bias)]) for one in both]
        layers.append(
            OnnxLayer(
                np.stack([_reordered(one.kernel, ONNX_ORDER).T for one in both]),
                np.stack([_reordered(one.recurrent, ONNX_ORDER).T for one in both]),
                np.stack(biases),
            )
        )
    return layers


def from_onnx(layers: Sequence[OnnxLayer]) -> Weights:
    """Canonical arrays of stacked ONNX LSTM nodes, in order of computation; biases are summed."""
    parts = {}
    for layer, (w, r, b) in enumerate(layers):
        w, r = np.asarray(w), np.asarray(r)
        size, hidden = len(r) if r.ndim == 3 else 0, r.shape[-1] if r.ndim == 3 else 0
        b = np.zeros((size, 8 * hidden), r.dtype) if b is None else np.asarray(b)
        if (
            size not in (1, 2)
            or w.shape[:2] != (size, 4 * hidden)
            or w.ndim != 3
            or r.shape != (size, 4 * hidden, hidden)
            or b.shape != (size, 8 * hidden)
        ):
            raise SeriesError(
                f"weights: layer {layer}: W {w.shape}, R {r.shape} and B {b.shape} are not [S, 4H, D], "
                "[S, 4H, H] and [S, 8H]"
            )
        for n, direction in enumerate(DIRECTIONS[: len(w)]):
            part = _part(w[n].T, r[n].T, list(np.split(b[n], 2)))
            parts[layer, direction] = _Part(*(_reordered(array, _ONNX_INVERSE) for array in part))
    return _canonical(parts)


def _part(kernel: Array, recurrent: Array, biases: Sequence[Array]) -> _Part:
    kernel, recurrent = (np.array(array, order="C", ndmin=1) for array in (kernel, recurrent))
    bias = np.zeros(recurrent.shape[-1], recurrent.dtype)
    for term in biases:
        if term.shape != bias.shape:
            raise SeriesError(
                f"weights: a bias has shape {term.shape}, but its recurrent kernel needs {bias.shape}"
            )
        bias = bias + term
    return _Part(kernel, recurrent, bias)


def _reordered(array: Array, order: tuple[int, ...]) -> Array:
    blocks = np.split(array, 4, axis=-1)
    return np.concatenate([blocks[gate] for gate in order], axis=-1)


def _parts(weights: Mapping[str, ArrayLike]) -> dict[tuple[int, str], _Part]:
    """Canonical arrays by layer and direction, in canonical order."""
    found: dict[tuple[int, str], dict[str, Array]] = {}
    for name, array in weights.items():
        if match := _OURS.fullmatch(name):
            found.setdefault((int(match[1]), match[2]), {})[match[3]] = np.atleast_1d(array)
    for (layer, direction), arrays in found.items():
        for role in _Part._fields:
            if role not in arrays:
                raise SeriesError(f"weights: layer{layer}.{direction}.{role} is missing")
    return _checked({key: _Part(**arrays) for key, arrays in found.items()})


def _canonical(parts: Mapping[tuple[int, str], _Part]) -> Weights:
    return {
        f"layer{layer}.{direction}.{role}": array
        for (layer, direction), part in _checked(parts).items()
        for role, array in zip(_Part._fields, part, strict=True)
    }


def _checked(parts: Mapping[tuple[int, str], _Part]) -> dict[tuple[int, str], _Part]:
    """The parts in canonical order, if all layers have the same width and directions."""
    if not parts:
        raise SeriesError("weights: they contain no LSTM layer")
    layers = range(1 + max(layer for layer, _ in parts))
    directions = DIRECTIONS[: 1 + any(direction == "backward" for _, direction in parts)]
    hidden = next(iter(parts.values())).recurrent.shape[0]
    inputs = parts[0, "forward"].kernel.shape[0] if (0, "forward") in parts else 0
    if not hidden or ((0, "forward") in parts and not inputs):
        raise SeriesError("weights: an LSTM has at least one unit and one input")
    ordered = {}
    for layer in layers:
        for direction in directions:
            if (layer, direction) not in parts:
                raise SeriesError(f"weights: layer {layer}, {direction}, is missing")
            part = parts[layer, direction]
            width = inputs if layer == 0 else len(directions) * hidden
            shapes = ((width, 4 * hidden), (hidden, 4 * hidden), (4 * hidden,))
            for role, array, shape in zip(_Part._fields, part, shapes, strict=True):
                if array.shape != shape:
                    raise SeriesError(
                        f"weights: the {role} of layer {layer}, {direction}, has shape {array.shape} in our "
                        f"layout, but the other arrays need {shape}"
                    )
            ordered[layer, direction] = part
    return ordered
