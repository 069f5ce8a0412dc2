"""The chapter held against the reference, which trains beside it, and arithmetic written out."""

import numpy as np
import pytest

from lstm_course.network import course_config as config
from lstm_course.network import train
from lstm_course.series import DAYS


@pytest.mark.parametrize("updates", [0, 300])
def test_day_11_is_the_forward_pass_on_days_8_to_10(read, trained, glasses, updates):
    shown, reference = read("testing", "unseen", updates=updates), trained(updates)
    forecast = glasses(reference, [7])[0]
    assert shown.equation("glasses").value.value == pytest.approx(forecast, abs=1e-10)
    last = reference.trace(np.array([7])).layers[0]
    for unit in range(2):
        h = shown.equation(f"h{unit + 1}").value.value
        assert h == pytest.approx(last.hidden[0, -1, unit], abs=1e-11)
        assert h == pytest.approx(last.output[0, -1, unit] * np.tanh(last.cell[0, -1, unit]), abs=1e-11)
    for day, x in ((8, 1 / 8), (9, -9 / 8), (10, 0.0)):
        assert shown.equation(f"x of Day {day}").value.value == x
    output, total = shown.equation("output").value.value, shown.equation("glasses").value.value
    assert total == pytest.approx(8 * output + 20, abs=1e-12)
    assert f"it forecasts {forecast:.1f} glasses. In truth 32 were sold" in shown.text
    assert f"off by {abs(forecast - 32):.1f}" in shown.text


def test_what_is_put_into_an_equation_is_what_it_computes(read):
    shown = read("testing", "unseen", day_8=40, updates=77)
    for symbol in ("x of Day 8", "h1", "h2", "output", "glasses"):
        line = shown.equation(symbol)
        put_in = line.numbers.replace("·", "*").replace("−", "-")
        assert eval(put_in, {"tanh": np.tanh}) == pytest.approx(line.value.value, abs=5e-3)  # noqa: S307
    assert "You made these days up, so there is no truth" in shown.text


def test_the_days_before_day_5_solve_the_exercise(course):
    step = course[4].steps[0]
    low = {"day_8": 19, "day_9": 31, "day_10": 22}
    for chosen, solved in (({}, False), (low, True), ({**low, "updates": 10}, False)):
        values = step.values(chosen)
        assert bool(step.solved(values, step.page(values))) is solved
    assert step.page(low).facts["forecast"] == pytest.approx(DAYS[4], abs=0.1)


def test_forecasts_and_errors_of_the_test_beside_two_simple_rules(read, trained, glasses, off):
    shown, reference = read("testing", "test"), trained()
    table, told = shown.table(), glasses(reference, range(8))
    for row, day in zip(range(4, 8), range(8, 12), strict=True):
        assert table["truth", f"Day {day}"].value == DAYS[day - 1]
        assert table["network", f"Day {day}"].value == pytest.approx(told[row], abs=1e-9)
        assert table["same as the day before", f"Day {day}"].value == DAYS[day - 2]
        assert table["same as 4 days before", f"Day {day}"].value == DAYS[day - 5]
    assert table["network", "mean error"].value == pytest.approx(off(reference), abs=1e-9)
    assert table["same as the day before", "mean error"].value == (9 + 10 + 9 + 12) / 4
    assert table["same as 4 days before", "mean error"].value == (1 + 2 + 1 + 2) / 4
    learnt = np.abs(told[:4] - np.array(DAYS[3:7])).mean()
    assert f"training windows are off by {learnt:.2f} glasses" in shown.text
    assert f"saw, the network is off by {off(reference):.2f}. Is" in shown.text
    assert "; the network is better than that" in shown.text
    assert "; the network is no better than that" in read("testing", "test", updates=30).text
    truth, network = shown.page.figures[1].lines
    assert (truth.x, truth.y) == (tuple(range(1, 12)), DAYS)
    assert network.x == tuple(range(4, 12))
    np.testing.assert_allclose(network.y, told, atol=1e-9)


def test_both_losses_by_updates(read, trained):
    shown = read("testing", "stopping", updates=60)
    training, test = shown.page.figures[0].lines
    assert training.x == test.x == tuple(range(301))
    for updates in (0, 60, 300):
        reference = trained(updates)
        assert training.y[updates] == pytest.approx(reference.mean_loss(np.arange(4)), abs=1e-11)
        assert test.y[updates] == pytest.approx(reference.mean_loss(np.arange(4, 8)), abs=1e-9)
    lowest = int(np.argmin(test.y))
    assert f"is {test.y[300]:.5f} after all 300 updates, and {test.y[60]:.5f} after 60" in shown.text
    assert f"It was lowest after {lowest} updates" in shown.text
    assert "never lower than after all 300" in read("testing", "stopping", seed=1).text


@pytest.mark.parametrize("seed", range(6))
def test_the_training_loss_falls_on_and_on(seed):
    losses = train(config(seed=seed)).losses
    assert (np.diff(losses) < 0).all()


def test_an_earlier_end_solves_the_exercise(course):
    step = course[4].steps[-1]
    for updates, solved in ((60, False), (191, True), (300, False)):
        values = step.values({"updates": updates})
        assert bool(step.solved(values, step.page(values))) is solved
