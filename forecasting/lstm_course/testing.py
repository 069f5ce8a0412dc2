"""Chapter 5: the trained weights on days that they have never seen."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np

from lstm_course.course import Chapter, Exercise, Page, Step, Values, change
from lstm_course.figures import (
    Curves,
    Equation,
    Equations,
    Line,
    Table,
    decimal,
    factor,
    number,
    number_row,
    word,
)
from lstm_course.forecasts import (
    LOOK_BACK,
    WINDOWS,
    mean_error,
    mean_error_of,
    targets_of,
    truth_glasses,
    unseen_starts,
)
from lstm_course.network import (
    course_config,
    course_network,
    forecast_glasses,
    starts,
    train,
    training_starts,
)
from lstm_course.series import DAYS, TRAINING_DAYS, UNIT, day_name, day_scaler, scaling_equation
from lstm_course.training import MOST, SEED, after_updates
from lstm_forecasting.evaluation.baselines.last_value import last_value
from lstm_forecasting.evaluation.baselines.seasonal_naive import seasonal_naive
from lstm_plugins.records import Trace
from lstm_plugins.weights import Weights

NEW = len(DAYS) - 1 - LOOK_BACK
"""First row of the window that contains new days only."""
SEASON = 4
"""Days from one market day to the next."""

_GLASSES = tuple(
    change(f"day_{row + 1}", f"Glasses sold on {day_name(row)}", round(DAYS[row]), 0, 60)
    for row in range(NEW, len(DAYS) - 1)
)
_UPDATES = change("updates", "Updates so far", MOST, 0, MOST)


def _show_unseen(values: Values) -> Iterator[Page]:
    training, updates = train(course_config()), int(values["updates"])
    glasses = tuple(float(values[change.name]) for change in _GLASSES)
    invented = glasses != DAYS[NEW : len(DAYS) - 1]
    network = course_network(training.config, training.weights[updates], (*DAYS[:NEW], *glasses, DAYS[-1]))
    forecast, truth = float(forecast_glasses(network, starts(NEW))[0, 0]), DAYS[-1]
    judged = (
        f"In truth {decimal(truth, 0)} were sold, so the forecast is off by "
        f"{decimal(abs(forecast - truth), 1)}."
        if not invented
        else "You made these days up, so there is no truth to compare it with."
    )
    yield Page(
        text=(
            "Now the weights stay fixed. *Testing* is the forward pass alone: no gradients, no updates. The "
            "network reads Days 8 to 10, which are in no training window, and forecasts Day 11.",
            f"{after_updates(updates)} it forecasts {decimal(forecast, 1)} glasses. {judged} Change the "
            "days: the same weights make a forecast from any three.",
        ),
        figures=(
            Equations(
                f"{day_name(len(DAYS) - 1)} from three new days",
                tuple(_forward_equations(glasses, network.trace(starts(NEW)), network.weights(), forecast)),
            ),
        ),
        facts={"forecast": forecast, "error": forecast - truth},
    )


def _forward_equations(
    glasses: tuple[float, ...], trace: Trace, weights: Weights, forecast: float
) -> Iterator[Equation]:
    scaler = day_scaler()
    mean, deviation = (decimal(float(array[0]), 0) for array in (scaler.mean, scaler.deviation))
    for row, sold in zip(range(NEW, len(DAYS) - 1), glasses, strict=True):
        yield scaling_equation(f"x of {day_name(row)}", sold)
    last, kernel = trace.layers[0], weights["head.kernel"][:, 0].tolist()
    output, cell, hidden = (getattr(last, name)[0, -1].tolist() for name in ("output", "cell", "hidden"))
    for unit, (o, c, h) in enumerate(zip(output, cell, hidden, strict=True), 1):
        numbers = f"{factor(o)}·tanh({decimal(c)})"
        yield Equation(f"h{unit}", f"o{unit}·tanh(C{unit}) on the last day", numbers, number(h))
    terms = " + ".join(f"{factor(w)}·{factor(h)}" for w, h in zip(kernel, hidden, strict=True))
    scaled = float(trace.prediction[0, 0, 0, 0])
    numbers = f"{terms} + {factor(float(weights['head.bias'][0]))}"
    yield Equation("output", "w1·h1 + w2·h2 + bias", numbers, number(scaled))
    numbers = f"{deviation}·{factor(scaled)} + {mean}"
    yield Equation(UNIT, "deviation·output + mean", numbers, number(forecast, 2, "strong"))


def _show_test(values: Values) -> Iterator[Page]:
    training = train(course_config(seed=int(values["seed"])))
    updates = int(values["updates"])
    network = training.network(updates)
    rows, everywhere = unseen_starts(network), starts(0, WINDOWS)
    truth, forecasts = truth_glasses(network, rows), forecast_glasses(network, everywhere)[:, 0]
    series, targets = np.array(DAYS)[:, np.newaxis], np.array(targets_of(network, rows))
    rules = {
        "same as the day before": last_value(series, targets, 1)[:, 0, 0],
        f"same as {SEASON} days before": seasonal_naive(series, SEASON, targets, 1)[:, 0, 0],
    }
    day_rule, season_rule = rules
    lines = {"network": forecasts[rows], **rules}
    errors = {name: mean_error_of(line, truth) for name, line in lines.items()}
    learnt, tested = mean_error(network, training_starts(network)), errors["network"]
    better = "better than" if tested < errors[season_rule] else "no better than"
    yield Page(
        text=(
            f"{after_updates(updates)}, the forecasts of the training windows are off by "
            f"{decimal(learnt, 2)} glasses on average, but that is memory. The test is what counts: on the "
            f"four days that training never saw, the network is off by {decimal(tested, 2)}.",
            f"Is that good? The simple rule “{season_rule}” is off by {decimal(errors[season_rule], 2)}; the "
            f"network is {better} that. Four days are few: start from another seed to see how much of it was "
            "luck.",
        ),
        figures=(
            Table(
                "Test days in glasses",
                ("", *map(day_name, targets.tolist()), "mean error"),
                (
                    (*number_row("truth", truth, 0), word("")),
                    *(
                        (
                            *number_row(name, line, 0 if name in rules else 1),
                            number(errors[name], 2, "plain" if name in rules else "strong"),
                        )
                        for name, line in lines.items()
                    ),
                ),
            ),
            Curves(
                "Forecasts of all windows",
                (
                    Line("truth", _days(range(len(DAYS))), DAYS, "truth"),
                    Line(
                        "network",
                        _days(targets_of(network, everywhere)),
                        tuple(forecasts.tolist()),
                        "forecast",
                    ),
                ),
                x="day",
                y=UNIT,
                marks=((TRAINING_DAYS + 0.5, "test"),),
            ),
        ),
        facts={
            "training_error": learnt,
            "test_error": tested,
            "last_value_error": errors[day_rule],
            "season_error": errors[season_rule],
        },
    )


def _days(rows: Iterable[int]) -> tuple[float, ...]:
    return tuple(row + 1.0 for row in rows)


@lru_cache(maxsize=32)
def unseen_losses(seed: int) -> tuple[float, ...]:
    """Mean squared error of the test windows, scaled, after 0 updates, after 1, and so on."""
    training = train(course_config(seed=seed))
    network = training.network()
    rows, losses = unseen_starts(network), []
    for weights in training.weights:
        network.load_weights({**weights})
        losses.append(network.mean_loss(rows))
    return tuple(losses)


def _show_stopping(values: Values) -> Iterator[Page]:
    seed, updates = int(values["seed"]), int(values["updates"])
    training, tested = train(course_config(seed=seed)), unseen_losses(seed)
    counts = tuple(float(count) for count in range(MOST + 1))
    lowest = int(np.argmin(tested))
    turn = (
        f"It was lowest after {lowest} updates."
        if lowest < MOST
        else f"It was never lower than after all {MOST}."
    )
    now = "" if updates == MOST else f", and {decimal(tested[updates], 5)} after {updates}"
    yield Page(
        text=(
            "The loss of the training windows keeps falling. The loss of the test windows need not: after "
            "some update, the network may learn what is true of its examples only. That is *overfitting*.",
            f"Here the test loss is {decimal(tested[-1], 5)} after all {MOST} updates{now}. {turn}",
        ),
        figures=(
            Curves(
                "Loss: mean squared error",
                (
                    Line("training windows", counts, training.losses, "forecast"),
                    Line("test windows", counts, tested, "other"),
                ),
                x="updates",
                y="loss",
                log=True,
                marks=((float(updates), f"{updates}"),),
            ),
        ),
        facts={
            "test_loss": tested[updates],
            "final_test_loss": tested[-1],
            "training_loss": training.losses[updates],
            "lowest_after": float(lowest),
        },
    )


CHAPTER = Chapter(
    name="testing",
    title="Testing",
    summary="The trained weights on days that they have never seen.",
    steps=(
        Step(
            "unseen",
            "Days 8 to 10 → Day 11",
            (*_GLASSES, _UPDATES),
            _show_unseen,
            plays="updates",
            exercises=(
                Exercise(
                    "low",
                    "With all 300 updates done, make up three days after which the network forecasts fewer "
                    "than 12 glasses.",
                    "Day 5 was such a day. What was sold on the three days before it?",
                    lambda values, page: values["updates"] == MOST and page.facts["forecast"] < 12,
                    "The network did not learn dates. It learned which values follow which, in any week.",
                ),
            ),
        ),
        Step("test", "Memory or skill", (_UPDATES, SEED), _show_test, plays="updates"),
        Step(
            "stopping",
            "When to stop",
            (_UPDATES, SEED),
            _show_stopping,
            exercises=(
                Exercise(
                    "early",
                    "Find a number of updates after which the test loss is lower than after all 300.",
                    "Look for the lowest point of the line of the test windows. For some seeds it is at the "
                    "very end.",
                    lambda _, page: page.facts["test_loss"] < page.facts["final_test_loss"],
                    "You used the test to choose, so it can no longer judge your choice. That is why a third "
                    "part of the days is kept for choosing: the validation part.",
                ),
            ),
        ),
    ),
)
