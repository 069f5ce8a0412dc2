"""The network over the kernels, forward and backward: docs/specification.md section 4. All time first."""

from collections.abc import Mapping
from dataclasses import dataclass

from lstm_backends.tensorflow.attention import Attended, attend
from lstm_backends.tensorflow.devices import tf
from lstm_backends.tensorflow.kernels import (
    LayerPass,
    StateDerivatives,
    in_time_order,
    layer_backward,
    layer_forward,
)
from lstm_backends.tensorflow.parameters import Layout, Parameters, parameter_layout
from lstm_plugins import ForecasterConfig

Masks = Mapping[int, tf.Tensor]
"""Dropout factors by layer, `[B, T, S·H]`, and `[B, R]` for the head input; empty outside of training."""


@dataclass(eq=False)
class Model:
    """A network with its weights in a flat vector."""

    config: ForecasterConfig
    layout: Layout
    flat: tf.Tensor


@dataclass(frozen=True)
class ForwardPass:
    """A forward pass.

    Attributes:
        layers: all layers.
        attended: None without attention.
        head_input: `[B, R]`, after dropout.
        output: `[B, Q, K, P]`, before the per-window normalisation is undone.
        leaves: the tensors by which the output is differentiated: weights of the head, final hidden state,
            and with attention the outputs and its kernel, if it has one.
        tape: the recorded computation from the leaves to the output.
    """

    layers: tuple[LayerPass, ...]
    attended: Attended | None
    head_input: tf.Tensor
    output: tf.Tensor
    leaves: tuple[tf.Tensor, ...]
    tape: tf.GradientTape


def new_model(config: ForecasterConfig, features: int, targets: int, device: str) -> Model:
    """A model with all weights zero."""
    layout = parameter_layout(config, features, targets)
    return Model(config, layout, tf.zeros([layout.size], config.precision))


def set_weights(model: Model, flat: tf.Tensor) -> None:
    """Replaces the weights."""
    model.flat = flat


def forward(model: Model, inputs: tf.Tensor, masks: Masks, keep: bool) -> ForwardPass:
    """A forward pass over normalised windows `[T, B, D]`; `keep` keeps what `backward` needs."""
    config, weights = model.config, model.layout.views(model.flat)
    layers: list[LayerPass] = []
    outputs = inputs
    for layer in range(config.layers):
        # No dropout mask has index −1.
        layers.append(layer_forward(weights.layers[layer], _drop(outputs, masks, layer - 1)))
        outputs = tf.concat(in_time_order(layers[-1].hidden), axis=2)
    final_hidden = tf.concat(tf.unstack(layers[-1].hidden[-1]), axis=1)
    leaves = (weights.head, final_hidden)
    if config.attention != "none":
        leaves += (outputs,) if weights.attention is None else (outputs, weights.attention)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        if keep:
            tape.watch(leaves)
        attended, head_input, output = head(config, weights, final_hidden, outputs, masks)
    return ForwardPass(tuple(layers), attended, head_input, output, leaves, tape)


def head(
    config: ForecasterConfig, weights: Parameters, final_hidden: tf.Tensor, outputs: tf.Tensor, masks: Masks
) -> tuple[Attended | None, tf.Tensor, tf.Tensor]:
    """Attention, if any, the head input `[B, R]` after dropout, and the head's output `[B, Q, K, P]`.

    The final hidden state `[B, S·H]` and the outputs `[T, B, S·H]` are those of the last layer, in time
    order.
    """
    attended, head_input = None, final_hidden
    if config.attention != "none":
        attended = attend(final_hidden, outputs, weights.attention)
        head_input = tf.concat([attended.context, final_hidden], axis=1)
    if config.layers in masks:
        head_input = head_input * masks[config.layers]
    # With the bias as a row of the product, its gradient is a product as well. As a sum, which XLA fused into
    # the padding of a slice, it was wrong in float64 (TensorFlow 2.21, two directions with attention).
    output = tf.matmul(tf.concat([head_input, tf.ones_like(head_input[:, :1])], axis=1), weights.head)
    shape = [head_input.shape[0], config.horizon, -1, len(config.output_quantiles)]
    return attended, head_input, tf.reshape(output, shape)


def backward(
    model: Model,
    done: ForwardPass,
    output: tf.Tensor,
    masks: Masks,
    derivatives: list[StateDerivatives] | None = None,
) -> tf.Tensor:
    """The flat gradient.

    `output` is the derivative of the loss with respect to the output `[B, Q, K, P]`. `derivatives` receives
    those inside each layer, last layer first.
    """
    config, weights = model.config, model.layout.views(model.flat)
    head_gradient, final_hidden, *by_attention = done.tape.gradient(done.output, done.leaves, output)
    outputs = by_attention[0] if by_attention else None
    attention = by_attention[1] if len(by_attention) > 1 else None
    gradients: list[tf.Tensor] = []
    for layer in reversed(range(config.layers)):
        outputs = layer_backward(
            weights.layers[layer],
            done.layers[layer],
            outputs,
            final_hidden,
            gradients,
            layer == 0,
            derivatives,
        )
        if outputs is not None:
            outputs = _drop(outputs, masks, layer - 1)
        final_hidden = None
    return model.layout.join(Parameters(tuple(reversed(gradients)), attention, head_gradient))


def _drop(values: tf.Tensor, masks: Masks, layer: int) -> tf.Tensor:
    """Values `[T, B, S·H]` under the dropout mask of a layer, if it has one."""
    return values * tf.transpose(masks[layer], [1, 0, 2]) if layer in masks else values
