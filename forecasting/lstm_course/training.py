"""Chapter 4: forward, error, backpropagation through time, update, and again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from lstm_course.course import Change, Chapter, Page, Question, Step, Values
from lstm_course.figures import (
    Curves,
    Equation,
    Equations,
    Line,
    Table,
    decimal,
    factor,
    fine,
    fine_number,
    number,
    percent,
    short,
    word,
)
from lstm_course.network import (
    LAYER,
    SETTINGS,
    Training,
    course_config,
    course_network,
    forecast_glasses,
    opened_layer,
    starts,
    train,
    training_starts,
)
from lstm_course.series import DAYS, TRAINING_DAYS, day_name, day_names, scaled
from lstm_forecasting.inspect.contributions import contribution
from lstm_plugins.counting import counted
from lstm_plugins.weights import GATES, Array

MOST = int(SETTINGS["epochs"])
WINDOWS = TRAINING_DAYS - int(SETTINGS["look_back"])
_LETTERS = {"forget": "f", "input": "i", "candidate": "C", "output": "o"}
_NUDGE = 1e-5
"""By which a weight is moved to measure what a gradient foretells."""

_UPDATES = Change("updates", "updates that are done", 0, 0, MOST)
_RATE = Change("learning_rate", "how far an update goes", 0.1, 0.05, 1.0, 0.05)
_WINDOW = Change("window", "which window", 1, 1, WINDOWS)


def _training(values: Values) -> Training:
    return train(course_config(learning_rate=float(values["learning_rate"])))


def after_updates(count: int) -> str:
    """When so many updates were done: "After 2 updates"."""
    return "Before the first update" if count == 0 else f"After {counted(count, 'update')}"


def _show_forward(values: Values) -> Iterator[Page]:
    training, updates = _training(values), int(values["updates"])
    network = training.network(updates)
    rows = training_starts(network)
    glasses, outputs = forecast_glasses(network, rows)[:, 0], network.predict(rows)[:, 0, 0, 0]
    targets = scaled()[rows + network.config.look_back, 0]
    errors = outputs - targets
    loss = training.losses[updates]
    squares = " + ".join(fine(float(error**2), 3) for error in errors)
    yield Page(
        text=(
            "Training is a circle. It begins with the *forward pass*: the network reads each window and "
            "makes a forecast. Then the forecasts are held against the truth, in scaled numbers: the *error* "
            "is forecast minus truth. Squared, errors of both signs count, and large ones count most.",
            f"{after_updates(updates)} the mean of the squared errors, the *loss*, is {fine(loss, 3)}. "
            "Training has one aim: to make this number small.",
        ),
        figures=(
            Table(
                f"{after_updates(updates)}",
                ("window", "sees", "truth", "forecast", "scaled error", "squared"),
                tuple(
                    (
                        word(str(row + 1)),
                        word(day_names(range(row, row + network.config.look_back))),
                        number(DAYS[row + network.config.look_back], 0),
                        number(float(glasses[place]), 2),
                        number(float(errors[place])),
                        fine_number(float(errors[place] ** 2), 3, "strong"),
                    )
                    for place, row in enumerate(rows.tolist())
                ),
            ),
            Equations(
                "Mean squared error",
                (
                    Equation(
                        "loss",
                        "sum of the squares / windows",
                        f"({squares}) / {len(rows)}",
                        fine_number(loss, 3, "strong"),
                    ),
                ),
            ),
        ),
        facts={"loss": loss},
    )


def _show_backward(values: Values) -> Iterator[Page]:
    training, updates, row = _training(values), int(values["updates"]), int(values["window"]) - 1
    network = training.network(updates)
    layer = opened_layer(network, row)
    loss, gradients = network.loss_and_gradients(starts(row))
    name, units = f"{LAYER}.kernel", network.config.hidden_units
    columns = {gate: GATES.index(gate) * units for gate in _LETTERS}
    shares = [contribution(layer, step)[name][0] for step in range(layer.steps)]
    measured = {gate: _measured(training, updates, row, column) for gate, column in columns.items()}
    apart = max(abs(measured[gate] - float(gradients[name][0, column])) for gate, column in columns.items())
    rows = [
        (
            word(day_name(row + step)),
            number(float(np.linalg.norm(layer.hidden_derivatives[step])), 4),
            *(number(float(shares[step][column]), 4) for column in columns.values()),
        )
        for step in reversed(range(layer.steps))
    ]
    yield Page(
        text=(
            "Which way should a weight move? Its *gradient* says how much the loss changes when the weight "
            "grows a little. *Backpropagation through time* computes it from the end: from the error of "
            f"window {row + 1} back to {day_name(row + layer.steps - 1)}, then day by day back to "
            f"{day_name(row)}.",
            "Every day has its share, since the weight was used on every day, and the gradient is their sum. "
            "The last row proves it without any calculus: the weight is moved by a hair up and down, and the "
            f"loss is measured. It agrees to {apart:.0e}.",
        ),
        figures=(
            Table(
                f"Window {row + 1}, {after_updates(updates).lower()}: weights of the first unit",
                ("", "size at h", *(f"W_{letter}" for letter in _LETTERS.values())),
                (
                    *rows,
                    (
                        word("sum: gradient"),
                        word(""),
                        *(
                            number(float(gradients[name][0, column]), 4, "strong")
                            for column in columns.values()
                        ),
                    ),
                    (
                        word("measured"),
                        word(""),
                        *(number(measured[gate], 4, "quiet") for gate in columns),
                    ),
                ),
            ),
        ),
        facts={
            "loss": loss,
            "apart": apart,
            **{gate: float(gradients[name][0, column]) for gate, column in columns.items()},
        },
    )


def _measured(training: Training, updates: int, row: int, column: int) -> float:
    """How much a window's loss changes with the weight of x in a column of the kernel, measured."""
    losses = []
    for side in (1.0, -1.0):
        weights = {name: array.copy() for name, array in training.weights[updates].items()}
        weights[f"{LAYER}.kernel"][0, column] += side * _NUDGE
        losses.append(course_network(training.config, weights).mean_loss(starts(row)))
    return (losses[0] - losses[1]) / (2.0 * _NUDGE)


