import numpy as np
import pytest

from lstm_forecasting.processes.inspecting import differentiate, lay_open
from lstm_plugins import ForecasterConfig, SeriesSet, UnsupportedError
from lstm_plugins.reference import ReferenceForecaster


class WithoutDerivatives(ReferenceForecaster):
    def trace(self, starts, *, derivatives=False):
        return super().trace(starts)


@pytest.fixture
def make():
    def forecaster(kind=ReferenceForecaster, **settings):
        small = {"look_back": 6, "horizon": 2, "hidden_units": 3, "precision": "float64", **settings}
        made = kind(ForecasterConfig(**small), 2, (0,))
        values = np.random.default_rng(0).normal(size=(40, 2))
        made.load_series(SeriesSet(values, (0,), (40,)))
        return made

    return forecaster


def test_a_window_is_laid_open_under_the_names_of_the_contract(make):
    forecaster = make(bidirectional=True, attention="dot")
    arrays, starts = lay_open(forecaster, 9), np.array([9])
    trace = forecaster.trace(starts, derivatives=True)
    for layer in trace.layers:
        place = f"layer{layer.layer}.{layer.direction}"
        np.testing.assert_array_equal(arrays[f"{place}/forget"], layer.forget)
        np.testing.assert_array_equal(arrays[f"{place}/cell_derivatives"], layer.derivatives.cell)
    np.testing.assert_array_equal(arrays["attention"], trace.attention)
    np.testing.assert_array_equal(arrays["prediction"], forecaster.predict(starts))
    loss, gradients = forecaster.loss_and_gradients(starts)
    assert arrays["loss"] == loss
    for name, gradient in gradients.items():
        np.testing.assert_array_equal(arrays[f"gradients/{name}"], gradient)
    assert "attention" not in lay_open(make(), 9)


def test_windows_are_differentiated_together_and_alone(make):
    forecaster, starts = make(), np.array([3, 20, 11])
    arrays = differentiate(forecaster, starts)
    assert arrays["loss"] == forecaster.loss_and_gradients(starts)[0]
    for number, start in enumerate(starts):
        loss, gradients = forecaster.loss_and_gradients(np.array([start]))
        assert arrays["losses"][number] == loss
        for name, gradient in gradients.items():
            np.testing.assert_array_equal(arrays[f"window gradients/{name}"][number], gradient)


def test_a_backend_without_derivatives_is_said_to_have_none(make):
    with pytest.raises(UnsupportedError, match="has no derivatives"):
        lay_open(make(WithoutDerivatives), 9)
