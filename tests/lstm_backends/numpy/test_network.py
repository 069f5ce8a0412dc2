"""Forward and backward against the reference, within section 8's tolerance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lstm_backends.numpy import kernels
from lstm_plugins import TrainingStep

SWITCHES = {
    "plain": {},
    "two layers": {"layers": 2},
    "three layers with dropout": {"layers": 3, "dropout": 0.4},
    "bidirectional": {"bidirectional": True},
    "two bidirectional layers": {"bidirectional": True, "layers": 2},
    "dot attention": {"attention": "dot"},
    "general attention": {"attention": "general"},
    "bidirectional attention with dropout": {
        "attention": "general",
        "bidirectional": True,
        "dropout": 0.3,
        "layers": 2,
    },
    "patch": {"patch": 3},
    "one step": {"look_back": 2, "patch": 2},
    "no normalisation": {"normalisation": "none"},
    "standard normalisation": {"normalisation": "standard"},
    "absolute error": {"loss": "mae"},
    "huber": {"loss": "huber"},
    "quantiles": {"loss": "quantile", "quantiles": (0.2, 0.5, 0.7)},
    "one target": {"targets": (0,)},
    "more steps than a chunk": {"look_back": 21, "hidden_units": 5},
}


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("switches", SWITCHES.values(), ids=SWITCHES.keys())
def test_a_pass_agrees_with_the_reference_for_every_switch(make, evaluate_pass, switches, precision):
    pair = make(precision=precision, **switches)
    pair.assert_same(evaluate_pass(np.array([0, 4, 31, 7, 2, 35, 1]), TrainingStep(2, 3)))


@settings(max_examples=60 * settings.default.max_examples // 100)
@given(
    layers=st.integers(1, 3),
    bidirectional=st.booleans(),
    attention=st.sampled_from(["none", "dot", "general"]),
    patch=st.sampled_from([1, 2, 3]),
    steps=st.integers(1, 8),
    normalisation=st.sampled_from(["none", "last", "standard"]),
    dropout=st.sampled_from([0.0, 0.25, 0.6]),
    loss=st.sampled_from(["mse", "mae", "huber", "quantile"]),
    horizon=st.integers(1, 4),
    hidden_units=st.integers(1, 9),
    precision=st.sampled_from(["float32", "float64"]),
    seed=st.integers(0, 1000),
    batch=st.integers(1, 6),
    data=st.data(),
)
def test_a_pass_agrees_with_the_reference_for_any_combination(
    make, evaluate_pass, data, steps, batch, **switches
):
    features = data.draw(st.integers(1, 3))
    targets = tuple(data.draw(st.permutations(range(features)))[: data.draw(st.integers(1, features))])
    look_back = steps * switches["patch"]
    # One normalised step is 0 in every window; signs of absolute errors then cancel to exact zeros.
    assume(look_back > 1 or switches["normalisation"] == "none")
    pair = make(features=features, targets=targets, look_back=look_back, **switches)
    every = pair.reference.window_starts(((0, 30), (0, 45)), 1)
    starts = np.random.default_rng(switches["seed"]).choice(every, batch)
    pair.assert_same(evaluate_pass(starts, TrainingStep(1, data.draw(st.integers(0, 9)))))


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_sizes_at_which_chunks_differ_in_length_agree_too(make, evaluate_pass, precision, monkeypatch):
    monkeypatch.setattr(kernels, "CHUNK_BYTES", 1)
    monkeypatch.setattr(kernels, "SHORTEST_CHUNK", 3)
    pair = make(precision=precision, look_back=10, layers=2, attention="dot", hidden_units=4)
    assert {end - first for first, end in kernels.Scratch(pair.backend.config, 4, 5).chunks} == {2, 3}
    pair.assert_same(evaluate_pass(np.array([0, 9, 31]), None))


def test_a_realistic_size_agrees_in_float32(make, evaluate_pass):
    pair = make(precision="float32", look_back=24, hidden_units=48, layers=2, spread=0.05, batch_size=16)
    pair.assert_same(evaluate_pass(np.arange(4), TrainingStep()))


def test_batches_of_other_sizes_do_not_disturb_each_other(make):
    """Workspaces are kept by batch size, and old ones are given up."""
    forecaster = make(layers=2, bidirectional=True).backend
    every = np.arange(20)
    first = [forecaster.loss_and_gradients(every[:size]) for size in range(1, 8)]
    again = [forecaster.loss_and_gradients(every[:size]) for size in range(1, 8)]
    for (loss, gradients), (loss_again, gradients_again) in zip(first, again, strict=True):
        assert loss == loss_again
        assert all(np.array_equal(gradients[name], gradients_again[name]) for name in gradients)


def test_forecasting_carries_no_state_from_one_batch_to_the_next(make):
    forecaster = make().backend
    starts = np.array([3, 40])
    before = forecaster.predict(starts)
    forecaster.predict(np.array([0, 20]))
    assert np.array_equal(forecaster.predict(starts), before)


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_a_nearly_closed_gate_keeps_its_digits_and_its_gradient(make, evaluate_pass, precision):
    pair = make(precision=precision, hidden_units=1, normalisation="none")
    weights = pair.reference.weights()
    weights["layer0.forward.bias"][...] = (-9.0, -7.0, 0.5, -8.0)
    for forecaster in (pair.backend, pair.reference):
        forecaster.load_weights(weights)
    pair.assert_same(evaluate_pass(np.array([0, 31]), None))


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_gates_far_from_zero_do_not_overflow(make, precision):
    pair = make(precision=precision, normalisation="none")
    weights = pair.reference.weights()
    weights["layer0.forward.bias"][:] = np.linspace(-1000, 1000, 12)
    for forecaster in (pair.backend, pair.reference):
        forecaster.load_weights(weights)
    starts = np.array([0, 31])
    assert np.allclose(pair.backend.predict(starts), pair.reference.predict(starts), rtol=1e-5)
    assert all(np.isfinite(array).all() for array in pair.backend.loss_and_gradients(starts)[1].values())
