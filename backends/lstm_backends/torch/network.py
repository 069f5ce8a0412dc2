"""The network over the kernels, forward and backward: docs/specification.md section 4. All time first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn.functional import linear

from lstm_backends.torch.attention import Attended, attend
from lstm_backends.torch.kernels import LayerPass, layer_backward, layer_forward
from lstm_backends.torch.parameters import (
    STEP_NAMES,
    DirectionWeights,
    Layout,
    LinearWeights,
    Parameters,
    StepWeights,
    parameter_layout,
)
from lstm_backends.torch.parts import StepPass, linear_part, step_part
from lstm_backends.torch.windows import Batch
from lstm_plugins import Array, ForecasterConfig

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
        linear: the arrays of the linear part; None without it.
    """

    config: ForecasterConfig
    layout: Layout
    flat: Tensor
    parameters: Parameters
    gradient: Tensor
    linear: LinearWeights | None = None


@dataclass(frozen=True)
class HeadPass:
    """The pass after the layers: attention, head, step part, linear part.

    Attributes:
        attended: None without attention.
        head_input: `[B, R]`, after dropout.
        step: None without a step part.
        linear: `[B, Q, K]`, what the linear part adds; None without it.
        output: `[B, Q, K, P]`, before the per-window normalisation is undone.
    """

    attended: Attended | None
    head_input: Tensor
    step: StepPass | None
    linear: Tensor | None
    output: Tensor


@dataclass(frozen=True)
class ForwardPass:
    """A forward pass.

    Attributes:
        layers: all layers.
        head: the pass after them.
        leaves: the tensors by which the output is differentiated: the final hidden state, with attention the
            outputs, and by their names the weights after the layers.
    """

    layers: tuple[LayerPass, ...]
    head: HeadPass
    leaves: Mapping[str, Tensor]


def new_model(
    config: ForecasterConfig, features: int, targets: int, known: int, device: torch.device
) -> Model:
    """A model with all weights zero."""
    layout = parameter_layout(config, features, targets, known)
    dtype = torch.float64 if config.precision == "float64" else torch.float32
    flat, gradient = (torch.zeros(layout.size, dtype=dtype, device=device) for _ in range(2))
    return Model(config, layout, flat, layout.views(flat), gradient)


def set_weights(model: Model, flat: Tensor) -> None:
    """Replaces the weights; must also be called after they changed in place."""
    if flat is not model.flat:
        model.flat.copy_(flat)


def set_linear(model: Model, kernel: Array, bias: Array) -> None:
    """Replaces the arrays of the linear part, kernel `[d, Q·K]` and bias `[Q·K]`."""
    device = model.flat.device
    model.linear = LinearWeights(torch.tensor(kernel.T, device=device), torch.tensor(bias, device=device))


def forward(model: Model, batch: Batch, masks: Masks, keep: bool) -> ForwardPass:
    """A forward pass over some windows; `keep` keeps what `backward` needs."""
    config, weights = model.config, model.parameters
    layers: list[LayerPass] = []
    with torch.set_grad_enabled(keep):
        outputs = batch.inputs
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
                step=None if weights.step is None else StepWeights(*map(_leaf, weights.step)),
            )
            final_hidden, outputs = _leaf(final_hidden), _leaf(outputs)
        after_layers = head(model, weights, batch, final_hidden, outputs, masks)
    leaves = {"final": final_hidden, "head.kernel": weights.head_kernel, "head.bias": weights.head_bias}
    if after_layers.attended is not None:
        leaves["outputs"] = outputs
    if weights.attention is not None:
        leaves["attention.kernel"] = weights.attention
    if weights.step is not None:
        leaves |= dict(zip(STEP_NAMES, weights.step, strict=True))
    return ForwardPass(tuple(layers), after_layers, leaves)


def head(
    model: Model,
    weights: Parameters,
    batch: Batch,
    final_hidden: Tensor,
    outputs: Tensor,
    masks: Masks,
) -> HeadPass:
    """The pass from the last layer to the output.

    The final hidden state `[B, S·H]` and the outputs `[T, B, S·H]` are those of the last layer, in time
    order.
    """
    config = model.config
    attended, head_input = None, final_hidden
    if config.attention != "none":
        attended = attend(final_hidden, outputs, weights.attention)
        head_input = torch.cat([attended.context, final_hidden], dim=1)
    head_input = _drop(head_input, masks, config.layers)
    output = linear(head_input, weights.head_kernel, weights.head_bias)
    output = output.view(len(output), config.horizon, -1, len(config.output_quantiles))
    step: StepPass | None = None
    by_linear: Tensor | None = None
    if weights.step is not None and batch.step_features is not None:
        step = step_part(weights.step, head_input, batch.step_features)
        output = output + step.output.view_as(output)
    if model.linear is not None and batch.linear_inputs is not None:
        by_linear = linear_part(model.linear, batch.linear_inputs, config.horizon)
        output = output + by_linear[..., None]
    return HeadPass(attended, head_input, step, by_linear, output)


def backward(model: Model, done: ForwardPass, output: Tensor, masks: Masks) -> Tensor:
    """The flat gradient, which the next call overwrites.

    `output` is the derivative of the loss with respect to the output `[B, Q, K, P]`.
    """
    config, weights = model.config, model.parameters
    derivatives = torch.autograd.grad(done.head.output, tuple(done.leaves.values()), output)
    found = dict(zip(done.leaves, derivatives, strict=True))
    outputs = found.get("outputs")
    final_hidden: Tensor | None = found["final"]
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
    joined = Parameters(
        tuple(gradients),
        found.get("attention.kernel"),
        found["head.kernel"],
        found["head.bias"],
        None if weights.step is None else StepWeights(*(found[name] for name in STEP_NAMES)),
    )
    return model.layout.join(joined, model.gradient)


def _drop(values: Tensor, masks: Masks, layer: int) -> Tensor:
    """Values under the dropout mask of a layer, if it has one."""
    return values * masks[layer] if layer in masks else values


def _leaf(tensor: Tensor) -> Tensor:
    return tensor.detach().requires_grad_()
