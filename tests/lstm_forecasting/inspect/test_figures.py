"""What is in a picture, read from the SVG, whose texts are texts and whose heatmaps are images."""

import re
import struct
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from lstm_forecasting.figures.drawing import save_figure
from lstm_forecasting.inspect.array_figures import batch_figure, weights_figure
from lstm_forecasting.inspect.asking import inspect_batch, inspect_window
from lstm_forecasting.inspect.batches import next_batch
from lstm_forecasting.inspect.comparing import compare
from lstm_forecasting.inspect.figures import comparison_figure, unit_figure, window_figure
from lstm_forecasting.inspect.quantities import QUANTITIES
from lstm_forecasting.inspect.weights import weight_changes
from lstm_plugins.errors import InputError

SVG = "{http://www.w3.org/2000/svg}"
HEATMAPS = 6


def parts(content):
    """Texts of a picture, and how many images are in it."""
    picture = ElementTree.fromstring(content)  # noqa: S314 - our own
    texts = [element.text for element in picture.iter(f"{SVG}text")]
    return texts, sum(1 for _ in picture.iter(f"{SVG}image"))


def test_a_window_has_a_heatmap_for_each_value_over_one_axis(laboratory):
    inspected = laboratory.window("everything")
    texts, images = parts(window_figure(inspected, 3, [2, 0, 3], "svg"))
    begins = inspected.subject.experiment.table.row_text(inspected.window.targets.start)
    assert f"shop · test window 6, forecast from {begins} · layer1.backward · numpy" in texts
    # A heatmap each, and the scale beside it.
    assert images == 2 * HEATMAPS
    assert texts.count("time step") == 1
    for name in ("attention", "∂L/∂h", "∂L/∂C", "kernel", "recurrent", "bias", "sales", "sales, numpy"):
        assert name in texts
    assert not [text for text in texts if "mathdefault" in text]
    plain, _ = parts(window_figure(laboratory.window("plain"), 0, [0], "svg"))
    assert "attention" not in plain


@pytest.mark.exhaustive
def test_two_backends_have_a_third_heatmap_each(laboratory):
    one, other = laboratory.window("everything"), laboratory.window("everything", "torch")
    texts, images = parts(comparison_figure(compare(one, other), 1, range(4), "svg"))
    assert {"numpy", "torch", "torch − numpy"} <= set(texts)
    assert images == 2 * 3 * HEATMAPS
    assert texts.count("time step") == 3
    first = inspect_window(
        laboratory.subject("everything", epoch=0), one.window, processes=laboratory.processes
    )
    texts, _ = parts(comparison_figure(compare(one, first), 1, range(4), "svg"))
    epoch = one.subject.model.header.epoch
    assert {f"numpy after epoch {epoch}", "numpy after epoch 0"} <= set(texts)


@pytest.mark.exhaustive
def test_weights_stand_beside_what_changed_in_them(laboratory):
    weights = laboratory.subject("plain").model.weights
    changes = weight_changes(laboratory.subject("plain", epoch=0).model.weights, weights)
    texts, images = parts(weights_figure(weights, changes, "weights of plain", "svg"))
    assert "weights of plain" in texts
    assert {*weights} <= set(texts)
    assert f"change, {changes[0].relative:.3g} times its norm" in texts
    assert "change, from zeros" in texts
    assert images == 4 * len(weights)
    _, alone = parts(weights_figure(weights, (), "weights of plain", "svg"))
    assert alone == 2 * len(weights)


def test_a_unit_is_drawn_as_lines(laboratory):
    inspected = laboratory.window("everything")
    texts, images = parts(unit_figure(inspected, 2, 3, "svg"))
    assert images == 0
    for quantity in QUANTITIES:
        assert f"{quantity.title} {quantity.symbol}" in texts
    assert any(text and text.endswith("layer1.forward, unit 3 · numpy") for text in texts)


def test_a_batch_has_its_windows_and_their_mean(laboratory):
    subject = laboratory.subject("plain")
    batch = inspect_batch(subject, next_batch(subject), processes=laboratory.processes)
    texts, images = parts(batch_figure(batch, "head.kernel", "svg"))
    assert images == 2 * 2
    norm = np.linalg.norm(batch.gradients["head.kernel"])
    assert f"mean over the windows: the gradient of the batch, norm {norm:.4g}" in texts
    assert f"gradient of head.kernel, its {batch.gradients['head.kernel'].size} entries by window" in texts
    assert f"plain · 16 windows after epoch {subject.model.header.epoch} · numpy" in texts


@pytest.mark.exhaustive
def test_pictures_are_the_same_bytes_every_time_and_large_enough(laboratory, tmp_path):
    inspected = laboratory.window("plain")
    paths = [tmp_path / "first.svg", tmp_path / "second.svg", tmp_path / "third.png"]
    for path in paths:
        save_figure(path, lambda form: window_figure(inspected, 0, [1, 0], form))
    first, second, third = (path.read_bytes() for path in paths)
    assert first == second
    assert not re.search(rb"20\d\d-\d\d-\d\dT", first)
    assert struct.unpack(">I", third[16:20]) == (1600,)


def test_what_cannot_be_drawn_there_is_said_before(tmp_path):
    with pytest.raises(InputError, match=r"A picture is saved as .svg or .png"):
        save_figure(tmp_path / "weights.pdf", lambda form: b"")
    with pytest.raises(InputError, match="There is no folder"):
        save_figure(tmp_path / "no" / "window.svg", lambda form: b"")
    assert not list(tmp_path.iterdir())
