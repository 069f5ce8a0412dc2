"""The linear part: what it reads, what it adds, and what must not train it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.deviation import (
    Deviation,
    Plant,
    altered,
    methods,
    overriding,
    weights_taken_for,
)
from lstm_conformance.deviations.updates import Updating
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.linear import LinearInputs
from lstm_plugins.records import BatchResults, NormalisedWindows, OptimizerState, Starts, TrainingStep
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.network import ForwardPass
from lstm_plugins.reference.optimizer import clip_factor, global_norm, initial_state
from lstm_plugins.weights import Array, Weights, is_fixed

initial = partial(Deviation, level="initial weights", applies=when.linear)
prediction = partial(Deviation, level="prediction", applies=when.linear)
optimizer = partial(Deviation, level="optimizer", applies=when.linear)
two_steps = partial(Deviation, level="two steps", applies=when.linear)
Float64 = NDArray[np.float64]


def _window_part(change: Callable[[LinearInputs, Starts, Float64], Float64]) -> Plant:
    """Another order or other values of the window's part of u; `change` takes `[B, look_back, features]`."""

    def inputs(true: Any, given: LinearInputs, starts: Starts) -> Float64:
        u: Float64 = true(given, starts)
        length, features = given.config.look_back, given.series.values.shape[1]
        window, rest = np.split(u, [length * features], axis=1)
        changed = change(given, starts, window.reshape(len(u), length, features))
        return np.concatenate([changed.reshape(len(u), -1), rest], axis=1)

    return altered(linear_inputs=inputs)


def _raw(given: LinearInputs, starts: Starts, window: Float64) -> Float64:
    return given.series.values.take(starts[:, None] + np.arange(given.config.look_back), axis=0)


def _known_row(by: int | None) -> Plant:
    """The known columns of another row of the window, so many after its last; None for its first."""

    def inputs(true: Any, given: LinearInputs, starts: Starts) -> Float64:
        u, series, config = true(given, starts), given.series, given.config
        assert series.known is not None  # noqa: S101 - it applies where there are known columns
        row = 0 if by is None else config.look_back - 1 + by
        rows = np.clip(series.known_rows(starts) + row, 0, len(series.known) - 1)
        begin = config.look_back * series.values.shape[1]
        u[:, begin : begin + series.known_columns] = series.known[rows]
        return np.asarray(u)

    return altered(linear_inputs=inputs)


def _own_part(change: Callable[[Float64], Float64]) -> Plant:
    """Other values of the user's columns of the target rows, from `[B, Q, U]`."""

    def inputs(true: Any, given: LinearInputs, starts: Starts) -> Float64:
        u: Float64 = true(given, starts)
        size = given.config.horizon * given.series.own_known
        rest, own = np.split(u, [u.shape[1] - size], axis=1)
        changed = change(own.reshape(len(u), given.config.horizon, -1))
        return np.concatenate([rest, changed.reshape(len(u), -1)], axis=1)

    return altered(linear_inputs=inputs)


def _parts_exchanged(true: Any, given: LinearInputs, starts: Starts) -> Float64:
    u: Float64 = true(given, starts)
    parts = np.split(u, [given.config.look_back * given.series.values.shape[1]], axis=1)
    return np.concatenate(parts[::-1], axis=1)


def _added(change: Callable[[ForecasterConfig, Array], Array]) -> Plant:
    """Another part added to the output, from what the linear part gives, `[B, Q, K]`, and its shape there."""

    def forward(true: Any, steps: Any, config: ForecasterConfig, *given: Any) -> ForwardPass:
        done: ForwardPass = true(steps, config, *given)
        if done.linear is None:
            return done
        wanted = np.broadcast_to(done.linear[..., None], done.output.shape)
        return replace(done, output=done.output + (change(config, wanted) - wanted))

    return altered(forward=forward)


def _to_the_median(config: ForecasterConfig, wanted: Array) -> Array:
    return np.where(np.arange(wanted.shape[-1]) == config.point_quantile, wanted, 0.0).astype(wanted.dtype)


