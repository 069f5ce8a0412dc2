"""What each network makes of the series, held against the reference trained beside it."""

import numpy as np
import pytest

from lstm_course.further import NETWORKS, SEEDS, UNITS, outcome
from lstm_course.network import course_config
from lstm_course.series import DAYS
from lstm_plugins.weights import parameter_count

CLOSE = 1e-6


@pytest.mark.parametrize(
    "settings",
    [{}, {"bidirectional": True}, {"attention": "dot"}, {"attention": "general"}, {"look_back": 5}],
)
def test_outcomes_are_those_of_the_reference(trained, glasses, off, settings):
    found, reference = outcome(course_config(**settings)), trained(**settings)
    look_back = reference.config.look_back
    seen = np.arange(7 - look_back)
    learnt = np.abs(glasses(reference, seen) - np.array(DAYS)[seen + look_back]).mean()
    assert found.weights == sum(array.size for array in reference.weights().values())
    assert found.examples == 7 - look_back
    assert found.training_error == pytest.approx(learnt, abs=CLOSE)
    assert found.test_error == pytest.approx(off(reference), abs=CLOSE)
    assert found.last == pytest.approx(glasses(reference, [10 - look_back])[0], abs=CLOSE)


@pytest.mark.exhaustive
def test_every_size_is_tried_out(course):
    step = course[6].steps[0]
    pages = list(step.show(step.values({"look_back": 2, "hidden_units": "4"})))
    assert [page.under_way for page in pages] == [
        *(f"{count} of 24 networks trained" for count in (4, 8, 12, 16, 20)),
        "",
    ]
    head, *rows = pages[-1].figures[0].head, *pages[-1].figures[0].rows
    assert head == ("look_back", "1 unit", "2 units", "4 units", "8 units", "training windows")
    for look_back, (name, *cells, examples) in enumerate(rows, 1):
        assert name.text == str(look_back)
        assert examples.value == 7 - look_back
        for units, cell in zip(UNITS, cells, strict=True):
            assert (
                cell.value == outcome(course_config(look_back=look_back, hidden_units=int(units))).test_error
            )
    assert [cell.role for cell in rows[1][1:5]].index("changed") == 2
    text = " ".join(pages[-1].text)
    chosen = outcome(course_config(look_back=2, hidden_units=4))
    assert f"leaves 5 training windows. With 4 units the network has {chosen.weights} numbers" in text
    assert (
        f"off by {chosen.training_error:.2f} glasses on average on its own training windows, and by "
        f"{chosen.test_error:.2f} on the test" in text
    )


@pytest.mark.exhaustive
def test_what_is_said_of_sizes_holds_for_several_seeds():
    after = {day: DAYS[row + 1] for row, day in enumerate(DAYS[:6]) if row in (1, 3, 5)}
    assert (DAYS[1], DAYS[5], DAYS[3]) == (19, 19, 22)
    assert (DAYS[2], DAYS[6], after[22]) == (31, 30, 9)
    for seed in range(3):
        for units in map(int, UNITS):
            for look_back in (5, 6):
                few = outcome(course_config(look_back=look_back, hidden_units=units, seed=seed))
                assert few.examples <= 2
                assert few.test_error > 5
            blind = outcome(course_config(look_back=1, hidden_units=units, seed=seed))
            assert blind.training_error > 4
            assert outcome(course_config(hidden_units=units, seed=seed)).test_error < 3.5


