"""Chapter 3: one set of weights for all steps and all windows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from lstm_course.course import Change, Chapter, Page, Question, Step, Values
from lstm_course.figures import Cell, Table, decimal, number, short, word
from lstm_course.network import (
    LAYER,
    course_config,
    course_network,
    forecast_glasses,
    opened_layer,
    starts,
    train,
    training_starts,
)
from lstm_course.series import DAYS, day_name
from lstm_forecasting.inspect.quantities import QUANTITIES
from lstm_forecasting.inspect.results import InspectedLayer
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.counting import counted
from lstm_plugins.forecaster import Forecaster
from lstm_plugins.weights import GATES, Array

_GATES = {"f": "forget", "i": "input", "C": "candidate", "o": "output"}
_TITLES = {
    "forget": "forget gate f",
    "input": "input gate i",
    "candidate": "candidate C̃",
    "output": "output gate o",
}
_SAME = 1e-12
"""What differs by less did not change: it is rounding."""

_UNITS = Change("hidden_units", "numbers in h and in C", 2, 1, 16)
_LOOK_BACK = Change("look_back", "days that a window sees", 3, 1, 6)
_NUMBER = Change(
    "number",
    "the weight that is changed",
    "W_f",
    choices=tuple(f"{kind}_{letter}" for kind in "Wb" for letter in _GATES),
)
_ADDED = Change("added", "what is added to it", 0.5, -4.0, 4.0, 0.5)


def _show_count(values: Values) -> Iterator[Page]:
    network = _network_of(values)
    config, weights = network.config, network.weights()
    counts = {name: _counts(weights) for name in _GATES.values()}
    lstm, head = sum(sum(count) for count in counts.values()), _size(weights, "head.")
    total, windows = lstm + head, len(training_starts(network))
    fewer = _count_with(config, config.hidden_units - 1) if config.hidden_units > 1 else 0
    of_each_step = config.look_back * lstm + head
    units = config.hidden_units
    rows = [
        (word(_TITLES[gate]), *(number(part, 0) for part in counts[gate]), number(sum(counts[gate]), 0))
        for gate in counts
    ]
    yield Page(
        text=(
            f"h and C are lists of {counted(units, 'number')} now: the cell has {counted(units, 'unit')}. "
            f"W_f then weighs x for each unit, U_f weighs {_each(units)} h before for each unit, and b_f has "
            "one number for each. W_i, W_C and W_o are made alike.",
            f"Together that is {counted(total, 'number')}, all that the network can learn. The same {total} "
            f"serve Day 1, Day 2 and every later day, and all {windows} training windows. With weights of "
            f"its own for each of the {config.look_back} days it would have {of_each_step}. Change "
            "look_back: the count "
            "stays.",
        ),
        figures=(
            Table(
                "Numbers to learn",
                ("", "from x: W", "from h: U", "bias: b", "together"),
                (
                    *rows,
                    (
                        word("head"),
                        word(""),
                        number(_size(weights, "head.kernel"), 0),
                        number(_size(weights, "head.bias"), 0),
                        number(head, 0),
                    ),
                    (word("all"), word(""), word(""), word(""), number(total, 0, "strong")),
                ),
            ),
        ),
        facts={"weights": total, "fewer": fewer, "windows": windows, "of_each_step": of_each_step},
    )


def _network_of(values: Values) -> Forecaster:
    config = course_config(hidden_units=int(values["hidden_units"]), look_back=int(values["look_back"]))
    return course_network(config)


def _count_with(config: ForecasterConfig, units: int) -> int:
    return _size(course_network(course_config(hidden_units=units, look_back=config.look_back)).weights(), "")


def _counts(weights: Mapping[str, Array]) -> tuple[int, ...]:
    """How many numbers of kernel, recurrent kernel and bias are one gate's: a quarter of their columns."""
    return tuple(weights[f"{LAYER}.{name}"].size // 4 for name in ("kernel", "recurrent", "bias"))


def _size(weights: Mapping[str, Array], prefix: str) -> int:
    return sum(array.size for name, array in weights.items() if name.startswith(prefix))


def _show_steps(values: Values) -> Iterator[Page]:
    before, after = _before_and_after(values)
    one, other = opened_layer(before, 0), opened_layer(after, 0)
    changed = 0
    rows = []
    for quantity in QUANTITIES:
        row = [word(f"{quantity.title} {quantity.symbol}")]
        for step in range(one.steps):
            pair = [float(getattr(layer, quantity.name)[step, 0]) for layer in (one, other)]
            differs = abs(pair[1] - pair[0]) > _SAME
            changed += differs
            row += [number(pair[0], role="quiet"), number(pair[1], role="changed" if differs else "plain")]
        rows.append(tuple(row))
    gate = _gate_of(values)
    moved = _steps_changed(one, other, gate)
    name, added = values["number"], float(values["added"])
    yield Page(
        text=(
            "These are the weights that training found (chapter 4 shows how), with two units. There is one "
            f"{name} for the first unit, not one for each day. With {short(added)} added to it, the "
            f"{_TITLES[gate]} changes on {moved} of the {one.steps} days, and {changed} of the "
            f"{len(QUANTITIES) * one.steps} numbers below change.",
            "What looks like a chain of three cells is one cell that is used three times. A change that "
            "helps on one day must not hurt on the others.",
        ),
        figures=(
            Table(
                f"The first unit with {name} as trained, and with {short(added)} added",
                ("", *(head for step in range(one.steps) for head in (day_name(step), "after"))),
                tuple(rows),
            ),
        ),
        facts={"changed": float(changed), "days": float(moved)},
    )


def _steps_changed(one: InspectedLayer, other: InspectedLayer, gate: str) -> int:
    apart = np.abs(getattr(one, gate)[:, 0] - getattr(other, gate)[:, 0])
    return int(np.count_nonzero(apart > _SAME))


def _show_windows(values: Values) -> Iterator[Page]:
    before, after = _before_and_after(values)
    count = len(DAYS) - before.config.look_back
    rows = starts(0, count)
    one, other = forecast_glasses(before, rows)[:, 0], forecast_glasses(after, rows)[:, 0]
    apart = other - one
    least, most = float(np.abs(apart).min()), float(np.abs(apart).max())
    name, added = values["number"], float(values["added"])
    yield Page(
        text=(
            f"The same {name} serves every window. With {short(added)} added to it, all {count} forecasts "
            f"are made anew; they move by {decimal(least, 2)} to {decimal(most, 2)} glasses.",
            "So windows do not have weights of their own. What the network learns from one window, it uses "
            "in all others, also in those that it has never seen.",
        ),
        figures=(
            Table(
                f"Forecasts in glasses, as trained and with {short(added)} added to {name}",
                ("window", "tells", "in truth", "as trained", "after", "moved by"),
                tuple(
                    (
                        word(str(row + 1)),
                        word(day_name(row + before.config.look_back)),
                        number(DAYS[row + before.config.look_back], 0),
                        number(float(one[row]), 2, "quiet"),
                        _after(float(other[row]), float(apart[row])),
                        number(float(apart[row]), 2, "strong"),
                    )
                    for row in range(count)
                ),
            ),
        ),
        facts={"least": least, "most": most},
    )


def _after(value: float, apart: float) -> Cell:
    return number(value, 2, "changed" if abs(apart) > _SAME else "plain")


def _before_and_after(values: Values) -> tuple[Forecaster, Forecaster]:
    """The trained network, and the same with one weight changed."""
    training = train(course_config())
    weights = {name: array.copy() for name, array in training.weights[-1].items()}
    units = training.config.hidden_units
    array = weights[f"{LAYER}.{'kernel' if str(values['number']).startswith('W') else 'bias'}"]
    array[..., GATES.index(_gate_of(values)) * units] += float(values["added"])
    return training.network(), course_network(training.config, weights)


def _gate_of(values: Values) -> str:
    return _GATES[str(values["number"]).partition("_")[2]]


def _each(units: int) -> str:
    return "its" if units == 1 else f"all {units}"


CHAPTER = Chapter(
    name="sharing",
    title="Shared weights",
    summary="One set of weights for every step and every window.",
    steps=(
        Step(
            "count",
            "How many numbers",
            (_UNITS, _LOOK_BACK),
            _show_count,
            questions=(
                Question(
                    "hundred",
                    "Find the smallest number of hidden units with more than 100 numbers to learn.",
                    "Each unit more adds a row and a column to every U.",
                    lambda _, page: page.facts["weights"] > 100 >= page.facts["fewer"],
                    "The count grows with the square of the units, and not at all with the days.",
                ),
            ),
        ),
        Step("steps", "One number, every step", (_NUMBER, _ADDED), _show_steps),
        Step(
            "windows",
            "One number, every window",
            (_NUMBER, _ADDED),
            _show_windows,
            questions=(
                Question(
                    "all",
                    "Change one number so that every forecast moves by more than 1 glass.",
                    "What is written into C matters more than what is kept of it.",
                    lambda _, page: page.facts["least"] > 1.0,
                    "One number of the 35 moved all eight forecasts: they share it.",
                ),
            ),
        ),
    ),
)
