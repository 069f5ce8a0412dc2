"""The network over the kernels: layers, directions, dropout, attention, head; batch last throughout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lstm_backends.numpy.attention import Attended, attend, attend_backward
from lstm_backends.numpy.kernels import BackwardBuffers, LayerBuffers, read_backward, read_forward
from lstm_backends.numpy.parameters import ParameterViews
from lstm_plugins import Array, ForecasterConfig

Masks = Mapping[int, Array]
"""Dropout factors by layer, `[T, S·H, B]`, and `[R, B]` for the head input; empty at prediction."""


@dataclass(frozen=True)
class HeadInput:
    """The forward pass behind the last layer.

    Attributes:
        outputs: h of the last layer in time order, `[T, S·H, B]`; None without attention.
        final_hidden: `[S·H, B]`.
        attended: None without attention.
        head_input: `[R, B]`, after dropout.
        output: `[B, Q·K·P]`, before the per-window normalisation is undone.
    """

    outputs: Array | None
    final_hidden: Array
    attended: Attended | None
    head_input: Array
    output: Array


class Workspace:
    """The network's memory for batches of one size: allocated once, used for every such batch.

    Attributes:
        layers: by layer and direction.
        backward: None where only forecasts are made.
    """

    def __init__(self, config: ForecasterConfig, features: int, batch: int, training: bool) -> None:
        self.config, self.features, self.batch = config, features, batch
        inputs = [config.patch * features] + [config.hidden_width] * (config.layers - 1)
        steps, hidden, precision = config.steps, config.hidden_units, config.precision
        self.layers = tuple(
            tuple(
                LayerBuffers(steps, hidden, width, batch, precision, training)
                for _ in range(config.directions)
            )
            for width in inputs
        )
        self.backward = BackwardBuffers(steps, hidden, max(inputs), batch, precision) if training else None

    def fill(self, windows: Array) -> None:
        """Takes the normalised windows `[B, features, look_back]` as the first layer's inputs, cast."""
        shape = (self.config.steps, self.config.patch, self.features, self.batch)
        by_step = windows.reshape(self.batch, self.features, *shape[:2]).transpose(2, 3, 1, 0)
        for direction, buffers in enumerate(self.layers[0]):
            # Splitting one axis never copies: this writes into the operand.
            _turned(buffers.inputs, direction).reshape(shape)[...] = by_step


def forward(workspace: Workspace, weights: ParameterViews, masks: Masks) -> HeadInput:
    """The network's output for the windows that the workspace was filled with.

    Args:
        workspace: filled.
        weights: sigmoid rows negated.
        masks: of this training step; empty at prediction.
    """
    config = workspace.config
    for layer, (buffers, blocks) in enumerate(zip(workspace.layers, weights.layers, strict=True)):
        if layer:
            _feed(workspace.layers[layer - 1], buffers, masks.get(layer - 1))
        for one, block in zip(buffers, blocks, strict=True):
            read_forward(one, block)
    last = workspace.layers[-1]
    final_hidden = np.concatenate([one.outputs[-1] for one in last])
    outputs, attended, head_input = None, None, final_hidden
    if config.attention != "none":
        outputs = np.concatenate([_turned(one.outputs, n) for n, one in enumerate(last)], axis=1)
        attended = attend(final_hidden, outputs, weights.attention)
        head_input = np.concatenate([attended.context, final_hidden])
    if config.layers in masks:
        head_input = head_input * masks[config.layers]
    output = np.dot(head_input.T, weights.head_kernel)
    output += weights.head_bias
    return HeadInput(outputs, final_hidden, attended, head_input, output)


def backward(
    workspace: Workspace,
    weights: ParameterViews,
    done: HeadInput,
    output: Array,
    masks: Masks,
    gradient: ParameterViews,
) -> None:
    """Backpropagation through the whole network, right after its forward pass.

    Args:
        workspace: after `forward`.
        weights: as they are trained.
        done: what `forward` gave.
        output: `[B, Q·K·P]`, derivative of the loss with respect to the output.
        masks: those of the forward pass.
        gradient: is overwritten.
    """
    config, H = workspace.config, workspace.config.hidden_units
    assert workspace.backward is not None  # noqa: S101
    np.dot(done.head_input, output, gradient.head_kernel)
    np.sum(output, axis=0, out=gradient.head_bias)
    head_input: Array = np.dot(weights.head_kernel, output.T)
    if config.layers in masks:
        head_input *= masks[config.layers]
    outputs: Array | None = None
    final_hidden = head_input
    if done.attended is not None and done.outputs is not None:
        context, final_hidden = head_input[: config.hidden_width], head_input[config.hidden_width :]
        by_attention, outputs = attend_backward(
            done.attended, done.final_hidden, done.outputs, weights.attention, context, gradient.attention
        )
        final_hidden = final_hidden + by_attention

    for layer in reversed(range(config.layers)):
        below: Array | None = None
        for n, buffers in enumerate(workspace.layers[layer]):
            rows = slice(n * H, (n + 1) * H)
            inputs = np.empty_like(buffers.inputs) if layer else None
            read_backward(
                buffers,
                workspace.backward,
                weights.layers[layer][n],
                final_hidden[rows],
                None if outputs is None else _turned(outputs[:, rows], n),
                gradient.layers[layer][n],
                inputs,
            )
            if inputs is not None:
                below = inputs if below is None else below + _turned(inputs, n)
        if below is not None and layer - 1 in masks:
            below *= masks[layer - 1]
        outputs, final_hidden = below, np.zeros_like(final_hidden)


def _feed(below: tuple[LayerBuffers, ...], above: tuple[LayerBuffers, ...], mask: Array | None) -> None:
    """Hands one layer's outputs, joined and masked, to every direction of the next."""
    for direction, buffers in enumerate(above):
        place, first = _turned(buffers.inputs, direction), 0
        for n, one in enumerate(below):
            outputs = _turned(one.outputs, n)
            rows = slice(first, first := first + outputs.shape[1])
            if mask is None:
                place[:, rows] = outputs
            else:
                np.multiply(outputs, mask[:, rows], place[:, rows])


def _turned(sequence: Array, direction: int) -> Array:
    """`[T, …]` between time order and the order of reading: reversed for direction 1, backward."""
    return sequence[::-1] if direction else sequence
