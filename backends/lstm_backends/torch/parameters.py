"""The flat vector of all weights, in the layout of PyTorch, and its conversion to canonical arrays."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from lstm_plugins import ForecasterConfig, Weights
from lstm_plugins.weights import direction_names, is_decayed, trained_shapes


class DirectionWeights(NamedTuple):
    """One layer and direction: kernel `[4H, D_l]`, recurrent `[4H, H]`, bias `[4H]`, rows i, f, C̃, o."""

    kernel: Tensor
    recurrent: Tensor
    bias: Tensor


class StepWeights(NamedTuple):
    """The step part: kernel `[24, R]`, features `[24, F]`, position `[24, Q]`, output `[K·P, 24]`."""

    kernel: Tensor
    features: Tensor
    position: Tensor
    output: Tensor


STEP_NAMES = tuple(f"step.{part}" for part in StepWeights._fields)


class LinearWeights(NamedTuple):
    """The linear part, which is fixed and in no flat vector: kernel `[Q·K, d]`, bias `[Q·K]`."""

    kernel: Tensor
    bias: Tensor


@dataclass(frozen=True)
class Parameters:
    """The weights as the network multiplies by them: views of a flat vector, or gradients of these shapes.

    Matrices are transposed, `[outputs, inputs]`, as PyTorch's layers read them.

    Attributes:
        layers: by layer and direction.
        attention: `[S·H, S·H]`, None unless attention is general.
        head_kernel: `[Q·K·P, R]`.
        head_bias: `[Q·K·P]`.
        step: None without known columns and lags.
    """

    layers: tuple[tuple[DirectionWeights, ...], ...]
    attention: Tensor | None
    head_kernel: Tensor
    head_bias: Tensor
    step: StepWeights | None


@dataclass(frozen=True)
class Layout:
    """The position of each weight in the flat vector.

    The arrays with weight decay come first, so that it applies to one slice.

    Attributes:
        config: all settings.
        shapes: the canonical shapes of the trained arrays, in canonical order.
        offsets: position of the first number of each array.
        size: length of the vector.
    """

    config: ForecasterConfig
    shapes: dict[str, tuple[int, ...]]
    offsets: dict[str, int]
    size: int

    @property
    def decayed(self) -> int:
        """Number of weights, from the first one on, that decay."""
        return sum(math.prod(shape) for name, shape in self.shapes.items() if is_decayed(name))

    def views(self, flat: Tensor) -> Parameters:
        """The parts of a flat vector; they share its memory."""
        arrays = dict(self._named(flat))
        layers = tuple(
            tuple(
                DirectionWeights(*(arrays[f"{name}.{part}"] for part in DirectionWeights._fields))
                for name in names
            )
            for names in self._layer_names()
        )
        step: StepWeights | None = None
        if STEP_NAMES[0] in arrays:
            step = StepWeights(*(arrays[name] for name in STEP_NAMES))
        return Parameters(
            layers, arrays.get("attention.kernel"), arrays["head.kernel"], arrays["head.bias"], step
        )

    def join(self, parameters: Parameters, flat: Tensor) -> Tensor:
        """Copies parts into the flat vector, and returns it."""
        arrays = {
            f"{name}.{part}": array
            for names, directions in zip(self._layer_names(), parameters.layers, strict=True)
            for name, own in zip(names, directions, strict=True)
            for part, array in own._asdict().items()
        }
        arrays |= {"head.kernel": parameters.head_kernel, "head.bias": parameters.head_bias}
        if parameters.attention is not None:
            arrays["attention.kernel"] = parameters.attention
        if parameters.step is not None:
            arrays |= dict(zip(STEP_NAMES, parameters.step, strict=True))
        torch.cat([arrays[name].reshape(-1) for name in self.offsets], out=flat)
        return flat

    def from_weights(self, weights: Weights) -> Tensor:
        """The flat vector of canonical arrays, on the CPU."""
        return torch.cat([torch.from_numpy(weights[name]).t().reshape(-1) for name in self.offsets])

    def to_weights(self, flat: Tensor) -> Weights:
        """Copies of the parts of a flat vector as canonical arrays."""
        arrays = dict(self._named(flat.detach().cpu()))
        return {name: np.array(arrays[name].t().numpy(), order="C") for name in self.shapes}

    def _layer_names(self) -> list[list[str]]:
        """Prefixes of the names of weights, by layer and direction."""
        directions = direction_names(self.config)
        return [[f"layer{layer}.{one}" for one in directions] for layer in range(self.config.layers)]

    def _named(self, flat: Tensor) -> Iterator[tuple[str, Tensor]]:
        for name, offset in self.offsets.items():
            shape = self.shapes[name]
            yield name, flat[offset : offset + math.prod(shape)].view(shape[::-1])


def parameter_layout(config: ForecasterConfig, features: int, targets: int, known: int) -> Layout:
    """The layout of the network's trained weights."""
    shapes = trained_shapes(config, features, targets, known)
    offsets: dict[str, int] = {}
    size = 0
    for name in sorted(shapes, key=is_decayed, reverse=True):
        offsets[name] = size
        size += math.prod(shapes[name])
    return Layout(config, shapes, offsets, size)
