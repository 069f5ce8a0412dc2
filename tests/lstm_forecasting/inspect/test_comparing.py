import numpy as np
import pytest

from lstm_forecasting.inspect.asking import inspect_window
from lstm_forecasting.inspect.comparing import compare
from lstm_forecasting.inspect.quantities import QUANTITIES


@pytest.mark.parametrize("network", ["plain", "everything"])
def test_two_backends_lie_apart_by_rounding(laboratory, network):
    one, other = laboratory.window(network), laboratory.window(network, "torch")
    found = compare(one, other)
    assert [layer.name for layer in found.layers] == [layer.name for layer in one.layers]
    for difference, mine, its in zip(found.layers, one.layers, other.layers, strict=True):
        assert list(difference.differences) == [quantity.name for quantity in QUANTITIES]
        for quantity in difference.differences:
            wanted = getattr(its, quantity) - getattr(mine, quantity)
            np.testing.assert_array_equal(difference.differences[quantity], wanted)
            assert difference.largest(quantity) == np.abs(wanted).max() < 1e-12
    np.testing.assert_array_equal(found.prediction, other.prediction - one.prediction)
    assert list(found.gradients) == list(one.gradients)
    assert max(found.gradients.values()) < 1e-12
    assert (found.attention is None) == (network == "plain")
    if found.attention is not None:
        np.testing.assert_array_equal(found.attention, other.attention - one.attention)


def test_weights_of_two_moments_can_be_compared(laboratory):
    one = laboratory.window("plain")
    first = inspect_window(laboratory.subject("plain", epoch=0), one.window, processes=laboratory.processes)
    assert compare(one, first).layers[0].largest("hidden") > 1e-3


def test_only_the_same_window_of_the_same_network_can_be_compared(laboratory):
    with pytest.raises(ValueError, match="the same window and the same network"):
        compare(laboratory.window("plain"), laboratory.window("plain", number=6))
    with pytest.raises(ValueError, match="the same window and the same network"):
        compare(laboratory.window("plain"), laboratory.window("everything"))
