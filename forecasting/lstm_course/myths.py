"""Chapter 6: three myths, each tested by an experiment."""

import dataclasses
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lstm_course.course import Chapter, Exercise, Page, Step, Values, change
from lstm_course.figures import Role, Table, decimal, number, number_row, short, word
from lstm_course.forecasts import (
    LOOK_BACK,
    WINDOWS,
    changed_forecasts,
    mean_error,
    targets_of,
    truth_glasses,
    unseen_starts,
)
from lstm_course.network import (
    LAYER,
    course_config,
    course_network,
    forecast_glasses,
    opened_layer,
    starts,
    train,
)
from lstm_course.series import DAYS, day_name, scaled
from lstm_course.training import SEED
from lstm_course.training import WINDOWS as TRAINING_WINDOWS
from lstm_forecasting.inspect.results import InspectedLayer, NamedValues
from lstm_plugins.counting import counted
from lstm_plugins.forecaster import Forecaster
from lstm_plugins.records import SeriesSet
from lstm_plugins.reference import ReferenceForecaster, Steps
from lstm_plugins.weights import Array, parameter_count

SEEDS = 5
"""Training runs from different seeds by which a myth is judged."""

_ALONE = change("alone", "Window that trains the network", 2, 1, TRAINING_WINDOWS)
_LEARNT = change("updates", "Updates with that window alone", 1, 0, 50)
_COUNT = change("windows", "Windows used for training", 1, 1, TRAINING_WINDOWS)
_WINDOW = change("window", "Window that is forecast", WINDOWS, 1, WINDOWS)
_BEFORE = change("before", "Window that is read before it", WINDOWS - 1, 1, WINDOWS)


def _show_own(values: Values) -> Iterator[Page]:
    learner, updates = int(values["alone"]) - 1, int(values["updates"])
    network = course_network(course_config(seed=int(values["seed"])))
    rows = starts(0, WINDOWS)
    before = forecast_glasses(network, rows)[:, 0]
    for _ in range(updates):
        network.update(network.loss_and_gradients(starts(learner))[1], network.config.learning_rate)
    after = forecast_glasses(network, rows)[:, 0]
    least = float(np.abs(np.delete(after - before, learner)).min())
    found = "There was no update yet, so nothing has moved."
    if updates:
        found = (
            f"All other forecasts move as well, by at least {decimal(least, 2)} glasses. So the myth is "
            f"wrong: there is one set of {parameter_count(network.config, 1, 1)} weights, and changing it "
            "for one window changes it for all."
        )
    yield Page(
        text=(
            "*Myth 1: each window has its own weights.* If that were true, one window could learn without "
            "affecting the others. The experiment: the network starts untrained and sees only window "
            f"{learner + 1}, for {counted(updates, 'update')}.",
            found,
        ),
        figures=(
            changed_forecasts(
                f"Forecasts in glasses while only window {learner + 1} learns", before, after, learner
            ),
        ),
        facts={"least": least, "off": abs(float(after[learner]) - DAYS[learner + LOOK_BACK])},
    )


