"""Chapter 6: three myths, each put to the test by an experiment."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lstm_course.course import Change, Chapter, Page, Question, Step, Values
from lstm_course.figures import Role, Table, decimal, number, short, word
from lstm_course.network import (
    LAYER,
    SETTINGS,
    course_config,
    course_network,
    forecast_glasses,
    opened_layer,
    starts,
    train,
)
from lstm_course.scoring import mean_error, unseen_starts
from lstm_course.series import (
    DAYS,
    day_name,
    day_names,
    scaled,
)
from lstm_course.training import WINDOWS
from lstm_forecasting.inspect.results import InspectedLayer, NamedValues
from lstm_plugins.counting import counted
from lstm_plugins.forecaster import Forecaster
from lstm_plugins.records import SeriesSet
from lstm_plugins.reference import ReferenceForecaster, Steps
from lstm_plugins.weights import Array, parameter_count

LOOK_BACK = int(SETTINGS["look_back"])
EVERYWHERE = len(DAYS) - LOOK_BACK
"""Windows of all days."""
BEGINNINGS = 5
"""Trainings from other weights by which a myth is judged."""

_SEED = Change("seed", "from which weights training begins", 0, 0, 99)
_ALONE = Change("alone", "the window that learns", 2, 1, WINDOWS)
_LEARNT = Change("updates", "updates by that window alone", 1, 0, 50)
_COUNT = Change("windows", "windows that training sees", 1, 1, WINDOWS)
_WINDOW = Change("window", "the window that is forecast", EVERYWHERE, 1, EVERYWHERE)
_BEFORE = Change("before", "the window that is read before it", EVERYWHERE - 1, 1, EVERYWHERE)


def _show_own(values: Values) -> Iterator[Page]:
    learner, updates = int(values["alone"]) - 1, int(values["updates"])
    network = course_network(course_config(seed=int(values["seed"])))
    rows = starts(0, EVERYWHERE)
    before = forecast_glasses(network, rows)[:, 0]
    for _ in range(updates):
        network.update(network.loss_and_gradients(starts(learner))[1], network.config.learning_rate)
    after = forecast_glasses(network, rows)[:, 0]
    moved = after - before
    least = float(np.abs(np.delete(moved, learner)).min())
    weights = parameter_count(network.config, 1, 1)
    found = (
        "No update is done yet: nothing has moved."
        if updates == 0
        else f"The forecasts of all the others move as well, by {decimal(least, 2)} glasses at least. Wrong, "
        f"then: there is one set of {weights} weights, and whoever changes it changes it for all."
    )
    yield Page(
        text=(
            "*Myth 1: each window has weights of its own.* If that were so, a window could learn and leave "
            "the others as they were. The experiment: the network begins anew, and in "
            f"{counted(updates, 'update')} only window {learner + 1} is shown to it.",
            found,
        ),
        figures=(
            Table(
                f"Forecasts in glasses while only window {learner + 1} learns",
                ("window", "sees", "truth", "before", "after", "moved by"),
                tuple(
                    (
                        word(str(row + 1), "changed" if row == learner else "plain"),
                        word(day_names(range(row, row + LOOK_BACK))),
                        number(DAYS[row + LOOK_BACK], 0),
                        number(float(before[row]), 2, "quiet"),
                        number(float(after[row]), 2, "changed" if row == learner else "plain"),
                        number(float(moved[row]), 2, "strong"),
                    )
                    for row in range(EVERYWHERE)
                ),
            ),
        ),
        facts={"least": least, "off": abs(float(after[learner]) - DAYS[learner + LOOK_BACK])},
    )


def _show_enough(values: Values) -> Iterator[Page]:
    count, seed = int(values["windows"]), int(values["seed"])
    networks = [_trained_on(windows, seed) for windows in range(1, WINDOWS + 1)]
    rows = unseen_starts(networks[0])
    errors = [mean_error(network, rows) for network in networks]
    table = Table(
        "Forecasts of the test days in glasses",
        ("trained on", *(day_name(row + LOOK_BACK) for row in rows.tolist()), "mean error"),
        (
            (word("truth"), *(number(DAYS[row + LOOK_BACK], 0) for row in rows.tolist()), word("")),
            *(
                (
                    word(_windows(windows), "changed" if windows == count else "plain"),
                    *(number(float(told), 1) for told in forecast_glasses(network, rows)[:, 0]),
                    number(error, 2, "strong"),
                )
                for windows, (network, error) in enumerate(zip(networks, errors, strict=True), 1)
            ),
        ),
    )
    text = (
        "*Myth 2: one window is enough to train on.* The experiment: four trainings of equal length, on "
        "window 1 alone, on windows 1 and 2, on three, and on all four. Then each network tells Days 8 to "
        f"11. Trained on {_windows(count)} it is off by {decimal(errors[count - 1], 2)} glasses on the mean."
    )
    one, four = [], []
    for other in range(seed, seed + BEGINNINGS):
        one.append(_error_after(1, other))
        four.append(_error_after(WINDOWS, other))
        done = len(one) == BEGINNINGS
        yield Page(
            text=(text, f"Was it luck? {_compared(seed, one, four)}"),
            figures=(table,),
            facts={
                "error": errors[count - 1],
                "better": float(_times_better(one, four)),
                "ratio": _least_ratio(one, four),
                **{f"error_{windows}": error for windows, error in enumerate(errors, 1)},
            },
            under_way="" if done else f"{len(one)} of {BEGINNINGS} beginnings tried",
        )


def _compared(seed: int, one: list[float], four: list[float]) -> str:
    """What came of training on one window and on four, from some beginnings."""
    better = _times_better(one, four)
    judgement = (
        f"Four windows were better every time, by a factor of at least {decimal(_least_ratio(one, four), 1)}."
        if better == len(one)
        else f"Four windows were better {better} times."
    )
    return (
        f"From {len(one)} beginnings (seed {seed} and on) one window gives errors from "
        f"{decimal(min(one), 2)} to {decimal(max(one), 2)}, four give {decimal(min(four), 2)} to "
        f"{decimal(max(four), 2)}. {judgement}"
    )


def _times_better(one: list[float], four: list[float]) -> int:
    return sum(more < less for less, more in zip(one, four, strict=True))


def _least_ratio(one: list[float], four: list[float]) -> float:
    return min(less / more for less, more in zip(one, four, strict=True))


def _trained_on(windows: int, seed: int) -> Forecaster:
    return train(course_config(seed=seed), LOOK_BACK + windows).network()


@lru_cache(maxsize=512)
def _error_after(windows: int, seed: int) -> float:
    network = _trained_on(windows, seed)
    return mean_error(network, unseen_starts(network))


def _windows(count: int) -> str:
    return {1: "window 1", 2: "windows 1 and 2"}.get(count, f"windows 1 to {count}")


def _show_states(values: Values) -> Iterator[Page]:
    window, before, seed = int(values["window"]) - 1, int(values["before"]) - 1, int(values["seed"])
    training = train(course_config(seed=seed))
    fresh, used = training.network(), training.network()
    alone = float(forecast_glasses(fresh, starts(window))[0, 0])
    # One after the other, by the same network: what it might keep, it would keep.
    left = _final_states(opened_layer(used, before))
    found = states_before(opened_layer(used, window), training.weights[-1])
    forecast_glasses(used, starts(before))
    after = float(forecast_glasses(used, starts(window))[0, 0])
    state = float(np.abs(found).max())
    carried = carried_forecasts(seed)
    apart = np.abs(carried - forecast_glasses(fresh, starts(0, EVERYWHERE))[:, 0])
    same = (
        "The forecast is the same to the last digit"
        if alone == after
        else f"The forecasts differ by {abs(alone - after):.0e} glasses, which is rounding"
    )
    rows: tuple[tuple[str, NDArray[np.float64], float, Role], ...] = (
        (
            f"window {window + 1} alone",
            states_before(opened_layer(fresh, window), training.weights[-1]),
            alone,
            "strong",
        ),
        (f"after window {before + 1}", found, after, "strong"),
        (f"if {before + 1} were carried on", left, float(carried[before, window]), "bad"),
    )
    yield Page(
        text=(
            "*Myth 3: hidden states carry over from window to window.* The experiment: window "
            f"{window + 1} is forecast by a network that read nothing before, and by one that has just read "
            f"window {before + 1}. {same}. What h and C were before the first day "
            f"follows from its gates: {short(state)}.",
            f"Were it otherwise, what window {before + 1} left behind would move the forecast by "
            f"{decimal(float(apart[before, window]), 2)} glasses; for some pairs of windows it would be "
            f"{decimal(float(apart.max()), 1)}. From window to window only the weights carry over.",
        ),
        figures=(
            Table(
                f"h and C before the first day of window {window + 1}, and its forecast; in truth "
                f"{decimal(DAYS[window + LOOK_BACK], 0)}",
                ("", "h1", "h2", "C1", "C2", day_name(window + LOOK_BACK)),
                tuple(
                    (word(name), *(number(float(one)) for one in states), number(forecast, 4, role))
                    for name, states, forecast, role in rows
                ),
            ),
        ),
        facts={
            "alone": alone,
            "after": after,
            "apart": abs(after - alone),
            "carried_apart": float(apart[before, window]),
            "most": float(apart.max()),
            "state": state,
        },
    )


def _final_states(layer: InspectedLayer) -> NDArray[np.float64]:
    """`[2H]`, h and C after the last step."""
    return np.concatenate([layer.hidden[-1], layer.cell[-1]])


def states_before(layer: InspectedLayer, weights: NamedValues) -> NDArray[np.float64]:
    """`[2H]`, h and C before the first step of a layer, worked out backwards from what its gates were.

    C follows from C_1 = f·C_0 + i·C̃, and h from the gates before σ and tanh, which are W·x + U·h_0 + b.

    Args:
        layer: opened.
        weights: it computed with, canonical arrays.
    """
    i, f, candidate, o = (getattr(layer, name)[0] for name in ("input", "forget", "candidate", "output"))
    cell = (layer.cell[0] - i * candidate) / f
    logit = [np.log(gate / (1.0 - gate)) for gate in (i, f, o)]
    preactivation = np.concatenate([logit[0], logit[1], np.arctanh(candidate), logit[2]])
    of_hidden = preactivation - layer.inputs[0] @ weights[f"{LAYER}.kernel"] - weights[f"{LAYER}.bias"]
    hidden = np.linalg.lstsq(weights[f"{LAYER}.recurrent"].T, of_hidden, rcond=None)[0]
    return np.concatenate([hidden, cell])


@lru_cache(maxsize=32)
def carried_forecasts(seed: int) -> NDArray[np.float64]:
    """`[windows, windows]` forecasts in glasses, if a window went on with the states of another.

    Rows are the windows that are read first, columns those that are forecast. No backend does this: it is
    the reference with one function replaced.

    Args:
        seed: of the training.
    """
    training = train(course_config(seed=seed))
    network = training.network()
    found = []
    for before in range(EVERYWHERE):
        layer = opened_layer(network, before)
        states = iter((layer.hidden[-1], layer.cell[-1]))

        def initial_state(
            batch: int, hidden_units: int, like: Array, states: Iterator[Array] = states
        ) -> Array:
            return np.tile(next(states), (batch, 1))

        steps = dataclasses.replace(Steps(), initial_state=initial_state)
        reference = ReferenceForecaster(training.config, 1, (0,), steps=steps)
        reference.load_series(SeriesSet(scaled(), (0,), (len(DAYS),)))
        reference.load_weights(network.weights())
        found.append(forecast_glasses(reference, starts(0, EVERYWHERE))[:, 0])
    return np.stack(found)


CHAPTER = Chapter(
    name="myths",
    title="Three myths",
    summary="Three things that are often said, each put to the test by an experiment.",
    steps=(
        Step(
            "own",
            "Weights of its own?",
            (_ALONE, _LEARNT, _SEED),
            _show_own,
            plays="updates",
            questions=(
                Question(
                    "selfish",
                    "Let one window learn alone until its forecast is off by less than 1 glass, and every "
                    "other one has moved by more than 1.",
                    "Let the updates run, and look at the others.",
                    lambda _, page: page.facts["off"] < 1.0 < page.facts["least"],
                    "All forecasts went where that one window wanted them.",
                ),
            ),
        ),
        Step(
            "enough",
            "Is one window enough?",
            (_COUNT, _SEED),
            _show_enough,
            questions=(
                Question(
                    "needed",
                    "How many windows does it take until the test error is below 2 glasses?",
                    "Every fourth day is market day. Which windows show what follows it?",
                    lambda _, page: page.facts["error"] < 2.0,
                    "It takes all four: only together do they show every place of the four-day rhythm.",
                ),
            ),
        ),
        Step(
            "states",
            "Do states carry over?",
            (_WINDOW, _BEFORE, _SEED),
            _show_states,
            questions=(
                Question(
                    "spoilt",
                    "Find two windows where states carried on would move the forecast by over 5 glasses.",
                    "A window that ends on a high day leaves other states behind than one that ends on a low "
                    "day.",
                    lambda _, page: page.facts["carried_apart"] > 5.0,
                    "So that this cannot happen, every window begins with h = C = 0. Some programs can be "
                    "told to go on with the old states (“stateful”); then windows must follow each other "
                    "without overlap.",
                ),
            ),
        ),
    ),
)
