"""The forward pass: layers, directions, dropout, attention, head. docs/specification.md section 4.

Sources: Schuster and Paliwal, 1997 (bidirectional); Srivastava et al., JMLR 2014, and Zaremba et al., 2014
(dropout off the recurrent path).
"""

from dataclasses import dataclass

import numpy as np

from lstm_plugins.config import ForecasterConfig
from lstm_plugins.reference.attention import Attention
from lstm_plugins.reference.cell import CellStep
from lstm_plugins.weights import Array, Weights


@dataclass(frozen=True)
class DirectionPass:
    """The forward pass of one layer and direction.

    Attributes:
        layer: from 0.
        direction: "forward" or "backward".
        inputs: `[B, T, D_l]`, in reading order.
        cells: the T steps in reading order.
    """

    layer: int
    direction: str
    inputs: Array
    cells: tuple[CellStep, ...]

    @property
    def name(self) -> str:
        """Prefix of the names of its weights."""
        return f"layer{self.layer}.{self.direction}"

    @property
    def hidden(self) -> Array:
        """`[B, T, H]`, h in reading order."""
        return np.stack([cell.hidden for cell in self.cells], axis=1)


@dataclass(frozen=True)
class NetworkInputs:
    """What the network computes a forecast from.

    Attributes:
        sequence: `[B, T, D]`, the windows as the LSTM sees them.
        step_features: `[B, Q, G + K·lags]`, what the step part reads; None without it.
        linear: u, `[B, d]`, what the linear part reads; None without it.
    """

    sequence: Array
    step_features: Array | None = None
    linear: Array | None = None


@dataclass(frozen=True)
class StepPart:
    """What the step part computes.

    Attributes:
        features: `[B, Q, G + K·lags]`, what is known of each target row.
        hidden: `[B, Q, 24]`, after relu.
        output: `[B, Q, K, P]`.
    """

    features: Array
    hidden: Array
    output: Array


@dataclass(frozen=True)
class ForwardPass:
    """A forward pass with everything that backpropagation needs.

    Attributes:
        directions: all layers and directions, forward before backward.
        outputs: `[B, T, S·H]`, h of the last layer in time order.
        final_hidden: `[B, S·H]`.
        attention: None without attention.
        head_input: `[B, R]`, after dropout.
        step: None without a step part.
        linear: `[B, Q, K]`; None without a linear part.
        output: `[B, Q, K, P]`, before the per-window normalisation is undone.
    """

    directions: tuple[DirectionPass, ...]
    outputs: Array
    final_hidden: Array
    attention: Attention | None
    head_input: Array
    step: StepPart | None
    linear: Array | None
    output: Array


@dataclass(frozen=True)
class DirectionDerivatives:
    """Derivatives of the loss in one layer and direction, in reading order; see `LayerDerivatives`."""

    inputs: Array
    preactivation: Array
    hidden: Array
    cell: Array


def reading_order(sequence: Array, direction: str) -> Array:
    """`[B, T, …]` from time order into the order in which a direction reads it."""
    return sequence[:, ::-1] if direction == "backward" else sequence


def time_order(sequence: Array, direction: str) -> Array:
    """The inverse of `reading_order`."""
    return sequence[:, ::-1] if direction == "backward" else sequence


def initial_state(batch: int, hidden_units: int, like: Array) -> Array:
    """h_0 and C_0: zeros `[B, H]` for every window."""
    return np.zeros((batch, hidden_units), like.dtype)


def join_directions(by_direction: list[Array]) -> Array:
    """Joins arrays of width H into one of width S·H, forward first."""
    return np.concatenate(by_direction, axis=-1)


def split_directions(joined: Array, directions: int) -> list[Array]:
    """The inverse of `join_directions`."""
    return np.split(joined, directions, axis=-1)


def final_state(hidden: Array, direction: str) -> Array:
    """The state after the last step, from h `[B, T, H]` in the reading order of `direction`."""
    return hidden[:, -1]


def final_state_backward(hidden: Array, final: Array, direction: str) -> Array:
    """Derivatives `[B, T, H]` of h, with the derivative `[B, H]` of `final_state` added to the last step."""
    together = hidden.copy()
    together[:, -1] += final
    return together


def join_head_input(context: Array, final_hidden: Array) -> Array:
    """The head input with attention, `[B, 2·S·H]`."""
    return np.concatenate([context, final_hidden], axis=1)


def split_head_input(head_input: Array) -> tuple[Array, Array]:
    """The inverse of `join_head_input`: context and final hidden state."""
    context, final_hidden = np.split(head_input, 2, axis=1)
    return context, final_hidden


def drop(values: Array, mask: Array | None) -> Array:
    """Inverted dropout: `values` times a mask of zeros and factors above 1; no mask (None) at prediction."""
    return values if mask is None else values * mask


def head(head_input: Array, weights: Weights, config: ForecasterConfig) -> Array:
    """r·W + b as `[B, Q, K, P]`: the whole horizon at once."""
    output = head_input @ weights["head.kernel"] + weights["head.bias"]
    return output.reshape(len(head_input), config.horizon, -1, len(config.output_quantiles))


def step_part(head_input: Array, features: Array, weights: Weights, config: ForecasterConfig) -> StepPart:
    """relu(r·kernel + f_q·features + position_q)·output, for each step q of the horizon."""
    by_window = (head_input @ weights["step.kernel"])[:, None]
    hidden = np.maximum(by_window + features @ weights["step.features"] + weights["step.position"], 0.0)
    output = hidden @ weights["step.output"]
    shape = (len(head_input), config.horizon, -1, len(config.output_quantiles))
    return StepPart(features, hidden, output.reshape(shape))


def step_part_backward(
    head_input: Array, done: StepPart, weights: Weights, output: Array
) -> tuple[Array, Weights]:
    """Derivatives of the head input, `[B, R]`, and gradients of the step part's arrays.

    `output` is the derivative with respect to the output, `[B, Q, K, P]`. The derivative of relu at 0 is 0.
    """
    outer = output.reshape(*done.hidden.shape[:2], -1)
    before_relu = (outer @ weights["step.output"].T) * (done.hidden > 0)
    by_window = before_relu.sum(axis=1)
    gradients = {
        "step.kernel": head_input.T @ by_window,
        "step.features": np.einsum("bqf,bqw->fw", done.features, before_relu),
        "step.position": before_relu.sum(axis=0),
        "step.output": np.einsum("bqw,bqo->wo", done.hidden, outer),
    }
    return by_window @ weights["step.kernel"].T, gradients


def linear_part(inputs: Array, weights: Weights, config: ForecasterConfig) -> Array:
    """u·W_s + b_s as `[B, Q, K]`, from u `[B, d]`."""
    output = inputs @ weights["linear.kernel"] + weights["linear.bias"]
    return output.reshape(len(inputs), config.horizon, -1)


def layer_gradients(
    inputs: Array, previous_hidden: Array, preactivation: Array
) -> tuple[Array, Array, Array]:
    """Gradients of kernel, recurrent kernel and bias, summed over windows and steps.

    `inputs` are x_t, `[B, T, D_l]`, `previous_hidden` is h_{t−1}, `[B, T, H]`, and `preactivation` the
    derivatives `[B, T, 4H]`.
    """
    kernel = np.einsum("btd,btg->dg", inputs, preactivation, optimize=True)
    recurrent = np.einsum("bth,btg->hg", previous_hidden, preactivation, optimize=True)
    return kernel, recurrent, preactivation.sum(axis=(0, 1))
