"""Every number of the chapter, held against the six equations written out once more, and the reference."""

import math

import numpy as np
import pytest

from lstm_course.cell import cell_weights
from lstm_course.figures import Curves, Wiring
from lstm_course.network import course_config
from lstm_course.series import DAYS, TRAINING_DAYS
from lstm_plugins import SeriesSet
from lstm_plugins.reference import ReferenceForecaster

CHOSEN = [{}, {"b_f": -3.0, "b_i": 2.0, "b_o": -1.5}, {"day_1": 40, "day_2": 0, "day_3": 21, "b_f": 4.25}]


def by_hand(day_1=10, day_2=19, day_3=31, b_f=1.0, b_i=0.0, b_o=0.5):
    """The six values of each day, and the forecast, in plain Python."""
    sigma = lambda a: 1 / (1 + math.exp(-a))  # noqa: E731
    h = c = 0.0
    days = []
    for glasses in (day_1, day_2, day_3):
        x = (glasses - 20) / 8
        f, i = sigma(-0.5 * x + 0.5 * h + b_f), sigma(x + 0.5 * h + b_i)
        candidate, o = math.tanh(x + 0.5 * h), sigma(0.5 * x + h + b_o)
        before, c = c, f * c + i * candidate
        h = o * math.tanh(c)
        days.append({"x": x, "f": f, "i": i, "C̃": candidate, "C": c, "o": o, "h": h, "before": before})
    return days, 8 * (-2 * h) + 20


def reference_hidden(**values):
    """h of each day as the reference computes it."""
    biases = {"b_f": 1.0, "b_i": 0.0, "b_o": 0.5} | {k: v for k, v in values.items() if k[0] == "b"}
    glasses = [values.get(f"day_{day + 1}", DAYS[day]) for day in range(3)]
    reference = ReferenceForecaster(course_config(hidden_units=1), 1, (0,))
    rows = (np.array([[*glasses, *DAYS[3:]]]).T - 20) / 8
    reference.load_series(SeriesSet(rows, (0,), (len(rows),)))
    reference.load_weights(cell_weights(**biases))
    return reference.trace(np.array([0])).layers[0].hidden[0, :, 0]


def test_days_are_scaled_by_mean_and_deviation_of_the_training_days(read):
    training = np.array(DAYS[:TRAINING_DAYS])
    assert (training.mean(), training.std()) == (20.0, 8.0)
    for day, glasses in enumerate(DAYS, 1):
        shown = read("cell", "series", any_day=day)
        assert shown.equation("x").value.value == (glasses - 20) / 8
        assert shown.equation("x").numbers == f"({glasses:.0f} − 20) / 8"
    assert "of Days 1 to 7, 20 glasses, and divide by their standard deviation, 8 glasses" in shown.text
    assert shown.page.figures[0].lines[0].y == DAYS


@pytest.mark.parametrize("a", [-6.0, -0.5, 0.0, 1.0, 6.0])
def test_the_two_functions(read, a):
    shown = read("cell", "functions", a=a)
    share, content = 1 / (1 + math.exp(-a)), math.tanh(a)
    assert shown.equation("σ(a)").value.value == pytest.approx(share, abs=1e-15)
    assert shown.equation("tanh(a)").value.value == pytest.approx(content, abs=1e-15)
    assert f"{100 * share:.1f} % open" in shown.text
    curves = next(figure for figure in shown.page.figures if isinstance(figure, Curves))
    for line, function in zip(curves.lines, (lambda x: 1 / (1 + math.exp(-x)), math.tanh), strict=True):
        assert line.y == pytest.approx([function(x) for x in line.x], abs=1e-15)


