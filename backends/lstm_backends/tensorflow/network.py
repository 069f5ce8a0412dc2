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
from lstm_backends.tensorflow.parameters import (
    STEP_NAMES,
    Layout,
    LinearWeights,
    Parameters,
    StepWeights,
    parameter_layout,
)
from lstm_backends.tensorflow.parts import StepPass, linear_part, step_part
from lstm_backends.tensorflow.windows import Batch
from lstm_plugins import Array, ForecasterConfig

Masks = Mapping[int, tf.Tensor]
"""Dropout factors by layer, `[B, T, S·H]`, and `[B, R]` for the head input; empty outside of training."""


@dataclass(eq=False)
class Model:
    """A network with its trained weights in a flat vector, and the arrays of the linear part, if any."""

    config: ForecasterConfig
    layout: Layout
    flat: tf.Tensor
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
    head_input: tf.Tensor
    step: StepPass | None
    linear: tf.Tensor | None
    output: tf.Tensor


@dataclass(frozen=True)
class ForwardPass:
    """A forward pass.

    Attributes:
        layers: all layers.
        head: the pass after them.
        leaves: the tensors by which the output is differentiated: the final hidden state, with attention the
            outputs, and by their names the weights after the layers.
        tape: the recorded computation from the leaves to the output.
    """

    layers: tuple[LayerPass, ...]
    head: HeadPass
    leaves: Mapping[str, tf.Tensor]
    tape: tf.GradientTape


def new_model(config: ForecasterConfig, features: int, targets: int, known: int, device: str) -> Model:
    """A model with all weights zero."""
    layout = parameter_layout(config, features, targets, known)
    return Model(config, layout, tf.zeros([layout.size], config.precision))


def set_weights(model: Model, flat: tf.Tensor) -> None:
    """Replaces the weights."""
    model.flat = flat


def set_linear(model: Model, kernel: Array, bias: Array) -> None:
    """Replaces the arrays of the linear part, kernel `[d, Q·K]` and bias `[Q·K]`."""
    model.linear = LinearWeights(tf.constant(kernel), tf.constant(bias))


def forward(model: Model, batch: Batch, masks: Masks, keep: bool) -> ForwardPass:
    """A forward pass over some windows; `keep` keeps what `backward` needs."""
    config, weights = model.config, model.layout.views(model.flat)
    layers: list[LayerPass] = []
    outputs = batch.inputs
    for layer in range(config.layers):
        # No dropout mask has index −1.
        layers.append(layer_forward(weights.layers[layer], _drop(outputs, masks, layer - 1)))
        outputs = tf.concat(in_time_order(layers[-1].hidden), axis=2)
    final_hidden = tf.concat(tf.unstack(layers[-1].hidden[-1]), axis=1)
    leaves = {"head": weights.head, "final": final_hidden}
    if config.attention != "none":
        leaves["outputs"] = outputs
    if weights.attention is not None:
        leaves["attention"] = weights.attention
    if weights.step is not None:
        leaves |= dict(zip(STEP_NAMES, weights.step, strict=True))
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        if keep:
            tape.watch(leaves)
        after_layers = head(model, weights, batch, final_hidden, outputs, masks)
    return ForwardPass(tuple(layers), after_layers, leaves, tape)


def head(
    model: Model,
    weights: Parameters,
    batch: Batch,
    final_hidden: tf.Tensor,
    outputs: tf.Tensor,
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
        head_input = tf.concat([attended.context, final_hidden], axis=1)
    if config.layers in masks:
        head_input = head_input * masks[config.layers]
    # With the bias as a row of the product, its gradient is a product as well. As a sum, which XLA fused into
    # the padding of a slice, it was wrong in float64 (TensorFlow 2.21, two directions with attention).
    output = tf.matmul(tf.concat([head_input, tf.ones_like(head_input[:, :1])], axis=1), weights.head)
    shape = [head_input.shape[0], config.horizon, -1, len(config.output_quantiles)]
    output = tf.reshape(output, shape)
    step: StepPass | None = None
    linear: tf.Tensor | None = None
    if weights.step is not None and batch.step_features is not None:
        step = step_part(weights.step, head_input, batch.step_features)
        output = output + tf.reshape(step.output, shape)
    if model.linear is not None and batch.linear_inputs is not None:
        linear = linear_part(model.linear, batch.linear_inputs, config.horizon)
        output = output + linear[..., None]
    return HeadPass(attended, head_input, step, linear, output)


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
    found = done.tape.gradient(done.head.output, done.leaves, output)
    outputs, final_hidden = found.get("outputs"), found["final"]
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
    step = None if weights.step is None else StepWeights(*(found[name] for name in STEP_NAMES))
    joined = Parameters(tuple(reversed(gradients)), found.get("attention"), found["head"], step)
    return model.layout.join(joined)


def _drop(values: tf.Tensor, masks: Masks, layer: int) -> tf.Tensor:
    """Values `[T, B, S·H]` under the dropout mask of a layer, if it has one."""
    return values * tf.transpose(masks[layer], [1, 0, 2]) if layer in masks else values
