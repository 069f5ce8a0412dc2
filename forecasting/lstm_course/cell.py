"""Chapter 1: one cell with one unit, its gates and its cell state, over three days."""

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from lstm_course.course import Chapter, Exercise, Page, Step, Values, change
from lstm_course.figures import (
    Cell,
    Curves,
    Equation,
    Equations,
    Line,
    Role,
    Table,
    Wiring,
    decimal,
    factor,
    number,
    number_row,
    percent,
    short,
    single_equation,
    word,
)
from lstm_course.network import (
    LAYER,
    LETTERS,
    course_config,
    course_network,
    forecast_glasses,
    opened_layer,
    starts,
)
from lstm_course.series import DAYS, UNIT, day_name, day_scaler, scaled, scaling_equation
from lstm_forecasting.inspect.arithmetic import CellArithmetic, compute_cell
from lstm_forecasting.inspect.arithmetic import Line as Sum
from lstm_forecasting.inspect.quantities import QUANTITIES
from lstm_forecasting.inspect.results import NamedValues

SEEN = 3
"""Days that the cell reads."""
_WEIGHTS = {
    # Columns: input gate, forget gate, candidate, output gate.
    f"{LAYER}.kernel": ((1.0, -0.5, 1.0, 0.5),),
    f"{LAYER}.recurrent": ((0.5, 0.5, 0.5, 1.0),),
    f"{LAYER}.bias": (0.0, 1.0, 0.0, 0.5),
    "head.kernel": ((-2.0,),),
    "head.bias": (0.0,),
}
"""Round numbers, so that the arithmetic can be followed on paper."""

_ANY_DAY = change("any_day", "Day that is scaled", 3, 1, len(DAYS))
_DAY = change("day", "Day that is shown", 1, 1, SEEN)
_GLASSES = tuple(
    change(f"day_{day}", f"Glasses sold on Day {day}", round(DAYS[day - 1]), 0, 60)
    for day in range(1, SEEN + 1)
)
_BIASES = (
    change("b_f", "Bias of the forget gate", 1.0, -8.0, 8.0, 0.5),
    change("b_i", "Bias of the input gate", 0.0, -8.0, 8.0, 0.5),
    change("b_o", "Bias of the output gate", 0.5, -8.0, 8.0, 0.5),
)


def cell_weights(b_f: float, b_i: float, b_o: float) -> NamedValues:
    """The weights of the chapter, with these biases of the gates."""
    weights = {name: np.array(array) for name, array in _WEIGHTS.items()}
    weights[f"{LAYER}.bias"] = np.array([b_i, b_f, 0.0, b_o])
    return weights


@lru_cache(maxsize=16)
def computed_days(
    glasses: tuple[float, ...], b_f: float, b_i: float, b_o: float
) -> tuple[tuple[CellArithmetic, ...], float]:
    """The cell on each of the days, from Day 1 on, and the forecast for the day after them, in glasses."""
    weights = cell_weights(b_f, b_i, b_o)
    network = course_network(course_config(hidden_units=1), weights, (*glasses, *DAYS[SEEN:]))
    layer = opened_layer(network, 0)
    days = tuple(compute_cell(layer, weights, ("x",), 0, step) for step in range(SEEN))
    return days, float(forecast_glasses(network, starts(0))[0, 0])


def _computed(values: Values) -> tuple[tuple[CellArithmetic, ...], float]:
    glasses = tuple(float(values[change.name]) for change in _GLASSES)
    return computed_days(glasses, float(values["b_f"]), float(values["b_i"]), float(values["b_o"]))


def _input_of(day: CellArithmetic) -> float:
    return day.lines[0].products[0].right_value


def _show_series(values: Values) -> Iterator[Page]:
    day = int(values["any_day"])
    scaler, sold = day_scaler(), DAYS[day - 1]
    mean, deviation = float(scaler.mean[0]), float(scaler.deviation[0])
    days = tuple(float(row + 1) for row in range(len(DAYS)))
    yield Page(
        text=(
            "A stand sells lemonade. Every fourth day is market day (Days 3, 7 and 11), and sales are "
            "highest. The network sees three days and forecasts the next one. It is trained on Days 1 to 7 "
            "only; the other days are kept for testing.",
            "A network works best with numbers near 0, so each day is *scaled*: subtract the mean of Days 1 "
            f"to 7, {decimal(mean, 0)} glasses, and divide by their standard deviation, "
            f"{decimal(deviation, 0)} glasses. The result is called x.",
        ),
        figures=(
            Curves(
                "Glasses sold",
                (Line(UNIT, days, DAYS, "truth"),),
                x="day",
                y=UNIT,
                marks=((float(day), day_name(day - 1)),),
            ),
            Equations(day_name(day - 1), (scaling_equation("x", sold, "strong"),)),
        ),
        facts={"x": float(scaled()[day - 1, 0]), "glasses": sold, "mean": mean, "deviation": deviation},
    )


