"""The flat vector of all weights, in the layout of the kernels, and its conversion to canonical arrays."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lstm_plugins import Array, ForecasterConfig, Weights
from lstm_plugins.weights import direction_names, is_decayed, trained_shapes


class StepWeights(NamedTuple):
    """The step part: kernel `[R, 24]`, features `[F, 24]`, position `[Q, 24]`, output `[24, K·P]`."""

    kernel: Array
    features: Array
    position: Array
    output: Array


STEP_NAMES = tuple(f"step.{part}" for part in StepWeights._fields)


class LinearWeights(NamedTuple):
    """The linear part, which is fixed and in no flat vector: kernel `[d, Q·K]`, bias `[Q·K]`."""

    kernel: Array
    bias: Array


@dataclass(frozen=True)
class Parameters:
    """The weights as the network multiplies by them: views of a flat vector.

    Attributes:
        layers: by layer and direction `[4H, H + D_l + 1]`: rows o, i, f, C̃; columns h, x, bias.
        attention: `[S·H, S·H]`, None unless attention is general.
        head_kernel: `[R, Q·K·P]`.
        head_bias: `[Q·K·P]`.
        step: None without known columns and lags.
    """

    layers: tuple[tuple[Array, ...], ...]
    attention: Array | None
    head_kernel: Array
    head_bias: Array
    step: StepWeights | None


@dataclass(frozen=True)
class Layout:
    """The position of each weight in the flat vector.

    Attributes:
        config: all settings.
        shapes: the canonical shapes of the trained arrays, in canonical order.
        size: length of the vector.
    """

    config: ForecasterConfig
    shapes: dict[str, tuple[int, ...]]
    size: int

    @property
    def decayed(self) -> Array:
        """config.weight_decay for each weight that decays, 0 for the others."""
        decay = self.config.weight_decay
        return self.from_weights(
            {name: np.full(shape, decay * is_decayed(name)) for name, shape in self.shapes.items()}
        )

    def views(self, flat: Array) -> Parameters:
        """The parts of a flat vector; they share its memory."""
        config, place = self.config, 0

        def part(*shape: int) -> Array:
            nonlocal place
            first, place = place, place + math.prod(shape)
            return flat[first:place].reshape(shape)

        layers = []
        for layer in range(config.layers):
            inputs = self.shapes[f"layer{layer}.forward.kernel"][0]
            block = (4 * config.hidden_units, config.hidden_units + inputs + 1)
            layers.append(tuple(part(*block) for _ in direction_names(config)))
        attention = self.shapes.get("attention.kernel")
        return Parameters(
            tuple(layers),
            None if attention is None else part(*attention),
            part(*self.shapes["head.kernel"]),
            part(*self.shapes["head.bias"]),
            StepWeights(*(part(*self.shapes[name]) for name in STEP_NAMES)) if self._has_step_part else None,
        )

    def from_weights(self, weights: Weights) -> Array:
        """The flat vector of canonical arrays."""
        flat: Array = np.empty(self.size, self.config.precision)
        H, views = self.config.hidden_units, self.views(flat)
        for name, block in self._blocks(views):
            # i, f, C̃, o rolled by one block is o, i, f, C̃.
            block[:, :H] = np.roll(weights[f"{name}.recurrent"], H, axis=1).T
            block[:, H:-1] = np.roll(weights[f"{name}.kernel"], H, axis=1).T
            block[:, -1] = np.roll(weights[f"{name}.bias"], H)
        if views.attention is not None:
            views.attention[...] = weights["attention.kernel"]
        views.head_kernel[...] = weights["head.kernel"]
        views.head_bias[...] = weights["head.bias"]
        for name, part in zip(STEP_NAMES, views.step or (), strict=False):
            part[...] = weights[name]
        return flat

    def to_weights(self, flat: Array) -> Weights:
        """Copies of the parts of a flat vector as canonical arrays."""
        H, views = self.config.hidden_units, self.views(flat)
        weights: Weights = {}
        for name, block in self._blocks(views):
            weights[f"{name}.kernel"] = np.roll(block[:, H:-1].T, -H, axis=1)
            weights[f"{name}.recurrent"] = np.roll(block[:, :H].T, -H, axis=1)
            weights[f"{name}.bias"] = np.roll(block[:, -1], -H)
        if views.attention is not None:
            weights["attention.kernel"] = views.attention.copy()
        weights["head.kernel"] = views.head_kernel.copy()
        weights["head.bias"] = views.head_bias.copy()
        return weights | {name: part.copy() for name, part in zip(STEP_NAMES, views.step or (), strict=False)}

    @property
    def _has_step_part(self) -> bool:
        return STEP_NAMES[0] in self.shapes

    def _blocks(self, views: Parameters) -> list[tuple[str, Array]]:
        return [
            (f"layer{layer}.{direction}", block)
            for layer, blocks in enumerate(views.layers)
            for direction, block in zip(direction_names(self.config), blocks, strict=True)
        ]


def parameter_layout(config: ForecasterConfig, features: int, targets: int, known: int) -> Layout:
    """The layout of the network's trained weights."""
    shapes = trained_shapes(config, features, targets, known)
    return Layout(config, shapes, sum(math.prod(shape) for shape in shapes.values()))
