"""Weights that can tell right from wrong: random and distinct, biases too."""

import numpy as np
import pytest

from lstm_plugins import ForecasterConfig
from lstm_plugins.reference import Steps
from lstm_plugins.reference.network import NetworkInputs
from lstm_plugins.weights import weight_shapes

FEATURES, HIDDEN, STEPS, BATCH = 3, 4, 6, 2


@pytest.fixture(scope="session")
def lstm_weights():
    def make(layers=2, bidirectional=True, dtype="float64", hidden=HIDDEN, features=FEATURES):
        config = ForecasterConfig(hidden_units=hidden, layers=layers, bidirectional=bidirectional)
        shapes = weight_shapes(config, features, 1)
        generator = np.random.default_rng(3)
        return {
            name: generator.uniform(-1, 1, shape).astype(dtype)
            for name, shape in shapes.items()
            if name.startswith("layer")
        }

    return make


@pytest.fixture(scope="session")
def series():
    return np.random.default_rng(4).normal(size=(BATCH, STEPS, FEATURES))


@pytest.fixture(scope="session")
def expected():
    """Outputs `[B, T, S·H]` of the reference; h and C after the last step read, `[L·S, B, H]`."""

    def compute(weights, inputs):
        hidden = len(weights["layer0.forward.recurrent"])
        bidirectional = "layer0.backward.bias" in weights
        layers = len(weights) // (6 if bidirectional else 3)
        config = ForecasterConfig(
            look_back=inputs.shape[1], hidden_units=hidden, layers=layers, bidirectional=bidirectional
        )
        head = {
            name: np.zeros(shape)
            for name, shape in weight_shapes(config, inputs.shape[2], 1).items()
            if name.startswith("head")
        }
        steps = Steps()
        done = steps.forward(steps, config, {**weights, **head}, NetworkInputs(inputs), {})
        cells = [one.cells[-1] for one in done.directions]
        return done.outputs, np.stack([it.hidden for it in cells]), np.stack([it.cell for it in cells])

    return compute


@pytest.fixture(scope="session")
def same():
    def check(actual, wanted):
        assert list(actual) == list(wanted)
        for name, array in wanted.items():
            np.testing.assert_array_equal(actual[name], array, err_msg=name)
            assert actual[name].dtype == array.dtype

    return check
