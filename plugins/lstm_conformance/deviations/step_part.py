"""The step part: what known columns and lags add to each step of the forecast, and its gradients."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.deviation import Deviation, Plant, altered, weights_taken_for
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import LayerDerivatives
from lstm_plugins.reference.cell import logistic
from lstm_plugins.reference.network import ForwardPass, NetworkInputs, StepPart, join_head_input
from lstm_plugins.reference.steps import Masks, Steps
from lstm_plugins.weights import Array, Weights

prediction = partial(Deviation, level="prediction", applies=when.stepping)
derivatives = partial(Deviation, level="derivatives", applies=when.stepping)
gradients = partial(Deviation, level="gradients", applies=when.stepping)


@dataclass(frozen=True)
class Activation:
    """A function in the place of relu.

    Attributes:
        value: from what is before it, `[B, Q, 24]`.
        slope: its derivative, from the same.
    """

    value: Callable[[Array], Array]
    slope: Callable[[Array], Array]

    def step_part(
        self, true: Any, head_input: Array, features: Array, weights: Weights, config: ForecasterConfig
    ) -> StepPart:
        """See `reference.network.step_part`."""
        hidden = self.value(_before_relu(head_input, features, weights))
        done: StepPart = true(head_input, features, weights, config)
        return replace(
            done, hidden=hidden, output=(hidden @ weights["step.output"]).reshape(done.output.shape)
        )

    def step_part_backward(
        self, true: Any, head_input: Array, done: StepPart, weights: Weights, output: Array
    ) -> tuple[Array, Weights]:
        """See `reference.network.step_part_backward`."""
        outer = output.reshape(*done.hidden.shape[:2], -1)
        slope = self.slope(_before_relu(head_input, done.features, weights))
        inner = (outer @ weights["step.output"].T) * slope
        by_window = inner.sum(axis=1)
        found = {
            "step.kernel": head_input.T @ by_window,
            "step.features": np.einsum("bqf,bqw->fw", done.features, inner),
            "step.position": inner.sum(axis=0),
            "step.output": np.einsum("bqw,bqo->wo", done.hidden, outer),
        }
        return by_window @ weights["step.kernel"].T, found


def _before_relu(head_input: Array, features: Array, weights: Weights) -> Array:
    by_window = (head_input @ weights["step.kernel"])[:, None]
    return np.asarray(by_window + features @ weights["step.features"] + weights["step.position"])


def _activated(value: Callable[[Array], Array], slope: Callable[[Array], Array]) -> Plant:
    activation = Activation(value, slope)
    return altered(step_part=activation.step_part, step_part_backward=activation.step_part_backward)


def _tanh_gelu(x: Array) -> Array:
    return np.asarray(np.tanh(np.sqrt(2.0 / np.pi) * (x + 0.044715 * x**3)))


def _gelu_slope(x: Array) -> Array:
    inner = _tanh_gelu(x)
    outer = np.sqrt(2.0 / np.pi) * (1.0 + 3.0 * 0.044715 * x**2)
    return np.asarray(0.5 * (1.0 + inner) + 0.5 * x * (1.0 - inner**2) * outer)


def _taken(change: Callable[[Weights], Weights], back: Callable[[Weights], Weights]) -> Plant:
    """The step part with other weights; `back` gives the gradients of the canonical ones."""
    return weights_taken_for(
        lambda weights, config: {**weights, **change(weights)},
        lambda gradients, config: {**gradients, **back(gradients)},
    )


def _without(name: str) -> Plant:
    def nothing(arrays: Weights) -> Weights:
        return {name: 0.0 * arrays[name]}

    return _taken(nothing, nothing)


def _first_position(weights: Weights) -> Weights:
    position = weights["step.position"]
    return {"step.position": np.repeat(position[:1], len(position), axis=0)}


def _all_in_first(gradients: Weights) -> Weights:
    summed = np.zeros_like(gradients["step.position"])
    summed[0] = gradients["step.position"].sum(axis=0)
    return {"step.position": summed}


def _positions_reversed(arrays: Weights) -> Weights:
    return {"step.position": arrays["step.position"][::-1]}


def _not_added(true: Any, *given: Any) -> StepPart:
    done: StepPart = true(*given)
    return replace(done, output=np.zeros_like(done.output))


def _nothing_back(true: Any, head_input: Array, *given: Any) -> tuple[Array, Weights]:
    by_step, found = true(head_input, *given)
    return np.zeros_like(by_step), {name: np.zeros_like(array) for name, array in found.items()}


def _outputs(order: Callable[[int, int], NDArray[Any]]) -> Plant:
    """Other columns of the output; `order` numbers those taken, from targets and quantiles."""

    def columns(arrays: Weights, config: ForecasterConfig) -> NDArray[Any]:
        quantiles = len(config.output_quantiles)
        return order(arrays["step.output"].shape[1] // quantiles, quantiles).reshape(-1)

    return weights_taken_for(
        lambda weights, config: {
            **weights,
            "step.output": weights["step.output"][:, columns(weights, config)],
        },
        lambda found, config: {
            **found,
            "step.output": found["step.output"][:, np.argsort(columns(found, config))],
        },
    )


def _undropped(done: ForwardPass) -> Array:
    """The head input before dropout."""
    if done.attention is None:
        return done.final_hidden
    return join_head_input(done.attention.context, done.final_hidden)


def _forward_undropped(
    true: Any, steps: Steps, config: ForecasterConfig, weights: Weights, inputs: NetworkInputs, masks: Masks
) -> ForwardPass:
    done: ForwardPass = true(steps, config, weights, inputs, masks)
    if done.step is None or config.layers not in masks:
        return done
    step = steps.step_part(_undropped(done), done.step.features, weights, config)
    return replace(done, step=step, output=done.output - done.step.output + step.output)


def _backward_undropped(
    true: Any, steps: Steps, config: Any, weights: Weights, done: ForwardPass, output: Array, masks: Masks
) -> tuple[Weights, tuple[LayerDerivatives, ...]]:
    if done.step is None or config.layers not in masks:
        whole: tuple[Weights, tuple[LayerDerivatives, ...]] = true(
            steps, config, weights, done, output, masks
        )
        return whole
    # The head with dropout and the step part without it, one after the other.
    alone = replace(steps, step_part_backward=partial(_nothing_back, steps.step_part_backward))
    of_head, through_head = true(alone, config, weights, done, output, masks)
    headless = {**weights, "head.kernel": np.zeros_like(weights["head.kernel"])}
    undropped = {layer: mask for layer, mask in masks.items() if layer != config.layers}
    below = replace(done, head_input=_undropped(done))
    of_step, through_step = true(steps, config, headless, below, output, undropped)
    found = {
        name: array
        if name.startswith("step.")
        else of_head[name]
        if name.startswith("head.")
        else array + of_head[name]
        for name, array in of_step.items()
    }
    together = tuple(
        LayerDerivatives(one.preactivation + two.preactivation, one.hidden + two.hidden, one.cell + two.cell)
        for one, two in zip(through_head, through_step, strict=True)
    )
    return found, together


def _steep_at_zero(true: Any, head_input: Array, done: StepPart, weights: Weights, output: Array) -> Any:
    # Moved up by less than any number in it, so that only exact zeros change.
    return true(
        head_input, replace(done, hidden=done.hidden + _at_zero(head_input, done, weights)), weights, output
    )


def _at_zero(head_input: Array, done: StepPart, weights: Weights) -> Array:
    zero = _before_relu(head_input, done.features, weights) == 0
    return np.where(zero, np.finfo(done.hidden.dtype).tiny, 0.0).astype(done.hidden.dtype)


def _without_relu(true: Any, head_input: Array, done: StepPart, weights: Weights, output: Array) -> Any:
    linear = Activation(lambda x: x, np.ones_like)
    return linear.step_part_backward(true, head_input, done, weights, output)


def _first_step_back(true: Any, head_input: Array, done: StepPart, weights: Weights, output: Array) -> Any:
    first = np.zeros_like(output)
    first[:, 0] = output[:, 0]
    return true(head_input, done, weights, first)[0], true(head_input, done, weights, output)[1]


def _averaged(true: Any, head_input: Array, done: StepPart, *given: Any) -> tuple[Array, Weights]:
    by_step, found = true(head_input, done, *given)
    horizon = done.hidden.shape[1]
    return by_step, {
        name: array if name == "step.position" else array / horizon for name, array in found.items()
    }


def _found(change: Callable[[str, Array], Array]) -> Plant:
    """Other gradients of the step part's arrays."""

    def backward(true: Any, *given: Any) -> tuple[Array, Weights]:
        by_step, found = true(*given)
        return by_step, {name: change(name, array) for name, array in found.items()}

    return altered(step_part_backward=backward)


