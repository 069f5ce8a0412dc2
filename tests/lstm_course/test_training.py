"""The chapter held against the reference, which trains beside it."""

import re

import numpy as np
import pytest

from lstm_course.network import course_config
from lstm_course.series import DAYS
from lstm_plugins import SeriesSet
from lstm_plugins.reference import ReferenceForecaster

GATES = {"f": 1, "i": 0, "C": 2, "o": 3}
TRAINING = np.arange(4)


def new_reference(rate=0.1):
    network = ReferenceForecaster(course_config(learning_rate=rate), 1, (0,))
    network.load_series(SeriesSet((np.array(DAYS)[:, None] - 20) / 8, (0,), (11,)))
    return network


@pytest.fixture(scope="module")
def moments():
    """The reference after each of 300 updates of plain gradient descent: losses and weights."""
    network, losses, weights = new_reference(), [], []
    for _ in range(301):
        loss, gradients = network.loss_and_gradients(TRAINING)
        losses.append(loss)
        weights.append(network.weights())
        network.load_weights({name: weights[-1][name] - 0.1 * gradients[name] for name in gradients})
    return losses, weights


@pytest.fixture(scope="module")
def after(moments):
    """The reference after so many updates."""

    def after(updates):
        network = new_reference()
        network.load_weights(moments[1][updates])
        return network

    return after


@pytest.mark.parametrize("updates", [0, 1, 60, 300])
def test_forecasts_errors_and_their_mean_square(read, after, moments, updates):
    shown = read("training", "forward", updates=updates)
    table = shown.table()
    outputs = after(updates).predict(TRAINING)[:, 0, 0, 0]
    truth = np.array(DAYS[3:7])
    for row in TRAINING:
        name = str(row + 1)
        assert table[name, "sees"].text == f"Days {row + 1} to {row + 3}"
        assert table[name, "truth"].value == truth[row]
        assert table[name, "forecast"].value == pytest.approx(8 * outputs[row] + 20, abs=1e-10)
        error = table[name, "scaled error"].value
        assert error == pytest.approx(outputs[row] - (truth[row] - 20) / 8, abs=1e-11)
        assert table[name, "squared"].value == pytest.approx(error**2, abs=1e-15)
    squares = [table[str(row + 1), "squared"].value for row in TRAINING]
    loss = shown.equation("loss").value.value
    assert loss == pytest.approx(np.mean(squares), abs=1e-15)
    assert loss == pytest.approx(moments[0][updates], abs=1e-12)
    said = re.search(r"the \*loss\*, is ([\d.]+)\. ", shown.text)[1]
    assert float(said) == pytest.approx(loss, abs=5e-4) == float(shown.equation("loss").value.text)
    assert float(said) > 0


@pytest.mark.parametrize(("window", "updates"), [(1, 0), (4, 20), (2, 150)])
def test_the_shares_of_the_days_add_up_to_the_gradient(read, after, window, updates):
    shown = read("training", "backward", window=window, updates=updates)
    table, network = shown.table(), after(updates)
    start = np.array([window - 1])
    _, gradients = network.loss_and_gradients(start)
    layer = network.trace(start, derivatives=True).layers[0]
    for letter, block in GATES.items():
        name = f"W_{letter}"
        shares = [table[f"Day {window + step}", name].value for step in range(3)]
        total = table["sum: gradient", name].value
        assert sum(shares) == pytest.approx(total, abs=1e-14)
        assert total == pytest.approx(gradients["layer0.forward.kernel"][0, 2 * block], abs=1e-11)
        assert table["measured", name].value == pytest.approx(total, abs=1e-8)
    for step in range(3):
        size = np.linalg.norm(layer.derivatives.hidden[0, step])
        assert table[f"Day {window + step}", "|dloss/dh|"].value == pytest.approx(size, abs=1e-11)
    assert shown.page.facts["apart"] < 1e-8


@pytest.mark.parametrize("updates", [0, 40, 300])
def test_an_update_is_the_mean_of_the_windows_gradients(read, after, moments, updates):
    shown = read("training", "update", updates=updates)
    done = min(updates, 299)
    table, network = shown.table(), after(done)
    own = [network.loss_and_gradients(np.array([row]))[1] for row in TRAINING]
    for kind, array in (("W", "kernel"), ("b", "bias")):
        for letter, block in GATES.items():
            name = f"{kind}_{letter}"
            found = [table[name, f"window {row + 1}"].value for row in TRAINING]
            expected = [np.ravel(one[f"layer0.forward.{array}"])[2 * block] for one in own]
            assert found == pytest.approx(expected, abs=1e-11)
            mean, before, then = (table[name, head].value for head in ("mean", "before", "after"))
            assert mean == pytest.approx(np.mean(found), abs=1e-14)
            assert then == pytest.approx(before - 0.1 * mean, abs=1e-14)
            assert then == pytest.approx(
                np.ravel(moments[1][done + 1][f"layer0.forward.{array}"])[2 * block], abs=1e-11
            )
    equation = shown.equation("after")
    assert equation.value.value == table["W_C", "after"].value
    losses = moments[0]
    found = re.search(r"Update (\d+) takes the loss from ([\d.]+) to ([\d.]+)\. The table", shown.text)
    assert int(found[1]) == done + 1
    assert [float(found[2]), float(found[3])] == pytest.approx(losses[done : done + 2], rel=5e-3)


def test_the_loss_falls_as_the_reference_says(read, moments):
    shown = read("training", "descent", updates=300)
    line = shown.page.figures[0].lines[0]
    assert line.x == tuple(range(301))
    np.testing.assert_allclose(line.y, moments[0], atol=1e-11)
    table = shown.table()
    for day, glasses in zip(range(4, 8), DAYS[3:7], strict=True):
        assert table["truth", f"Day {day}"].value == glasses
        assert table["forecast", f"Day {day}"].value == pytest.approx(glasses, abs=0.05)
    assert len(read("training", "descent", updates=7).page.figures[0].lines[0].y) == 8


def test_a_step_that_is_too_long_is_said(read):
    text = read("training", "descent", updates=300, learning_rate=1.0).text
    assert "has grown: the steps are too long for the valley" in text
    assert "Let the updates run" in read("training", "descent").text


def test_both_exercises_are_solved_by_doing(course):
    step = course[3].steps[-1]
    for chosen, answers in (
        ({"updates": 300}, ["learnt"]),
        ({"updates": 300, "learning_rate": 1.0}, ["lost"]),
        ({"updates": 50}, []),
    ):
        values = step.values(chosen)
        assert [one.name for one in step.solved(values, step.page(values))] == answers
