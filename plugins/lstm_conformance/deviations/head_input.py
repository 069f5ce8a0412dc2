"""What is taken from the last layer for the head to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations.deviation import Deviation, Plant, steps
from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.reference.cell import CellDerivatives, CellStep
from lstm_plugins.reference.network import DirectionPass
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights

deviation = partial(Deviation, level="attention")


def _final_step(index: Callable[[str], int]) -> Plant:
    """The state at another step, counted in the order of reading of a direction."""

    def final_state(hidden: Array, direction: str) -> Array:
        return hidden[:, index(direction)]

    def final_state_backward(hidden: Array, final: Array, direction: str) -> Array:
        together = hidden.copy()
        together[:, index(direction)] += final
        return together

    return steps(lambda before: {"final_state": final_state, "final_state_backward": final_state_backward})


def _mean_over_steps(before: Steps) -> Mapping[str, Any]:
    return {
        "final_state": lambda hidden, direction: hidden.mean(axis=1),
        "final_state_backward": lambda hidden, final, direction: hidden + final[:, None] / hidden.shape[1],
    }


def _sum_over_steps(before: Steps) -> Mapping[str, Any]:
    return {
        "final_state": lambda hidden, direction: hidden.sum(axis=1),
        "final_state_backward": lambda hidden, final, direction: hidden + final[:, None],
    }


def _from_passes(take: Callable[[DirectionPass], Array], layer: int) -> Callable[..., Any]:
    """A forward pass whose final hidden state is taken from the passes of `layer`, 0 or −1."""

    def wrap(before: Steps) -> Any:
        def forward(steps: Steps, config: ForecasterConfig, *rest: Any) -> Any:
            passes: dict[str, DirectionPass] = {}
            wanted = layer % config.layers

            def read(
                inner: Steps, config: Any, weights: Weights, at: int, direction: str, given: Array
            ) -> Any:
                done = steps.read(inner, config, weights, at, direction, given)
                if at == wanted:
                    passes[direction] = done
                return done

            def final_state(hidden: Array, direction: str) -> Array:
                return take(passes[direction])

            return before.forward(replace(steps, read=read, final_state=final_state), config, *rest)

        return forward

    return wrap


def _cell_state(before: Steps) -> Mapping[str, Any]:
    def backward(steps: Steps, config: ForecasterConfig, *rest: Any) -> Any:
        finals: dict[str, Array] = {}

        def final_state_backward(hidden: Array, final: Array, direction: str) -> Array:
            finals[direction] = final
            return hidden

        def read_backward(inner: Steps, weights: Weights, done: DirectionPass, outputs: Array) -> Any:
            if done.layer != config.layers - 1:
                return steps.read_backward(inner, weights, done, outputs)

            def cell_step_backward(step: CellStep, hidden: Array, cell: Array) -> CellDerivatives:
                if step is done.cells[-1]:
                    cell = cell + finals[done.direction]
                return steps.cell_step_backward(step, hidden, cell)

            altered = replace(inner, cell_step_backward=cell_step_backward)
            return steps.read_backward(altered, weights, done, outputs)

        altered = replace(steps, final_state_backward=final_state_backward, read_backward=read_backward)
        return before.backward(altered, config, *rest)

    return {"forward": _from_passes(lambda done: done.cells[-1].cell, -1)(before), "backward": backward}


def _first_layer(before: Steps) -> Mapping[str, Any]:
    def backward(steps: Steps, config: ForecasterConfig, *rest: Any) -> Any:
        finals: dict[str, Array] = {}

        def final_state_backward(hidden: Array, final: Array, direction: str) -> Array:
            finals[direction] = final
            return hidden

        def read_backward(inner: Steps, weights: Weights, done: DirectionPass, outputs: Array) -> Any:
            if done.layer == 0:
                outputs = outputs.copy()
                outputs[:, -1] += finals[done.direction]
            return steps.read_backward(inner, weights, done, outputs)

        altered = replace(steps, final_state_backward=final_state_backward, read_backward=read_backward)
        return before.backward(altered, config, *rest)

    return {"forward": _from_passes(lambda done: done.cells[-1].hidden, 0)(before), "backward": backward}


def _axes_kept(before: Steps) -> Mapping[str, Any]:
    """Final states `[S, B, H]` taken for `[B, S·H]` as they lie in memory, which mixes windows."""

    def join(parts: list[Array]) -> Array:
        if parts[0].ndim == 3:
            return before.join_directions(parts)
        return np.stack(parts).reshape(len(parts[0]), -1)

    def split(joined: Array, count: int) -> list[Array]:
        if joined.ndim == 3:
            return before.split_directions(joined, count)
        return list(joined.reshape(count, len(joined), -1))

    return {"join_directions": join, "split_directions": split}


def _states_joined_the_other_way(before: Steps) -> Mapping[str, Any]:
    def ordered(parts: list[Array]) -> list[Array]:
        return parts if parts[0].ndim == 3 else parts[::-1]

    return {
        "join_directions": lambda parts: before.join_directions(ordered(parts)),
        "split_directions": lambda joined, count: ordered(before.split_directions(joined, count)),
    }


def _scaled_without_dropout(before: Steps) -> Mapping[str, Any]:
    """Dropout that silences in training and scales at prediction, as first published."""

    def run(name: str) -> Any:
        def wrapped(steps: Steps, config: ForecasterConfig, *rest: Any) -> Any:
            masks = rest[-1]

            def drop(values: Array, mask: Array | None) -> Array:
                if mask is not None:
                    return before.drop(values, (mask > 0).astype(mask.dtype))
                return values if masks else values * values.dtype.type(1.0 - config.dropout)

            return getattr(before, name)(replace(steps, drop=drop), config, *rest)

        return wrapped

    return {"forward": run("forward"), "backward": run("backward")}


def _steps(probe: Probe) -> bool:
    return probe.config.steps > 1


def _one_layer(probe: Probe) -> bool:
    return probe.config.dropout > 0 and probe.config.layers == 1


DEVIATIONS = (
    deviation(
        "first step read",
        "the state after the first step for the one after the last",
        _final_step(lambda direction: 0),
        _steps,
    ),
    deviation(
        "last step but one read",
        "the state after the last step but one",
        _final_step(lambda direction: -2),
        _steps,
    ),
    deviation(
        "out[:, -1]",
        "the backward direction's output at the last step, out[:, -1], for its final state",
        _final_step(lambda direction: 0 if direction == "backward" else -1),
        lambda probe: _steps(probe) and probe.config.bidirectional,
    ),
    deviation("mean over steps", "the mean of all states for the last", steps(_mean_over_steps), _steps),
    deviation("sum over steps", "the sum of all states for the last", steps(_sum_over_steps), _steps),
    deviation("C for h", "the last cell state in place of the final hidden state", steps(_cell_state)),
    deviation(
        "first layer's state",
        "the first layer's final state, h_n[0], for the last one's",
        steps(_first_layer),
        lambda probe: probe.config.layers > 1,
    ),
    deviation(
        "h_n reshaped",
        "final states h_n [S, B, H] reshaped to [B, S·H] without exchanging their axes",
        steps(_axes_kept),
        lambda probe: probe.config.bidirectional and probe.config.batch_size > 1,
        mixes_windows=True,
    ),
    deviation(
        "final states joined backward first",
        "the backward direction's final state joined before the forward one's",
        steps(_states_joined_the_other_way),
        # Of one layer without attention nothing else is joined; see `attention`.
        lambda probe: (
            probe.config.bidirectional and (probe.config.layers > 1 or probe.config.attention != "none")
        ),
    ),
    deviation(
        "dropout scaled at prediction",
        "dropout that scales at prediction, not in training",
        steps(_scaled_without_dropout),
        _one_layer,
    ),
    Deviation(
        "dropout scaled at prediction, layers",
        "dropout that scales at prediction, not in training",
        steps(_scaled_without_dropout),
        lambda probe: probe.config.dropout > 0 and probe.config.layers > 1,
        level="gates",
    ),
)
