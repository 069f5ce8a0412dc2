"""Chapter 4: forward pass, error, backpropagation through time, update, and again."""

from collections.abc import Iterator, Mapping

import numpy as np

from lstm_course.course import Chapter, Exercise, Page, Step, Values, change
from lstm_course.figures import (
    Curves,
    Line,
    Table,
    decimal,
    factor,
    fine,
    fine_number,
    number,
    number_row,
    percent,
    short,
    single_equation,
    word,
)
from lstm_course.forecasts import targets_of, truth_glasses
from lstm_course.network import (
    LAYER,
    LETTERS,
    SETTINGS,
    Training,
    course_config,
    first_unit,
    forecast_glasses,
    opened_layer,
    starts,
    train,
    training_starts,
)
from lstm_course.series import DAYS, TRAINING_DAYS, day_name, day_names, scaled
from lstm_forecasting.inspect.contributions import contribution
from lstm_plugins.counting import counted
from lstm_plugins.weights import Array

MOST = int(SETTINGS["epochs"])
WINDOWS = TRAINING_DAYS - int(SETTINGS["look_back"])
_NUDGE = 1e-5
"""Distance by which a weight is moved to measure its gradient."""

SEED = change("seed", "Seed of the initial weights", 0, 0, 99)
_UPDATES = change("updates", "Updates so far", 0, 0, MOST)
_RATE = change("learning_rate", "Step size of an update", 0.1, 0.05, 1.0, 0.05)
_WINDOW = change("window", "Window that is shown", 1, 1, WINDOWS)


def _training(values: Values) -> Training:
    return train(course_config(learning_rate=float(values["learning_rate"])))


def after_updates(count: int) -> str:
    """The moment after this many updates: "After 2 updates"."""
    return "Before the first update" if count == 0 else f"After {counted(count, 'update')}"


def _show_forward(values: Values) -> Iterator[Page]:
    training, updates = _training(values), int(values["updates"])
    network, look_back = training.network(updates), training.config.look_back
    rows = training_starts(network)
    glasses, outputs = forecast_glasses(network, rows)[:, 0], network.predict(rows)[:, 0, 0, 0]
    errors = outputs - scaled()[rows + look_back, 0]
    loss = training.losses[updates]
    squares = " + ".join(fine(float(error**2), 3) for error in errors)
    yield Page(
        text=(
            "Training is a loop. It starts with the *forward pass*: the network reads each window and makes "
            "a forecast. The *error* is forecast minus truth, in scaled numbers. Errors are squared, so that "
            "positive and negative ones both count, and large ones count most.",
            f"{after_updates(updates)}, the mean of the squared errors, the *loss*, is {fine(loss, 3)}. "
            "Training has a single goal: to make this number small.",
        ),
        figures=(
            Table(
                after_updates(updates),
                ("window", "sees", "truth", "forecast", "scaled error", "squared"),
                tuple(
                    (
                        word(str(row + 1)),
                        word(day_names(range(row, row + look_back))),
                        number(DAYS[row + look_back], 0),
                        number(float(glasses[place]), 2),
                        number(float(errors[place])),
                        fine_number(float(errors[place] ** 2), 3, "strong"),
                    )
                    for place, row in enumerate(rows.tolist())
                ),
            ),
            single_equation(
                "Mean squared error",
                "loss",
                "sum of the squares / windows",
                f"({squares}) / {len(rows)}",
                fine_number(loss, 3, "strong"),
            ),
        ),
        facts={"loss": loss},
    )


def _show_backward(values: Values) -> Iterator[Page]:
    training, updates, row = _training(values), int(values["updates"]), int(values["window"]) - 1
    network = training.network(updates)
    layer = opened_layer(network, row)
    loss, gradients = network.loss_and_gradients(starts(row))
    name = f"{LAYER}.kernel"
    columns = [first_unit(training.config, gate) for gate in LETTERS]
    shares = [contribution(layer, step)[name][0] for step in range(layer.steps)]
    computed = [float(gradients[name][0, column]) for column in columns]
    measured = [_measured(training, updates, row, column) for column in columns]
    apart = max(abs(one - other) for one, other in zip(computed, measured, strict=True))
    days = [
        number_row(
            day_name(row + step),
            (float(np.linalg.norm(layer.hidden_derivatives[step])), *shares[step][columns]),
            4,
        )
        for step in reversed(range(layer.steps))
    ]
    yield Page(
        text=(
            "In which direction should a weight change? Its *gradient* says how much the loss changes if the "
            "weight grows a little. *Backpropagation through time* computes it backwards: from the error of "
            f"window {row + 1} to {day_name(row + layer.steps - 1)}, then day by day back to "
            f"{day_name(row)}.",
            "The weight was used on every day, so every day contributes, and the gradient is the sum. The "
            "last row checks it without calculus: move the weight slightly up and down, and measure the "
            f"loss. The two agree to within {apart:.0e}.",
        ),
        figures=(
            Table(
                f"Window {row + 1}, {after_updates(updates).lower()}: weights of the first unit",
                ("", "|dloss/dh|", *(f"W_{letter}" for letter in LETTERS.values())),
                (
                    *days,
                    (word("sum: gradient"), word(""), *(number(value, 4, "strong") for value in computed)),
                    (word("measured"), word(""), *(number(value, 4, "quiet") for value in measured)),
                ),
            ),
        ),
        facts={"loss": loss, "apart": apart, **dict(zip(LETTERS, computed, strict=True))},
    )


