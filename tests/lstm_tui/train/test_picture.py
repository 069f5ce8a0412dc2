import math

import numpy as np
import pytest

from lstm_plugins import Epoch
from lstm_tui.app.app import WorkbenchApp, theme
from lstm_tui.cli.app_options import AppOptions
from lstm_tui.kit.palette import Palette
from lstm_tui.train.curves import Curve
from lstm_tui.train.history import History
from lstm_tui.train.widgets.picture import training_picture

NAN = math.nan


@pytest.fixture(scope="module")
def palette():
    app = WorkbenchApp(AppOptions())
    app.register_theme(theme.DARK)
    app.theme = theme.DARK.name
    return Palette(app, ["numpy"])


def curve(training=(1.0, 0.1, 0.01), validation=(2.0, 0.2, 0.4), label="NumPy"):
    rates, norms = (0.003, 0.002, 0.001), (5.0, 3.0, 1.0)
    epochs = [
        Epoch(number, *numbers, best=False)
        for number, numbers in enumerate(zip(training, validation, rates, norms, strict=True))
    ]
    return Curve(label, "#ff0000", "solid", History.of(epochs))


def test_a_log_scale_has_logarithms_and_a_linear_one_has_not(palette):
    log = training_picture([curve()], 3, "loss", "log", palette)
    linear = training_picture([curve()], 3, "loss", "linear", palette)
    assert np.allclose(log.lines[0].y, [0, -1, -2])
    assert np.allclose(linear.lines[0].y, [1, 0.1, 0.01])
    assert log.signs[0].y == pytest.approx(math.log10(0.2))
    assert linear.signs[0].y == pytest.approx(0.2)
    for picture in (log, linear):
        for line in picture.lines:
            assert picture.y[0] <= line.y.min() <= line.y.max() <= picture.y[1]


def test_validation_is_thick_and_lies_over_the_training_loss(palette):
    training, validation = training_picture([curve()], 3, "loss", "log", palette).lines
    assert (training.thick, validation.thick) == (False, True)
    assert validation.layer > training.layer


def test_without_validation_the_training_loss_is_thick(palette):
    (line,) = training_picture([curve(validation=(NAN,) * 3)], 3, "loss", "log", palette).lines
    assert line.thick


def test_rates_and_norms_have_a_line_for_each_curve_and_no_signs(palette):
    for quantity, first in (("learning rate", 0.003), ("gradient norm", 5.0)):
        picture = training_picture([curve(), curve(label="again")], 3, quantity, "linear", palette)
        assert [line.y[0] for line in picture.lines] == [first, first]
        assert picture.signs == ()
        assert "again" in picture.legend.plain


def test_what_is_not_finite_or_not_positive_leaves_a_gap_and_a_sign(palette):
    broken = curve(training=(1.0, NAN, 0.0), validation=(1.0, math.inf, 0.5))
    log = training_picture([broken], 3, "loss", "log", palette)
    assert np.isnan(log.lines[0].y).tolist() == [False, True, True]
    assert [(sign.x, sign.character) for sign in log.signs] == [(2.0, "✗"), (3.0, "◆")]


@pytest.mark.parametrize("scale", ["log", "linear"])
@pytest.mark.parametrize("quantity", ["loss", "learning rate", "gradient norm"])
def test_before_the_first_epoch_there_are_axes(palette, quantity, scale):
    empty = Curve("NumPy", "#ff0000", "solid", History())
    picture = training_picture([empty], 0, quantity, scale, palette)
    assert picture.x[0] < picture.x[1]
    assert picture.y[0] < picture.y[1]
