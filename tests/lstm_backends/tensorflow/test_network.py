from __future__ import annotations

import keras
import numpy as np
import pytest


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
