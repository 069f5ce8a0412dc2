"""All weights in one flat vector, seen as PyTorch's own arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from lstm_plugins import ForecasterConfig, Weights
from lstm_plugins.weights import is_decayed, weight_shapes

DTYPES = {"float32": torch.float32, "float64": torch.float64}


@dataclass(frozen=True)
class Layout:
    """Which stretch of the flat vector is which array.

    Matrices lie transposed, `[outputs, inputs]`, as PyTorch's layers want them. The arrays that weight
    decay touches come first, so that it touches one slice.

    Attributes:
        shapes: the canonical shapes, in canonical order.
        offsets: where each array begins.
        size: length of the vector.
        decayed: length of its decayed part.
    """

    shapes: dict[str, tuple[int, ...]]
    offsets: dict[str, int]
    size: int
    decayed: int

    def views(self, flat: Tensor) -> dict[str, Tensor]:
        """The arrays of a flat vector, by name; they share its memory."""
        return {
            name: flat[self.offsets[name] : self.offsets[name] + math.prod(shape)].view(shape[::-1])
            for name, shape in self.shapes.items()
        }

    def to_weights(self, flat: Tensor) -> Weights:
        """Copies of the arrays of a flat vector in canonical form."""
        return {
            name: np.array(view.detach().t().cpu().numpy(), order="C")
            for name, view in self.views(flat).items()
        }

    def from_weights(self, weights: Weights, flat: Tensor) -> None:
        """Copies canonical arrays into a flat vector."""
        for name, view in self.views(flat).items():
            view.copy_(torch.from_numpy(weights[name]).t())

    def join(self, arrays: dict[str, Tensor], flat: Tensor) -> None:
        """Copies arrays of the views' shapes into a flat vector."""
        ordered = sorted(arrays, key=self.offsets.__getitem__)
        torch.cat([arrays[name].reshape(-1) for name in ordered], out=flat)


def parameter_layout(config: ForecasterConfig, features: int, targets: int) -> Layout:
    """The layout of this network's weights."""
    shapes = weight_shapes(config, features, targets)
    offsets: dict[str, int] = {}
    size = decayed = 0
    for name in sorted(shapes, key=is_decayed, reverse=True):
        offsets[name] = size
        size += math.prod(shapes[name])
        if is_decayed(name):
            decayed = size
    return Layout(shapes, offsets, size, decayed)
