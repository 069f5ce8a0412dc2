from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_plugins import OptimizerState, SeriesError

OPTIMIZERS = {
    "adamw": {},
    "decay": {"weight_decay": 0.3},
    "sgd": {"optimizer": "sgd", "momentum": 0.7},
}
SIZES = [1.0, 1e-2, 1e-4, 1e-6, 1e-8, 0.0]


@pytest.fixture(params=OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
def settings(request):
    return request.param


@pytest.mark.parametrize("size", SIZES)
def test_updates_on_given_gradients_agree_with_the_reference(pair_of, settings, size):
    pair = pair_of(**settings)
    generator = np.random.default_rng(0)
    for rate in (0.01, 0.1, 0.003):
        gradients = {
            name: size * generator.standard_normal(array.shape)
            for name, array in pair.reference.weights().items()
        }
        for forecaster in (pair.tensorflow, pair.reference):
            forecaster.update(gradients, rate)
    ours, reference = pair.tensorflow.optimizer_state(), pair.reference.optimizer_state()
    assert ours.step == reference.step == 3
    for one, other in (
        (pair.tensorflow.weights(), pair.reference.weights()),
        (ours.first, reference.first),
        (ours.second, reference.second),
    ):
        assert list(one) == list(other)
        for name, array in other.items():
            np.testing.assert_allclose(one[name], array, rtol=4e-15, atol=1e-300)


def test_decay_leaves_biases_alone(pair_of):
    pair = pair_of(weight_decay=0.5, attention="general")
    before = pair.tensorflow.weights()
    pair.tensorflow.update({name: np.zeros_like(array) for name, array in before.items()}, 0.1)
    for name, array in pair.tensorflow.weights().items():
        kept = 1.0 if name.endswith("bias") else 0.95
        np.testing.assert_allclose(array, kept * before[name], rtol=1e-15)


@given(size=st.floats(1e-9, 1e9), clip_norm=st.sampled_from([0.0, 0.01, 1.0, 1e3]))
def test_clipping_agrees_with_the_reference(pair_of, size, clip_norm):
    pair = pair_of(clip_norm=clip_norm)
    gradients = {name: size * array for name, array in pair.reference.weights().items()}
    ours, norm = pair.tensorflow.clip(gradients)
    reference, reference_norm = pair.reference.clip(gradients)
    assert norm == pytest.approx(reference_norm, rel=1e-14)
    for name, array in reference.items():
        np.testing.assert_allclose(ours[name], array, rtol=1e-14)


def test_a_float32_norm_does_not_overflow(pair_of):
    pair = pair_of(precision="float32")
    gradients = {name: np.full_like(array, 1e30) for name, array in pair.reference.weights().items()}
    clipped, norm = pair.tensorflow.clip(gradients)
    assert np.isfinite(norm)
    assert all(np.isfinite(array).all() and array.any() for array in clipped.values())


def test_state_goes_out_and_in(pair_of, settings):
    one, other = pair_of(**settings).tensorflow, pair_of(**settings).tensorflow
    gradients = {name: 0.1 * array for name, array in one.weights().items()}
    one.update(gradients, 0.01)
    other.load_weights(one.weights())
    other.load_optimizer_state(one.optimizer_state())
    for forecaster in (one, other):
        forecaster.update(gradients, 0.02)
    for name, array in one.weights().items():
        np.testing.assert_array_equal(array, other.weights()[name])


def test_weights_and_state_of_another_network_are_refused(pair_of):
    forecaster = pair_of().tensorflow
    weights = forecaster.weights()
    del weights["head.bias"]
    with pytest.raises(SeriesError, match=r"head\.bias is missing"):
        forecaster.load_weights(weights)
    with pytest.raises(SeriesError, match=r"head\.bias is missing"):
        forecaster.load_optimizer_state(OptimizerState(1, weights, weights))
