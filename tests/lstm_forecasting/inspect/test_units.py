from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.inspect.units import unit_activity, unit_correlation, unit_order


@pytest.fixture
def inspected(laboratory):
    return laboratory.window("plain")


def test_activity_is_the_mean_size_of_the_hidden_state(laboratory, inspected):
    layer = inspected.layers[0]
    trace = laboratory.reference(inspected.subject).trace(np.array([inspected.window.inputs.start]))
    np.testing.assert_allclose(unit_activity(layer), np.abs(trace.layers[0].hidden[0]).mean(axis=0))
    order = unit_order(inspected, layer, "activity")
    assert sorted(order) == [0, 1, 2, 3]
    assert np.all(np.diff(unit_activity(layer)[order]) <= 0)


@pytest.mark.parametrize("target", [0, 1])
def test_correlation_is_that_of_numpy(inspected, target):
    layer, series = inspected.layers[0], inspected.target_by_step(target)
    wanted = [np.corrcoef(layer.hidden[:, unit], series)[0, 1] for unit in range(4)]
    np.testing.assert_allclose(unit_correlation(layer, series), wanted, atol=1e-12)
    order = unit_order(inspected, layer, "correlation", target)
    assert order.tolist() == sorted(range(4), key=lambda unit: -wanted[unit])


def test_what_is_constant_goes_along_with_nothing(inspected):
    layer = inspected.layers[0]
    still = replace(layer, hidden=np.ones_like(layer.hidden))
    assert not unit_correlation(still, inspected.target_by_step(0)).any()
    assert not unit_correlation(layer, np.full(8, 3.0)).any()
    assert unit_order(inspected, still, "activity").tolist() == [0, 1, 2, 3]


def test_by_index_they_stay_as_they_are(inspected):
    assert unit_order(inspected, inspected.layers[0], "index").tolist() == [0, 1, 2, 3]