def _frozen(*names: str) -> Plant:
    return _found(lambda name, array: 0.0 * array if name in names else array)


PREDICTION = (
    prediction("no relu", "no relu in the step part", _activated(lambda x: x, lambda x: np.ones_like(x))),
    prediction(
        "tanh for relu",
        "tanh instead of relu in the step part",
        _activated(np.tanh, lambda x: 1.0 - np.tanh(x) ** 2),
    ),
    prediction(
        "σ for relu",
        "σ instead of relu in the step part",
        _activated(logistic, lambda x: logistic(x) * (1.0 - logistic(x))),
    ),
    prediction(
        "leaky relu",
        "a leaky relu with slope 0.01 in the step part",
        _activated(
            lambda x: np.where(x > 0, x, 0.01 * x), lambda x: np.where(x > 0, 1.0, 0.01).astype(x.dtype)
        ),
    ),
    prediction(
        "GELU for relu",
        "GELU, with a tanh, instead of relu in the step part",
        _activated(lambda x: 0.5 * x * (1.0 + _tanh_gelu(x)), _gelu_slope),
    ),
    prediction(
        "step part not added",
        "a step part that is not added to the output",
        altered(step_part=_not_added, step_part_backward=_nothing_back),
    ),
    prediction("positions forgotten", "no positions in the step part", _without("step.position")),
    prediction("features forgotten", "a step part without known columns and lags", _without("step.features")),
    prediction(
        "head input forgotten", "a step part that does not read the head input", _without("step.kernel")
    ),
    prediction(
        "one position for all steps",
        "the first step's position in all steps of the step part",
        _taken(_first_position, _all_in_first),
        applies=when.stepping & when.long_horizon,
    ),
    prediction(
        "positions reversed",
        "the positions of the step part in reverse order",
        _taken(_positions_reversed, _positions_reversed),
        applies=when.stepping & when.long_horizon,
    ),
    prediction(
        "step output quantile-major",
        "the step part's columns quantile by quantile",
        _outputs(lambda targets, quantiles: np.arange(targets * quantiles).reshape(quantiles, targets).T),
        applies=when.stepping & when.several_quantiles & when.several_targets,
    ),
    prediction(
        "step output with targets reversed",
        "the step part's targets in reverse order",
        _outputs(lambda targets, quantiles: np.arange(targets * quantiles).reshape(targets, quantiles)[::-1]),
        applies=when.stepping & when.several_targets,
    ),
)

