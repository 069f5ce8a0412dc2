"""Chapter 7: other sizes, reading in both directions, attention, and what each changes on this series."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean
from typing import Any

from lstm_course.course import Chapter, Exercise, Page, Step, Values, change
from lstm_course.figures import Cell, Heat, Row, Table, decimal, number, number_row, word
from lstm_course.forecasts import WINDOWS, mean_error, targets_of, unseen_starts
from lstm_course.network import (
    course_config,
    forecast_glasses,
    opened_layer,
    starts,
    train,
    training_starts,
)
from lstm_course.series import DAYS, TRAINING_DAYS, day_name
from lstm_course.training import SEED
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
"""Seeds of the training runs by which networks are compared."""

_LOOK_BACK = change("look_back", "Days in the look-back window", 3, 1, LOOK_BACKS[-1])
_UNITS = change("hidden_units", "Hidden units: numbers in h and in C", "2", choices=UNITS)
_WINDOW = change("window", "Window that is shown", 8, 1, WINDOWS)
_ATTENTION = change("attention", "How days are scored", "dot", choices=("dot", "general"))


@dataclass(frozen=True)
class Outcome:
    """The result of a training run; `last` is the forecast of Day 11, and errors are absolute, in glasses."""

    weights: int
    examples: int
    training_error: float
    test_error: float
    last: float


@lru_cache(maxsize=1024)
def outcome(config: ForecasterConfig) -> Outcome:
    """Trains and scores a network of the course."""
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
    text = (
        f"A window of {counted(look_back, 'day')} leaves {counted(chosen.examples, 'training window')}. With "
        f"{counted(int(units), 'unit')} the network has {chosen.weights} numbers to learn. It is off by "
        f"{decimal(chosen.training_error, 2)} glasses on average on its own training windows, and by "
        f"{decimal(chosen.test_error, 2)} on the test.",
        "One day does not show whether sales will rise or fall: after 19 came 31 and 30, but after 22 came "
        "9. A longer window shows more and leaves fewer examples. With only one or two examples, no number "
        "of units helps.",
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
    lowest = min(one.test_error for one in found.values())

    def cell(place: tuple[int, str]) -> Cell:
        if place not in found:
            return word("…", "quiet")
        error = found[place].test_error
        return number(error, 2, "changed" if place == chosen else "good" if error == lowest else "plain")

    rows = (
        (
            word(str(days)),
            *(cell((days, units)) for units in UNITS),
            number(TRAINING_DAYS - days, 0, "quiet"),
        )
        for days in LOOK_BACKS
    )
    head = ("look_back", *(counted(int(units), "unit") for units in UNITS), "training windows")
    return Table("Mean error on the test, in glasses", head, tuple(rows))


def _show_directions(values: Values) -> Iterator[Page]:
    seed, row = int(values["seed"]), int(values["window"]) - 1
    config = course_config(seed=seed, bidirectional=True)
    network = train(config).network()
    layers = [opened_layer(network, row, direction) for direction in range(2)]
    plain, both = outcome(course_config(seed=seed)), outcome(config)
    days = range(row, row + config.look_back)
    rows = [number_row("glasses", (DAYS[day] for day in days), 0, "input")]
    for layer, arrow, last in zip(layers, "→←", (config.look_back - 1, 0), strict=True):
        for unit in range(config.hidden_units):
            hidden = [number(value) for value in layer.hidden[:, unit].tolist()]
            hidden[last] = number(float(layer.hidden[last, unit]), role="strong")
            rows.append((word(f"h{unit + 1} {layer.direction} {arrow}"), *hidden))
    yield Page(
        text=(
            "A *bidirectional* LSTM reads the window twice: from the first day to the last and, with a "
            "second set of weights, from the last day to the first. The head sees both results: forward h "
            f"after {day_name(days[-1])}, and backward h after {day_name(days[0])}.",
            f"It has {both.weights} numbers to learn instead of {plain.weights}. Its test error is "
            f"{decimal(both.test_error, 2)} glasses; that of the plain LSTM is "
            f"{decimal(plain.test_error, 2)}. It does not look into the future: both directions stay inside "
            "the window.",
        ),
        figures=(
            Table(
                f"Window {row + 1} read both ways; the head sees the highlighted numbers",
                ("", *map(day_name, days)),
                tuple(rows),
            ),
            _outcomes({"plain": plain, "both ways": both}),
        ),
        facts={
            "weights": float(both.weights),
            "plain_error": plain.test_error,
            "test_error": both.test_error,
            "forecast": float(forecast_glasses(network, starts(row))[0, 0]),
        },
    )


def _outcomes(found: Mapping[str, Outcome]) -> Table:
    def row(name: str, one: Outcome) -> Row:
        errors = (number(error, 2) for error in (one.training_error, one.test_error))
        return (word(name), number(one.weights, 0), *errors, number(one.last, 1))

    head = ("", "numbers", "training error", "test error", "Day 11")
    return Table("What changes", head, tuple(row(*named) for named in found.items()))


def _show_attention(values: Values) -> Iterator[Page]:
    seed, kind = int(values["seed"]), str(values["attention"])
    config = course_config(seed=seed, attention=kind)
    network = train(config).network()
    rows = starts(0, WINDOWS)
    shares = network.trace(rows).attention
    if shares is None:
        raise ValueError("a network with attention traces none")
    plain, attentive = outcome(course_config(seed=seed)), outcome(config)
    matrix = "" if kind == "dot" else "A·"
    least, most = float(shares.min()), float(shares.max())
    spread = "nearly even" if most - least < 0.5 / config.look_back else "far from even"
    yield Page(
        text=(
            "A plain LSTM forecasts from the last h alone. *Attention* looks back at the h of every day. "
            f"Each day gets a score, last h·{matrix}h / √{config.hidden_width}, and softmax turns the "
            "scores into shares that add up to 1. The head sees the average of all h, weighted by these "
            "shares, together with the last h.",
            f"Here the shares range from {decimal(least)} to {decimal(most)}: they are {spread}. The test "
            f"error is {decimal(attentive.test_error, 2)} glasses with {attentive.weights} numbers to learn. "
            f"Without attention it is {decimal(plain.test_error, 2)} with {plain.weights}.",
        ),
        figures=(
            Heat(
                "Share of attention that each day of a window gets",
                tuple(
                    f"window {row + 1} → {day_name(target)}"
                    for row, target in enumerate(targets_of(network, rows))
                ),
                tuple(
                    f"{counted(config.look_back - step, 'day')} before" for step in range(config.look_back)
                ),
                tuple(tuple(map(float, row)) for row in shares),
                "share",
            ),
            _outcomes({"plain": plain, f"attention, {kind}": attentive}),
        ),
        facts={
            "smallest": least,
            "largest": most,
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
        "The seed matters more than the kind of network: eleven days are too few to tell which one is best."
        if luck > apart
        else "Here the kind of network matters more than the seed."
    )
    still = len(NETWORKS) - len(found)
    rows = (
        (
            word(name),
            number(outcomes[0].weights, 0),
            number(fmean(one.training_error for one in outcomes), 2),
            number(means[name], 2, "strong"),
            number(min(errors[name]), 2),
            number(max(errors[name]), 2),
        )
        for name, outcomes in found.items()
    )
    head = ("", "numbers", "training", "test: mean", "lowest", "highest")
    return Page(
        text=(
            f"One training run does not show which network is best, so each one is trained {len(SEEDS)} "
            f"times, from different seeds. With windows of {counted(look_back, 'day')}, the mean test errors "
            f"of the networks differ by up to {decimal(apart, 2)} glasses, and those of one and the same "
            f"network by up to {decimal(luck, 2)} from seed to seed.",
            judgement,
        ),
        figures=(Table(f"Errors in glasses over {len(SEEDS)} seeds", head, tuple(rows)),),
        facts={"lowest_mean": min(means.values()), "apart": apart, "luck": luck},
        under_way=f"{still} more to train" if still else "",
    )


CHAPTER = Chapter(
    name="further",
    title="Going further",
    summary="Other sizes, reading both ways and attention: what each changes on this series.",
    steps=(
        Step(
            "sizes",
            "look_back and hidden units",
            (_LOOK_BACK, _UNITS),
            _show_sizes,
            exercises=(
                Exercise(
                    "blind",
                    "Find a network that is off by more than 3 glasses even on its own training windows.",
                    "What can a network not know if its window shows too little?",
                    lambda _, page: page.facts["training_error"] > 3.0,
                    "No number of units makes up for what the window does not show.",
                ),
            ),
        ),
        Step("directions", "Reading both ways", (_WINDOW, SEED), _show_directions),
        Step("attention", "Attention", (_ATTENTION, SEED), _show_attention),
        Step(
            "compared",
            "Which one is best?",
            (_LOOK_BACK,),
            _show_compared,
            exercises=(
                Exercise(
                    "examples",
                    "Find a look_back with which every kind of network is, on average, worse than the rule "
                    "“same as 4 days before” (off by 1.50 glasses).",
                    "A longer window leaves fewer examples.",
                    lambda _, page: page.facts["lowest_mean"] > 1.5,
                    "No kind of network can learn what neither the window nor the examples show.",
                ),
            ),
        ),
    ),
)
