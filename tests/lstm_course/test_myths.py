"""The experiments done again with the reference, and what the text says of them for several seeds."""

import numpy as np
import pytest

from lstm_course.myths import carried_forecasts, states_before
from lstm_course.network import course_config, opened_layer, train
from lstm_course.series import DAYS
from lstm_plugins.reference.cell import split_gates
from lstm_plugins.reference.steps import Steps

EVERYWHERE = np.arange(8)


@pytest.mark.parametrize(("alone", "updates", "seed"), [(2, 1, 0), (4, 15, 3)])
def test_one_window_alone_moves_the_forecasts_of_all(read, untrained, glasses, alone, updates, seed):
    shown = read("myths", "own", alone=alone, updates=updates, seed=seed)
    table, reference = shown.table(), untrained(seed=seed)
    before = glasses(reference, EVERYWHERE)
    for _ in range(updates):
        _, gradients = reference.loss_and_gradients(np.array([alone - 1]))
        weights = reference.weights()
        reference.load_weights({name: weights[name] - 0.1 * gradients[name] for name in weights})
    after = glasses(reference, EVERYWHERE)
    for row in EVERYWHERE:
        name = str(row + 1)
        assert table[name, "sees"].text == f"Days {row + 1} to {row + 3}"
        assert table[name, "truth"].value == DAYS[row + 3]
        assert table[name, "before"].value == pytest.approx(before[row], abs=1e-11)
        assert table[name, "after"].value == pytest.approx(after[row], abs=1e-10)
        assert table[name, "change"].value == pytest.approx(after[row] - before[row], abs=1e-10)
    least = np.delete(np.abs(after - before), alone - 1).min()
    assert (
        f"as well, by at least {least:.2f} glasses. So the myth is wrong: there is one set of 35 weights"
        in shown.text
    )
    assert f"only window {alone}, for {updates} update{'s' if updates > 1 else ''}." in shown.text


@pytest.mark.parametrize("seed", range(10))
def test_no_window_keeps_its_forecast_when_another_learns(read, seed):
    for alone in (1, 2, 3, 4):
        assert read("myths", "own", alone=alone, updates=1, seed=seed).page.facts["least"] > 0.05
    assert read("myths", "own", alone=2, updates=10, seed=seed).page.facts["least"] > 5
    assert "nothing has moved" in read("myths", "own", updates=0).text


@pytest.mark.exhaustive
def test_more_windows_give_better_forecasts_of_the_test(read, trained, glasses, off):
    shown = read("myths", "enough", windows=3)
    table = shown.table()
    for count, name in enumerate(("window 1", "windows 1 and 2", "windows 1 to 3", "windows 1 to 4"), 1):
        reference = trained(days=3 + count)
        told = glasses(reference, range(4, 8))
        found = [table[name, f"Day {day}"].value for day in range(8, 12)]
        assert found == pytest.approx(told, abs=1e-8)
        assert table[name, "mean error"].value == pytest.approx(off(reference), abs=1e-8)
        assert table["truth", f"Day {count + 7}"].value == DAYS[count + 6]
    assert f"Trained on windows 1 to 3, it is off by {off(trained(days=6)):.2f} glasses" in shown.text


@pytest.mark.exhaustive
def test_one_window_is_not_enough_from_any_beginning(read):
    one, four = [], []
    for seed in range(10):
        facts = read("myths", "enough", seed=seed).page.facts
        assert facts["better"] == 5
        assert facts["ratio"] > 2.5
        assert min(facts["error_1"], facts["error_2"], facts["error_3"]) > 2.0
        assert facts["error_4"] < 2.6
        one.append(facts["error_1"])
        four.append(facts["error_4"])
    text = read("myths", "enough", seed=2).text
    assert f"errors from {min(one[2:7]):.2f} to {max(one[2:7]):.2f}" in text
    assert f"four windows give {min(four[2:7]):.2f} to {max(four[2:7]):.2f}" in text
    ratio = min(less / more for less, more in zip(one[2:7], four[2:7], strict=True))
    assert f"better every time, by a factor of at least {ratio:.1f}." in text


def test_other_beginnings_are_tried_while_the_page_is_read(course):
    step = course[5].steps[1]
    pages = list(step.show(step.values({})))
    assert [page.under_way for page in pages] == [
        *(f"{count} of 5 seeds tried" for count in range(1, 5)),
        "",
    ]


@pytest.mark.parametrize("seed", range(5))
def test_no_state_carries_over(read, trained, glasses, seed):
    table = None
    for window, before in ((8, 7), (1, 8), (4, 4)):
        shown = read("myths", "states", window=window, before=before, seed=seed)
        table, facts = shown.table(), shown.page.facts
        assert facts["apart"] == 0.0
        assert facts["state"] < 1e-12
        assert "the same to the last digit" in shown.text
        assert "first day are 0." in shown.text
        assert facts["most"] > 7.0
    if seed == 0:
        told = glasses(trained(), [3])[0]
        for name in ("window 4 alone", "after window 4"):
            assert table[name, "Day 7"].value == pytest.approx(told, abs=1e-9)


def test_states_that_were_carried_on_are_computed_by_the_six_equations(read):
    training = train(course_config())
    weights, steps = training.weights[-1], Steps()
    gates = split_gates(*(weights[f"layer0.forward.{name}"] for name in ("kernel", "recurrent", "bias")))
    x = (np.array(DAYS) - 20) / 8
    for before, window in ((1, 7), (6, 0)):
        hidden = cell = np.zeros((1, 2))
        for row in (*range(before, before + 3), *range(window, window + 3)):
            if row == window and (hidden != 0).any():
                left = np.concatenate([hidden[0], cell[0]])
            step = steps.cell_step(gates, x[row].reshape(1, 1), hidden, cell)
            hidden, cell = step.hidden, step.cell
        told = 8 * (hidden @ weights["head.kernel"] + weights["head.bias"]).item() + 20
        assert carried_forecasts(0)[before, window] == pytest.approx(told, abs=1e-11)
        shown = read("myths", "states", window=window + 1, before=before + 1)
        row = f"with states of {before + 1}"
        found = [shown.table()[row, name].value for name in ("h1", "h2", "C1", "C2")]
        assert found == pytest.approx(left, abs=1e-12)
        assert shown.table()[row, f"Day {window + 4}"].value == pytest.approx(told, abs=1e-11)
        apart = abs(told - shown.page.facts["alone"])
        assert f"would move the forecast by {apart:.2f} glasses" in shown.text


def test_states_before_the_first_day_are_found_out_from_the_gates():
    """A layer that begins in the middle of a window shows the states of the day before."""
    training = train(course_config())
    layer = opened_layer(training.network(), 2)
    names = ("inputs", "input", "forget", "candidate", "output", "cell")
    later = type("Later", (), {name: getattr(layer, name)[1:] for name in names})
    found = states_before(later, training.weights[-1])
    assert found == pytest.approx(np.concatenate([layer.hidden[0], layer.cell[0]]), abs=1e-12)


def test_all_exercises_are_solved_by_doing(course):
    own, enough, states = course[5].steps
    for step, chosen, solved in (
        (own, {"updates": 20}, True),
        (own, {"alone": 3}, False),
        (enough, {"windows": 3}, False),
        (enough, {"windows": 4}, True),
        (states, {"before": 2}, True),
        (states, {"before": 3}, False),
    ):
        values = step.values(chosen)
        assert bool(step.solved(values, step.page(values))) is solved, chosen