def _show_enough(values: Values) -> Iterator[Page]:
    count, seed = int(values["windows"]), int(values["seed"])
    networks = [_trained_on(windows, seed) for windows in range(1, TRAINING_WINDOWS + 1)]
    rows = unseen_starts(networks[0])
    errors = [mean_error(network, rows) for network in networks]
    table = Table(
        "Forecasts of the test days in glasses",
        ("trained on", *map(day_name, targets_of(networks[0], rows)), "mean error"),
        (
            (*number_row("truth", truth_glasses(networks[0], rows), 0), word("")),
            *(
                (
                    word(_windows(windows), "changed" if windows == count else "plain"),
                    *(number(value, 1) for value in forecast_glasses(network, rows)[:, 0].tolist()),
                    number(error, 2, "strong"),
                )
                for windows, (network, error) in enumerate(zip(networks, errors, strict=True), 1)
            ),
        ),
    )
    text = (
        "*Myth 2: one window is enough to train on.* The experiment: four training runs of equal length, on "
        "window 1 alone, on windows 1 and 2, on the first three, and on all four. Then each network "
        f"forecasts Days 8 to 11. Trained on {_windows(count)}, it is off by {decimal(errors[count - 1], 2)} "
        "glasses on average."
    )
    one, four = [], []
    for other in range(seed, seed + SEEDS):
        one.append(_error_after(1, other))
        four.append(_error_after(TRAINING_WINDOWS, other))
        ratios = [less / more for less, more in zip(one, four, strict=True)]
        better = sum(ratio > 1 for ratio in ratios)
        judgement = (
            f"Four windows were better every time, by a factor of at least {decimal(min(ratios), 1)}."
            if better == len(ratios)
            else f"Four windows were better {better} times."
        )
        yield Page(
            text=(
                text,
                f"Was that luck? Over {counted(len(one), 'seed')}, from {seed} on, one window gives errors "
                f"from {decimal(min(one), 2)} to {decimal(max(one), 2)}, and four windows give "
                f"{decimal(min(four), 2)} to {decimal(max(four), 2)}. {judgement}",
            ),
            figures=(table,),
            facts={
                "error": errors[count - 1],
                "better": float(better),
                "ratio": min(ratios),
                **{f"error_{windows}": error for windows, error in enumerate(errors, 1)},
            },
            under_way="" if len(one) == SEEDS else f"{len(one)} of {SEEDS} seeds tried",
        )


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
    # One network reads both windows in a row, so it would keep any state that it can keep.
    read = opened_layer(used, before)
    left = np.concatenate([read.hidden[-1], read.cell[-1]])
    found = states_before(opened_layer(used, window), training.weights[-1])
    forecast_glasses(used, starts(before))
    after = float(forecast_glasses(used, starts(window))[0, 0])
    state = float(np.abs(found).max())
    carried = carried_forecasts(seed)
    apart = np.abs(carried - forecast_glasses(fresh, starts(0, WINDOWS))[:, 0])
    same = (
        "The forecasts are the same to the last digit"
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
        (f"with states of {before + 1}", left, float(carried[before, window]), "bad"),
    )
    yield Page(
        text=(
            f"*Myth 3: hidden states carry over from window to window.* The experiment: window {window + 1} "
            "is forecast by a network that has read nothing else, and by one that has just read window "
            f"{before + 1}. {same}. Computed backwards from the gates, h and C before the first day are "
            f"{short(state)}.",
            f"If states did carry over, those of window {before + 1} would move the forecast by "
            f"{decimal(float(apart[before, window]), 2)} glasses; for some pairs of windows it would be "
            f"{decimal(float(apart.max()), 1)}. Only the weights carry over from window to window.",
        ),
        figures=(
            Table(
                f"h and C before the first day of window {window + 1}, and its forecast (truth: "
                f"{decimal(DAYS[window + LOOK_BACK], 0)})",
                ("", "h1", "h2", "C1", "C2", day_name(window + LOOK_BACK)),
                tuple(
                    (*number_row(name, states), number(forecast, 4, role))
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


def states_before(layer: InspectedLayer, weights: NamedValues) -> NDArray[np.float64]:
    """H and C before the first step, `[2H]`, computed backwards from the gates.

    C follows from C_1 = f·C_0 + i·C̃, and h from the gates' inputs to σ and tanh, W·x + U·h_0 + b.
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
    """Forecasts in glasses if each window started with another one's final states, `[windows, windows]`.

    Rows are the windows read first, columns the windows forecast. No backend does this: it is the reference
    with one function replaced.
    """
    training = train(course_config(seed=seed))
    network = training.network()
    found = []
    for before in range(WINDOWS):
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
        found.append(forecast_glasses(reference, starts(0, WINDOWS))[:, 0])
    return np.stack(found)


CHAPTER = Chapter(
    name="myths",
    title="Three myths",
    summary="Three common misconceptions, each tested by an experiment.",
    steps=(
        Step(
            "own",
            "Weights of its own?",
            (_ALONE, _LEARNT, SEED),
            _show_own,
            plays="updates",
            exercises=(
                Exercise(
                    "selfish",
                    "Let one window learn alone until its forecast is off by less than 1 glass and every "
                    "other forecast has moved by more than 1.",
                    "Let the updates run, and watch the other forecasts.",
                    lambda _, page: page.facts["off"] < 1.0 < page.facts["least"],
                    "Learning from one window changed the forecasts of all of them.",
                ),
            ),
        ),
        Step(
            "enough",
            "Is one window enough?",
            (_COUNT, SEED),
            _show_enough,
            exercises=(
                Exercise(
                    "needed",
                    "How many windows does it take to bring the test error below 2 glasses?",
                    "Every fourth day is market day. Which windows show what comes after it?",
                    lambda _, page: page.facts["error"] < 2.0,
                    "It takes all four: only together do they show every phase of the four-day rhythm.",
                ),
            ),
        ),
        Step(
            "states",
            "Do states carry over?",
            (_WINDOW, _BEFORE, SEED),
            _show_states,
            exercises=(
                Exercise(
                    "spoilt",
                    "Find two windows for which carrying the states over would move the forecast by over 5 "
                    "glasses.",
                    "A window that ends on a day with high sales leaves other states behind than one that "
                    "ends on a day with low sales.",
                    lambda _, page: page.facts["carried_apart"] > 5.0,
                    "To rule this out, every window starts with h = C = 0. Some frameworks can keep the old "
                    "states (“stateful”); then the windows must follow one another without overlap.",
                ),
            ),
        ),
    ),
)