def _unscaled(
    true: Any, self: ReferenceForecaster, starts: Starts, windows: NormalisedWindows, masks: Any
) -> ForwardPass:
    done: ForwardPass = true(starts, windows, masks)
    if done.linear is None:
        return done
    scale = self._target_statistics(windows)[1][:, None]
    return replace(done, output=done.output + (done.linear / scale - done.linear)[..., None])


def _targets_first(weights: Weights, config: ForecasterConfig) -> Weights:
    """The linear part's columns taken for those of target after target."""
    outputs = len(weights["linear.bias"])
    order = np.arange(outputs).reshape(-1, config.horizon).T.reshape(-1)
    return {n: a[..., order] if is_fixed(n) else a for n, a in weights.items()}


def _horizon_reversed(weights: Weights, config: ForecasterConfig) -> Weights:
    order = np.arange(len(weights["linear.bias"])).reshape(config.horizon, -1)[::-1].reshape(-1)
    return {n: a[..., order] if is_fixed(n) else a for n, a in weights.items()}


def _no_bias(weights: Weights, config: ForecasterConfig) -> Weights:
    return {n: 0.0 * a if n == "linear.bias" else a for n, a in weights.items()}


def _as_found(gradients: Weights, config: ForecasterConfig) -> Weights:
    return gradients


def _decaying(true: Any, self: ReferenceForecaster, gradients: Weights, rate: float) -> None:
    true(gradients, rate)
    kernel = self._weights["linear.kernel"]
    self._weights = {
        **self._weights,
        "linear.kernel": kernel - float(rate) * self.config.weight_decay * kernel,
    }


class _WithLinearGradients(Updating):
    """Training that knows the gradients of the linear part too."""

    def gradients_of(self, batch: Starts, step: TrainingStep, n: int) -> tuple[float, Weights]:
        """See `Updating`."""
        drawn = self.steps.dropout_masks(self.config, step.epoch, step.step, len(batch))
        masks = {layer: mask.astype(self.config.precision) for layer, mask in drawn.items()}
        windows = self.normalised_windows(batch)
        done = self._forward(batch, windows, masks)
        output = self._loss_derivative(batch, windows, done.output).sum(axis=3).reshape(len(batch), -1)
        u = self.steps.linear_inputs(self._linear(), batch).astype(self.config.precision)
        self.linear_gradients: Weights = {"linear.kernel": u.T @ output, "linear.bias": output.sum(axis=0)}
        return super().gradients_of(batch, step, n)

    def clipped(self, gradients: Weights) -> tuple[Weights, float]:
        """Clips by the norm of all gradients."""
        norm = global_norm({**gradients, **self.linear_gradients})
        factor = clip_factor(self.config, norm)
        self.linear_gradients = {name: factor * array for name, array in self.linear_gradients.items()}
        return {name: factor * array for name, array in gradients.items()}, norm


class _TrainingLinear(_WithLinearGradients):
    """Training that updates the linear part too, with moments of its own."""

    def train_batches(
        self, starts: Starts, learning_rates: NDArray[np.float64], first: TrainingStep
    ) -> BatchResults:
        """See `Forecaster`."""
        if self._optimizer.step == 0:
            self.linear_state: OptimizerState = initial_state(self.config, self._fixed())
        return super().train_batches(starts, learning_rates, first)

    def apply(self, gradients: Weights, rate: float, batch: Starts) -> None:
        """See `Updating`."""
        step = self.steps.sgd if self.config.optimizer == "sgd" else self.steps.adamw
        moved, self.linear_state = step(
            self.config, self._fixed(), self.linear_gradients, self.linear_state, rate
        )
        super().apply(gradients, rate, batch)
        self._weights = {**self._weights, **moved}

    def _fixed(self) -> Weights:
        return {name: array for name, array in self._weights.items() if is_fixed(name)}


def _head_kept(true: Any, config: ForecasterConfig, *columns: int) -> Weights:
    """The head drawn although there is a linear part."""
    plain: Weights = true(replace(config, linear="none"), *columns)
    return {**true(config, *columns), "head.kernel": plain["head.kernel"]}


