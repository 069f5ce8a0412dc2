from __future__ import annotations

import numpy as np
import pytest
import torch

from lstm_backends.torch import tracing


def traced(starts):
    def compute(forecaster):
        trace = forecaster.trace(starts, derivatives=True)
        found = {
            "inputs": trace.windows.inputs,
            "head input": trace.head_input,
            "output": trace.output,
            "prediction": trace.prediction,
        }
        if trace.attention is not None:
            found["attention"] = trace.attention
        for layer in trace.layers:
            prefix = f"layer {layer.layer} {layer.direction}"
            for name in ("inputs", "forget", "input", "candidate", "cell", "output", "hidden"):
                found[f"{prefix} {name}"] = getattr(layer, name)
            for name in ("preactivation", "hidden", "cell"):
                found[f"{prefix} derivative of {name}"] = getattr(layer.derivatives, name)
        return found

    return compute


def test_every_value_inside_agrees_with_the_reference(pair_of, switch, precision):
    pair = pair_of(**{**switch, "precision": precision})
    pair.hold(traced(pair.starts))


def test_a_trace_reproduces_the_prediction(pair_of, switch, precision):
    pair = pair_of(**{**switch, "precision": precision})
    trace = pair.torch.trace(pair.starts)
    tolerance = (64 + pair.config.steps) * np.finfo(precision).eps
    prediction = pair.torch.predict(pair.starts)
    assert np.abs(trace.prediction - prediction).max() <= tolerance * np.abs(prediction).max()
    assert trace.prediction.dtype == precision
    assert all(layer.derivatives is None for layer in trace.layers)


def test_a_trace_without_derivatives_needs_no_targets(pair_of):
    pair = pair_of()
    end = np.array([71 - 6])
    np.testing.assert_allclose(pair.torch.trace(end).prediction, pair.torch.predict(end), rtol=1e-13)


@pytest.mark.parametrize("bidirectional", [False, True])
def test_gradients_follow_from_the_traced_derivatives(pair_of, bidirectional):
    pair = pair_of(layers=2, bidirectional=bidirectional, attention="general")
    trace = pair.torch.trace(pair.starts, derivatives=True)
    _, gradients = pair.torch.loss_and_gradients(pair.starts)
    for layer in trace.layers:
        kernel = np.einsum("btd,btg->dg", layer.inputs, layer.derivatives.preactivation)
        wanted = gradients[f"layer{layer.layer}.{layer.direction}.kernel"]
        np.testing.assert_allclose(kernel, wanted, rtol=1e-9, atol=1e-13)


def test_broken_equations_show_in_the_traced_derivatives(pair_of, monkeypatch):
    """They are PyTorch's own: the reference would not change."""
    pair = pair_of()
    right = pair.torch.trace(pair.starts, derivatives=True).layers[0].derivatives

    class Broken:
        """PyTorch with a tanh that lets no derivative through."""

        def __getattr__(self, name):
            return self.flat_tanh if name == "tanh" else getattr(torch, name)

        def flat_tanh(self, values):
            return torch.tanh(values).detach() + 0.0 * values

    monkeypatch.setattr(tracing, "torch", Broken())
    broken = pair.torch.trace(pair.starts, derivatives=True).layers[0].derivatives
    found, wanted = broken.preactivation, right.preactivation
    # Only the output gate is left with a derivative.
    assert np.abs(found - wanted).max() > 0.1 * np.abs(wanted).max()