def _measured(training: Training, updates: int, row: int, column: int) -> float:
    """The gradient of a window's loss for a column of the kernel, measured by moving the weight."""
    up, down = (
        training.changed_network(updates, f"{LAYER}.kernel", column, nudge).mean_loss(starts(row))
        for nudge in (_NUDGE, -_NUDGE)
    )
    return (up - down) / (2.0 * _NUDGE)


def _show_update(values: Values) -> Iterator[Page]:
    training = _training(values)
    done = min(int(values["updates"]), MOST - 1)
    network, rate = training.network(done), training.config.learning_rate
    rows = training_starts(network)
    by_window = [network.loss_and_gradients(starts(row))[1] for row in rows.tolist()]
    together = network.loss_and_gradients(rows)[1]
    before, after = training.weights[done], training.weights[done + 1]
    kinds = (("W", "kernel"), ("b", "bias"))
    places = [(f"{kind}_{letter}", array, gate) for kind, array in kinds for gate, letter in LETTERS.items()]

    def entry(arrays: Mapping[str, Array], array: str, gate: str) -> float:
        return float(arrays[f"{LAYER}.{array}"][..., first_unit(training.config, gate)].squeeze())

    table = tuple(
        (
            *number_row(title, (entry(gradients, *place) for gradients in by_window), 4),
            number(entry(together, *place), 4, "strong"),
            number(entry(before, *place), 4, "quiet"),
            number(entry(after, *place), 4, "changed"),
        )
        for title, *place in places
    )
    title, *place = places[2]
    mean, old, new = (entry(arrays, *place) for arrays in (together, before, after))
    yield Page(
        text=(
            f"Each of the {len(rows)} windows would change a weight differently. None gets its own way, and "
            "none gets its own weights: the *mean* of their gradients makes one *update* of the shared "
            f"weights. The *learning rate*, {short(rate)}, scales the step, and the step goes against the "
            "gradient, so that the loss falls.",
            f"Update {done + 1} takes the loss from {fine(training.losses[done], digits=3)} to "
            f"{fine(training.losses[done + 1], digits=3)}. The table shows 8 of the weights, those of the "
            "first unit.",
        ),
        figures=(
            Table(
                f"Update {done + 1}: gradient of each window, their mean, the weight before and after",
                ("", *(f"window {row + 1}" for row in rows.tolist()), "mean", "before", "after"),
                table,
            ),
            single_equation(
                f"{title} of the first unit",
                "after",
                "before − learning_rate·mean",
                f"{short(old, 4)} − {short(rate)}·{factor(mean, 4)}",
                number(new, 4, "strong"),
            ),
        ),
        facts={"before": training.losses[done], "after": training.losses[done + 1]},
    )


def _show_descent(values: Values) -> Iterator[Page]:
    training, updates = _training(values), int(values["updates"])
    network = training.network(updates)
    rows = training_starts(network)
    loss, first, lowest = training.losses[updates], training.losses[0], min(training.losses)
    counts = tuple(float(count) for count in range(updates + 1))
    change = (
        "Let the updates run, or do them one by one."
        if updates == 0
        else f"It started at {decimal(first)}, so {percent(loss / first)} of it is left."
        if loss <= first
        else f"It started at {decimal(first)} and has grown: the steps are too long for the valley."
    )
    yield Page(
        text=(
            "Forward pass, backward pass, update, and again: that is all there is to training. With a "
            "suitable learning rate, each update lowers the loss a little: quickly where the slope is steep, "
            "slowly where it is flat.",
            f"{after_updates(updates)} with learning rate {short(training.config.learning_rate)}, the loss "
            f"is {fine(loss)}. {change}",
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
                ("", *map(day_name, targets_of(network, rows))),
                (
                    number_row("truth", truth_glasses(network, rows), 0),
                    number_row("forecast", forecast_glasses(network, rows)[:, 0], 2, "strong"),
                ),
            ),
        ),
        facts={"loss": loss, "first": first, "lowest": lowest},
    )


CHAPTER = Chapter(
    name="training",
    title="Training",
    summary="Forward pass, error, backpropagation through time, update, and again.",
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
            exercises=(
                Exercise(
                    "learnt",
                    "Train until the loss is below 0.01.",
                    "Let the updates run, or choose a larger learning rate.",
                    lambda _, page: page.facts["loss"] < 0.01,
                    "Many small updates of one set of weights have produced four good forecasts.",
                ),
                Exercise(
                    "lost",
                    "Find a learning rate that leaves the loss higher than it was at the start.",
                    "Take long steps, and watch the curve along the way.",
                    lambda _, page: page.facts["loss"] > page.facts["first"],
                    "A step that is too long jumps across the valley and lands higher on the other side.",
                ),
            ),
        ),
    ),
)