DERIVATIVES = (
    derivatives(
        "step part not backpropagated",
        "no derivative of the step part in the head input",
        altered(step_part_backward=lambda true, *given: (0.0 * true(*given)[0], true(*given)[1])),
    ),
    derivatives(
        "first step backpropagated",
        "the derivative of the first step alone in the head input",
        altered(step_part_backward=_first_step_back),
        applies=when.stepping & when.long_horizon,
    ),
    derivatives(
        "relu not in backward",
        "no relu in the backward pass of the step part",
        altered(step_part_backward=_without_relu),
    ),
)

GRADIENTS = (
    gradients(
        "step part before dropout",
        "a step part that reads the head input before dropout",
        altered(forward=_forward_undropped, backward=_backward_undropped),
        applies=when.stepping & when.dropping,
    ),
    gradients(
        "relu's slope at 0 is 1",
        "a slope of 1 where the step part's relu is at exactly 0",
        altered(step_part_backward=_steep_at_zero),
    ),
    gradients("step part frozen", "no gradient of the step part", _found(lambda name, array: 0.0 * array)),
    gradients("step kernel frozen", "no gradient of the step part's kernel", _frozen("step.kernel")),
    gradients(
        "step features frozen", "no gradient of the step part's weights of features", _frozen("step.features")
    ),
    gradients("positions frozen", "no gradient of the step part's positions", _frozen("step.position")),
    gradients("step output frozen", "no gradient of the step part's output weights", _frozen("step.output")),
    gradients(
        "step gradients averaged",
        "the step part's gradients averaged over the horizon",
        altered(step_part_backward=_averaged),
        applies=when.stepping & when.long_horizon,
    ),
    gradients(
        "position gradient shared",
        "the gradient of a position averaged over all positions",
        _found(
            lambda name, array: (
                np.broadcast_to(array.mean(axis=0), array.shape) if name == "step.position" else array
            )
        ),
        applies=when.stepping & when.long_horizon,
    ),
)
