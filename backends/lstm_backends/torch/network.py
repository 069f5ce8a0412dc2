"""The network over the kernels, forward and backward: docs/specification.md section 4. All time first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn.functional import linear

from lstm_backends.torch.attention import Attended, attend
from lstm_backends.torch.kernels import LayerPass, layer_backward, layer_forward
from lstm_backends.torch.parameters import DirectionWeights, Layout, Parameters, parameter_layout
from lstm_plugins import ForecasterConfig

Masks = Mapping[int, Tensor]
"""Dropout factors by layer, `[T, B, S·H]`, and `[B, R]` for the head input; empty outside of training."""


@dataclass(eq=False)
class Model:
    """A network with its weights.

    Attributes:
        config: all settings.
        layout: layout of the flat vectors.
        flat: all weights.
        parameters: the parts of `flat`.
        gradient: the last gradient, which the next one overwrites.
    """

    config: ForecasterConfig
    layout: Layout
    flat: Tensor
    parameters: Parameters
    gradient: Tensor


@dataclass(frozen=True)
class ForwardPass:
    """A forward pass.

    Attributes:
        layers: all layers.
        attended: None without attention.
        head_input: `[B, R]`, after dropout.
        output: `[B, Q, K, P]`, before the per-window normalisation is undone.
        leaves: the tensors by which the output is differentiated: kernel and bias of the head, final hidden
            state, and with attention the outputs and its kernel, if it has one.
    """

    layers: tuple[LayerPass, ...]
    attended: Attended | None
    head_input: Tensor
    output: Tensor
    leaves: tuple[Tensor, ...]


def new_model(config: ForecasterConfig, features: int, targets: int, device: torch.device) -> Model:
    """A model with all weights zero."""
    layout = parameter_layout(config, features, targets)
    dtype = torch.float64 if config.precision == "float64" else torch.float32
    flat, gradient = (torch.zeros(layout.size, dtype=dtype, device=device) for _ in range(2))
    return Model(config, layout, flat, layout.views(flat), gradient)


def set_weights(model: Model, flat: Tensor) -> None:
    """Replaces the weights; must also be called after they changed in place."""
    if flat is not model.flat:
        model.flat.copy_(flat)


def forward(model: Model, inputs: Tensor, masks: Masks, keep: bool) -> ForwardPass:
    """A forward pass over normalised windows `[T, B, D]`; `keep` keeps what `backward` needs."""
    config, weights = model.config, model.parameters
    layers: list[LayerPass] = []
    with torch.set_grad_enabled(keep):
        outputs = inputs
        for layer in range(config.layers):
            # No dropout mask has index −1.
            layers.append(layer_forward(weights.layers[layer], _drop(outputs, masks, layer - 1)))
            outputs = layers[-1].outputs
        final_hidden = layers[-1].final
        if keep:
            weights = replace(
                weights,
                attention=None if weights.attention is None else _leaf(weights.attention),
                head_kernel=_leaf(weights.head_kernel),
                head_bias=_leaf(weights.head_bias),
            )
            final_hidden, outputs = _leaf(final_hidden), _leaf(outputs)
        attended, head_input, output = head(config, weights, final_hidden, outputs, masks)
    leaves = (weights.head_kernel, weights.head_bias, final_hidden)
    if attended is not None:
        leaves += (outputs,) if weights.attention is None else (outputs, weights.attention)
    return ForwardPass(tuple(layers), attended, head_input, output, leaves)


def head(
    config: ForecasterConfig, weights: Parameters, final_hidden: Tensor, outputs: Tensor, masks: Masks
) -> tuple[Attended | None, Tensor, Tensor]:
    """Attention, if any, the head input `[B, R]` after dropout, and the head's output `[B, Q, K, P]`.

    The final hidden state `[B, S·H]` and the outputs `[T, B, S·H]` are those of the last layer, in time
    order.
    """
    attended, head_input = None, final_hidden
    if config.attention != "none":
        attended = attend(final_hidden, outputs, weights.attention)
        head_input = torch.cat([attended.context, final_hidden], dim=1)
    head_input = _drop(head_input, masks, config.layers)
    output = linear(head_input, weights.head_kernel, weights.head_bias)
    return attended, head_input, output.view(len(output), config.horizon, -1, len(config.output_quantiles))


def backward(model: Model, done: ForwardPass, output: Tensor, masks: Masks) -> Tensor:
    """The flat gradient, which the next call overwrites.

    `output` is the derivative of the loss with respect to the output `[B, Q, K, P]`.
    """
    config, weights = model.config, model.parameters
    head_kernel, head_bias, final, *by_attention = torch.autograd.grad(done.output, done.leaves, output)
    outputs = by_attention[0] if by_attention else None
    attention = by_attention[1] if len(by_attention) > 1 else None
    final_hidden: Tensor | None = final
    gradients: list[tuple[DirectionWeights, ...]] = []
    for layer in reversed(range(config.layers)):
        own: list[DirectionWeights] = []
        outputs = layer_backward(
            weights.layers[layer], done.layers[layer], outputs, final_hidden, own, layer == 0
        )
        if outputs is not None:
            outputs = _drop(outputs, masks, layer - 1)
        final_hidden = None
        gradients.insert(0, tuple(own))
    joined = Parameters(tuple(gradients), attention, head_kernel, head_bias)
    return model.layout.join(joined, model.gradient)


def _drop(values: Tensor, masks: Masks, layer: int) -> Tensor:
    """Values under the dropout mask of a layer, if it has one."""
    return values * masks[layer] if layer in masks else values


def _leaf(tensor: Tensor) -> Tensor:
    return tensor.detach().requires_grad_()
