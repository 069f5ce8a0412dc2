from __future__ import annotations

import numpy as np
import pytest

from lstm_backends.numpy import kernels
from lstm_conformance.tolerance import compare
from lstm_plugins import SeriesError

DEEP = {
    "layers": 2,
    "bidirectional": True,
    "attention": "general",
    "patch": 2,
    "normalisation": "standard",
    "dropout": 0.3,
    "loss": "quantile",
}


def tensors_of(trace):
    found = {"head input": trace.head_input, "output": trace.output, "prediction": trace.prediction}
    found |= {"inputs": trace.windows.inputs, "center": trace.windows.center, "scale": trace.windows.scale}
    if trace.attention is not None:
        found["attention"] = trace.attention
    for layer in trace.layers:
        values = vars(layer)
        place = f"{values.pop('layer')}.{values.pop('direction')}"
        derivatives = values.pop("derivatives")
        found |= {f"{place}.{name}": array for name, array in values.items()}
        if derivatives is not None:
            found |= {f"{place}.d.{name}": array for name, array in vars(derivatives).items()}
    return found


@pytest.mark.parametrize(
    "settings", [{}, DEEP, {"bidirectional": True}], ids=["plain", "deep", "bidirectional"]
)
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_trace_is_that_of_the_kernels_and_agrees_with_the_reference(make, settings, precision):
    pair = make(precision=precision, **settings)
    starts = np.array([0, 31, 5])
    found = tensors_of(pair.backend.trace(starts, derivatives=True))
    expected = tensors_of(
        pair.reference_at(pair.backend.weights(), pair.values).trace(starts, derivatives=True)
    )
    verdicts = compare(found, expected, dict.fromkeys(expected, 0.0), 64, precision)
    assert [verdict for verdict in verdicts if not verdict.passed] == []
    assert np.array_equal(found["prediction"], pair.backend.predict(starts))
    without = pair.backend.trace(starts)
    assert all(layer.derivatives is None for layer in without.layers)


def test_a_trace_needs_no_targets_unless_derivatives_are_wanted(make):
    forecaster = make().backend
    forecaster.trace(np.array([24]))
    with pytest.raises(SeriesError):
        forecaster.trace(np.array([24]), derivatives=True)


@pytest.mark.parametrize("settings", [{"look_back": 21}, DEEP], ids=["several chunks", "deep"])
def test_gradients_follow_from_the_traced_derivatives(make, settings):
    forecaster = make(**settings).backend
    starts = np.array([0, 31, 5])
    trace = forecaster.trace(starts, derivatives=True)
    _, gradients = forecaster.loss_and_gradients(starts)
    for layer in trace.layers:
        kernel = np.einsum("btd,btg->dg", layer.inputs, layer.derivatives.preactivation)
        wanted = gradients[f"layer{layer.layer}.{layer.direction}.kernel"]
        np.testing.assert_allclose(kernel, wanted, rtol=1e-9, atol=1e-13)


def test_a_broken_kernel_shows_in_the_traced_derivatives(make, monkeypatch):
    """They are the kernels' own: the reference would not change."""
    forecaster, starts = make().backend, np.array([0, 31, 5])
    right = forecaster.trace(starts, derivatives=True).layers[0]
    factors = kernels._factors

    def without_forget_gate(slab, scratch):
        factors(slab, scratch)
        scratch.factors[: len(slab), 5 * scratch.hidden_units :] = 0.0

    monkeypatch.setattr(kernels, "_factors", without_forget_gate)
    broken = forecaster.trace(starts, derivatives=True).layers[0]
    for name in ("preactivation", "hidden", "cell"):
        found, wanted = getattr(broken.derivatives, name), getattr(right.derivatives, name)
        # The last step depends on no later one, so that it alone is still right.
        assert np.array_equal(found[:, -1], wanted[:, -1])
        assert np.abs(found[:, 0] - wanted[:, 0]).max() > 1e-3 * np.abs(wanted[:, 0]).max()
    assert np.array_equal(broken.cell, right.cell)
