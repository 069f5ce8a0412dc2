import math

import numpy as np
import pytest

from lstm_plugins import ForecasterConfig
from lstm_plugins.reference import optimizer

WEIGHTS = {"head.kernel": np.array([[1.0, -2.0]]), "head.bias": np.array([3.0])}
GRADIENTS = {"head.kernel": np.array([[0.3, -0.1]]), "head.bias": np.array([1e-9])}


def test_clipping_is_by_the_norm_of_all_arrays_together():
    gradients = {"head.kernel": np.array([[3.0, 0.0]]), "head.bias": np.array([4.0])}
    clipped, norm = optimizer.clip(ForecasterConfig(clip_norm=2.0), gradients)
    assert norm == 5.0
    assert clipped["head.kernel"][0, 0] == pytest.approx(3.0 * 2.0 / (5.0 + 1e-6), rel=1e-15)
    assert clipped["head.bias"][0] == pytest.approx(4.0 * 2.0 / (5.0 + 1e-6), rel=1e-15)


@pytest.mark.parametrize("clip_norm", [0.0, 100.0])
def test_a_short_gradient_stays_as_it_is(clip_norm):
    clipped, _ = optimizer.clip(ForecasterConfig(clip_norm=clip_norm), GRADIENTS)
    for name, gradient in GRADIENTS.items():
        assert np.array_equal(clipped[name], gradient)


@pytest.mark.parametrize("bad", [math.inf, math.nan, 1e200])
def test_a_norm_that_is_not_finite_is_reported(make, bad):
    forecaster = make()
    gradients = {name: np.full_like(array, bad) for name, array in forecaster.weights().items()}
    _, norm = forecaster.clip(gradients)
    assert not math.isfinite(norm)


def test_two_steps_of_adamw_by_hand():
    """ε stands outside the root of the corrected v̂, which a gradient of 1e-9 makes visible."""
    config = ForecasterConfig(weight_decay=0.1)
    state = optimizer.initial_state(config, WEIGHTS)
    once, state = optimizer.adamw(config, WEIGHTS, GRADIENTS, state, 0.01)
    assert once["head.bias"][0] == pytest.approx(3.0 - 0.01 * 1e-9 / (1e-9 + 1e-8), rel=1e-15)
    assert once["head.kernel"][0, 0] == pytest.approx(1.0 - 0.01 * (0.3 / (0.3 + 1e-8) + 0.1), rel=1e-15)
    second = {name: -2.0 * gradient for name, gradient in GRADIENTS.items()}
    twice, state = optimizer.adamw(config, once, second, state, 0.02)
    m = (0.9 * 0.1 * 0.3 + 0.1 * -0.6) / (1 - 0.9**2)
    v = (0.999 * 0.001 * 0.09 + 0.001 * 0.36) / (1 - 0.999**2)
    w = once["head.kernel"][0, 0]
    assert twice["head.kernel"][0, 0] == pytest.approx(
        w - 0.02 * (m / (math.sqrt(v) + 1e-8) + 0.1 * w), rel=1e-12
    )
    assert state.step == 2


def test_two_steps_of_sgd_by_hand():
    config = ForecasterConfig(optimizer="sgd", momentum=0.5)
    state = optimizer.initial_state(config, WEIGHTS)
    once, state = optimizer.sgd(config, WEIGHTS, GRADIENTS, state, 0.1)
    twice, state = optimizer.sgd(config, once, GRADIENTS, state, 0.2)
    assert once["head.kernel"][0, 0] == pytest.approx(1.0 - 0.1 * 0.3, rel=1e-15)
    assert twice["head.kernel"][0, 0] == pytest.approx(once["head.kernel"][0, 0] - 0.2 * 0.45, rel=1e-15)
    assert state.second == {}


@pytest.mark.parametrize("step", [optimizer.adamw, optimizer.sgd])
def test_an_update_keeps_float32_and_leaves_its_arguments_alone(step):
    config = ForecasterConfig()
    weights = {name: array.astype(np.float32) for name, array in WEIGHTS.items()}
    gradients = {name: array.astype(np.float32) for name, array in GRADIENTS.items()}
    state = optimizer.initial_state(config, weights)
    updated, after = step(config, weights, gradients, state, 0.01)
    for arrays in (updated, after.first, after.second):
        assert all(array.dtype == np.float32 for array in arrays.values())
    assert weights["head.bias"][0] == 3.0
    assert not any(array.any() for array in state.first.values())
