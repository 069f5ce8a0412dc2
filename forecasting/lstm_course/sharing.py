"""Chapter 3: one set of weights for all steps and all windows."""

from collections.abc import Iterator

import numpy as np

from lstm_course.course import Chapter, Exercise, Page, Step, Values, change
from lstm_course.figures import Table, decimal, number, number_row, short, word
from lstm_course.forecasts import SAME, WINDOWS, changed_forecasts
from lstm_course.network import (
    LAYER,
    LETTERS,
    course_config,
    course_network,
    first_unit,
    forecast_glasses,
    opened_layer,
    starts,
    train,
    training_starts,
)
from lstm_course.series import day_name
from lstm_forecasting.inspect.quantities import QUANTITIES
from lstm_plugins.counting import counted
from lstm_plugins.forecaster import Forecaster
from lstm_plugins.weights import parameter_count

_GATES = {letter: gate for gate, letter in LETTERS.items()}
_TITLES = {quantity.name: f"{quantity.title} {quantity.symbol}" for quantity in QUANTITIES}

_UNITS = change("hidden_units", "Hidden units: numbers in h and in C", 2, 1, 16)
_LOOK_BACK = change("look_back", "Days in the look-back window", 3, 1, 6)
_NUMBER = change(
    "number",
    "Weight that is changed",
    "W_f",
    choices=tuple(f"{kind}_{letter}" for kind in "Wb" for letter in _GATES),
)
_ADDED = change("added", "Number added to it", 0.5, -4.0, 4.0, 0.5)


def _show_count(values: Values) -> Iterator[Page]:
    units, look_back = int(values["hidden_units"]), int(values["look_back"])
    network = course_network(course_config(hidden_units=units, look_back=look_back))
    weights = network.weights()
    # A gate has a quarter of the columns of each array.
    gate = [weights[f"{LAYER}.{name}"].size // 4 for name in ("kernel", "recurrent", "bias")]
    head = [weights[f"head.{name}"].size for name in ("kernel", "bias")]
    total, windows = parameter_count(network.config, 1, 1), len(training_starts(network))
    smaller = course_config(hidden_units=max(units - 1, 1), look_back=look_back)
    fewer = parameter_count(smaller, 1, 1) if units > 1 else 0
    of_each_step = look_back * (total - sum(head)) + sum(head)
    empty = word("")
    yield Page(
        text=(
            f"h and C are now lists of {counted(units, 'number')}: the cell has {counted(units, 'unit')}. "
            f"For each unit, the forget gate has one weight for x in W_f, {counted(units, 'weight')} for the "
            "previous h in U_f, and one bias in b_f. The other gates and the candidate have as many.",
            f"In total there are {total} numbers to learn. The same {total} serve Day 1, Day 2 and every "
            f"later day, and all {windows} training windows. With separate weights for each of the "
            f"{look_back} days there would be {of_each_step}. Change look_back: the total stays the same.",
        ),
        figures=(
            Table(
                "Numbers to learn",
                ("", "for x: W", "for h: U", "bias: b", "total"),
                (
                    *(number_row(_TITLES[name], (*gate, sum(gate)), 0) for name in LETTERS),
                    (word("head"), empty, *(number(count, 0) for count in (*head, sum(head)))),
                    (word("total"), empty, empty, empty, number(total, 0, "strong")),
                ),
            ),
        ),
        facts={"weights": total, "fewer": fewer, "windows": windows, "of_each_step": of_each_step},
    )


def _show_steps(values: Values) -> Iterator[Page]:
    layers = [opened_layer(network, 0) for network in _before_and_after(values)]
    steps, gate = layers[0].steps, _gate_of(values)
    changed, changed_days = 0, 0
    rows = []
    for quantity in QUANTITIES:
        row = [word(_TITLES[quantity.name])]
        for step in range(steps):
            before, after = (float(getattr(layer, quantity.name)[step, 0]) for layer in layers)
            differs = abs(after - before) > SAME
            changed += differs
            changed_days += differs and quantity.name == gate
            row += [number(before, role="quiet"), number(after, role="changed" if differs else "plain")]
        rows.append(tuple(row))
    name, added = values["number"], short(float(values["added"]))
    yield Page(
        text=(
            "These weights come from training (see chapter 4), with two units. The first unit has one "
            f"{name}, not one for each day. Adding {added} to it changes the {_TITLES[gate]} on "
            f"{changed_days} of the {steps} days, and {changed} of the {len(QUANTITIES) * steps} numbers "
            "below.",
            "What looks like a chain of three cells is one cell used three times. A change that helps on one "
            "day must not hurt on the others.",
        ),
        figures=(
            Table(
                f"The first unit with {name} as trained, and after adding {added}",
                ("", *(head for step in range(steps) for head in (day_name(step), "after"))),
                tuple(rows),
            ),
        ),
        facts={"changed": float(changed), "days": float(changed_days)},
    )


def _show_windows(values: Values) -> Iterator[Page]:
    before, after = (
        forecast_glasses(network, starts(0, WINDOWS))[:, 0] for network in _before_and_after(values)
    )
    apart = np.abs(after - before)
    least, most = float(apart.min()), float(apart.max())
    name, added = values["number"], short(float(values["added"]))
    yield Page(
        text=(
            f"The same {name} serves every window. Adding {added} to it changes all {WINDOWS} forecasts, by "
            f"{decimal(least, 2)} to {decimal(most, 2)} glasses.",
            "So windows do not have weights of their own. What the network learns from one window, it "
            "applies to all others, including windows that it has never seen.",
        ),
        figures=(
            changed_forecasts(
                f"Forecasts in glasses, before and after adding {added} to {name}", before, after
            ),
        ),
        facts={"least": least, "most": most},
    )


def _before_and_after(values: Values) -> tuple[Forecaster, Forecaster]:
    """The trained network, and the same network with one weight changed."""
    training = train(course_config())
    array = f"{LAYER}.{'kernel' if str(values['number']).startswith('W') else 'bias'}"
    column = first_unit(training.config, _gate_of(values))
    return training.network(), training.changed_network(-1, array, column, float(values["added"]))


def _gate_of(values: Values) -> str:
    return _GATES[str(values["number"]).partition("_")[2]]


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
            exercises=(
                Exercise(
                    "hundred",
                    "Find the smallest number of hidden units that gives more than 100 numbers to learn.",
                    "Each extra unit adds a row and a column to every U.",
                    lambda _, page: page.facts["weights"] > 100 >= page.facts["fewer"],
                    "The total grows with the square of the units and does not depend on the number of days.",
                ),
            ),
        ),
        Step("steps", "One number, every step", (_NUMBER, _ADDED), _show_steps),
        Step(
            "windows",
            "One number, every window",
            (_NUMBER, _ADDED),
            _show_windows,
            exercises=(
                Exercise(
                    "all",
                    "Change one number so that every forecast moves by more than 1 glass.",
                    "What is written into C matters more than what is kept of it.",
                    lambda _, page: page.facts["least"] > 1.0,
                    "One of the 35 numbers moved all eight forecasts, because they share it.",
                ),
            ),
        ),
    ),
)