several_outputs = when.several_targets & when.long_horizon

INITIAL = (
    initial(
        "head drawn",
        "a head drawn at random in spite of the linear part",
        altered(initial_weights=_head_kept),
    ),
)

PREDICTION = (
    prediction(
        "linear part forgotten",
        "no linear part in the output",
        _added(lambda config, wanted: np.zeros_like(wanted)),
    ),
    prediction(
        "linear part subtracted",
        "the linear part subtracted from the output instead of added",
        _added(lambda config, wanted: -wanted),
    ),
    prediction(
        "linear part of the median",
        "the linear part added to the median alone",
        _added(_to_the_median),
        applies=when.linear & when.several_quantiles,
    ),
    prediction(
        "linear part after the scale",
        "the linear part added after the window's scale is undone",
        overriding(_forward=_unscaled),
        applies=when.linear & when.scaled,
    ),
    prediction(
        "linear inputs feature-major",
        "the linear part's window laid out feature by feature instead of step by step",
        _window_part(lambda given, starts, window: window.swapaxes(1, 2)),
        applies=when.linear & when.several_features & when.long_look_back,
    ),
    prediction(
        "linear inputs reversed",
        "the linear part's window from its last row to its first",
        _window_part(lambda given, starts, window: window[:, ::-1]),
        applies=when.linear & when.long_look_back,
    ),
    prediction(
        "linear inputs not normalised",
        "the window as in the series in the linear part, not normalised",
        _window_part(_raw),
        applies=when.linear & when.normalised,
    ),
    prediction(
        "linear part's known columns of the first row",
        "the known columns of the window's first row in the linear part instead of its last",
        _known_row(None),
        applies=when.linear & when.known,
    ),
    prediction(
        "linear part's known columns of the row before",
        "the known columns of the window's second-to-last row in the linear part",
        _known_row(-1),
        applies=when.linear & when.known,
    ),
    prediction(
        "linear part's known columns of the next row",
        "the known columns of the first target row in the linear part instead of the window's last",
        _known_row(1),
        applies=when.linear & when.known,
    ),
    prediction(
        "own columns by column",
        "the user's columns of the target rows column by column in the linear part",
        _own_part(lambda own: own.swapaxes(1, 2)),
        applies=when.linear & when.several_own_known & when.long_horizon,
    ),
    prediction(
        "own columns reversed",
        "the user's columns of the target rows in reverse order in the linear part",
        _own_part(lambda own: own[:, ::-1]),
        applies=when.linear & when.own_known & when.long_horizon,
    ),
    prediction(
        "own columns of the first target row",
        "the user's columns of the first target row for all target rows in the linear part",
        _own_part(lambda own: np.repeat(own[:, :1], own.shape[1], axis=1)),
        applies=when.linear & when.own_known & when.long_horizon,
    ),
    prediction(
        "known columns before the window",
        "the linear part's known columns before the window's values instead of after them",
        altered(linear_inputs=_parts_exchanged),
        applies=when.linear & when.known,
    ),
    prediction(
        "no bias in the linear part",
        "no bias in the linear part",
        weights_taken_for(_no_bias, _as_found),
    ),
    prediction(
        "linear part target-major",
        "the linear part's columns target by target instead of step by step",
        weights_taken_for(_targets_first, _as_found),
        applies=when.linear & several_outputs,
    ),
    prediction(
        "linear part's horizon reversed",
        "the linear part's horizon in reverse order",
        weights_taken_for(_horizon_reversed, _as_found),
        applies=when.linear & when.long_horizon,
    ),
)

OPTIMIZER = (
    optimizer(
        "linear part decayed",
        "weight decay of the linear part",
        overriding(update=_decaying),
        applies=when.linear & when.decaying,
    ),
)

TWO_STEPS = (
    two_steps(
        "linear part in the norm",
        "the linear part's gradients counted in the norm",
        methods(_WithLinearGradients),
    ),
    two_steps(
        "linear part trained",
        "a linear part that is trained like all other weights",
        methods(_TrainingLinear),
    ),
)
