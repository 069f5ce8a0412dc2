"""The network over the kernels, forward and backward: docs/specification.md section 4. All batch last."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from lstm_backends.numpy.attention import Attended, attend, attend_backward
from lstm_backends.numpy.kernels import (
    LayerPass,
    Scratch,
    StateDerivatives,
    in_time_order,
    layer_backward,
    layer_forward,
)
from lstm_backends.numpy.parameters import Layout, LinearWeights, Parameters, parameter_layout
from lstm_backends.numpy.parts import StepPass, linear_part, step_part, step_part_backward
from lstm_backends.numpy.windows import Batch
from lstm_plugins import Array, ForecasterConfig

Masks = Mapping[int, Array]
"""Dropout factors by layer, `[T, S·H, B]`, and `[R, B]` for the head input; empty outside of training."""

BATCH_SIZES = 4
"""Number of batch sizes whose memory is kept: full and last batch, of training and forecasting."""


@dataclass(eq=False)
class Model:
    """A network with its weights.

    Attributes:
        config: all settings.
        layout: layout of the flat vectors.
        flat: all weights.
        parameters: the parts of `flat`.
        signs: −1 for weights in rows of sigmoid gates, else 1.
        signed_flat: `flat` times `signs`, which the forward kernel reads.
        signed: the parts of `signed_flat`.
        gradient: the last gradient, which the next one overwrites.
        gradients: the parts of `gradient`.
        passes: memory by batch size and by whether a backward pass follows.
        linear: the arrays of the linear part; None without it.
    """

    config: ForecasterConfig
    layout: Layout
    flat: Array
    parameters: Parameters
    signs: Array
    signed_flat: Array
    signed: Parameters
    gradient: Array
    gradients: Parameters
    passes: dict[tuple[int, bool], tuple[LayerPass, ...]] = field(default_factory=dict)
    linear: LinearWeights | None = None


@dataclass(frozen=True)
class HeadPass:
    """The pass after the layers: attention, head, step part, linear part.

    Attributes:
        attended: None without attention.
        head_input: `[R, B]`, after dropout.
        step: None without a step part.
        linear: `[B, Q, K]`, what the linear part adds; None without it.
        output: `[B, Q, K, P]`, before the per-window normalisation is undone.
    """

    attended: Attended | None
    head_input: Array
    step: StepPass | None
    linear: Array | None
    output: Array


@dataclass(frozen=True)
class ForwardPass:
    """A forward pass; the next one of the same batch size overwrites its layers."""

    layers: tuple[LayerPass, ...]
    head: HeadPass


def new_model(config: ForecasterConfig, features: int, targets: int, known: int, device: str) -> Model:
    """A model with all weights zero."""
    layout = parameter_layout(config, features, targets, known)
    flat, signed, gradient = (np.zeros(layout.size, config.precision) for _ in range(3))
    signs = np.ones(layout.size, config.precision)
    for blocks in layout.views(signs).layers:
        for block in blocks:
            block[: 3 * config.hidden_units] = -1.0
    views = layout.views
    return Model(config, layout, flat, views(flat), signs, signed, views(signed), gradient, views(gradient))


def set_weights(model: Model, flat: Array) -> None:
    """Replaces the weights; must also be called after they changed in place."""
    if flat is not model.flat:
        model.flat[...] = flat
    np.multiply(model.flat, model.signs, model.signed_flat)


def set_linear(model: Model, kernel: Array, bias: Array) -> None:
    """Replaces the arrays of the linear part, kernel `[d, Q·K]` and bias `[Q·K]`."""
    model.linear = LinearWeights(kernel, bias)


def forward(model: Model, batch: Batch, masks: Masks, keep: bool) -> ForwardPass:
    """A forward pass over some windows; `keep` keeps what `backward` needs."""
    config, weights = model.config, model.signed
    layers = _memory(model, len(batch.inputs), keep)
    _fill(config, layers[0], batch)
    for layer, memory in enumerate(layers):
        if layer:
            _feed(layers[layer - 1], memory, masks.get(layer - 1))
        layer_forward(weights.layers[layer], memory)
    last = layers[-1].directions
    final_hidden = np.concatenate([one.outputs[-1] for one in last])
    outputs: Array | None = None
    if config.attention != "none":
        outputs = np.concatenate([in_time_order(one.outputs, n) for n, one in enumerate(last)], axis=1)
    return ForwardPass(layers, head(model, weights, batch, final_hidden, outputs, masks))


def head(
    model: Model,
    weights: Parameters,
    batch: Batch,
    final_hidden: Array,
    outputs: Array | None,
    masks: Masks,
) -> HeadPass:
    """The pass from the last layer to the output.

    The final hidden state `[S·H, B]` and the outputs `[T, S·H, B]`, None without attention, are those of the
    last layer, in time order.
    """
    config = model.config
    attended, head_input = None, final_hidden
    if outputs is not None:
        attended = attend(final_hidden, outputs, weights.attention)
        head_input = np.concatenate([attended.context, final_hidden])
    if config.layers in masks:
        head_input = head_input * masks[config.layers]
    output: Array = np.dot(head_input.T, weights.head_kernel)
    output += weights.head_bias
    output = output.reshape(len(output), config.horizon, -1, len(config.output_quantiles))
    step: StepPass | None = None
    linear: Array | None = None
    if weights.step is not None and batch.step_features is not None:
        step = step_part(weights.step, head_input, batch.step_features)
        output += step.output.reshape(output.shape)
    if model.linear is not None and batch.linear_inputs is not None:
        linear = linear_part(model.linear, batch.linear_inputs, config.horizon)
        output += linear[..., None]
    return HeadPass(attended, head_input, step, linear, output)


def backward(
    model: Model,
    done: ForwardPass,
    output: Array,
    masks: Masks,
    derivatives: list[StateDerivatives] | None = None,
) -> Array:
    """The flat gradient, which the next call overwrites.

    `output` is the derivative of the loss with respect to the output `[B, Q, K, P]`. `derivatives` receives
    those inside each layer and direction, last layer first.
    """
    config, weights, gradients = model.config, model.parameters, model.gradients
    after_layers, flat_output = done.head, output.reshape(len(output), -1)
    np.dot(after_layers.head_input, flat_output, gradients.head_kernel)
    np.sum(flat_output, axis=0, out=gradients.head_bias)
    head_input: Array = np.dot(weights.head_kernel, flat_output.T)
    if weights.step is not None and gradients.step is not None and after_layers.step is not None:
        by_step = flat_output.reshape(after_layers.step.output.shape)
        head_input += step_part_backward(
            weights.step, after_layers.head_input, after_layers.step, by_step, gradients.step
        )
    if config.layers in masks:
        head_input *= masks[config.layers]
    outputs: Array | None = None
    final_hidden: Array | None = head_input
    if after_layers.attended is not None:
        context, final_hidden = head_input[: config.hidden_width], head_input[config.hidden_width :]
        by_attention, outputs = attend_backward(
            after_layers.attended, weights.attention, context, gradients.attention
        )
        final_hidden = final_hidden + by_attention
    for layer in reversed(range(config.layers)):
        outputs = layer_backward(
            weights.layers[layer],
            done.layers[layer],
            outputs,
            final_hidden,
            gradients.layers[layer],
            layer == 0,
            derivatives,
        )
        if outputs is not None and layer - 1 in masks:
            outputs *= masks[layer - 1]
        final_hidden = None
    return model.gradient


def _memory(model: Model, batch: int, keep: bool) -> tuple[LayerPass, ...]:
    """Memory of all layers for batches of one size; the least recently used one is freed first."""
    config, passes, key = model.config, model.passes, (batch, keep)
    if key in passes:
        passes[key] = passes.pop(key)
        return passes[key]
    while len(passes) >= BATCH_SIZES:
        del passes[next(iter(passes))]
    widths = [model.layout.shapes[f"layer{layer}.forward.kernel"][0] for layer in range(config.layers)]
    scratch = Scratch(config, max(widths), batch) if keep else None
    passes[key] = tuple(LayerPass(config, width, batch, scratch) for width in widths)
    return passes[key]


def _fill(config: ForecasterConfig, first: LayerPass, batch: Batch) -> None:
    """Writes normalised windows and known columns into the first layer's operands, cast."""
    count, features = batch.inputs.shape[:2]
    shape = (config.steps, config.patch, features, count)
    by_step = batch.inputs.reshape(count, features, *shape[:2]).transpose(2, 3, 1, 0)
    width = config.patch * features
    for n, one in enumerate(first.directions):
        place = in_time_order(one.inputs, n)
        # Splitting one axis never copies: this writes into the operand.
        place[:, :width].reshape(shape)[...] = by_step
        if batch.known is not None:
            place[:, width:] = batch.known.transpose(2, 1, 0)


def _feed(below: LayerPass, above: LayerPass, mask: Array | None) -> None:
    """Copies the joined and masked outputs of one layer into the inputs of the next."""
    for n, one in enumerate(above.directions):
        place, first = in_time_order(one.inputs, n), 0
        for m, other in enumerate(below.directions):
            outputs = in_time_order(other.outputs, m)
            rows = slice(first, first := first + outputs.shape[1])
            if mask is None:
                place[:, rows] = outputs
            else:
                np.multiply(outputs, mask[:, rows], place[:, rows])
