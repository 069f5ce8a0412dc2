"""The inside of a window, and the gradients of a batch of windows, as records without a batch axis."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.inspect.subject import Subject
from lstm_forecasting.inspect.windows import Window

Values = NDArray[np.float64]
NamedValues = dict[str, Values]


@dataclass(frozen=True, eq=False)
class InspectedLayer:
    """Every gate and state of one layer and direction; index t is the input's step in both directions.

    Attributes:
        layer: from 0.
        direction: "forward" or "backward".
        inputs: `[T, D_l]`.
        forget: `[T, H]`, like input, candidate, cell, output and hidden.
        preactivation_derivatives: `[T, 4H]`, of the loss with respect to the gates before σ and tanh, in
            the order of the weights: input, forget, candidate, output.
        hidden_derivatives: `[T, H]`, with respect to h_t, through every later step.
        cell_derivatives: `[T, H]`, with respect to C_t, likewise.
    """

    layer: int
    direction: str
    inputs: Values
    forget: Values
    input: Values
    candidate: Values
    cell: Values
    output: Values
    hidden: Values
    preactivation_derivatives: Values
    hidden_derivatives: Values
    cell_derivatives: Values

    @property
    def name(self) -> str:
        """The prefix of its weights' names, such as "layer0.forward"."""
        return f"layer{self.layer}.{self.direction}"

    @property
    def steps(self) -> int:
        """T."""
        return len(self.hidden)

    @property
    def units(self) -> int:
        """H."""
        return int(self.hidden.shape[1])

    @property
    def previous_hidden(self) -> Values:
        """`[T, H]`, h before each step: zeros before the step that is read first."""
        return self._previous(self.hidden)

    @property
    def previous_cell(self) -> Values:
        """`[T, H]`, C before each step."""
        return self._previous(self.cell)

    def _previous(self, states: Values) -> Values:
        none = np.zeros_like(states[:1])
        if self.direction == "backward":
            return np.concatenate([states[1:], none])
        return np.concatenate([none, states[:-1]])


@dataclass(frozen=True, eq=False)
class InspectedWindow:
    """One window and everything that a backend computes from it, converted to float64.

    Attributes:
        subject: the weights.
        window: the window.
        backend: short name of the backend.
        inputs: `[look_back, columns]` in the series' units.
        truth: `[Q, K]` in the series' units; filled values have no part in loss and gradients.
        prediction: `[Q, K, P]` in the series' units.
        scaled_inputs: `[look_back, features]` in scaled units, like scaled_truth and scaled_prediction; the
            indicators of missing values follow the columns.
        center: `[features]`, subtracted from the scaled inputs by the per-window normalisation.
        scale: `[features]`, by which it divides.
        layers: by layer, forward before backward.
        attention: `[T]` weights; None without attention.
        head_input: `[R]`, input of the head.
        output: `[Q, K, P]`, before the normalisation is undone.
        loss: of this window alone.
        gradients: of that loss, by weight array.
    """

    subject: Subject
    window: Window
    backend: str
    inputs: Values
    truth: Values
    prediction: Values
    scaled_inputs: Values
    scaled_truth: Values
    scaled_prediction: Values
    center: Values
    scale: Values
    layers: tuple[InspectedLayer, ...]
    attention: Values | None
    head_input: Values
    output: Values
    loss: float
    gradients: NamedValues

    @property
    def filled_truth(self) -> NDArray[np.bool_]:
        """`[Q, K]`, True for values of `truth` that were filled."""
        filled: NDArray[np.bool_] = self.subject.experiment.table.filled[self.window.targets.slice]
        return filled[:, : self.truth.shape[1]]

    @property
    def point(self) -> Values:
        """`[Q, K]`, the point forecast in the series' units."""
        return self.prediction[:, :, self.subject.config.point_quantile]

    @cached_property
    def weights(self) -> NamedValues:
        """The weights rounded to the precision of the computation."""
        precision = self.subject.config.precision
        return {
            name: array.astype(precision).astype(np.float64)
            for name, array in self.subject.model.weights.items()
        }

    def target_by_step(self, target: int) -> Values:
        """`[T]`, a target's value at the last row of each step, in the series' units."""
        patch = self.subject.config.patch
        return self.inputs[patch - 1 :: patch, target]

    def step_rows(self, step: int) -> range:
        """The rows of the series in a step, from 0."""
        patch, first = self.subject.config.patch, self.window.inputs.start
        return range(first + step * patch, first + (step + 1) * patch)


@dataclass(frozen=True, eq=False)
class InspectedBatch:
    """The windows of one update.

    Attributes:
        subject: the weights.
        backend: short name of the backend.
        starts: `[B]`, first rows of the windows.
        shares: `[B]`, of each window in the loss of the batch: its share of the observed target values.
        losses: `[B]`, of each window alone.
        window_gradients: by weight array, `[B, …]`: the gradient of each window's loss.
        loss: of the batch.
        gradients: of that loss, without dropout and before clipping.
    """

    subject: Subject
    backend: str
    starts: NDArray[np.int64]
    shares: Values
    losses: Values
    window_gradients: NamedValues
    loss: float
    gradients: NamedValues