@pytest.mark.parametrize("values", CHOSEN)
def test_six_equations_on_each_day(read, values):
    days, _ = by_hand(**values)
    for day, expected in enumerate(days, 1):
        shown = read("cell", "gates", day=day, **values)
        for symbol in ("f", "i", "C̃", "C", "o", "h"):
            assert shown.equation(symbol).value.value == pytest.approx(expected[symbol], abs=1e-14), symbol
        assert f"keeps {100 * expected['f']:.0f} % of the previous C" in shown.text
    assert "Before Day 1 there is nothing to remember" in read("cell", "gates", day=1, **values).text


def test_the_picture_of_the_cell_has_the_same_numbers(read):
    page = read("cell", "gates", day=3).page
    (found,) = [figure.cell for figure in page.figures if isinstance(figure, Wiring)]
    assert (found.unit, found.step) == (0, 2)
    for line in found.lines:
        assert line.value == page.facts[line.name]
        assert found.apart < 1e-14


def test_what_is_put_into_an_equation_is_what_it_computes(read):
    shown = read("cell", "gates", day=2)
    assert shown.equation("f").formula == "σ(W_f·x + U_f·h + b_f)"
    assert shown.equation("f").numbers == "σ((−0.5)·(−0.125) + 0.5·(−0.088) + 1)"
    assert shown.equation("f").value.text == "0.735"
    for symbol in ("f", "i", "C̃", "C", "o", "h"):
        line = shown.equation(symbol)
        put_in = line.numbers.replace("·", "*").replace("−", "-").replace("σ(", "sigma(")
        names = {"tanh": math.tanh, "sigma": lambda a: 1 / (1 + math.exp(-a))}
        assert eval(put_in, names) == pytest.approx(line.value.value, abs=2e-3)  # noqa: S307


@pytest.mark.parametrize("values", CHOSEN)
def test_three_days_and_the_forecast(read, values):
    days, forecast = by_hand(**values)
    shown = read("cell", "days", **values)
    table = shown.table()
    for name, symbol in (
        ("x", "x"),
        ("forget gate f", "f"),
        ("input gate i", "i"),
        ("candidate C̃", "C̃"),
        ("cell state C", "C"),
        ("output gate o", "o"),
        ("hidden state h", "h"),
    ):
        found = [table[name, f"Day {day}"].value for day in (1, 2, 3)]
        assert found == pytest.approx([day[symbol] for day in days], abs=1e-14)
    hidden = [table["hidden state h", f"Day {day}"].value for day in (1, 2, 3)]
    assert hidden == pytest.approx(reference_hidden(**values), abs=1e-14)
    assert shown.equation("glasses").value.value == pytest.approx(forecast, abs=1e-12)
    assert f"it forecasts {forecast:.1f} glasses for Day 4. In truth 22 were sold" in shown.text


@pytest.mark.parametrize("values", CHOSEN)
def test_what_each_day_wrote_adds_up_to_the_state(read, values):
    days, _ = by_hand(**values)
    table = read("cell", "memory", **values).table()
    wrote = [day["i"] * day["C̃"] for day in days]
    left = [days[1]["f"] * days[2]["f"], days[2]["f"], 1.0]
    for day in range(3):
        name = f"Day {day + 1}"
        assert table[name, "i·C̃"].value == pytest.approx(wrote[day], abs=1e-14)
        assert table[name, "left"].value == pytest.approx(left[day], abs=1e-14)
        assert table[name, "in C"].value == pytest.approx(wrote[day] * left[day], abs=1e-14)
    parts = [table[f"Day {day}", "in C"].value for day in (1, 2, 3)]
    assert sum(parts) == pytest.approx(table["total", "in C"].value, abs=1e-14)
    assert table["total", "in C"].value == pytest.approx(days[2]["C"], abs=1e-14)


def test_exercises_are_solved_by_the_forget_gate(course):
    step = course[0].steps[-1]
    for b_f, solved in ((-6.0, ["forget"]), (1.0, []), (5.0, ["remember"])):
        values = step.values({"b_f": b_f})
        assert [one.name for one in step.solved(values, step.page(values))] == solved
