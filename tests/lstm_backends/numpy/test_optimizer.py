from __future__ import annotations

import numpy as np
import pytest

from lstm_plugins import NotFiniteError, SeriesSet, TrainingStep
from lstm_plugins.weights import weight_shapes

RULES = {
    "adamw": {},
    "decay": {"weight_decay": 0.1},
    "sgd": {"optimizer": "sgd", "momentum": 0.7},
    "deep": {"weight_decay": 0.05, "layers": 2, "bidirectional": True, "attention": "general"},
}


def random_gradients(config, size):
    generator = np.random.default_rng(5)
    shapes = weight_shapes(config, 2, 2)
    return {name: size * generator.normal(size=shape) for name, shape in shapes.items()}


@pytest.mark.parametrize("size", [1e-9, 1e-2, 10.0])
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_several_updates_are_the_references(make, rule, size):
    pair = make(**rule)
    gradients = random_gradients(pair.backend.config, size)
    for n in range(4):
        for forecaster in (pair.backend, pair.reference):
            forecaster.update({name: (-0.7) ** n * g for name, g in gradients.items()}, 0.01 / (n + 1))
    found, expected = pair.backend.optimizer_state(), pair.reference.optimizer_state()
    assert found.step == expected.step == 4
    for got, wanted in (
        (pair.backend.weights(), pair.reference.weights()),
        (found.first, expected.first),
        (found.second, expected.second),
    ):
        assert list(got) == list(wanted)
        for name, array in wanted.items():
            assert np.abs(got[name] - array).max() <= 64 * np.finfo(float).eps * np.abs(array).max(), name


@pytest.mark.parametrize("clip_norm", [0.0, 0.5, 1e9])
def test_clipping_is_the_references(make, clip_norm):
    pair = make(clip_norm=clip_norm)
    gradients = random_gradients(pair.backend.config, 1.0)
    found, norm = pair.backend.clip(gradients)
    expected, expected_norm = pair.reference.clip(gradients)
    assert norm == pytest.approx(expected_norm, rel=1e-14)
    for name, array in expected.items():
        assert np.allclose(found[name], array, rtol=1e-14, atol=0)


def test_a_norm_whose_square_overflows_float32_is_still_a_norm(make):
    forecaster = make(precision="float32", clip_norm=1.0).backend
    gradients = {name: np.full_like(array, 1e25) for name, array in forecaster.weights().items()}
    clipped, norm = forecaster.clip(gradients)
    count = sum(array.size for array in gradients.values())
    assert norm == pytest.approx(1e25 * np.sqrt(count), rel=1e-6)
    assert clipped["head.bias"][0] == pytest.approx(1 / np.sqrt(count), rel=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_norm_that_is_not_finite_is_reported(make, bad):
    forecaster = make().backend
    gradients = {name: np.full_like(array, bad) for name, array in forecaster.weights().items()}
    assert not np.isfinite(forecaster.clip(gradients)[1])


def test_state_goes_in_and_out_unchanged(make):
    pair = make(layers=2, bidirectional=True, attention="general")
    starts = np.array([0, 7, 31])
    pair.reference.train_batches(starts, np.array([0.01]), TrainingStep())
    weights, state = pair.reference.weights(), pair.reference.optimizer_state()
    pair.backend.load_weights(weights)
    pair.backend.load_optimizer_state(state)
    found = pair.backend.optimizer_state()
    assert found.step == 1
    for got, wanted in (
        (pair.backend.weights(), weights),
        (found.first, state.first),
        (found.second, state.second),
    ):
        assert list(got) == list(wanted)
        assert all(np.array_equal(got[name], wanted[name]) for name in wanted)


def test_what_is_handed_out_is_a_copy(make):
    forecaster = make().backend
    before = forecaster.predict(np.array([0]))
    state = forecaster.optimizer_state()
    _, gradients = forecaster.loss_and_gradients(np.array([0]))
    for arrays in (forecaster.weights(), state.first, state.second, gradients):
        for array in arrays.values():
            array += 1.0
    assert np.array_equal(forecaster.predict(np.array([0])), before)
    assert not any(array.any() for array in forecaster.optimizer_state().first.values())


def test_training_that_leaves_the_finite_numbers_names_the_step_and_keeps_the_weights(make):
    pair = make(precision="float32", normalisation="none", epochs=3)
    values = np.ones((75, 2))
    values[72:] = 1e30
    errors = []
    for forecaster in (pair.backend, pair.reference):
        forecaster.load_series(SeriesSet(values, (1, 0), (75,)))
        start = forecaster.weights()
        with pytest.raises(NotFiniteError) as raised:
            list(forecaster.fit(((0, 75),), ()))
        errors.append((raised.value.quantity, raised.value.epoch, raised.value.step))
        assert all(np.array_equal(start[name], array) for name, array in forecaster.weights().items())
    assert errors[0] == errors[1]
