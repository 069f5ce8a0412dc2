import numpy as np
import pytest

from lstm_plugins import ForecasterConfig
from lstm_plugins.reference.loss import loss, loss_derivative

TARGETS = np.array([[[1.0]], [[2.0]]])
PREDICTION = np.array([[[[3.0]]], [[[1.5]]]])


@pytest.mark.parametrize(
    ("name", "value", "derivatives"),
    [
        ("mse", (4 + 0.25) / 2, [2.0, -0.5]),
        ("mae", (2 + 0.5) / 2, [0.5, -0.5]),
        ("huber", (1.5 + 0.125) / 2, [0.5, -0.25]),
    ],
)
def test_point_losses_by_hand(name, value, derivatives):
    config = ForecasterConfig(loss=name)
    assert loss(config, PREDICTION, TARGETS) == value
    assert loss_derivative(config, PREDICTION, TARGETS).ravel().tolist() == derivatives


def test_pinball_loss_weighs_too_low_by_the_level():
    config = ForecasterConfig(loss="quantile", quantiles=(0.1, 0.75))
    prediction = np.array([[[[0.0, 3.0]]]])
    # The low level is under the target by 2: 0.1 * 2; the high one is over it by 1: 0.25 * 1.
    assert loss(config, prediction, np.array([[[2.0]]])) == pytest.approx((0.2 + 0.25) / 2, rel=1e-15)
    derivative = loss_derivative(config, prediction, np.array([[[2.0]]]))
    assert derivative.ravel().tolist() == [-0.05, 0.125]


@pytest.mark.parametrize("name", ["mse", "mae", "huber", "quantile"])
def test_the_derivative_at_error_zero_is_zero(name):
    config = ForecasterConfig(loss=name)
    prediction = np.full((2, 3, 1, len(config.output_quantiles)), 1.5)
    targets = np.full((2, 3, 1), 1.5)
    assert loss(config, prediction, targets) == 0
    assert not loss_derivative(config, prediction, targets).any()


@pytest.mark.parametrize("name", ["mse", "mae", "huber", "quantile"])
def test_the_derivative_keeps_float32(name):
    config = ForecasterConfig(loss=name)
    prediction = np.full((2, 3, 1, len(config.output_quantiles)), 1.5, np.float32)
    assert loss_derivative(config, prediction, np.zeros((2, 3, 1), np.float32)).dtype == np.float32