def _sigma(a: float) -> float:
    return 1.0 / (1.0 + math.exp(-a))


def _show_functions(values: Values) -> Iterator[Page]:
    a = float(values["a"])
    share, content = _sigma(a), math.tanh(a)
    at = tuple(step / 4 for step in range(-24, 25))
    tanh_formula = "(exp(a) − exp(−a)) / (exp(a) + exp(−a))"
    yield Page(
        text=(
            "An LSTM uses two nonlinear functions. *σ* maps any number to one between 0 and 1. It says how "
            "far a *gate* is open: 0 is closed, 1 is fully open. *tanh* maps any number to one between −1 "
            "and 1. It gives the values that are stored, which may be negative.",
            f"At a = {short(a)} a gate is {percent(share)} open, and tanh gives {decimal(content)}. Change "
            "a: far from 0, both functions are almost flat.",
        ),
        figures=(
            Curves(
                "σ and tanh",
                (
                    Line("σ(a)", at, tuple(map(_sigma, at)), "forecast"),
                    Line("tanh(a)", at, tuple(map(math.tanh, at)), "other"),
                ),
                x="a",
                y="",
                marks=((a, f"a = {short(a)}"),),
            ),
            Equations(
                f"At a = {short(a)}",
                (
                    Equation("σ(a)", "1 / (1 + exp(−a))", "", number(share, role="strong")),
                    Equation("tanh(a)", tanh_formula, "", number(content, role="strong")),
                ),
            ),
        ),
        facts={"sigma": share, "tanh": content},
    )


def _show_gates(values: Values) -> Iterator[Page]:
    days, _ = _computed(values)
    day = int(values["day"])
    found = days[day - 1]
    f, i, candidate = (found.line(name).value for name in ("forget", "input", "candidate"))
    before, cell = found.line("cell").products[0].right_value, found.line("cell").value
    start = (
        "Before Day 1 there is nothing to remember: h and C are 0."
        if day == 1
        else f"From {day_name(day - 2)} the cell carries over h = "
        f"{decimal(found.lines[0].products[1].right_value)} and C = {decimal(before)}."
    )
    yield Page(
        text=(
            f"Each day the cell reads x and computes six numbers. On {day_name(day - 1)}, "
            f"{int(values[f'day_{day}'])} glasses are sold, so x = {decimal(_input_of(found))}. {start}",
            f"The *forget gate* f keeps {decimal(100 * f, 0)} % of the previous C. The *input gate* i lets "
            f"in {decimal(100 * i, 0)} % of the *candidate* C̃ = {decimal(candidate)}. Together they make "
            f"the new *cell state*, C = {decimal(cell)}. The *output gate* o sets how much of it is passed "
            "on as the *hidden state* h. W weights x, U weights the previous h, and b is a bias.",
        ),
        figures=(
            Equations(f"The cell on {day_name(day - 1)}", tuple(_equations(found))),
            Wiring("The same as a diagram", found),
        ),
        facts={line.name: line.value for line in found.lines},
    )


def _equations(found: CellArithmetic) -> Iterator[Equation]:
    for line in found.lines:
        role: Role = "strong" if line.name in ("cell", "hidden") else "plain"
        value = number(line.value, role=role)
        if line.bias is not None:
            letter = LETTERS[line.name]
            formula = f"{line.activation}(W_{letter}·x + U_{letter}·h + b_{letter})"
            yield Equation(line.symbol, formula, f"{line.activation}({_sum_of(line)})", value)
        elif line.name == "cell":
            yield Equation("C", "f·previous C + i·C̃", _sum_of(line), value)
        else:
            yield Equation("h", "o·tanh(C)", _sum_of(line), value)


def _sum_of(line: Sum) -> str:
    terms = [f"{factor(product.left_value)}·{factor(product.right_value)}" for product in line.products]
    if line.bias is not None:
        terms.append(factor(line.bias))
    return " + ".join(terms)