def _show_update(values: Values) -> Iterator[Page]:
    training = _training(values)
    done = min(int(values["updates"]), MOST - 1)
    network, rate = training.network(done), training.config.learning_rate
    rows = training_starts(network)
    by_window = [network.loss_and_gradients(starts(row))[1] for row in rows.tolist()]
    together = network.loss_and_gradients(rows)[1]
    before, after = training.weights[done], training.weights[done + 1]
    places = [(f"W_{letter}", f"{LAYER}.kernel", gate) for gate, letter in _LETTERS.items()]
    places += [(f"b_{letter}", f"{LAYER}.bias", gate) for gate, letter in _LETTERS.items()]

    def entry(arrays: Mapping[str, Array], name: str, gate: str) -> float:
        return float(arrays[name][..., GATES.index(gate) * network.config.hidden_units].squeeze())

    table = tuple(
        (
            word(title),
            *(number(entry(gradients, name, gate), 4) for gradients in by_window),
            number(entry(together, name, gate), 4, "strong"),
            number(entry(before, name, gate), 4, "quiet"),
            number(entry(after, name, gate), 4, "changed"),
        )
        for title, name, gate in places
    )
    title, name, gate = places[2]
    mean, old, new = (entry(arrays, name, gate) for arrays in (together, before, after))
    yield Page(
        text=(
            f"Each of the {len(rows)} windows has its own idea of where a weight should go. None of them "
            "gets its way, and none gets weights of its own: the *mean* of their gradients makes one "
            f"*update* of the one set of weights. The *learning rate* {short(rate)} says how far it goes, "
            "against the gradient, since the loss is to fall.",
            f"Update {done + 1} takes the loss from {fine(training.losses[done], digits=3)} to "
            f"{fine(training.losses[done + 1], digits=3)}. Here are 8 of the weights, those of the first "
            "unit.",
        ),
        figures=(
            Table(
                f"Update {done + 1}: gradients of the windows, their mean, the weight before and after",
                ("", *(f"w. {row + 1}" for row in rows.tolist()), "mean", "before", "after"),
                table,
            ),
            Equations(
                f"{title} of the first unit",
                (
                    Equation(
                        "after",
                        "before − learning_rate·mean",
                        f"{short(old, 4)} − {short(rate)}·{factor(mean, 4)}",
                        number(new, 4, "strong"),
                    ),
                ),
            ),
        ),
        facts={"before": training.losses[done], "after": training.losses[done + 1]},
    )


def _show_descent(values: Values) -> Iterator[Page]:
    training, updates = _training(values), int(values["updates"])
    network = training.network(updates)
    rows = training_starts(network)
    glasses = forecast_glasses(network, rows)[:, 0]
    loss, first, lowest = training.losses[updates], training.losses[0], min(training.losses)
    counts = tuple(float(count) for count in range(updates + 1))
    change = (
        "Let it run, or go on update by update."
        if updates == 0
        else f"It began with {decimal(first)}, so {percent(loss / first)} of it is left."
        if loss <= first
        else f"It began with {decimal(first)}: it has grown, the steps are too long for the valley."
    )
    yield Page(
        text=(
            "Forward, backward, update, and again: nothing else is training. Each time the loss falls a "
            "little, fast where the slope is steep, slowly where it is flat.",
            f"{after_updates(updates)} with learning rate {short(training.config.learning_rate)} the loss is "
            f"{fine(loss)}. {change}",
        ),
        figures=(
            Curves(
                "Loss: mean squared error of the four windows",
                (Line("loss", counts, training.losses[: updates + 1], "forecast"),),
                x="updates",
                y="loss",
                log=True,
                x_range=(0.0, float(MOST)),
                y_range=(lowest, max(training.losses)),
            ),
            Table(
                "Forecasts of the four windows in glasses",
                ("", *(day_name(row + network.config.look_back) for row in rows.tolist())),
                (
                    (
                        word("truth"),
                        *(number(DAYS[row + network.config.look_back], 0) for row in rows.tolist()),
                    ),
                    (word("forecast"), *(number(float(value), 2, "strong") for value in glasses)),
                ),
            ),
        ),
        facts={"loss": loss, "first": first, "lowest": lowest},
    )


CHAPTER = Chapter(
    name="training",
    title="Training",
    summary="Forward, error, back through time, update, and again.",
    steps=(
        Step("forward", "Forecast and error", (_UPDATES, _RATE), _show_forward),
        Step("backward", "Back through time", (_WINDOW, _UPDATES, _RATE), _show_backward),
        Step("update", "One update for all windows", (_UPDATES, _RATE), _show_update),
        Step(
            "descent",
            "And again",
            (_UPDATES, _RATE),
            _show_descent,
            plays="updates",
            questions=(
                Question(
                    "learnt",
                    "Train until the loss is below 0.01.",
                    "Let the updates run, or take a larger learning rate.",
                    lambda _, page: page.facts["loss"] < 0.01,
                    "Many small updates of one set of weights have made four right forecasts.",
                ),
                Question(
                    "lost",
                    "Find a learning rate that leaves the loss higher than it was at first.",
                    "Take long steps, and look at the curve along the way.",
                    lambda _, page: page.facts["loss"] > page.facts["first"],
                    "A step that is too long jumps over the valley and lands higher on its other side.",
                ),
            ),
        ),
    ),
)
