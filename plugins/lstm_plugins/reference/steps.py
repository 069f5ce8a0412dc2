"""The forward and the backward pass, and the reference as a record of functions.

`Steps()` is docs/specification.md. `dataclasses.replace(Steps(), cell_step=other)` deviates in one place:
this is how the catalogue of known deviations is made, and how a student can try a variation. The passes call
all other functions through the record, which is their first argument.

Source of the backward pass: Werbos, "Backpropagation through time: what it does and how to do it", 1990.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_plugins import linear, normalisation, randomness, weights
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.linear import LinearInputs
from lstm_plugins.normalisation import Statistics
from lstm_plugins.records import LayerDerivatives, OptimizerState, SeriesSet, Starts, TargetRows
from lstm_plugins.reference import attention, cell, network, optimizer, schedule, windows
from lstm_plugins.reference import loss as losses
from lstm_plugins.reference.attention import Attention, AttentionDerivatives
from lstm_plugins.reference.cell import CellDerivatives, CellStep, Gates
from lstm_plugins.reference.network import (
    DirectionDerivatives,
    DirectionPass,
    ForwardPass,
    NetworkInputs,
    StepPart,
)
from lstm_plugins.weights import Array, Weights, direction_names, is_fixed

Float64 = NDArray[np.float64]
Mask = NDArray[np.bool_]
Masks = Mapping[int, Array]
_Update = Callable[
    [ForecasterConfig, Weights, Weights, OptimizerState, float], tuple[Weights, OptimizerState]
]


def direction_forward(
    steps: Steps, config: ForecasterConfig, weights: Weights, layer: int, direction: str, inputs: Array
) -> DirectionPass:
    """Runs one layer in one direction over all steps of its inputs `[B, T, D_l]`."""
    name = f"layer{layer}.{direction}"
    gates = steps.split_gates(
        weights[f"{name}.kernel"], weights[f"{name}.recurrent"], weights[f"{name}.bias"]
    )
    ordered = steps.reading_order(inputs, direction)
    hidden = steps.initial_state(len(inputs), config.hidden_units, inputs)
    cell = steps.initial_state(len(inputs), config.hidden_units, inputs)
    cells = []
    for t in range(ordered.shape[1]):
        step = steps.cell_step(gates, ordered[:, t], hidden, cell)
        hidden, cell = step.hidden, step.cell
        cells.append(step)
    return DirectionPass(layer, direction, ordered, tuple(cells))


def network_forward(
    steps: Steps, config: ForecasterConfig, weights: Weights, inputs: NetworkInputs, masks: Masks
) -> ForwardPass:
    """Runs the network over normalised, patched windows.

    `masks` are the dropout factors by layer of `randomness.dropout_masks`; empty at prediction.
    """
    passes: list[DirectionPass] = []
    outputs = inputs.sequence
    for layer in range(config.layers):
        layer_inputs = outputs if layer == 0 else steps.drop(outputs, masks.get(layer - 1))
        both = [
            steps.read(steps, config, weights, layer, direction, layer_inputs)
            for direction in direction_names(config)
        ]
        outputs = steps.join_directions([steps.time_order(one.hidden, one.direction) for one in both])
        passes += both
    final_hidden = steps.join_directions([steps.final_state(one.hidden, one.direction) for one in both])
    attention = None
    head_input = final_hidden
    if config.attention != "none":
        attention = steps.attend(final_hidden, outputs, weights.get("attention.kernel"))
        head_input = steps.join_head_input(attention.context, final_hidden)
    head_input = steps.drop(head_input, masks.get(config.layers))
    output: Array = steps.head(head_input, weights, config)
    step: StepPart | None = None
    by_linear: Array | None = None
    if inputs.step_features is not None:
        step = steps.step_part(head_input, inputs.step_features, weights, config)
        output = output + step.output
    if inputs.linear is not None:
        by_linear = steps.linear_part(inputs.linear, weights, config)
        output = output + by_linear[..., None]
    return ForwardPass(tuple(passes), outputs, final_hidden, attention, head_input, step, by_linear, output)


def direction_backward(
    steps: Steps, weights: Weights, done: DirectionPass, outputs: Array
) -> DirectionDerivatives:
    """Derivatives of `direction_forward`, last step first.

    `outputs` are derivatives with respect to h_t, `[B, T, H]` in reading order, except through the next step.
    """
    kernel, recurrent = weights[f"{done.name}.kernel"], weights[f"{done.name}.recurrent"]
    from_next_hidden = np.zeros_like(outputs[:, 0])
    from_next_cell = np.zeros_like(outputs[:, 0])
    by_step = []
    for t in reversed(range(len(done.cells))):
        hidden = outputs[:, t] + from_next_hidden
        at_step = steps.cell_step_backward(done.cells[t], hidden, from_next_cell)
        from_next_hidden = at_step.preactivation @ recurrent.T
        from_next_cell = at_step.previous_cell
        by_step.append((at_step.preactivation @ kernel.T, at_step.preactivation, hidden, at_step.cell))
    by_step.reverse()
    return DirectionDerivatives(*(np.stack(arrays, axis=1) for arrays in zip(*by_step, strict=True)))


def network_backward(
    steps: Steps,
    config: ForecasterConfig,
    weights: Weights,
    done: ForwardPass,
    output: Array,
    masks: Masks,
) -> tuple[Weights, tuple[LayerDerivatives, ...]]:
    """Gradients of the loss by weight array, and its derivatives inside the layers.

    `output` is the derivative with respect to the network's output `[B, Q, K, P]`; `masks` are those of the
    forward pass.
    """
    gradients: Weights = {}
    derivatives: list[LayerDerivatives] = []

    flat = output.reshape(len(output), -1)
    gradients["head.kernel"] = done.head_input.T @ flat
    gradients["head.bias"] = flat.sum(axis=0)
    head_input: Array = flat @ weights["head.kernel"].T
    if done.step is not None:
        by_step, of_step = steps.step_part_backward(done.head_input, done.step, weights, output)
        head_input = head_input + by_step
        gradients |= of_step
    head_input = steps.drop(head_input, masks.get(config.layers))

    outputs = np.zeros_like(done.outputs)
    final_hidden = head_input
    if done.attention is not None:
        context, final_hidden = steps.split_head_input(head_input)
        kernel = weights.get("attention.kernel")
        attended = steps.attend_backward(done.attention, done.final_hidden, done.outputs, kernel, context)
        outputs = attended.outputs
        final_hidden = final_hidden + attended.final_hidden
        if attended.kernel is not None:
            gradients["attention.kernel"] = attended.kernel

    finals = steps.split_directions(final_hidden, config.directions)
    for layer in reversed(range(config.layers)):
        both = [one for one in done.directions if one.layer == layer]
        below = np.zeros_like(steps.time_order(both[0].inputs, both[0].direction))
        found = []
        by_direction = steps.split_directions(outputs, config.directions)
        for n, one in enumerate(both):
            own_outputs = steps.reading_order(by_direction[n], one.direction)
            if layer == config.layers - 1:
                own_outputs = steps.final_state_backward(own_outputs, finals[n], one.direction)
            back = steps.read_backward(steps, weights, one, own_outputs)
            previous_hidden = np.stack([cell.previous_hidden for cell in one.cells], axis=1)
            for name, gradient in zip(
                ("kernel", "recurrent", "bias"),
                steps.layer_gradients(one.inputs, previous_hidden, back.preactivation),
                strict=True,
            ):
                gradients[f"{one.name}.{name}"] = gradient
            in_time = (
                steps.time_order(array, one.direction)
                for array in (back.preactivation, back.hidden, back.cell)
            )
            found.append(LayerDerivatives(*in_time))
            below = below + steps.time_order(back.inputs, one.direction)
        derivatives = found + derivatives
        outputs = steps.drop(below, masks.get(layer - 1))

    return {name: gradients[name] for name in weights if not is_fixed(name)}, tuple(derivatives)


@dataclass(frozen=True)
class Steps:
    """All functions of the reference, in order of computation."""

    # Windows (section 2)
    window_starts: Callable[[SeriesSet, ForecasterConfig, TargetRows, int], Starts] = windows.window_starts
    kept_starts: Callable[[SeriesSet, ForecasterConfig, Starts, bool], Starts] = windows.kept_starts
    input_windows: Callable[[Float64, Starts, ForecasterConfig], Float64] = windows.input_windows
    target_windows: Callable[[Float64, Starts, ForecasterConfig, tuple[int, ...]], Float64] = (
        windows.target_windows
    )
    observed_windows: Callable[[Mask, Starts, ForecasterConfig], Mask] = windows.observed_windows
    statistics: Callable[[Float64, ForecasterConfig], Statistics] = normalisation.statistics
    of_values: Callable[[Statistics, int], Statistics] = normalisation.of_values
    normalise: Callable[[Float64, Statistics], Float64] = normalisation.normalise
    cut_patches: Callable[[Array, ForecasterConfig], Array] = windows.cut_patches
    known_inputs: Callable[[SeriesSet, Starts, ForecasterConfig], Float64] = windows.known_inputs
    known_ahead: Callable[[SeriesSet, Starts, ForecasterConfig], Float64] = windows.known_ahead
    lagged_targets: Callable[[SeriesSet, Starts, ForecasterConfig, Float64], list[Float64]] = (
        windows.lagged_targets
    )
    denormalise: Callable[[Array, Array, Array], Array] = windows.denormalise
    target_in_window: Callable[[Float64, Float64, Float64], Float64] = windows.target_in_window

    # Forward (sections 3 to 6)
    initial_weights: Callable[[ForecasterConfig, int, int, int, int], Weights] = weights.initial_weights
    split_gates: Callable[[Array, Array, Array], Gates] = cell.split_gates
    initial_state: Callable[[int, int, Array], Array] = network.initial_state
    cell_step: Callable[[Gates, Array, Array, Array], CellStep] = cell.cell_step
    reading_order: Callable[[Array, str], Array] = network.reading_order
    time_order: Callable[[Array, str], Array] = network.time_order
    read: Callable[[Steps, ForecasterConfig, Weights, int, str, Array], DirectionPass] = direction_forward
    join_directions: Callable[[list[Array]], Array] = network.join_directions
    final_state: Callable[[Array, str], Array] = network.final_state
    attend: Callable[[Array, Array, Array | None], Attention] = attention.attend
    join_head_input: Callable[[Array, Array], Array] = network.join_head_input
    dropout_masks: Callable[[ForecasterConfig, int, int, int], dict[int, Float64]] = randomness.dropout_masks
    drop: Callable[[Array, Array | None], Array] = network.drop
    head: Callable[[Array, Weights, ForecasterConfig], Array] = network.head
    step_part: Callable[[Array, Array, Weights, ForecasterConfig], StepPart] = network.step_part
    linear_inputs: Callable[[LinearInputs, Starts], Float64] = linear.linear_inputs
    linear_part: Callable[[Array, Weights, ForecasterConfig], Array] = network.linear_part
    forward: Callable[[Steps, ForecasterConfig, Weights, NetworkInputs, Masks], ForwardPass] = network_forward

    # Loss and gradients (section 7)
    loss: Callable[[ForecasterConfig, Array, Array, Mask], float] = losses.loss
    loss_derivative: Callable[[ForecasterConfig, Array, Array, Mask], Array] = losses.loss_derivative
    weight: Callable[[Mask], float] = losses.weight
    cell_step_backward: Callable[[CellStep, Array, Array], CellDerivatives] = cell.cell_step_backward
    read_backward: Callable[[Steps, Weights, DirectionPass, Array], DirectionDerivatives] = direction_backward
    layer_gradients: Callable[[Array, Array, Array], tuple[Array, Array, Array]] = network.layer_gradients
    split_head_input: Callable[[Array], tuple[Array, Array]] = network.split_head_input
    step_part_backward: Callable[[Array, StepPart, Weights, Array], tuple[Array, Weights]] = (
        network.step_part_backward
    )
    split_directions: Callable[[Array, int], list[Array]] = network.split_directions
    final_state_backward: Callable[[Array, Array, str], Array] = network.final_state_backward
    attend_backward: Callable[[Attention, Array, Array, Array | None, Array], AttentionDerivatives] = (
        attention.attend_backward
    )
    backward: Callable[
        [Steps, ForecasterConfig, Weights, ForwardPass, Array, Masks],
        tuple[Weights, tuple[LayerDerivatives, ...]],
    ] = network_backward

    # Update and training (section 7)
    clip: Callable[[ForecasterConfig, Weights], tuple[Weights, float]] = optimizer.clip
    adamw: _Update = optimizer.adamw
    sgd: _Update = optimizer.sgd
    fit_linear: Callable[[LinearInputs, Starts, Starts], Weights] = linear.fit_linear
    epoch_order: Callable[[int, int, int], Starts] = randomness.epoch_order
    in_epoch: Callable[[Starts, ForecasterConfig], Starts] = randomness.in_epoch
    learning_rate: Callable[[ForecasterConfig, int, int, float], float] = schedule.learning_rate
