from __future__ import annotations

import numpy as np
import pytest

from lstm_plugins import TrainingStep

SIZES = [1.0, 1e-2, 1e-4, 1e-6, 1e-8, 0.0]


def gradients_of(forecaster, size):
    generator = np.random.default_rng(9)
    return {
        name: (generator.standard_normal(array.shape) * size).astype(array.dtype)
        for name, array in forecaster.weights().items()
    }


def memory_of(forecaster):
    state = forecaster.optimizer_state()
    found = {f"weights {name}": array for name, array in forecaster.weights().items()}
    found |= {f"first {name}": array for name, array in state.first.items()}
    found |= {f"second {name}": array for name, array in state.second.items()}
    return found | {"step": float(state.step)}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "optimizer",
    [{}, {"weight_decay": 0.3}, {"optimizer": "sgd"}, {"optimizer": "sgd", "momentum": 0.0}],
    ids=["adamw", "decay", "sgd", "no momentum"],
)
def test_updates_on_given_gradients_agree_with_the_reference(pair_of, precision, optimizer, size):
    pair = pair_of(precision=precision, attention="general", **optimizer)

    def compute(forecaster):
        gradients = gradients_of(forecaster, size)
        forecaster.update(gradients, 0.01)
        forecaster.update({name: -0.3 * array for name, array in gradients.items()}, 0.02)
        return memory_of(forecaster)

    pair.hold(compute)
    assert {array.dtype for array in pair.torch.weights().values()} == {np.dtype(precision)}


def test_no_gradient_and_no_decay_change_nothing(pair_of):
    pair = pair_of()
    before = pair.torch.weights()
    pair.torch.update(gradients_of(pair.torch, 0.0), 0.01)
    for name, array in pair.torch.weights().items():
        np.testing.assert_array_equal(array, before[name])


def test_decay_touches_kernels_and_no_bias(pair_of):
    pair = pair_of(weight_decay=0.5, attention="general", layers=2, bidirectional=True)
    start = {name: np.ones_like(array) for name, array in pair.torch.weights().items()}
    pair.torch.load_weights(start)
    pair.torch.update(gradients_of(pair.torch, 0.0), 0.01)
    for name, array in pair.torch.weights().items():
        np.testing.assert_allclose(array, 1.0 if name.endswith("bias") else 0.995, rtol=1e-15)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("clip_norm", [0.0, 0.5, 1e9])
def test_clipping_agrees_with_the_reference(pair_of, precision, clip_norm, size):
    pair = pair_of(precision=precision, clip_norm=clip_norm)

    def compute(forecaster):
        clipped, norm = forecaster.clip(gradients_of(forecaster, size))
        return {**clipped, "norm": norm}

    pair.hold(compute)


def test_clipping_leaves_the_given_gradients_alone(pair_of):
    pair = pair_of(clip_norm=0.1)
    gradients = gradients_of(pair.torch, 1.0)
    kept = {name: array.copy() for name, array in gradients.items()}
    clipped, norm = pair.torch.clip(gradients)
    assert norm > 1
    assert np.sqrt(sum((array**2).sum() for array in clipped.values())) == pytest.approx(0.1, rel=1e-5)
    for name, array in gradients.items():
        np.testing.assert_array_equal(array, kept[name])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_gradient_that_is_not_finite_has_such_a_norm(pair_of, bad):
    pair = pair_of()
    gradients = gradients_of(pair.torch, 1.0)
    gradients["head.bias"][0] = bad
    assert not np.isfinite(pair.torch.clip(gradients)[1])


def test_the_memory_comes_back_as_it_was_given(pair_of, switch, precision):
    pair = pair_of(**{**switch, "precision": precision})
    pair.torch.train_batches(pair.starts[:7], np.array([0.01, 0.01]), TrainingStep())
    state, weights = pair.torch.optimizer_state(), pair.torch.weights()
    other = pair_of(**{**switch, "precision": precision}).torch

    other.load_weights(weights)
    other.load_optimizer_state(state)

    assert other.optimizer_state().step == state.step == 2
    for given, found in ((state.first, other.optimizer_state().first), (weights, other.weights())):
        assert list(given) == list(found)
        for name, array in given.items():
            np.testing.assert_array_equal(found[name], array)
            assert found[name].flags.c_contiguous
