"""All weights in one flat vector, laid out as the kernels read them, and the way to the canonical arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lstm_plugins import Array, ForecasterConfig, Weights
from lstm_plugins.weights import direction_names, is_decayed, weight_shapes


@dataclass(frozen=True)
class ParameterViews:
    """A flat vector by its parts; writing to a part writes to the vector.

    Attributes:
        layers: by layer and direction `[4H, H + D + 1]`: rows o, i, f, C̃; columns h, x, bias.
        attention: `[S·H, S·H]`, None unless attention is general.
        head_kernel: `[R, Q·K·P]`.
        head_bias: `[Q·K·P]`.
    """

    layers: tuple[tuple[Array, ...], ...]
    attention: Array | None
    head_kernel: Array
    head_bias: Array


class ParameterLayout:
    """Where each weight lies in the flat vector.

    Attributes:
        size: length of the vector.
    """

    def __init__(self, config: ForecasterConfig, features: int, targets: int) -> None:
        self._config = config
        self._shapes = weight_shapes(config, features, targets)
        self.size = sum(int(np.prod(shape)) for shape in self._shapes.values())

    def views(self, flat: Array) -> ParameterViews:
        """The vector by its parts."""
        config, place = self._config, 0

        def part(*shape: int) -> Array:
            nonlocal place
            first, place = place, place + int(np.prod(shape))
            return flat[first:place].reshape(shape)

        layers = []
        for layer in range(config.layers):
            inputs = self._shapes[f"layer{layer}.forward.kernel"][0]
            block = (4 * config.hidden_units, config.hidden_units + inputs + 1)
            layers.append(tuple(part(*block) for _ in direction_names(config)))
        attention = self._shapes.get("attention.kernel")
        return ParameterViews(
            tuple(layers),
            None if attention is None else part(*attention),
            part(*self._shapes["head.kernel"]),
            part(*self._shapes["head.bias"]),
        )

    def pack(self, weights: Mapping[str, Array]) -> Array:
        """The flat vector of canonical arrays."""
        flat: Array = np.empty(self.size, self._config.precision)
        H, views = self._config.hidden_units, self.views(flat)
        for name, block in self._blocks(views):
            # i, f, C̃, o rolled by one block is o, i, f, C̃.
            block[:, :H] = np.roll(weights[f"{name}.recurrent"], H, axis=1).T
            block[:, H:-1] = np.roll(weights[f"{name}.kernel"], H, axis=1).T
            block[:, -1] = np.roll(weights[f"{name}.bias"], H)
        if views.attention is not None:
            views.attention[...] = weights["attention.kernel"]
        views.head_kernel[...] = weights["head.kernel"]
        views.head_bias[...] = weights["head.bias"]
        return flat

    def unpack(self, flat: Array) -> Weights:
        """Copies of the vector's parts as canonical arrays, in canonical order."""
        H, views = self._config.hidden_units, self.views(flat)
        found: Weights = {}
        for name, block in self._blocks(views):
            found[f"{name}.kernel"] = np.roll(block[:, H:-1].T, -H, axis=1)
            found[f"{name}.recurrent"] = np.roll(block[:, :H].T, -H, axis=1)
            found[f"{name}.bias"] = np.roll(block[:, -1], -H)
        if views.attention is not None:
            found["attention.kernel"] = views.attention.copy()
        found["head.kernel"] = views.head_kernel.copy()
        found["head.bias"] = views.head_bias.copy()
        return found

    def signs(self) -> Array:
        """Factors that make it the forward kernel's: −1 in the rows of sigmoid gates, else 1."""
        flat: Array = np.ones(self.size, self._config.precision)
        for _, block in self._blocks(self.views(flat)):
            block[: 3 * self._config.hidden_units] = -1.0
        return flat

    def decayed(self) -> Array:
        """1 where weight decay acts, else 0."""
        marks = {name: np.full(shape, float(is_decayed(name))) for name, shape in self._shapes.items()}
        return self.pack(marks)

    def _blocks(self, views: ParameterViews) -> list[tuple[str, Array]]:
        return [
            (f"layer{layer}.{direction}", block)
            for layer, blocks in enumerate(views.layers)
            for direction, block in zip(direction_names(self._config), blocks, strict=True)
        ]
