from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from lstm_backends.tensorflow.kernels import layer_forward


@pytest.mark.parametrize("bidirectional", [False, True])
def test_keras_layers_with_the_same_weights_give_the_same_hidden_states(pair_of, bidirectional):
    """A witness that shares no line with this project; its gate order is ours, its bias is one."""
    pair = pair_of(precision="float32", layers=2, bidirectional=bidirectional)
    trace = pair.tensorflow.trace(pair.starts)
    weights = pair.tensorflow.weights()
    below = trace.windows.inputs
    for layer in range(2):
        own = [
            weights[f"layer{layer}.{direction}.{kind}"]
            for direction in ("forward", "backward")[: 1 + bidirectional]
            for kind in ("kernel", "recurrent", "bias")
        ]
        witness = keras.layers.LSTM(4, return_sequences=True)
        if bidirectional:
            witness = keras.layers.Bidirectional(witness, merge_mode="concat")
        witness.build(below.shape)
        witness.set_weights(own)
        below = np.asarray(witness(below))
        ours = [traced.hidden for traced in trace.layers if traced.layer == layer]
        np.testing.assert_allclose(np.concatenate(ours, axis=2), below, rtol=0, atol=2e-6)


def test_a_gate_that_is_nearly_closed_keeps_its_digits():
    """σ by way of tanh is accurate to an absolute eps only: 1e-7 would be off by 5e-10 of itself."""
    units, preactivation = 3, -25.0
    weights = np.zeros((1, 1 + units + 1, 4 * units))
    weights[0, -1] = preactivation
    done = layer_forward(tf.constant(weights), tf.zeros([2, 4, 1], tf.float64))
    closed = np.exp(preactivation) / (1 + np.exp(preactivation))
    opened = np.asarray(done.gates)[..., :units]
    np.testing.assert_allclose(opened, closed, rtol=4 * np.finfo(float).eps)
