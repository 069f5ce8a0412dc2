"""The numbers of real processes, held against the reference in this one."""

import numpy as np
import pytest

from lstm_course.backend_sources import PARTS
from lstm_course.figures import Curves, Source
from lstm_course.network import course_config, train
from lstm_course.series import DAYS
from lstm_plugins import Epoch

TITLES = ("NumPy", "PyTorch", "TensorFlow")


def sources(shown):
    return [figure for figure in shown.page.figures if isinstance(figure, Source)]


@pytest.mark.parametrize("part", PARTS)
def test_each_step_is_shown_in_the_source_of_all_three(read, part):
    found = sources(read("backends", "source", part=part))
    assert tuple(source.title for source in found) == TITLES
    assert [source.backend for source in found] == ["numpy", "torch", "tensorflow"]
    for source in found:
        compile(source.text, source.path, "exec")


def test_what_is_said_of_the_sources_is_in_them(read):
    text = {part: [one.text for one in sources(read("backends", "source", part=part))] for part in PARTS}
    assert "sliding_window_view" in text["windows"][0]
    assert "as_strided" in text["windows"][1]
    assert "tf.gather" in text["windows"][2]
    assert "torch.lstm(" in text["cell"][1]
    assert "autograd.grad" in text["gradient"][1]
    assert "reversed(" in text["gradient"][0]
    assert "time >= 0" in text["gradient"][2]
    assert all("BETA_1" in one and "BETA_2" in one for one in text["update"])
    assert "tf.while_loop" in text["training"][2]
    assert all("for n, " in one for one in text["training"][:2])


@pytest.mark.exhaustive
@pytest.mark.parametrize(("precision", "window", "updates"), [("float64", 8, 300), ("float32", 3, 40)])
def test_the_numbers_of_all_three_are_those_of_the_reference(read, untrained, precision, window, updates):
    shown = read("backends", "numbers", precision=precision, window=window, updates=updates)
    reference, start = untrained(), np.array([window - 1])
    reference.load_weights({**train(course_config()).weights[updates]})
    traced = reference.trace(start)
    loss, gradients = reference.loss_and_gradients(start)
    layer = traced.layers[0]
    expected = {
        "forget gate f1": layer.forget[0, -1, 0],
        "cell state C1": layer.cell[0, -1, 0],
        "hidden state h1": layer.hidden[0, -1, 0],
        "forecast (scaled)": traced.prediction[0, 0, 0, 0],
        "loss": loss,
        "gradient of W_f1": gradients["layer0.forward.kernel"][0, 2],
        "gradient of b_f1": gradients["layer0.forward.bias"][2],
    }
    table, close = shown.table(), 1e-13 if precision == "float64" else 1e-5
    for name, value in expected.items():
        apart = [abs(table[name, title].value - value) for title in TITLES]
        assert max(apart) < close
        assert table[name, "off by"].value >= max(apart) - 1e-16
        assert table[name, "off by"].value <= table[name, "allowed"].value
    facts = shown.page.facts
    assert facts["backends"] == 3
    assert facts["passed"] == facts["judged"] > 60
    assert "All are within the tolerance of the specification" in shown.text
    # In float32 they are not one program under three names.
    assert (facts["apart"] > 1e-9) is (precision == "float32")


def test_all_three_train_alike(course, read, untrained):
    shown = read("backends", "training", trained=60, seed=2)
    reference = untrained(optimizer="adamw", learning_rate=0.01, epochs=60, seed=2)
    records = reference.fit(((0, 7),), ())
    losses = [record.training_loss for record in records if isinstance(record, Epoch)]
    day_11 = 8 * reference.predict(np.array([7]))[0, 0, 0, 0] + 20
    table = shown.table()
    for title in ("reference", *TITLES):
        assert table[title, "loss"].value == pytest.approx(losses[-1], abs=1e-10)
        assert table[title, "Day 11"].value == pytest.approx(day_11, abs=8e-9)
    curves = next(figure for figure in shown.page.figures if isinstance(figure, Curves))
    assert tuple(line.name for line in curves.lines) == TITLES
    for line in curves.lines:
        np.testing.assert_allclose(line.y, losses, atol=1e-10)
    facts = shown.page.facts
    assert facts["kept"] == 1.0
    assert facts["loss_apart"] <= 1e-10 * losses[0]
    assert facts["forecast_apart"] <= 8e-9
    assert "the promise is kept" in shown.text
    step = course[7].steps[-1]
    assert step.solved(step.values({"trained": 60, "seed": 2}), shown.page) == ()
    assert DAYS[10] == 32


def test_with_fewer_digits_they_come_apart(course):
    step = course[7].steps[-1]
    values = step.values({"precision": "float32"})
    page = step.page(values)
    assert [one.name for one in step.solved(values, page)] == ["apart"]
    assert page.facts["forecast_apart"] < 0.01
    assert "The specification promises nothing here" in page.text[1]


def test_one_is_waited_for_in_words(course):
    pages = list(course[7].steps[1].show(course[7].steps[1].values({"window": 2})))
    assert pages[0].under_way == "Waiting for NumPy, PyTorch and TensorFlow …"
    assert pages[0].figures[0].rows[0][1].text == "…"
    assert pages[-1].under_way == ""


def test_a_backend_that_is_not_there_is_said(read, monkeypatch):
    monkeypatch.setenv("LSTM_TUI_WITHOUT", "tensorflow")
    for step in ("source", "numbers", "training"):
        shown = read("backends", step, **({} if step == "source" else {"precision": "float64"}))
        assert "tensorflow is disabled." in shown.text
    assert shown.table()["tensorflow", "loss"].text == "—"
    assert shown.page.facts["backends"] == 2


def test_a_framework_that_is_not_installed_is_said_with_the_command_and_its_source_shown(read, monkeypatch):
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "tensorflow" else find(name, *rest)
    )
    said = "TensorFlow is not installed. Run pip install 'lstm-tui[tensorflow]' to add it."
    shown = read("backends", "source")
    assert len(sources(shown)) == 3
    shown = read("backends", "numbers")
    assert said in shown.text
    assert shown.table()["loss", "TensorFlow"].text == "—"
    assert shown.page.facts["backends"] == 2
