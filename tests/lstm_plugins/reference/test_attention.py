import math

import numpy as np
import pytest

from lstm_plugins.reference.attention import attend, softmax

GENERATOR = np.random.default_rng(3)
SUMMARY, OUTPUTS = GENERATOR.normal(size=(2, 4)), GENERATOR.normal(size=(2, 5, 4))


@pytest.mark.parametrize("kernel", [None, GENERATOR.normal(size=(4, 4))], ids=["dot", "general"])
def test_context_is_the_mean_of_outputs_weighed_by_softmax_over_steps(kernel):
    attention = attend(SUMMARY, OUTPUTS, kernel)
    for window in range(2):
        query = SUMMARY[window] @ (np.eye(4) if kernel is None else kernel)
        powers = [math.exp(float(query @ OUTPUTS[window, t]) / 2.0) for t in range(5)]
        weights = [power / sum(powers) for power in powers]
        context = sum(weight * OUTPUTS[window, t] for t, weight in enumerate(weights))
        assert np.allclose(attention.weights[window], weights, rtol=1e-14)
        assert np.allclose(attention.context[window], context, rtol=1e-14)


def test_softmax_does_not_overflow():
    assert softmax(np.array([[1000.0, 1000.0, -1000.0]])).tolist() == [[0.5, 0.5, 0.0]]
