from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import lstm_backends.numpy
from lstm_backends.numpy.forecaster import NumpyForecaster
from lstm_plugins import (
    Forecaster,
    ForecasterConfig,
    ForecasterOptions,
    SeriesError,
    TrainingStep,
    UnsupportedError,
)

DEEP = {
    "layers": 2,
    "bidirectional": True,
    "attention": "general",
    "patch": 2,
    "normalisation": "standard",
    "dropout": 0.3,
    "loss": "quantile",
}


def test_the_hook_describes_the_backend_and_finds_its_forecaster():
    backend = lstm_backends.numpy.lstm_backend()
    assert backend.name == "numpy"
    assert backend.missing() == ()
    assert backend.load_devices() == ("cpu",)
    assert issubclass(backend.load_forecaster(), Forecaster)


def test_the_hook_imports_no_kernel():
    code = (
        "import sys, lstm_backends.numpy as n; n.lstm_backend(); "
        "assert not [m for m in sys.modules if m.startswith('lstm_backends.numpy.')]"
    )
    subprocess.run([sys.executable, "-P", "-c", code], check=True)


def test_another_device_is_refused():
    with pytest.raises(UnsupportedError, match="'cuda'"):
        NumpyForecaster(ForecasterConfig(), 1, (0,), ForecasterOptions(device="cuda"))


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", ["adamw", "sgd"])
def test_everything_stays_in_the_precision_of_the_config(make, precision, optimizer):
    forecaster = make(precision=precision, optimizer=optimizer, epochs=2, **DEEP).backend
    list(forecaster.fit(((0, 22), (0, 33)), ((22, 30), (33, 45))))
    starts = np.array([0, 7])
    state = forecaster.optimizer_state()
    arrays = [
        forecaster.predict(starts),
        *forecaster.raw_windows(starts)[:2],
        forecaster.normalised_windows(starts).inputs,
        *forecaster.loss_and_gradients(starts, TrainingStep())[1].values(),
        *forecaster.weights().values(),
        *state.first.values(),
        *state.second.values(),
    ]
    assert {array.dtype for array in arrays} == {np.dtype(precision)}
    model = forecaster._model
    inside = [
        model.flat,
        model.signed_flat,
        model.gradient,
        forecaster._memory.first,
        forecaster._memory.decay,
    ]
    for layers in model.passes.values():
        inside += [one.slab for layer in layers for one in layer.directions]
        inside += [one.operand for layer in layers for one in layer.directions]
    assert {array.dtype for array in inside} == {np.dtype(precision)}


def test_an_update_with_a_numpy_rate_keeps_float32(make):
    forecaster = make(precision="float32", weight_decay=0.1).backend
    _, gradients = forecaster.loss_and_gradients(np.array([0]))
    forecaster.update(gradients, np.float64(0.01))
    assert {array.dtype for array in forecaster.weights().values()} == {np.dtype("float32")}


def test_no_windows_give_no_forecasts_and_no_mean(make):
    forecaster = make().backend
    none = np.empty(0, np.int64)
    assert forecaster.predict(none).shape == (0, 2, 2, 1)
    with pytest.raises(SeriesError, match="at least one window"):
        forecaster.mean_loss(none)


def test_weights_of_another_network_are_refused(make):
    with pytest.raises(SeriesError, match=r"layer0\.forward\.kernel has shape"):
        make().backend.load_weights(make(hidden_units=4).backend.weights())
