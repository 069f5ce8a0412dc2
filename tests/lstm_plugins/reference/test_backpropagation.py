"""Gradients and inner derivatives against central differences, in float64."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_plugins import TrainingStep
from lstm_plugins.reference import Steps
from lstm_plugins.reference.cell import cell_step
from lstm_plugins.weights import trained_arrays

SHIFT = 1e-5
# Error of a central difference: curvature · SHIFT² and rounding / SHIFT, with room.
ABSOLUTE, RELATIVE = 2e-8, 1e-6

SWITCHES = {
    "plain": {},
    "two layers": {"layers": 2},
    "bidirectional": {"bidirectional": True},
    "dot attention": {"attention": "dot"},
    "general attention": {"attention": "general"},
    "patch": {"patch": 3},
    "no normalisation": {"normalisation": "none"},
    "standard normalisation": {"normalisation": "standard"},
    "dropout": {"dropout": 0.4, "layers": 2},
    "absolute error": {"loss": "mae"},
    "huber": {"loss": "huber"},
    "quantiles": {"loss": "quantile", "quantiles": (0.2, 0.5, 0.7)},
    "one target": {"targets": (0,)},
    "every addition": {
        "hidden_units": 2,
        "bidirectional": True,
        "attention": "dot",
        "patch": 2,
        "normalisation": "last-deviation",
        "loss_scale": "window",
        "linear": "ridge",
        "dropout": 0.3,
        "loss": "quantile",
        "lags": (3,),
        "known": 2,
        "own_known": 1,
        "targets": (1,),
    },
    "all": {
        "layers": 2,
        "hidden_units": 2,
        "bidirectional": True,
        "attention": "general",
        "patch": 2,
        "normalisation": "standard",
        "dropout": 0.3,
        "loss": "quantile",
    },
}


def close(found, expected):
    return np.allclose(found, expected, rtol=RELATIVE, atol=ABSOLUTE)


@pytest.mark.parametrize("switches", SWITCHES.values(), ids=SWITCHES.keys())
def test_every_entry_of_every_gradient_agrees_with_differences(make, switches):
    forecaster = make(**switches)
    starts = np.array([0, 4, 30, 11])
    step = TrainingStep(1, 3)
    _, gradients = forecaster.loss_and_gradients(starts, step)
    weights = forecaster.weights()
    assert list(gradients) == list(trained_arrays(weights))
    for name, array in trained_arrays(weights).items():
        differences = np.zeros_like(array)
        for entry in np.ndindex(array.shape):
            losses = []
            for shift in (SHIFT, -SHIFT):
                moved = array.copy()
                moved[entry] += shift
                forecaster.load_weights(weights | {name: moved})
                losses.append(forecaster.loss_and_gradients(starts, step)[0])
            differences[entry] = (losses[0] - losses[1]) / (2 * SHIFT)
        assert close(gradients[name], differences), name


@settings(max_examples=40 * settings.default.max_examples // 100)
@given(
    layers=st.integers(1, 3),
    bidirectional=st.booleans(),
    attention=st.sampled_from(["none", "dot", "general"]),
    patch=st.sampled_from([1, 2, 3]),
    normalisation=st.sampled_from(["none", "last", "standard", "last-deviation", "seasonal"]),
    season=st.sampled_from([2, 4, 6]),
    lags=st.sampled_from([(), (), (3,), (4, 8)]),
    known=st.sampled_from([0, 0, 1, 2]),
    linear=st.sampled_from(["none", "ridge"]),
    loss_scale=st.sampled_from(["series", "window"]),
    dropout=st.sampled_from([0.0, 0.25, 0.6]),
    loss=st.sampled_from(["mse", "mae", "huber", "quantile"]),
    horizon=st.integers(1, 3),
    hidden_units=st.integers(1, 4),
    seed=st.integers(0, 1000),
    data=st.data(),
)
def test_gradients_agree_with_differences_along_any_direction(make, data, **switches):
    features = data.draw(st.integers(1, 3))
    targets = tuple(data.draw(st.permutations(range(features)))[: data.draw(st.integers(1, features))])
    own_known = data.draw(st.integers(0, switches["known"]))
    forecaster = make(features=features, targets=targets, own_known=own_known, **switches)
    starts, step = np.array([3, 27, 8]), TrainingStep(0, data.draw(st.integers(0, 5)))
    _, gradients = forecaster.loss_and_gradients(starts, step)
    weights = forecaster.weights()
    generator = np.random.default_rng(switches["seed"])
    for name, array in trained_arrays(weights).items():
        direction = generator.normal(size=array.shape)
        direction /= np.linalg.norm(direction)
        losses = []
        for shift in (SHIFT, -SHIFT):
            forecaster.load_weights(weights | {name: array + shift * direction})
            losses.append(forecaster.loss_and_gradients(starts, step)[0])
        difference = (losses[0] - losses[1]) / (2 * SHIFT)
        # A kink of an absolute value or of relu inside the interval moves the difference by less than it.
        kinks = switches["loss"] in ("mae", "quantile", "huber") or switches["known"] or switches["lags"]
        kink = 3 * SHIFT if kinks else 0.0
        assert np.sum(gradients[name] * direction) == pytest.approx(
            difference, rel=RELATIVE, abs=ABSOLUTE + kink
        )


def nudged(call: int, quantity: str, shift: np.ndarray) -> Steps:
    """Steps whose cell step number `call` has `quantity` moved by `shift`, and all that follows with it."""
    calls = iter(range(10**6))

    def step(gates, inputs, hidden, cell):
        exact = cell_step(gates, inputs, hidden, cell)
        if next(calls) != call:
            return exact
        if quantity == "hidden":
            return dataclasses.replace(exact, hidden=exact.hidden + shift)
        if quantity == "cell":
            moved = exact.cell + shift
            return dataclasses.replace(exact, cell=moved, hidden=exact.output * np.tanh(moved))
        # A bias that differs by window is a move of the pre-activations.
        moved_gates = dataclasses.replace(
            gates,
            **{
                name: dataclasses.replace(getattr(gates, name), bias=getattr(gates, name).bias + part)
                for name, part in zip(
                    ("input", "forget", "candidate", "output"), np.split(shift, 4, axis=1), strict=True
                )
            },
        )
        return cell_step(moved_gates, inputs, hidden, cell)

    return Steps(cell_step=step)


@pytest.mark.parametrize("quantity", ["hidden", "cell", "preactivation"])
@pytest.mark.parametrize(
    "switches",
    [{}, {"layers": 2, "bidirectional": True, "attention": "general", "normalisation": "standard"}],
    ids=["plain", "deep"],
)
def test_traced_derivatives_agree_with_differences(make, quantity, switches):
    sizes = switches | {"look_back": 4, "hidden_units": 2, "batch_size": 2}
    starts = np.array([2, 31])
    layers = make(**sizes).trace(starts, derivatives=True).layers
    config = make(**sizes).config
    for index, layer in enumerate(layers):
        found = getattr(layer.derivatives, quantity)
        differences = np.zeros_like(found)
        for window, t, unit in np.ndindex(found.shape):
            read = t if layer.direction == "forward" else config.steps - 1 - t
            losses = []
            for size in (SHIFT, -SHIFT):
                shift = np.zeros((2, found.shape[2]))
                shift[window, unit] = size
                steps = nudged(index * config.steps + read, quantity, shift)
                losses.append(make(**sizes, steps=steps).mean_loss(starts))
            differences[window, t, unit] = (losses[0] - losses[1]) / (2 * SHIFT)
        assert close(found, differences), (layer.layer, layer.direction)


def test_traced_derivatives_add_up_to_the_weight_gradients(make):
    forecaster = make(layers=2, bidirectional=True, attention="dot", loss="huber")
    starts = np.array([1, 9, 40])
    _, gradients = forecaster.loss_and_gradients(starts)
    for layer in forecaster.trace(starts, derivatives=True).layers:
        name = f"layer{layer.layer}.{layer.direction}"
        preactivation = layer.derivatives.preactivation
        assert np.allclose(preactivation.sum(axis=(0, 1)), gradients[f"{name}.bias"], rtol=1e-13, atol=1e-16)
        kernel = np.tensordot(layer.inputs, preactivation, axes=((0, 1), (0, 1)))
        assert np.allclose(kernel, gradients[f"{name}.kernel"], rtol=1e-13, atol=1e-16)
        hidden, derivatives = layer.hidden, preactivation
        if layer.direction == "backward":
            hidden, derivatives = hidden[:, ::-1], derivatives[:, ::-1]
        recurrent = np.tensordot(hidden[:, :-1], derivatives[:, 1:], axes=((0, 1), (0, 1)))
        assert np.allclose(recurrent, gradients[f"{name}.recurrent"], rtol=1e-13, atol=1e-16)
