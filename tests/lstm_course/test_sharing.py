import numpy as np
import pytest

from lstm_course.network import course_config, train
from lstm_course.series import DAYS
from lstm_plugins import SeriesSet
from lstm_plugins.reference import ReferenceForecaster
from lstm_plugins.weights import parameter_count

SYMBOLS = {
    "forget gate f": "forget",
    "input gate i": "input",
    "candidate C̃": "candidate",
    "cell state C": "cell",
    "output gate o": "output",
    "hidden state h": "hidden",
}
COLUMNS = {"i": 0, "f": 1, "C": 2, "o": 3}


def reference(number=None, added=0.0):
    """The trained network as the reference computes it, with one weight of the first unit changed."""
    trained = train(course_config())
    weights = {name: array.copy() for name, array in trained.weights[-1].items()}
    if number:
        kind, letter = number.split("_")
        array = weights[f"layer0.forward.{'kernel' if kind == 'W' else 'bias'}"]
        array[..., 2 * COLUMNS[letter]] += added
    network = ReferenceForecaster(trained.config, 1, (0,))
    network.load_series(SeriesSet((np.array(DAYS)[:, None] - 20) / 8, (0,), (11,)))
    network.load_weights(weights)
    return network


@pytest.mark.parametrize(("units", "look_back"), [(1, 3), (2, 3), (4, 6), (16, 1)])
def test_numbers_are_counted(read, units, look_back):
    shown = read("sharing", "count", hidden_units=units, look_back=look_back)
    table = shown.table()
    for gate in ("forget gate f", "input gate i", "candidate C̃", "output gate o"):
        counts = [table[gate, head].value for head in ("for x: W", "for h: U", "bias: b")]
        assert counts == [units, units**2, units]
        assert table[gate, "total"].value == sum(counts)
    assert table["head", "total"].value == units + 1
    total = 4 * (units**2 + 2 * units) + units + 1
    assert table["total", "total"].value == shown.page.facts["weights"] == total
    assert total == parameter_count(course_config(hidden_units=units, look_back=look_back), 1, 1)
    assert shown.page.facts["of_each_step"] == look_back * (total - units - 1) + units + 1
    assert f"The same {total} serve" in shown.text
    assert f"all {7 - look_back} training windows" in shown.text


def test_the_smallest_number_of_units_solves_the_exercise(course):
    step = course[2].steps[0]
    answers = [
        units
        for units in range(1, 17)
        if step.solved(values := step.values({"hidden_units": units}), step.page(values))
    ]
    assert answers == [4]


@pytest.mark.parametrize(("number", "added"), [("W_f", 0.5), ("b_C", -4.0), ("W_o", 2.0), ("b_i", 0.25)])
def test_one_number_changes_every_step(read, number, added):
    shown = read("sharing", "steps", number=number, added=added)
    table = shown.table()
    before, after = (one.trace(np.array([0])).layers[0] for one in (reference(), reference(number, added)))
    changed = 0
    for row, quantity in SYMBOLS.items():
        for day in range(3):
            name = f"Day {day + 1}"
            assert table[row, name].value == pytest.approx(getattr(before, quantity)[0, day, 0], abs=1e-13)
        found = np.array(getattr(after, quantity)[0, :, 0])
        changed += int(np.sum(np.abs(found - getattr(before, quantity)[0, :, 0]) > 1e-12))
    assert shown.page.facts["days"] == 3
    assert shown.page.facts["changed"] == changed
    assert f"and {changed} of the 18 numbers below." in shown.text


def test_the_numbers_after_the_change_are_those_of_the_changed_network(read):
    shown = read("sharing", "steps", number="W_C", added=1.5)
    after = reference("W_C", 1.5).trace(np.array([0])).layers[0]
    table = next(iter(shown.page.figures))
    for row, quantity in zip(table.rows, SYMBOLS.values(), strict=True):
        values = [row[column].value for column in (2, 4, 6)]
        np.testing.assert_allclose(values, getattr(after, quantity)[0, :, 0], atol=1e-13)


def test_nothing_changes_where_nothing_is_added(read):
    shown = read("sharing", "steps", added=0.0)
    assert shown.page.facts["changed"] == shown.page.facts["days"] == 0
    assert read("sharing", "windows", added=0.0).page.facts["most"] == 0


@pytest.mark.parametrize(("number", "added"), [("W_f", 0.5), ("b_C", 1.0)])
def test_one_number_changes_every_window(read, number, added):
    shown = read("sharing", "windows", number=number, added=added)
    table, rows = shown.table(), np.arange(8)
    before, after = (
        8 * one.predict(rows)[:, 0, 0, 0] + 20 for one in (reference(), reference(number, added))
    )
    for row in rows:
        name = str(row + 1)
        assert table[name, "sees"].text == f"Days {row + 1} to {row + 3}"
        assert table[name, "truth"].value == DAYS[row + 3]
        assert table[name, "before"].value == pytest.approx(before[row], abs=1e-12)
        assert table[name, "after"].value == pytest.approx(after[row], abs=1e-12)
        assert table[name, "change"].value == pytest.approx(after[row] - before[row], abs=1e-12)
    apart = np.abs(after - before)
    assert apart.min() > 1e-3
    assert f"forecasts, by {apart.min():.2f} to {apart.max():.2f} glasses" in shown.text


def test_a_change_of_what_is_written_solves_the_exercise(course):
    step = course[2].steps[-1]
    for chosen, answers in (({"number": "b_C", "added": 1.0}, 1), ({"number": "W_f", "added": 4.0}, 0)):
        values = step.values(chosen)
        assert len(step.solved(values, step.page(values))) == answers
