"""Chapter 5: the trained weights on days that they have never seen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

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
    number,
    word,
)
from lstm_course.network import (
    SETTINGS,
    course_config,
    course_network,
    forecast_glasses,
    starts,
    train,
    training_starts,
)
from lstm_course.scoring import (
    mean_error,
    mean_error_of,
    targets_of,
    truth_glasses,
    unseen_starts,
)
from lstm_course.series import DAYS, TRAINING_DAYS, UNIT, day_name, day_scaler
from lstm_course.training import MOST, after_updates
from lstm_forecasting.evaluation.baselines import last_value, seasonal_naive
from lstm_plugins.records import Trace
from lstm_plugins.weights import Weights

NEW = len(DAYS) - 1 - int(SETTINGS["look_back"])
"""First row of the window whose days are all new to the network."""
SEASON = 4
"""Days from one market day to the next."""

_GLASSES = tuple(
    Change(f"day_{row + 1}", f"glasses sold on {day_name(row)}", round(DAYS[row]), 0, 60)
    for row in range(NEW, len(DAYS) - 1)
)
_UPDATES = Change("updates", "updates that are done", MOST, 0, MOST)
_SEED = Change("seed", "from which weights training begins", 0, 0, 99)


def _show_unseen(values: Values) -> Iterator[Page]:
    training, updates = train(course_config()), int(values["updates"])
    glasses = tuple(float(values[change.name]) for change in _GLASSES)
    invented = glasses != DAYS[NEW : len(DAYS) - 1]
    network = course_network(training.config, training.weights[updates], (*DAYS[:NEW], *glasses, DAYS[-1]))
    forecast, truth = float(forecast_glasses(network, starts(NEW))[0, 0]), DAYS[-1]
    judged = (
        f"In truth {decimal(truth, 0)} were sold: the forecast is off by {decimal(abs(forecast - truth), 1)}."
        if not invented
        else "You invented these days, so there is no truth to hold it against."
    )
    yield Page(
        text=(
            "Now the weights stay as they are. *Testing* is the forward pass alone: no gradient, no update. "
            "The network reads Days 8 to 10, which no training window had among its days, and tells Day 11.",
            f"{after_updates(updates)} it says {decimal(forecast, 1)} glasses. {judged} Change the days: "
            "the same weights answer any three.",
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
    inputs = trace.windows.inputs[0, :, 0].tolist()
    for row, sold, x in zip(range(NEW, len(DAYS) - 1), glasses, inputs, strict=True):
        numbers = f"({decimal(sold, 0)} − {mean}) / {deviation}"
        yield Equation(f"x of {day_name(row)}", "(glasses − mean) / deviation", numbers, number(x))
    last, kernel = trace.layers[0], weights["head.kernel"][:, 0].tolist()
    output, cell, hidden = (getattr(last, name)[0, -1].tolist() for name in ("output", "cell", "hidden"))
    for unit, (o, c, h) in enumerate(zip(output, cell, hidden, strict=True), 1):
        numbers = f"{factor(o)}·tanh({decimal(c)})"
        yield Equation(f"h{unit}", f"o{unit}·tanh(C{unit}), last day", numbers, number(h))
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
    rows, everywhere = unseen_starts(network), starts(0, len(DAYS) - training.config.look_back)
    truth, forecasts = truth_glasses(network, rows), forecast_glasses(network, everywhere)[:, 0]
    targets, told_days = targets_of(network, rows), targets_of(network, everywhere)
    series = np.array(DAYS)[:, np.newaxis]
    told = {
        "as the day before": last_value(series, np.array(targets), 1)[:, 0, 0],
        f"as {SEASON} days before": seasonal_naive(series, SEASON, np.array(targets), 1)[:, 0, 0],
    }
    lines = {"network": forecasts[rows], **told}
    errors = {name: mean_error_of(line, truth) for name, line in lines.items()}
    learnt, tested = mean_error(network, training_starts(network)), errors["network"]
    rival = f"as {SEASON} days before"
    better = "better than" if tested < errors[rival] else "no better than"
    yield Page(
        text=(
            f"{after_updates(updates)} the training windows are off by {decimal(learnt, 2)} glasses on the "
            "mean: that is memory. The test counts: on the four days that training never saw the network is "
            f"off by {decimal(tested, 2)}.",
            f"Is that good? Whoever says “as {SEASON} days before” is off by {decimal(errors[rival], 2)}; "
            f"the network is {better} that. Four days are few: begin with another seed, and see how much of "
            "it was luck.",
        ),
        figures=(
            Table(
                "Test days in glasses",
                ("", *map(day_name, targets), "mean error"),
                (
                    (word("truth"), *(number(float(sold), 0) for sold in truth), word("")),
                    *(
                        (
                            word(name),
                            *(number(float(value), 0 if name in told else 1) for value in line),
                            number(errors[name], 2, "plain" if name in told else "strong"),
                        )
                        for name, line in lines.items()
                    ),
                ),
            ),
            Curves(
                "Forecasts of all windows",
                (
                    Line("truth", _days(range(len(DAYS))), DAYS, "truth"),
                    Line("network", _days(told_days), tuple(forecasts.tolist()), "forecast"),
                ),
                x="day",
                y=UNIT,
                marks=((TRAINING_DAYS + 0.5, "test"),),
            ),
        ),
        facts={
            "training_error": learnt,
            "test_error": tested,
            "last_value_error": errors["as the day before"],
            "season_error": errors[rival],
        },
    )


def _days(rows: list[int] | range) -> tuple[float, ...]:
    return tuple(row + 1.0 for row in rows)


@lru_cache(maxsize=32)
def unseen_losses(seed: int) -> tuple[float, ...]:
    """The mean squared error of the test windows, scaled, after every number of updates from 0 on."""
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
            "The loss of the training windows falls on and on. The loss of the test windows need not: from "
            "some update on, a network may learn what is true of its examples alone. That is *overfitting*.",
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
            questions=(
                Question(
                    "low",
                    "With all 300 updates done, invent three days after which the network expects fewer than "
                    "12 glasses.",
                    "Day 5 was such a day. What was sold on the three days before it?",
                    lambda values, page: values["updates"] == MOST and page.facts["forecast"] < 12,
                    "It did not learn days by their number but what follows what, in whatever week it comes.",
                ),
            ),
        ),
        Step("test", "Memory or skill", (_UPDATES, _SEED), _show_test, plays="updates"),
        Step(
            "stopping",
            "When to stop",
            (_UPDATES, _SEED),
            _show_stopping,
            questions=(
                Question(
                    "early",
                    "Find a number of updates after which the test loss is lower than after all 300.",
                    "Look for the lowest point of the line of the test windows. Not every seed has one "
                    "before the end.",
                    lambda _, page: page.facts["test_loss"] < page.facts["final_test_loss"],
                    "You chose by the test, so it cannot judge your choice any more. For choosing one keeps "
                    "a third part of the days: the validation.",
                ),
            ),
        ),
    ),
)
