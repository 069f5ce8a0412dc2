from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.inspect.quantities import QUANTITIES
from lstm_tui.inspect import bands
from lstm_tui.inspect.look import first_look


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
    found = bands.gradient_bands(inspected, layer, units, 6, f"{layer.name}.recurrent")
    assert [band.symbol for band in found] == ["x", "∂h", "∂C", "W", "U", "b", "∂h", "∂C", "step", "sum"]
    np.testing.assert_allclose(found[1].values[0], np.linalg.norm(layer.hidden_derivatives, axis=1))
    np.testing.assert_allclose(found[5].values[0], np.linalg.norm(layer.preactivation_derivatives, axis=1))
    np.testing.assert_array_equal(found[6].values, layer.hidden_derivatives[:, units].T)


def test_what_the_steps_give_to_an_array_is_its_gradient(seen):
    look, names = replace(first_look(seen.inspected), view="gradients", layer=1), set()
    for _ in range(3):
        look = look.next_choice(seen.inspected)
        names.add(look.shared_array_of(seen.inspected))
        parts = [bands.bands_of(seen, replace(look, step=step))[-2] for step in range(8)]
        whole = bands.bands_of(seen, look)[-1]
        total = sum(part.values for part in parts)
        np.testing.assert_allclose(total, whole.values, rtol=0, atol=1e-12)
        gradient = seen.inspected.gradients[look.shared_array_of(seen.inspected)]
        np.testing.assert_array_equal(whole.values, np.atleast_2d(gradient))
    assert names == {f"layer0.backward.{kind}" for kind in ("kernel", "recurrent", "bias")}


@pytest.mark.exhaustive
def test_two_backends_share_a_scale_and_have_a_difference(seen, compared):
    look = replace(first_look(seen.inspected), view="backends")
    assert [band.symbol for band in bands.bands_of(seen, look)] == ["x"]
    for _ in QUANTITIES:
        look = look.next_choice(seen.inspected)
        _, one, other, apart = bands.bands_of(compared, look)
        assert (one.low, one.high) == (other.low, other.high)
        np.testing.assert_allclose(apart.values, other.values - one.values, atol=1e-16)


def test_an_array_stands_over_what_changed_in_it(seen):
    look = replace(first_look(seen.inspected), view="weights")
    now, then = seen.inspected.subject.model.weights, seen.earlier.weights
    for place, name in enumerate(now):
        before, after, change = bands.bands_of(seen, replace(look, array=place))
        assert [band.symbol for band in (before, after, change)] == ["from", "to", "Δ"]
        np.testing.assert_array_equal(before.values, np.atleast_2d(then[name]))
        np.testing.assert_array_equal(after.values, np.atleast_2d(now[name]))
        np.testing.assert_array_equal(change.values, np.atleast_2d(now[name]) - np.atleast_2d(then[name]))
        assert before.high == after.high == max(np.abs(before.values).max(), np.abs(after.values).max())
        assert before.columns == ("gates" if name.startswith("layer") else "entries")
    names = {name.rpartition(".")[0] for name in now}
    assert {"attention", "head", "layer1.backward"} <= names
    alone = bands.bands_of(replace(seen, earlier=None), look)
    assert [band.symbol for band in alone] == ["now"]


def test_a_batch_shows_what_its_windows_give_and_their_mean(gathered):
    look = replace(first_look(gathered.inspected), view="batch", member=4)
    batch = gathered.batch
    for place, name in enumerate(batch.gradients):
        found = {band.symbol: band for band in bands.bands_of(gathered, replace(look, array=place))}
        assert list(found) == ["loss", "|g|", "|a|", "cos", "all", "g", "mean"]
        np.testing.assert_array_equal(found["loss"].values[0], batch.losses)
        gradients = batch.window_gradients[name]
        np.testing.assert_allclose(found["|a|"].values[0], [np.linalg.norm(one) for one in gradients])
        whole = [
            np.linalg.norm(
                np.concatenate([array[window].ravel() for array in batch.window_gradients.values()])
            )
            for window in range(12)
        ]
        np.testing.assert_allclose(found["|g|"].values[0], whole)
        np.testing.assert_array_equal(found["all"].values, gradients.reshape(12, -1).T)
        np.testing.assert_array_equal(found["g"].values, np.atleast_2d(gradients[4]))
        mean = np.atleast_2d(batch.gradients[name])
        np.testing.assert_allclose(found["mean"].values, mean, rtol=0, atol=1e-12)
        assert np.abs(found["cos"].values).max() <= 1 + 1e-12
    assert bands.bands_of(replace(gathered, batch=None), look) == []
