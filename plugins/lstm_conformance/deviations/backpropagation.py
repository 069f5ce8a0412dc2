"""Backpropagation through the network, as its inner derivatives show it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.deviation import Deviation, Plant, altered, overriding
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import NormalisedWindows, Starts
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.loss import Mask, numbers
from lstm_plugins.reference.network import DirectionDerivatives, DirectionPass
from lstm_plugins.weights import Array, Weights

deviation = partial(Deviation, level="derivatives")
TRUNCATIONS = (1, 2, 4, 5, 8, 10, 16, 20, 32)


def _recurrent(change: Callable[[Array], Array]) -> Plant:
    """Another recurrent kernel in the backward pass alone."""

    def read_backward(true: Any, steps: Any, weights: Weights, done: DirectionPass, outputs: Array) -> Any:
        name = f"{done.name}.recurrent"
        return true(steps, {**weights, name: change(weights[name])}, done, outputs)

    return altered(read_backward=read_backward)


def _blocks_transposed(recurrent: Array) -> Array:
    return np.concatenate([block.T for block in np.split(recurrent, 4, axis=1)], axis=1)


def _truncated(last: int) -> Plant:
    """Nothing flows back beyond the last steps read."""

    def read_backward(true: Any, steps: Any, weights: Any, done: DirectionPass, outputs: Array) -> Any:
        kept = slice(-last, None)
        short = replace(done, inputs=done.inputs[:, kept], cells=done.cells[kept])
        found = true(steps, weights, short, outputs[:, kept])

        def filled(part: Array) -> Array:
            before = len(done.cells) - last
            return np.concatenate(
                [np.zeros_like(part, shape=(len(part), before, part.shape[2])), part], axis=1
            )

        parts = (found.inputs, found.preactivation, found.hidden, found.cell)
        return DirectionDerivatives(*map(filled, parts))

    return altered(read_backward=read_backward)


def _below(change: Callable[[Array, str], Array]) -> Plant:
    """Other derivatives of a layer's inputs, from the true ones and the direction."""

    def read_backward(true: Any, steps: Any, weights: Any, done: DirectionPass, outputs: Array) -> Any:
        found = true(steps, weights, done, outputs)
        return replace(found, inputs=change(found.inputs, done.direction))

    return altered(read_backward=read_backward)


def _unscaled(
    true: Any, self: ReferenceForecaster, starts: Starts, windows: NormalisedWindows, output: Array
) -> Array:
    derivative: Array = true(starts, windows, output)
    return derivative / self._target_statistics(windows)[1][:, None, :, None]


def _attended_without_outputs(true: Any, *given: Any) -> Any:
    found = true(*given)
    return replace(found, outputs=np.zeros_like(found.outputs))


def _split_without_final_hidden(true: Any, head_input: Array) -> tuple[Array, Array]:
    context, final_hidden = true(head_input)
    return context, np.zeros_like(final_hidden)


def loss_slope(change: Callable[[ForecasterConfig, Array, Array, int], Array]) -> Plant:
    """Another derivative of the loss where it was observed.

    `change` takes the config, the error `[B, Q, K, P]`, the true derivative and how many errors there are.
    """

    def loss_derivative(
        true: Any, config: ForecasterConfig, prediction: Array, targets: Array, observed: Mask
    ) -> Array:
        derivative, error = true(config, prediction, targets, observed), prediction - targets[..., None]
        changed = change(config, error, derivative, numbers(error, observed))
        return np.where(observed[..., None], changed, 0.0)

    return altered(loss_derivative=loss_derivative)


DEVIATIONS = (
    deviation(
        "no path through h",
        "no derivative through the previous step's h",
        _recurrent(lambda recurrent: 0.0 * recurrent),
        when.several_steps,
    ),
    deviation(
        "U for its transpose",
        "the recurrent kernel not transposed in the backward pass",
        _recurrent(_blocks_transposed),
        when.several_steps & when.several_units,
    ),
    *(
        deviation(
            f"truncated after {last}",
            f"backpropagation through the last {f'{last} steps' if last > 1 else 'step'} only",
            _truncated(last),
            when.Condition(lambda probe, last=last: probe.config.steps > last),  # type: ignore[misc]
        )
        for last in TRUNCATIONS
    ),
    deviation(
        "no derivative to the layer below",
        "no derivative from a layer to the one below",
        _below(lambda inputs, direction: np.zeros_like(inputs)),
        when.several_layers,
    ),
    deviation(
        "derivatives not turned",
        "derivatives of the backward direction's inputs not put back in time order",
        _below(lambda inputs, direction: inputs[:, ::-1] if direction == "backward" else inputs),
        when.several_layers & when.bidirectional,
    ),
    deviation(
        "no derivative to attended outputs",
        "no derivative from the context to the outputs attended to",
        altered(attend_backward=_attended_without_outputs),
        when.attentive,
    ),
    deviation(
        "final hidden state only through attention",
        "no derivative from the head input straight to the final hidden state",
        altered(split_head_input=_split_without_final_hidden),
        when.attentive,
    ),
    deviation(
        "loss slope doubled",
        "twice the derivative of the loss",
        loss_slope(lambda config, error, true, numbers: 2.0 * true),
    ),
    deviation(
        "loss slope halved",
        "half the derivative of the loss",
        loss_slope(lambda config, error, true, numbers: 0.5 * true),
    ),
    deviation(
        "scale left out",
        "no derivative of undoing the window's scale",
        overriding(_loss_derivative=_unscaled),
        when.scaled & ~when.in_window,
    ),
    deviation(
        "Huber slope not cut",
        "e as the Huber derivative, not cut to between −1 and 1",
        loss_slope(lambda config, error, true, numbers: error / numbers),
        when.loss_is("huber"),
    ),
)
