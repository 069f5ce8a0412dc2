"""The step part and the linear part, written out in loops."""

import numpy as np

from lstm_plugins import ForecasterConfig
from lstm_plugins.reference import network


def drawn(*shape):
    return np.random.default_rng(sum(shape)).normal(size=shape)


def test_the_step_part_is_a_layer_of_relu_for_each_step_of_the_horizon():
    config = ForecasterConfig(horizon=3, loss="quantile", quantiles=(0.1, 0.9), lags=(3,))
    weights = {
        "step.kernel": drawn(5, 24),
        "step.features": drawn(4, 24),
        "step.position": drawn(3, 24),
        "step.output": drawn(24, 4),
    }
    head_input, features = drawn(2, 5), drawn(2, 3, 4)
    done = network.step_part(head_input, features, weights, config)
    assert done.output.shape == (2, 3, 2, 2)
    for window, step in np.ndindex(2, 3):
        units = [
            max(
                head_input[window] @ weights["step.kernel"][:, unit]
                + features[window, step] @ weights["step.features"][:, unit]
                + weights["step.position"][step, unit],
                0.0,
            )
            for unit in range(24)
        ]
        np.testing.assert_allclose(done.hidden[window, step], units, atol=1e-13)
        np.testing.assert_allclose(
            done.output[window, step].ravel(), units @ weights["step.output"], atol=1e-12
        )
    assert (done.hidden == 0).any()


def test_the_linear_part_is_read_step_by_step_and_then_by_target():
    config = ForecasterConfig(horizon=3)
    weights = {"linear.kernel": np.array([[1.0, 2, 3, 4, 5, 6]]), "linear.bias": np.arange(6.0) / 10}
    given = network.linear_part(np.array([[10.0], [100.0]]), weights, config)
    assert given.shape == (2, 3, 2)
    np.testing.assert_allclose(given[0], [[10.0, 20.1], [30.2, 40.3], [50.4, 60.5]])