def _show_days(values: Values) -> Iterator[Page]:
    days, forecast = _computed(values)
    cells, hidden = ([found.line(name).value for found in days] for name in ("cell", "hidden"))
    weight, bias = (float(np.array(_WEIGHTS[f"head.{name}"]).ravel()[0]) for name in ("kernel", "bias"))
    scaler = day_scaler()
    mean, deviation = (decimal(float(array[0]), 0) for array in (scaler.mean, scaler.deviation))
    put_in = f"{factor(weight)}·{factor(hidden[-1])} + {factor(bias)}"
    rows = [
        number_row(UNIT, (float(values[change.name]) for change in _GLASSES), 0, "changed"),
        number_row("x", map(_input_of, days)),
    ]
    for quantity in QUANTITIES:
        role: Role = "strong" if quantity.symbol == "C" else "plain"
        numbers = (found.line(quantity.name).value for found in days)
        rows.append(number_row(f"{quantity.title} {quantity.symbol}", numbers, role=role))
    yield Page(
        text=(
            "The same cell reads Day 1, then Day 2, then Day 3. It passes on C and h, so each day starts "
            f"with the C of the day before. C starts at 0 and becomes {', then '.join(map(decimal, cells))}.",
            "After the last day a final layer, the *head*, computes the forecast from h alone: weight times "
            f"h plus bias, converted back to glasses. Here it forecasts {decimal(forecast, 1)} glasses for "
            f"Day 4. In truth {decimal(DAYS[SEEN], 0)} were sold: these weights are round numbers, not "
            "trained yet.",
        ),
        figures=(
            Table("Day by day", ("", *map(day_name, range(SEEN))), tuple(rows)),
            single_equation(
                "The forecast for Day 4",
                UNIT,
                f"{deviation}·(weight·h + bias) + {mean}",
                f"{deviation}·({put_in}) + {mean}",
                number(forecast, 1, "strong"),
            ),
        ),
        facts={
            "forecast": forecast,
            **{f"cell_{day + 1}": value for day, value in enumerate(cells)},
            **{f"hidden_{day + 1}": value for day, value in enumerate(hidden)},
        },
    )


def _show_memory(values: Values) -> Iterator[Page]:
    days, _ = _computed(values)
    forget = [found.line("forget").value for found in days]
    written = [found.line("cell").products[1].value for found in days]
    left = [math.prod(forget[day + 1 :]) for day in range(SEEN)]
    final = days[-1].line("cell").value
    rows = [
        (
            word(day_name(day)),
            number(written[day]),
            word(" · ".join(f"f of {day_name(later)}" for later in range(day + 1, SEEN)) or "nothing"),
            Cell(percent(left[day]), left[day], "strong" if day == 0 else "plain"),
            number(written[day] * left[day]),
        )
        for day in range(SEEN)
    ]
    total = (word("total"), word(""), word(""), word(""), number(final, role="strong"))
    yield Page(
        text=(
            "C is a sum, so each part of it can be traced to the day that added it. Each day adds i·C̃, and "
            "every later day multiplies that by its own f. After Day 3, what Day 1 added has been multiplied "
            f"by f of Day 2 and f of Day 3: {decimal(forget[1])} · {decimal(forget[2])} = {percent(left[0])} "
            "is left.",
            "This is the *long-term memory* of the LSTM: where f stays near 1, a number is kept for as long "
            "as it is needed. Training finds weights that do this; here you set them yourself.",
        ),
        figures=(
            Table(
                "Where C after Day 3 comes from",
                ("added on", "i·C̃", "multiplied by", "left", "in C"),
                (*rows, total),
            ),
        ),
        facts={
            "left_1": left[0],
            "left_2": left[1],
            "cell": final,
            **{f"written_{day + 1}": value for day, value in enumerate(written)},
        },
    )


CHAPTER = Chapter(
    name="cell",
    title="The cell",
    summary="The gates and the cell state of one unit, computed by hand over three days.",
    steps=(
        Step("series", "Eleven days of lemonade", (_ANY_DAY,), _show_series),
        Step(
            "functions",
            "Two functions",
            (change("a", "Input of both functions", 1.0, -6.0, 6.0, 0.5),),
            _show_functions,
        ),
        Step("gates", "The gates on one day", (_DAY, *_GLASSES, *_BIASES), _show_gates),
        Step("days", "Three days in a row", (*_GLASSES, *_BIASES), _show_days),
        Step(
            "memory",
            "What is left of Day 1",
            (*_GLASSES, *_BIASES),
            _show_memory,
            exercises=(
                Exercise(
                    "forget",
                    "Make the cell forget: after Day 3, less than 1 % of what Day 1 added may be left.",
                    "The forget gate must close. Its bias b_f is added before σ is applied.",
                    lambda _, page: page.facts["left_1"] < 0.01,
                    "A closed forget gate empties the cell state, whatever was in it.",
                ),
                Exercise(
                    "remember",
                    "Make Day 1 last: after Day 3, at least 90 % of what it added must be left.",
                    "f must be close to 1 on both Day 2 and Day 3.",
                    lambda _, page: page.facts["left_1"] >= 0.9,
                    "An open forget gate carries a value on from day to day with almost no loss.",
                ),
            ),
        ),
    ),
)
