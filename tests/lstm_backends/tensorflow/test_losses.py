from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lstm_backends.tensorflow.devices import tf
from lstm_backends.tensorflow.losses import loss_derivative, mean_loss, weight
from lstm_plugins import ForecasterConfig
from lstm_plugins.reference import loss as reference

NUMBERS = st.floats(-3, 3).map(lambda number: round(number, 2))


@pytest.mark.parametrize("loss", ["mse", "mae", "huber", "quantile"])
@settings(max_examples=25 * settings.default.max_examples // 100)
@given(data=st.data())
def test_loss_and_derivative_are_the_references_and_padding_counts_nothing(loss, data):
    """Rounded numbers make errors of exactly 0, where the derivative of mae and quantile is 0."""
    config = ForecasterConfig(loss=loss, precision="float64", horizon=2)
    quantiles = len(config.output_quantiles)
    prediction = data.draw(arrays(np.float64, (4, 2, 1, quantiles), elements=NUMBERS))
    targets = data.draw(arrays(np.float64, (4, 2, 1), elements=NUMBERS))
    observed = data.draw(arrays(np.bool_, (4, 2, 1)))
    count = data.draw(st.integers(1, 4))
    mask = tf.constant(observed)

    error = tf.constant(prediction - targets[..., None])
    value = mean_loss(config, error, mask, tf.constant(count))
    derivative = loss_derivative(config, error, mask, tf.constant(count)).numpy()

    real = (prediction[:count], targets[:count], observed[:count])
    assert float(value) == pytest.approx(reference.loss(config, *real), rel=1e-14, abs=1e-300)
    assert float(weight(error, mask, tf.constant(count))) == reference.weight(observed[:count])
    expected = reference.loss_derivative(config, *real)
    np.testing.assert_allclose(derivative[:count], expected, rtol=1e-14, atol=0)
    assert not derivative[count:].any()
