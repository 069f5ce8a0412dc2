"""The fast path on a CPU in float32: PyTorch's oneDNN layer called directly.

`torch.lstm` under automatic differentiation computes with the same operators; called directly they cost no
bookkeeping. They are not documented, so they are used only where a probe has seen them agree with
`torch.lstm`. Their arguments and results here are those of PyTorch 2.6 to 2.13.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor

from lstm_backends.torch.network import (
    Derivative,
    Differentiated,
    LayerOutputs,
    differentiate_head,
    dropped,
    lstm_layer,
)
from lstm_plugins import ForecasterConfig
from lstm_plugins.weights import direction_names

_LSTM_MODE = 2


def usable(config: ForecasterConfig, device: torch.device) -> bool:
    """True where this path computes a network of these settings."""
    return config.precision == "float32" and device.type == "cpu" and agree_with_torch_lstm()


def differentiate(
    config: ForecasterConfig,
    weights: dict[str, Tensor],
    inputs: Tensor,
    masks: dict[int, Tensor],
    derivative: Derivative,
) -> Differentiated:
    """The same as `network.differentiate`."""
    layers = [_forward(config, weights, 0, inputs)]
    for layer in range(1, config.layers):
        below = dropped(_outputs(layers[-1]).sequence, masks, layer - 1)
        layers.append(_forward(config, weights, layer, below))
    output, gradients, sequence, final = differentiate_head(
        config, weights, _outputs(layers[-1]), masks, derivative
    )
    for layer in reversed(range(config.layers)):
        below = _backward(config, layers[layer], sequence, final, gradients)
        # No dropout mask has index −1.
        sequence, final = dropped(below, masks, layer - 1), None
    return Differentiated(output, gradients)


class _DirectionPass(NamedTuple):
    """One layer and direction after its forward pass, with what its backward pass needs.

    Attributes:
        prefix: of the names of its weights.
        arrays: kernel, recurrent kernel and the two biases.
        inputs: `[T, B, D_l]`.
        start: `[B, H]`, h_0 and C_0.
        sequence: `[T, B, H]` in time order.
        hidden: `[B, H]` after the last step.
        cell: `[B, H]` after the last step.
        workspace: oneDNN's own.
        reverse: True for the backward direction.
    """

    prefix: str
    arrays: tuple[Tensor, Tensor, Tensor, Tensor]
    inputs: Tensor
    start: Tensor
    sequence: Tensor
    hidden: Tensor
    cell: Tensor
    workspace: Tensor
    reverse: bool


def _forward(
    config: ForecasterConfig, weights: dict[str, Tensor], layer: int, inputs: Tensor
) -> list[_DirectionPass]:
    start = inputs.new_zeros(inputs.shape[1], config.hidden_units)
    passes = []
    for direction in direction_names(config):
        prefix = f"layer{layer}.{direction}"
        bias = weights[f"{prefix}.bias"]
        arrays = weights[f"{prefix}.kernel"], weights[f"{prefix}.recurrent"], bias, torch.zeros_like(bias)
        reverse = direction == "backward"
        # Only with derivatives on does oneDNN fill the workspace; nothing here asks for any.
        with torch.enable_grad():
            sequence, hidden, cell, workspace = torch.ops.aten.mkldnn_rnn_layer(
                inputs,
                *arrays,
                start,
                start,
                reverse,
                batch_sizes=[],
                mode=_LSTM_MODE,
                hidden_size=config.hidden_units,
                num_layers=1,
                has_biases=True,
                bidirectional=False,
                batch_first=False,
                train=True,
            )
        passes.append(
            _DirectionPass(prefix, arrays, inputs, start, sequence, hidden, cell, workspace, reverse)
        )
    return passes


def _outputs(passes: list[_DirectionPass]) -> LayerOutputs:
    if len(passes) == 1:
        return LayerOutputs(passes[0].sequence, passes[0].hidden)
    return LayerOutputs(
        torch.cat([one.sequence for one in passes], dim=2), torch.cat([one.hidden for one in passes], dim=1)
    )


def _backward(
    config: ForecasterConfig,
    passes: list[_DirectionPass],
    sequence: Tensor | None,
    final: Tensor | None,
    gradients: dict[str, Tensor],
) -> Tensor:
    """Adds a layer's gradients to `gradients`; gives the derivative with respect to its inputs.

    Args:
        config: the network.
        passes: the layer's directions.
        sequence: derivative with respect to its outputs `[T, B, S·H]`, None for zeros.
        final: the same for its final states `[B, S·H]`.
        gradients: by weight array.
    """
    count = len(passes)
    sequences = [None] * count if sequence is None else sequence.chunk(count, dim=2)
    finals = [None] * count if final is None else final.chunk(count, dim=1)
    below = []
    for one, own_sequence, own_final in zip(passes, sequences, finals, strict=True):
        inputs, kernel, recurrent, bias, *_ = torch.ops.aten.mkldnn_rnn_layer_backward(
            one.inputs,
            *one.arrays,
            one.start,
            one.start,
            one.sequence,
            one.hidden,
            one.cell,
            own_sequence,
            own_final,
            None,
            one.reverse,
            mode=_LSTM_MODE,
            hidden_size=config.hidden_units,
            num_layers=1,
            has_biases=True,
            train=True,
            bidirectional=False,
            batch_sizes=[],
            batch_first=False,
            workspace=one.workspace,
        )
        gradients[f"{one.prefix}.kernel"] = kernel
        gradients[f"{one.prefix}.recurrent"] = recurrent
        gradients[f"{one.prefix}.bias"] = bias
        below.append(inputs)
    return below[0] if count == 1 else below[0] + below[1]


@cache
def agree_with_torch_lstm() -> bool:
    """True when the direct calls exist and give what `torch.lstm` gives, on a small bidirectional layer."""
    config = ForecasterConfig(hidden_units=5, bidirectional=True)
    generator = torch.Generator().manual_seed(0)

    def draw(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator)

    weights = {
        f"layer0.{direction}.{name}": draw(*shape)
        for direction in direction_names(config)
        for name, shape in (("kernel", (20, 3)), ("recurrent", (20, 5)), ("bias", (20,)))
    }
    inputs, sequence, final = draw(6, 4, 3), draw(6, 4, 10), draw(4, 10)
    leaves = {name: array.clone().requires_grad_() for name, array in weights.items()}
    leaf = inputs.clone().requires_grad_()
    with torch.enable_grad():
        wanted = lstm_layer(config, leaves, 0, leaf)
    for own_sequence, own_final in ((sequence, final), (None, final), (sequence, None)):
        pairs = [(wanted.sequence, own_sequence), (wanted.final, own_final)]
        used = [pair for pair in pairs if pair[1] is not None]
        wanted_gradients = torch.autograd.grad(
            [output for output, _ in used],
            [leaf, *leaves.values()],
            [derivative for _, derivative in used],
            retain_graph=True,
        )
        try:
            passes = _forward(config, weights, 0, inputs)
            gradients: dict[str, Tensor] = {}
            below = _backward(config, passes, own_sequence, own_final, gradients)
        except (AttributeError, NotImplementedError, RuntimeError, TypeError, ValueError):
            # Gone or changed in this version of PyTorch; what that looks like is not documented either.
            return False
        found = [*_outputs(passes), below, *(gradients[name] for name in weights)]
        if not all(
            torch.allclose(one, other, rtol=1e-5, atol=1e-6)
            for one, other in zip(found, [*wanted, *wanted_gradients], strict=True)
        ):
            return False
    return True
