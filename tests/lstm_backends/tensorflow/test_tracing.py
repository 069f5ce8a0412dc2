from __future__ import annotations

import numpy as np
import pytest

from lstm_backends.tensorflow import kernels, tracing
from lstm_conformance.tolerance import epsilon

GATES = ("inputs", "forget", "input", "candidate", "cell", "output", "hidden")


def traced(trace):
    """Every tensor of a trace by a name of its own."""
    tensors = {"head input": trace.head_input, "output": trace.output, "prediction": trace.prediction}
    if trace.attention is not None:
        tensors["attention"] = trace.attention
    for layer in trace.layers:
        own = {name: getattr(layer, name) for name in GATES}
        if layer.derivatives is not None:
            own |= {f"by {name}": array for name, array in vars(layer.derivatives).items()}
        tensors |= {f"{layer.layer} {layer.direction} {name}": array for name, array in own.items()}
    return tensors


def test_every_gate_state_and_derivative_agrees_with_the_reference(pair_of, switch):
    pair = pair_of(**switch)
    pair.hold(lambda forecaster: traced(forecaster.trace(pair.starts, derivatives=True)))


@pytest.mark.parametrize("derivatives", [False, True])
def test_layers_come_in_order_with_derivatives_where_asked_for(pair_of, derivatives):
    pair = pair_of(layers=2, bidirectional=True)
    layers = pair.tensorflow.trace(pair.starts, derivatives=derivatives).layers
    names = [(layer.layer, layer.direction) for layer in layers]
    assert names == [(0, "forward"), (0, "backward"), (1, "forward"), (1, "backward")]
    assert all((layer.derivatives is not None) == derivatives for layer in layers)


@pytest.mark.exhaustive
def test_a_trace_reproduces_the_compiled_prediction(pair_of, compiled):
    pair = pair_of(**compiled)
    prediction = pair.tensorflow.predict(pair.starts)
    allowed = (64 + pair.config.steps) * epsilon(pair.config.precision) * np.abs(prediction).max()
    trace = pair.tensorflow.trace(pair.starts)
    assert trace.prediction.dtype == prediction.dtype == pair.config.precision
    np.testing.assert_allclose(trace.prediction, prediction, rtol=0, atol=allowed)


def test_a_broken_kernel_shows_in_the_traced_derivatives(pair_of, monkeypatch):
    """They are the kernels' own: the reference would not change."""
    pair = pair_of()
    right = pair.tensorflow.trace(pair.starts, derivatives=True).layers[0]
    before = kernels._before

    monkeypatch.setattr(kernels, "_before", lambda sequence: 0.5 * before(sequence))
    tracing._passes_function.cache_clear()
    broken = pair.tensorflow.trace(pair.starts, derivatives=True).layers[0]
    tracing._passes_function.cache_clear()

    forget = slice(pair.config.hidden_units, 2 * pair.config.hidden_units)
    found = broken.derivatives.preactivation[:, -1, forget]
    wanted = right.derivatives.preactivation[:, -1, forget]
    # Half of C_{t−1} makes half of the forget gate's derivative.
    np.testing.assert_allclose(found, 0.5 * wanted, rtol=1e-12)
    assert np.abs(wanted).max() > 0
    assert np.array_equal(broken.cell, right.cell)
