"""Chapter 7: other sizes, reading both ways, attention, and what each changes on this series."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean
from typing import Any

from lstm_course.course import Change, Chapter, Page, Question, Step, Values
from lstm_course.figures import Cell, Heat, Table, decimal, number, word
from lstm_course.network import (
    SETTINGS,
    course_config,
    forecast_glasses,
    opened_layer,
    starts,
    train,
    training_starts,
)
from lstm_course.scoring import mean_error, targets_of, unseen_starts
from lstm_course.series import DAYS, TRAINING_DAYS, day_name
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.counting import counted
from lstm_plugins.weights import parameter_count

LOOK_BACKS = tuple(range(1, TRAINING_DAYS))
UNITS = ("1", "2", "4", "8")
NETWORKS: Mapping[str, Mapping[str, Any]] = {
    "plain": {},
    "both ways": {"bidirectional": True},
    "attention, dot": {"attention": "dot"},
    "attention, general": {"attention": "general"},
}
SEEDS = range(5)
"""Trainings from other weights by which networks are compared."""

_LOOK_BACK = Change("look_back", "days that a window sees", 3, 1, LOOK_BACKS[-1])
_UNITS = Change("hidden_units", "numbers in h and in C", "2", choices=UNITS)
_SEED = Change("seed", "from which weights training begins", 0, 0, 99)
_WINDOW = Change("window", "which window", 8, 1, len(DAYS) - int(SETTINGS["look_back"]))
_ATTENTION = Change("attention", "how days are scored", "dot", choices=("dot", "general"))


@dataclass(frozen=True)
class Outcome:
    """What became of a training.

    Attributes:
        weights: numbers that were learnt.
        examples: windows that it was trained on.
        training_error: mean absolute error of these, in glasses.
        test_error: the same of the windows of the unseen days.
        last: forecast of Day 11, in glasses.
    """

    weights: int
    examples: int
    training_error: float
    test_error: float
    last: float


@lru_cache(maxsize=1024)
def outcome(config: ForecasterConfig) -> Outcome:
    """Trains a network of the course and judges it."""
    network = train(config).network()
    seen, unseen = training_starts(network), unseen_starts(network)
    return Outcome(
        parameter_count(config, 1, 1),
        len(seen),
        mean_error(network, seen),
        mean_error(network, unseen),
        float(forecast_glasses(network, unseen)[-1, 0]),
    )


def _show_sizes(values: Values) -> Iterator[Page]:
    look_back, units = int(values["look_back"]), str(values["hidden_units"])
    chosen = outcome(course_config(look_back=look_back, hidden_units=int(units)))
    examples = counted(chosen.examples, "training window")
    text = (
        f"A window of {counted(look_back, 'day')} leaves {examples}. With {counted(int(units), 'unit')} the "
        f"network has {chosen.weights} numbers to learn. On its own windows it is off by "
        f"{decimal(chosen.training_error, 2)} glasses on the mean, on the test by "
        f"{decimal(chosen.test_error, 2)}.",
        "One day does not say whether sales go up or down: after 19 came 31 and 30, but after 22 came 9. A "
        "long window says more, and leaves fewer examples. With one or two examples no number of units "
        "helps.",
    )
    facts = {
        "training_error": chosen.training_error,
        "test_error": chosen.test_error,
        "examples": float(chosen.examples),
        "weights": float(chosen.weights),
    }
    found: dict[tuple[int, str], Outcome] = {}
    places = [(days, count) for days in LOOK_BACKS for count in UNITS]
    for days, count in places:
        found[days, count] = outcome(course_config(look_back=days, hidden_units=int(count)))
        done = len(found) == len(places)
        if done or count == UNITS[-1]:
            yield Page(
                text=text,
                figures=(_grid(found, (look_back, units)),),
                facts=facts,
                under_way="" if done else f"{len(found)} of {len(places)} networks trained",
            )


def _grid(found: Mapping[tuple[int, str], Outcome], chosen: tuple[int, str]) -> Table:
    rows = []
    lowest = min(one.test_error for one in found.values())
    for days in LOOK_BACKS:
        cells: list[Cell] = []
        for count in UNITS:
            one = found.get((days, count))
            if one is None:
                cells.append(word("…", "quiet"))
            elif (days, count) == chosen:
                cells.append(number(one.test_error, 2, "changed"))
            else:
                cells.append(number(one.test_error, 2, "good" if one.test_error == lowest else "plain"))
        rows.append((word(str(days)), *cells, number(TRAINING_DAYS - days, 0, "quiet")))
    head = ("look_back", *(counted(int(units), "unit") for units in UNITS), "training windows")
    return Table("Mean error on the test in glasses", head, tuple(rows))


def _show_directions(values: Values) -> Iterator[Page]:
    seed, row = int(values["seed"]), int(values["window"]) - 1
    config = course_config(seed=seed, bidirectional=True)
    network = train(config).network()
    layers = [opened_layer(network, row, direction) for direction in range(2)]
    plain, both = outcome(course_config(seed=seed)), outcome(config)
    forecast = float(forecast_glasses(network, starts(row))[0, 0])
    days = range(row, row + config.look_back)
    yield Page(
        text=(
            "A *bidirectional* LSTM reads the window twice: once from its first day to its last, and once, "
            "with a second set of weights, from the last to the first. The head sees both results: h "
            f"forward after {day_name(days[-1])} and h backward after {day_name(days[0])}.",
            f"It has {both.weights} numbers to learn instead of {plain.weights}. Its test error is "
            f"{decimal(both.test_error, 2)} glasses, that of the plain one {decimal(plain.test_error, 2)}. "
            "Nothing is read from the future: both directions stay inside the window.",
        ),
        figures=(
            Table(
                f"Window {row + 1} read both ways; the head sees what is marked",
                ("", *map(day_name, days)),
                (
                    (word("glasses"), *(number(DAYS[day], 0, "input") for day in days)),
                    *(
                        (
                            word(f"h{unit + 1} {layer.direction} {arrow}"),
                            *(
                                number(
                                    float(layer.hidden[step, unit]),
                                    role="strong" if step == last else "plain",
                                )
                                for step in range(layer.steps)
                            ),
                        )
                        for layer, arrow, last in zip(layers, "→←", (config.look_back - 1, 0), strict=True)
                        for unit in range(config.hidden_units)
                    ),
                ),
            ),
            Table(
                "What it changes",
                ("", "numbers", "training error", "test error", "Day 11"),
                tuple(_row(name, one) for name, one in (("plain", plain), ("both ways", both))),
            ),
        ),
        facts={
            "weights": float(both.weights),
            "plain_error": plain.test_error,
            "test_error": both.test_error,
            "forecast": forecast,
        },
    )


def _row(name: str, one: Outcome) -> tuple[Cell, ...]:
    errors = (one.training_error, one.test_error)
    return (
        word(name),
        number(one.weights, 0),
        *(number(error, 2) for error in errors),
        number(one.last, 1),
    )


def _show_attention(values: Values) -> Iterator[Page]:
    seed, kind = int(values["seed"]), str(values["attention"])
    config = course_config(seed=seed, attention=kind)
    network = train(config).network()
    rows = starts(0, len(DAYS) - config.look_back)
    shares = network.trace(rows).attention
    if shares is None:
        raise ValueError("a network with attention traces none")
    plain, attentive = outcome(course_config(seed=seed)), outcome(config)
    matrix = "" if kind == "dot" else "A·"
    even = 1 / config.look_back
    choosy = "nearly even" if shares.max() - shares.min() < even / 2 else "far from even"
    yield Page(
        text=(
            "A plain LSTM forecasts from the last h alone. *Attention* looks back at the h of every day. "
            f"Each day gets a score, last h·{matrix}h / √{config.hidden_width}; softmax makes shares of the "
            "scores, which add up to 1. The head sees the mixture of all h in these shares, and the last h "
            "beside it.",
            f"Here the shares go from {decimal(float(shares.min()))} to {decimal(float(shares.max()))}: they "
            f"are {choosy}. The test error is {decimal(attentive.test_error, 2)} glasses with "
            f"{attentive.weights} numbers to learn, {decimal(plain.test_error, 2)} with {plain.weights} and "
            "without attention.",
        ),
        figures=(
            Heat(
                "Share of attention that each day of a window gets",
                tuple(
                    f"window {row + 1} → {day_name(target)}"
                    for row, target in zip(rows.tolist(), targets_of(network, rows), strict=True)
                ),
                tuple(f"{config.look_back - step} before" for step in range(config.look_back)),
                tuple(tuple(map(float, row)) for row in shares),
                "share",
            ),
            Table(
                "What it changes",
                ("", "numbers", "training error", "test error", "Day 11"),
                tuple(_row(name, one) for name, one in (("plain", plain), (f"attention, {kind}", attentive))),
            ),
        ),
        facts={
            "smallest": float(shares.min()),
            "largest": float(shares.max()),
            "weights": float(attentive.weights),
            "plain_error": plain.test_error,
            "test_error": attentive.test_error,
        },
    )


def _show_compared(values: Values) -> Iterator[Page]:
    look_back = int(values["look_back"])
    found: dict[str, list[Outcome]] = {}
    for name, settings in NETWORKS.items():
        found[name] = [outcome(course_config(look_back=look_back, seed=seed, **settings)) for seed in SEEDS]
        yield _compared(found, look_back)


def _compared(found: Mapping[str, list[Outcome]], look_back: int) -> Page:
    errors = {name: [one.test_error for one in outcomes] for name, outcomes in found.items()}
    means = {name: fmean(its) for name, its in errors.items()}
    apart = max(means.values()) - min(means.values())
    luck = max(max(its) - min(its) for its in errors.values())
    judgement = (
        "The seed decides more than the kind of network: on eleven days nothing better can be said."
        if luck > apart
        else "The kind of network decides more than the seed here."
    )
    done, still = len(found) == len(NETWORKS), len(NETWORKS) - len(found)
    return Page(
        text=(
            f"One training does not tell which one is best, so each network is trained {len(SEEDS)} times, "
            f"from other weights. With windows of {counted(look_back, 'day')} the means of their test errors "
            f"lie {decimal(apart, 2)} glasses apart, and one and the same network differs by up to "
            f"{decimal(luck, 2)} from seed to seed.",
            judgement,
        ),
        figures=(
            Table(
                f"Test error in glasses over {len(SEEDS)} seeds",
                ("", "numbers", "training", "test: mean", "lowest", "highest"),
                tuple(
                    (
                        word(name),
                        number(outcomes[0].weights, 0),
                        number(fmean(one.training_error for one in outcomes), 2),
                        number(means[name], 2, "strong"),
                        number(min(errors[name]), 2),
                        number(max(errors[name]), 2),
                    )
                    for name, outcomes in found.items()
                ),
            ),
        ),
        facts={"lowest_mean": min(means.values()), "apart": apart, "luck": luck},
        under_way="" if done else f"{still} more to train",
    )


CHAPTER = Chapter(
    name="further",
    title="Further",
    summary="Other sizes, reading both ways, attention: what each changes on this series.",
    steps=(
        Step(
            "sizes",
            "look_back and hidden units",
            (_LOOK_BACK, _UNITS),
            _show_sizes,
            questions=(
                Question(
                    "blind",
                    "Find a network that is off by more than 3 glasses even on its own training windows.",
                    "What can a network not know that sees too little?",
                    lambda _, page: page.facts["training_error"] > 3.0,
                    "No number of units makes up for what the window does not show.",
                ),
            ),
        ),
        Step("directions", "Reading both ways", (_WINDOW, _SEED), _show_directions),
        Step("attention", "Attention", (_ATTENTION, _SEED), _show_attention),
        Step(
            "compared",
            "Which one is best?",
            (_LOOK_BACK,),
            _show_compared,
            questions=(
                Question(
                    "examples",
                    "Find a look_back with which every kind of network is worse, on the mean, than saying "
                    "what was sold four days before (1.50 glasses off).",
                    "A longer window leaves fewer examples.",
                    lambda _, page: page.facts["lowest_mean"] > 1.5,
                    "What neither window nor examples show, no kind of network can learn.",
                ),
            ),
        ),
    ),
)