def test_reading_both_ways(read, trained):
    shown, reference = read("further", "directions", window=6), trained(bidirectional=True)
    forward, backward = reference.trace(np.array([5])).layers
    table = shown.table()
    for step, day in enumerate(("Day 6", "Day 7", "Day 8")):
        assert table["glasses", day].value == DAYS[5 + step]
        for layer, name in ((forward, "forward →"), (backward, "backward ←")):
            for unit in range(2):
                cell = table[f"h{unit + 1} {name}", day]
                assert cell.value == pytest.approx(layer.hidden[0, step, unit], abs=1e-9)
                assert cell.role == ("strong" if (step == 2) == (layer is forward) and step != 1 else "plain")
    head_input = reference.trace(np.array([5])).head_input[0]
    heads = [table[f"h{unit} forward →", "Day 8"].value for unit in (1, 2)]
    heads += [table[f"h{unit} backward ←", "Day 6"].value for unit in (1, 2)]
    assert heads == pytest.approx(head_input, abs=1e-9)
    plain, both = outcome(course_config()), outcome(course_config(bidirectional=True))
    assert f"It has {both.weights} numbers to learn instead of {plain.weights}" in shown.text
    assert (both.weights, plain.weights) == (69, 35)
    assert f"is {both.test_error:.2f} glasses; that of the plain LSTM is {plain.test_error:.2f}" in shown.text
    changes = shown.table(1)
    assert changes["both ways", "test error"].value == both.test_error
    assert changes["plain", "Day 11"].value == plain.last


@pytest.mark.parametrize("kind", ["dot", "general"])
def test_shares_of_attention(read, trained, kind):
    shown, reference = read("further", "attention", attention=kind), trained(attention=kind)
    heat = next(figure for figure in shown.page.figures if hasattr(figure, "scale"))
    traced = reference.trace(np.arange(8))
    hidden, weights = traced.layers[0].hidden, reference.weights()
    query = hidden[:, -1] @ weights["attention.kernel"] if kind == "general" else hidden[:, -1]
    scores = np.einsum("bh,bth->bt", query, hidden) / np.sqrt(2)
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(heat.values, shares, atol=1e-7)
    np.testing.assert_allclose(np.sum(heat.values, axis=1), 1, atol=1e-12)
    assert heat.rows[7] == "window 8 → Day 11"
    assert f"range from {shares.min():.3f} to {shares.max():.3f}: they are nearly even" in shown.text
    attentive = outcome(course_config(attention=kind))
    assert f"{attentive.test_error:.2f} glasses with {attentive.weights} numbers" in shown.text
    assert attentive.weights == parameter_count(course_config(attention=kind), 1, 1)


@pytest.mark.exhaustive
def test_networks_are_compared_over_seeds(course):
    step = course[6].steps[-1]
    pages = list(step.show(step.values({})))
    assert [page.under_way for page in pages] == [*(f"{count} more to train" for count in (3, 2, 1)), ""]
    rows = {row[0].text: row[1:] for row in pages[-1].figures[0].rows}
    assert list(rows) == list(NETWORKS)
    means = []
    for name, settings in NETWORKS.items():
        errors = [outcome(course_config(seed=seed, **settings)).test_error for seed in SEEDS]
        means.append(np.mean(errors))
        _, _, mean, lowest, highest = rows[name]
        assert mean.value == pytest.approx(np.mean(errors), abs=1e-12)
        assert (lowest.value, highest.value) == (min(errors), max(errors))
    facts, text = pages[-1].facts, " ".join(pages[-1].text)
    assert facts["apart"] == pytest.approx(max(means) - min(means), abs=1e-12)
    assert f"differ by up to {facts['apart']:.2f} glasses" in text
    assert f"by up to {facts['luck']:.2f} from seed to seed" in text
    assert "The seed matters more than the kind of network" in text
    assert facts["luck"] > 3 * facts["apart"]


@pytest.mark.exhaustive
def test_both_exercises_are_solved_by_doing(course, read):
    first, last = course[6].steps[0], course[6].steps[-1]
    for step, chosen, solved in (
        (first, {"look_back": 1, "hidden_units": "8"}, True),
        (first, {"look_back": 2, "hidden_units": "1"}, False),
        (last, {"look_back": 5}, True),
        (last, {"look_back": 2}, False),
    ):
        values = step.values(chosen)
        assert bool(step.solved(values, step.page(values))) is solved, chosen
    assert read("testing", "test").page.facts["season_error"] == 1.5
