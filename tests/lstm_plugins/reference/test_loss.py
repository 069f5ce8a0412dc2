import numpy as np
import pytest

from lstm_plugins import ForecasterConfig
from lstm_plugins.reference.loss import loss, loss_derivative, weight

TARGETS = np.array([[[1.0]], [[2.0]]])
ALL = np.ones(TARGETS.shape, np.bool_)
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
    assert loss(config, PREDICTION, TARGETS, ALL) == value
    assert loss_derivative(config, PREDICTION, TARGETS, ALL).ravel().tolist() == derivatives


def test_pinball_loss_weighs_too_low_by_the_level():
    config = ForecasterConfig(loss="quantile", quantiles=(0.1, 0.75))
    prediction = np.array([[[[0.0, 3.0]]]])
    # The low level is under the target by 2: 0.1 * 2; the high one is over it by 1: 0.25 * 1.
    given = (config, prediction, np.array([[[2.0]]]), ALL[:1])
    assert loss(*given) == pytest.approx((0.2 + 0.25) / 2, rel=1e-15)
    derivative = loss_derivative(*given)
    assert derivative.ravel().tolist() == [-0.05, 0.125]


@pytest.mark.parametrize("name", ["mse", "mae", "huber", "quantile"])
def test_the_derivative_at_error_zero_is_zero(name):
    config = ForecasterConfig(loss=name)
    prediction = np.full((2, 3, 1, len(config.output_quantiles)), 1.5)
    targets = np.full((2, 3, 1), 1.5)
    observed = np.ones(targets.shape, np.bool_)
    assert loss(config, prediction, targets, observed) == 0
    assert not loss_derivative(config, prediction, targets, observed).any()


@pytest.mark.parametrize("name", ["mse", "mae", "huber", "quantile"])
def test_the_derivative_keeps_float32(name):
    config = ForecasterConfig(loss=name)
    prediction = np.full((2, 3, 1, len(config.output_quantiles)), 1.5, np.float32)
    targets, observed = np.zeros((2, 3, 1), np.float32), np.array([[[True], [False], [True]]] * 2)
    assert loss_derivative(config, prediction, targets, observed).dtype == np.float32


@pytest.mark.parametrize("name", ["mse", "mae", "huber", "quantile"])
def test_what_was_not_observed_changes_neither_loss_nor_derivative(name):
    config = ForecasterConfig(loss=name)
    generator = np.random.default_rng(0)
    prediction = generator.normal(size=(3, 2, 2, len(config.output_quantiles))) * 2
    targets, observed = generator.normal(size=(3, 2, 2)), generator.random((3, 2, 2)) < 0.5
    # Each observed value as a window of its own: the mean over them is a plain mean.
    alone = prediction[observed][:, None, None], targets[observed][:, None, None]
    every = np.ones(alone[1].shape, np.bool_)
    assert loss(config, prediction, targets, observed) == pytest.approx(
        loss(config, *alone, every), rel=1e-14
    )
    derivative = loss_derivative(config, prediction, targets, observed)
    np.testing.assert_allclose(
        derivative[observed], loss_derivative(config, *alone, every)[:, 0, 0], rtol=1e-14
    )
    assert not derivative[~observed].any()
    made_up = np.where(observed, targets, 1e9)
    assert loss(config, prediction, made_up, observed) == loss(config, prediction, targets, observed)


def test_a_batch_without_an_observed_value_has_no_loss():
    config = ForecasterConfig(loss="quantile")
    prediction, targets = np.ones((2, 3, 1, 3)), np.zeros((2, 3, 1))
    nothing = np.zeros(targets.shape, np.bool_)
    assert loss(config, prediction, targets, nothing) == 0
    assert not loss_derivative(config, prediction, targets, nothing).any()
    assert weight(nothing) == 0
    assert weight(~nothing) == 2
