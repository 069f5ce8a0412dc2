"""The network as functions of its weights: docs/specification.md sections 3 and 4.

Everything is time first, `[T, B, …]`. Weights are the views of `parameters.Layout`: canonical names,
matrices transposed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import linear

from lstm_plugins import ForecasterConfig
from lstm_plugins.weights import direction_names


class LayerOutputs(NamedTuple):
    """What one layer hands on.

    Attributes:
        sequence: `[T, B, S·H]` in time order, forward first.
        final: `[B, S·H]`, each direction's state after its last step.
    """

    sequence: Tensor
    final: Tensor


class HeadInput(NamedTuple):
    """What the head reads.

    Attributes:
        values: `[B, R]`.
        attention: `[T, B]` weights, None without attention.
    """

    values: Tensor
    attention: Tensor | None


class Differentiated(NamedTuple):
    """A forward and a backward pass.

    Attributes:
        output: the head's, `[B, Q·K·P]`.
        gradients: by canonical name, matrices transposed like the weights.
    """

    output: Tensor
    gradients: dict[str, Tensor]


class HeadInputDerivatives(NamedTuple):
    """The backward pass as far as the last layer's outputs.

    Attributes:
        output: the head's, `[B, Q·K·P]`.
        gradients: of the head's and the attention's weights.
        sequence: derivative with respect to the last layer's outputs `[T, B, S·H]`; None without attention.
        final: derivative with respect to its final states `[B, S·H]`, beside their part in the outputs.
    """

    output: Tensor
    gradients: dict[str, Tensor]
    sequence: Tensor | None
    final: Tensor


Derivative = Callable[[Tensor], Tensor]
"""From the head's output to the derivative of the loss with respect to it."""


def differentiate(
    config: ForecasterConfig,
    weights: dict[str, Tensor],
    inputs: Tensor,
    masks: dict[int, Tensor],
    derivative: Derivative,
) -> Differentiated:
    """Output and gradients by automatic differentiation.

    Args:
        config: the network.
        weights: by canonical name.
        inputs: `[T, B, D]`.
        masks: dropout factors, time first; empty without dropout.
        derivative: of the loss.
    """
    leaves = {name: array.detach().requires_grad_() for name, array in weights.items()}
    with torch.enable_grad():
        output = forward(config, leaves, inputs, masks)
    gradients = torch.autograd.grad(output, list(leaves.values()), derivative(output.detach()))
    return Differentiated(output.detach(), dict(zip(leaves, gradients, strict=True)))


def forward(
    config: ForecasterConfig, weights: dict[str, Tensor], inputs: Tensor, masks: dict[int, Tensor]
) -> Tensor:
    """The head's output `[B, Q·K·P]`, before the per-window normalisation is undone.

    Args:
        config: the network.
        weights: by canonical name.
        inputs: `[T, B, D]`.
        masks: dropout factors, time first; empty outside of training.
    """
    outputs = lstm_layer(config, weights, 0, inputs)
    for layer in range(1, config.layers):
        outputs = lstm_layer(config, weights, layer, dropped(outputs.sequence, masks, layer - 1))
    return head(config, weights, head_input(config, weights, outputs).values, masks)


def lstm_layer(
    config: ForecasterConfig, weights: dict[str, Tensor], layer: int, inputs: Tensor
) -> LayerOutputs:
    """One layer with all its directions, by PyTorch's own LSTM."""
    arrays: list[Tensor] = []
    for direction in direction_names(config):
        prefix = f"layer{layer}.{direction}"
        bias = weights[f"{prefix}.bias"]
        # PyTorch adds two biases; the second is a constant zero, as one alone is trained.
        arrays += [weights[f"{prefix}.kernel"], weights[f"{prefix}.recurrent"], bias, torch.zeros_like(bias)]
    start = inputs.new_zeros(config.directions, inputs.shape[1], config.hidden_units)
    sequence, final, _ = torch.lstm(
        inputs,
        (start, start),
        arrays,
        has_biases=True,
        num_layers=1,
        dropout=0.0,
        train=torch.is_grad_enabled(),
        bidirectional=config.bidirectional,
        batch_first=False,
    )
    return LayerOutputs(sequence, torch.cat(final.unbind(), dim=1) if config.bidirectional else final[0])


def dropped(values: Tensor, masks: dict[int, Tensor], layer: int) -> Tensor:
    """Values under the dropout mask of a layer, if it has one."""
    return values * masks[layer] if layer in masks else values


def head_input(config: ForecasterConfig, weights: dict[str, Tensor], last: LayerOutputs) -> HeadInput:
    """The final hidden state of the last layer, with attention behind the context.

    Source: Luong et al., "Effective approaches to attention-based neural machine translation", EMNLP 2015
    (dot and general scores), scaled as in Vaswani et al., NeurIPS 2017.
    """
    final_hidden = last.final
    if config.attention == "none":
        return HeadInput(final_hidden, None)
    query = (
        linear(final_hidden, weights["attention.kernel"]) if config.attention == "general" else final_hidden
    )
    scores = (last.sequence * query).sum(dim=2) / math.sqrt(config.hidden_width)
    attention = torch.softmax(scores, dim=0)
    context = (last.sequence * attention[:, :, None]).sum(dim=0)
    return HeadInput(torch.cat([context, final_hidden], dim=1), attention)


def head(
    config: ForecasterConfig, weights: dict[str, Tensor], values: Tensor, masks: dict[int, Tensor]
) -> Tensor:
    """The linear head on a head input `[B, R]`, under the head input's mask."""
    return linear(dropped(values, masks, config.layers), weights["head.kernel"], weights["head.bias"])


def differentiate_head(
    config: ForecasterConfig,
    weights: dict[str, Tensor],
    last: LayerOutputs,
    masks: dict[int, Tensor],
    derivative: Derivative,
) -> HeadInputDerivatives:
    """Everything behind the layers, by automatic differentiation."""
    leaves = {name: weights[name].detach().requires_grad_() for name in weights if name[:5] != "layer"}
    final = last.final.detach().requires_grad_()
    wanted = [*leaves.values(), final]
    sequence = last.sequence
    if config.attention != "none":
        sequence = sequence.detach().requires_grad_()
        wanted.append(sequence)
    with torch.enable_grad():
        values = head_input(config, leaves, LayerOutputs(sequence, final)).values
        output = head(config, leaves, values, masks)
    found = torch.autograd.grad(output, wanted, derivative(output.detach()))
    gradients = dict(zip(leaves, found, strict=False))
    by_sequence = None if config.attention == "none" else found[-1]
    return HeadInputDerivatives(output.detach(), gradients, by_sequence, found[len(leaves)])
