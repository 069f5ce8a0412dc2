"""What is taken from the last layer for the head to read."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.deviation import Deviation, Plant, altered
from lstm_conformance.deviations.layers import joined
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.reference.cell import CellDerivatives, CellStep
from lstm_plugins.reference.network import DirectionPass
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights

deviation = partial(Deviation, level="attention")


def _final_step(index: Callable[[str], int]) -> Plant:
    """The state at another step, counted in the order of reading of a direction."""

    def final_state_backward(true: Any, hidden: Array, final: Array, direction: str) -> Array:
        together = hidden.copy()
        together[:, index(direction)] += final
        return together

    return altered(
        final_state=lambda true, hidden, direction: hidden[:, index(direction)],
        final_state_backward=final_state_backward,
    )


def _over_steps(combine: Callable[[Array], Array], share: Callable[[int], float]) -> Plant:
    """All states combined; `share` gives the derivative of a state, from the number of steps."""
    return altered(
        final_state=lambda true, hidden, direction: combine(hidden),
        final_state_backward=lambda true, hidden, final, way: (
            hidden + final[:, None] / share(hidden.shape[1])
        ),
    )


def _final_from(
    layer: int,
    take: Callable[[DirectionPass], Array],
    give_back: Callable[[Steps, DirectionPass, Array, Array], tuple[Steps, Array]],
) -> Plant:
    """A final hidden state taken from the passes of a layer, 0 or −1.

    `give_back` puts the derivative of what was taken into that layer's backward pass: from its functions, the
    pass, the derivatives of its outputs and that derivative to the functions and derivatives to use.
    """

    def forward(true: Any, inner: Steps, config: ForecasterConfig, *rest: Any) -> Any:
        passes: dict[str, DirectionPass] = {}

        def read(steps: Steps, config: Any, weights: Any, at: int, direction: str, given: Array) -> Any:
            done = inner.read(steps, config, weights, at, direction, given)
            if at == layer % config.layers:
                passes[direction] = done
            return done

        final_state = lambda hidden, direction: take(passes[direction])  # noqa: E731
        return true(replace(inner, read=read, final_state=final_state), config, *rest)

    def backward(true: Any, inner: Steps, config: ForecasterConfig, *rest: Any) -> Any:
        finals: dict[str, Array] = {}

        def final_state_backward(hidden: Array, final: Array, direction: str) -> Array:
            finals[direction] = final
            return hidden

        def read_backward(steps: Steps, weights: Weights, done: DirectionPass, outputs: Array) -> Any:
            if done.layer == layer % config.layers:
                steps, outputs = give_back(steps, done, outputs, finals[done.direction])
            return inner.read_backward(steps, weights, done, outputs)

        changed = replace(inner, final_state_backward=final_state_backward, read_backward=read_backward)
        return true(changed, config, *rest)

    return altered(forward=forward, backward=backward)


def _to_cell_state(steps: Steps, done: DirectionPass, outputs: Array, final: Array) -> tuple[Steps, Array]:
    def cell_step_backward(step: CellStep, hidden: Array, cell: Array) -> CellDerivatives:
        return steps.cell_step_backward(step, hidden, cell + final if step is done.cells[-1] else cell)

    return replace(steps, cell_step_backward=cell_step_backward), outputs


def _to_last_output(steps: Steps, done: DirectionPass, outputs: Array, final: Array) -> tuple[Steps, Array]:
    together = outputs.copy()
    together[:, -1] += final
    return steps, together


def _joined_as_they_lie(true: Any, parts: list[Array]) -> Array:
    """Final states `[S, B, H]` taken for `[B, S·H]` as they lie in memory, which mixes windows."""
    joined: Array = true(parts) if parts[0].ndim == 3 else np.stack(parts).reshape(len(parts[0]), -1)
    return joined


def _split_as_they_lie(true: Any, joined: Array, count: int) -> list[Array]:
    return list(true(joined, count) if joined.ndim == 3 else joined.reshape(count, len(joined), -1))


def _scaled_at_prediction(true: Any, inner: Steps, config: ForecasterConfig, *rest: Any) -> Any:
    """Dropout that silences in training and scales at prediction, as first published."""
    training = bool(rest[-1])

    def drop(values: Array, mask: Array | None) -> Array:
        if mask is not None:
            return inner.drop(values, (mask > 0).astype(mask.dtype))
        return values if training else values * values.dtype.type(1.0 - config.dropout)

    return true(replace(inner, drop=drop), config, *rest)


DEVIATIONS = (
    deviation(
        "first step read",
        "the state after the first step instead of the last",
        _final_step(lambda direction: 0),
        when.several_steps,
    ),
    deviation(
        "second-to-last step read",
        "the state after the second-to-last step",
        _final_step(lambda direction: -2),
        when.several_steps,
    ),
    deviation(
        "out[:, -1]",
        "the backward direction's output at the last step, out[:, -1], instead of its final state",
        _final_step(lambda direction: 0 if direction == "backward" else -1),
        when.several_steps & when.bidirectional,
    ),
    deviation(
        "mean over steps",
        "the mean of all states instead of the last",
        _over_steps(lambda hidden: hidden.mean(axis=1), float),
        when.several_steps,
    ),
    deviation(
        "sum over steps",
        "the sum of all states instead of the last",
        _over_steps(lambda hidden: hidden.sum(axis=1), lambda count: 1.0),
        when.several_steps,
    ),
    deviation(
        "C for h",
        "the last cell state in place of the final hidden state",
        _final_from(-1, lambda done: done.cells[-1].cell, _to_cell_state),
    ),
    deviation(
        "first layer's state",
        "the first layer's final state, h_n[0], instead of the last layer's",
        _final_from(0, lambda done: done.cells[-1].hidden, _to_last_output),
        when.several_layers,
    ),
    deviation(
        "h_n reshaped",
        "final states h_n [S, B, H] reshaped to [B, S·H] without exchanging their axes",
        altered(join_directions=_joined_as_they_lie, split_directions=_split_as_they_lie),
        when.bidirectional & when.several_windows,
        mixes_windows=True,
    ),
    deviation(
        "final states joined backward first",
        "the backward direction's final state joined before the forward one's",
        joined(lambda parts: parts if parts[0].ndim == 3 else parts[::-1]),
        # Of one layer without attention nothing else is joined; see `attention`.
        when.bidirectional & (when.several_layers | when.attentive),
    ),
    deviation(
        "dropout scaled at prediction",
        "dropout that scales at prediction instead of in training",
        altered(forward=_scaled_at_prediction, backward=_scaled_at_prediction),
        when.dropping & when.one_layer,
    ),
    Deviation(
        "dropout scaled at prediction, layers",
        "dropout that scales at prediction instead of in training",
        altered(forward=_scaled_at_prediction, backward=_scaled_at_prediction),
        when.dropping & when.several_layers,
        level="gates",
    ),
)
