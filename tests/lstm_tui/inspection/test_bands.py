import numpy as np

from lstm_forecasting.inspection.quantities import QUANTITIES
from lstm_tui.inspection import bands
from lstm_tui.inspection.look import first_look
from lstm_tui.inspection.seeing import see_other


def test_gates_are_the_traced_ones_in_the_order_of_the_units(inspected):
    look = first_look(inspected)
    layer, units = look.layer_of(inspected), look.units(inspected)
    found = bands.gate_bands(inspected, layer, units, 3)
    assert [band.symbol for band in found] == ["x", "h_", "f", "i", "C̃", "C", "o", "h", "a"]
    np.testing.assert_array_equal(found[0].values[0], inspected.inputs[:, 0])
    np.testing.assert_array_equal(found[1].values[0], layer.hidden[:, 3])
    for band, quantity in zip(found[2:8], QUANTITIES, strict=True):
        np.testing.assert_array_equal(band.values, getattr(layer, quantity.name)[:, units].T)
        assert band.units
        assert band.kind == ("signed" if quantity.signed else "gate")
        assert (band.low, band.high) == (0, 1) or band.high == -band.low == np.abs(band.values).max()
    np.testing.assert_array_equal(found[8].values[0], inspected.attention)


def test_gradients_are_norms_over_the_derivatives_by_unit(inspected):
    look = first_look(inspected)
    layer, units = look.layer_of(inspected), look.units(inspected)
    found = bands.gradient_bands(inspected, layer, units)
    assert [band.symbol for band in found] == ["x", "∂h", "∂C", "W", "U", "b", "∂h", "∂C"]
    np.testing.assert_allclose(found[1].values[0], np.linalg.norm(layer.hidden_derivatives, axis=1))
    np.testing.assert_allclose(found[5].values[0], np.linalg.norm(layer.preactivation_derivatives, axis=1))
    np.testing.assert_array_equal(found[6].values, layer.hidden_derivatives[:, units].T)


def test_two_backends_share_a_scale_and_have_a_difference(seen, processes):
    comparison = see_other(seen, "torch", processes)
    look = first_look(seen.inspected)
    units = look.units(seen.inspected)
    for quantity in QUANTITIES:
        _, one, other, apart = bands.backend_bands(comparison, look.layer, units, quantity)
        assert (one.low, one.high) == (other.low, other.high)
        np.testing.assert_allclose(apart.values, other.values - one.values, atol=1e-16)


def test_weights_stand_over_their_changes(seen):
    weights = seen.inspected.subject.model.weights
    found = bands.weight_bands(weights, seen.changes, "layer0.backward")
    assert [band.symbol for band in found] == ["W", "ΔW", "U", "ΔU", "b", "Δb"]
    np.testing.assert_array_equal(found[2].values, weights["layer0.backward.recurrent"])
    assert found[4].values.shape == (1, 20)
    assert [band.symbol for band in bands.weight_bands(weights, (), "layer0.backward")] == ["W", "U", "b"]
