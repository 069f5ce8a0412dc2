"""The reference as a record of its functions, so that any one of them can be replaced.

`Steps()` is docs/specification.md. `dataclasses.replace(Steps(), cell_step=other)` is a forecaster that
deviates in that one place: this is how the catalogue of known deviations is made, and how a student tries
out a variation. Functions that call others of the record take it as their first argument.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_plugins import randomness, weights
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import LayerDerivatives, OptimizerState, SeriesSet, Starts, TargetRows
from lstm_plugins.reference import attention, backpropagation, cell, network, optimizer, schedule, windows
from lstm_plugins.reference import loss as losses
from lstm_plugins.reference.attention import Attention, AttentionDerivatives
from lstm_plugins.reference.backpropagation import DirectionDerivatives
from lstm_plugins.reference.cell import CellDerivatives, CellStep, Gates
from lstm_plugins.reference.network import DirectionPass, ForwardPass
from lstm_plugins.weights import Array, Weights

Float64 = NDArray[np.float64]
Masks = Mapping[int, Array]
_Update = Callable[
    [ForecasterConfig, Weights, Weights, OptimizerState, float], tuple[Weights, OptimizerState]
]


@dataclass(frozen=True)
class Steps:
    """Every function of the reference, in the order in which the data meet them."""

    # Windows (section 2)
    window_starts: Callable[[SeriesSet, ForecasterConfig, TargetRows, int], Starts] = windows.window_starts
    input_windows: Callable[[Float64, Starts, ForecasterConfig], Float64] = windows.input_windows
    target_windows: Callable[[Float64, Starts, ForecasterConfig, tuple[int, ...]], Float64] = (
        windows.target_windows
    )
    statistics: Callable[[Float64, ForecasterConfig], tuple[Float64, Float64]] = windows.statistics
    normalise: Callable[[Float64, Float64, Float64], Float64] = windows.normalise
    cut_patches: Callable[[Array, ForecasterConfig], Array] = windows.cut_patches
    denormalise: Callable[[Array, Array, Array], Array] = windows.denormalise

    # Forward (sections 3 to 6)
    initial_weights: Callable[[ForecasterConfig, int, int], Weights] = weights.initial_weights
    split_gates: Callable[[Array, Array, Array], Gates] = cell.split_gates
    initial_state: Callable[[int, int, Array], Array] = network.initial_state
    cell_step: Callable[[Gates, Array, Array, Array], CellStep] = cell.cell_step
    reading_order: Callable[[Array, str], Array] = network.reading_order
    time_order: Callable[[Array, str], Array] = network.time_order
    read: Callable[[Steps, ForecasterConfig, Weights, int, str, Array], DirectionPass] = network.read
    join_directions: Callable[[list[Array]], Array] = network.join_directions
    final_state: Callable[[Array, str], Array] = network.final_state
    attend: Callable[[Array, Array, Array | None], Attention] = attention.attend
    join_head_input: Callable[[Array, Array], Array] = network.join_head_input
    dropout_masks: Callable[[ForecasterConfig, int, int, int], dict[int, Float64]] = randomness.dropout_masks
    drop: Callable[[Array, Array | None], Array] = network.drop
    head: Callable[[Array, Weights, ForecasterConfig], Array] = network.head
    forward: Callable[[Steps, ForecasterConfig, Weights, Array, Masks], ForwardPass] = network.forward

    # Loss and gradients (section 7)
    loss: Callable[[ForecasterConfig, Array, Array], float] = losses.loss
    loss_derivative: Callable[[ForecasterConfig, Array, Array], Array] = losses.loss_derivative
    cell_step_backward: Callable[[CellStep, Array, Array], CellDerivatives] = cell.cell_step_backward
    read_backward: Callable[[Steps, Weights, DirectionPass, Array], DirectionDerivatives] = (
        backpropagation.read_backward
    )
    layer_gradients: Callable[[Array, Array, Array], tuple[Array, Array, Array]] = (
        backpropagation.layer_gradients
    )
    split_head_input: Callable[[Array], tuple[Array, Array]] = network.split_head_input
    split_directions: Callable[[Array, int], list[Array]] = network.split_directions
    final_state_backward: Callable[[Array, Array, str], Array] = network.final_state_backward
    attend_backward: Callable[[Attention, Array, Array, Array | None, Array], AttentionDerivatives] = (
        attention.attend_backward
    )
    backward: Callable[
        [Steps, ForecasterConfig, Weights, ForwardPass, Array, Masks],
        tuple[Weights, tuple[LayerDerivatives, ...]],
    ] = backpropagation.backward

    # Update and training (section 7)
    clip: Callable[[ForecasterConfig, Weights], tuple[Weights, float]] = optimizer.clip
    adamw: _Update = optimizer.adamw
    sgd: _Update = optimizer.sgd
    epoch_order: Callable[[int, int, int], Starts] = randomness.epoch_order
    learning_rate: Callable[[ForecasterConfig, int, int, float], float] = schedule.learning_rate
