from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch

from lstm_backends.torch import lstm_backend
from lstm_backends.torch.devices import computing, device_names
from lstm_backends.torch.forecaster import TorchForecaster
from lstm_plugins import (
    ForecasterConfig,
    ForecasterOptions,
    OutOfMemoryError,
    SeriesError,
    TrainingStep,
    UnsupportedError,
)
from lstm_plugins.weights import initial_weights


def test_the_hook_imports_no_torch():
    code = (
        "import sys; from lstm_backends.torch import lstm_backend; backend = lstm_backend();"
        "assert backend.missing() == (); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_hook_leads_to_the_forecaster_and_its_devices():
    backend = lstm_backend()
    assert backend.load_forecaster() is TorchForecaster
    assert backend.load_devices() == device_names()
    assert device_names()[0] == "cpu"


def test_the_first_weights_are_those_of_the_seed(pair_of, switch, precision):
    pair = pair_of(**{**switch, "precision": precision, "seed": 12345})
    wanted = initial_weights(pair.config, 3, 2)
    weights = pair.torch.weights()
    assert list(weights) == list(wanted)
    for name, array in wanted.items():
        np.testing.assert_array_equal(weights[name], array)
        assert weights[name].flags.c_contiguous


def test_weights_are_copies(pair_of):
    forecaster = pair_of().torch
    weights = forecaster.weights()
    forecaster.load_weights(weights)
    for array in weights.values():
        array[:] = 7
    assert all((array != 7).all() for array in forecaster.weights().values())


def test_weights_of_another_network_are_refused(pair_of):
    forecaster = pair_of().torch
    with pytest.raises(SeriesError, match=r"head\.kernel is missing"):
        forecaster.load_weights({n: a for n, a in forecaster.weights().items() if n != "head.kernel"})


def test_a_device_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(UnsupportedError, match=r"'tpu:0'.*choose one of cpu"):
        TorchForecaster(ForecasterConfig(), 1, (0,), ForecasterOptions(device="tpu:0"))


@pytest.mark.skipif(len(device_names()) == 1, reason="this machine has no GPU")
@pytest.mark.parametrize("richness", [{}, {"layers": 2, "bidirectional": True, "attention": "general"}])
def test_other_devices_agree_with_the_reference(pair_of, precision, richness):
    for device in device_names()[1:]:
        pair = pair_of(precision=precision, device=device, dropout=0.2, **richness)

        def compute(forecaster, pair=pair):
            loss, gradients = forecaster.loss_and_gradients(pair.starts, TrainingStep(1, 2))
            results = forecaster.train_batches(pair.starts[:4], np.array([0.01]), TrainingStep())
            forecast = forecaster.predict(pair.starts)
            return {"loss": loss, **gradients, "first": results.losses, "forecast": forecast}

        pair.hold(compute, pair.torch.weights())


def test_numbers_below_full_precision_count_as_zero_while_computing_only():
    tiny = torch.tensor(1e-39)
    with computing(ForecasterOptions()):
        assert (tiny * 0.5).item() == 0
    assert (tiny * 0.5).item() > 0


def test_before_a_series_is_loaded_there_are_no_windows():
    with pytest.raises(SeriesError, match="no series"):
        TorchForecaster(ForecasterConfig(), 1, (0,)).predict(np.arange(2))


def test_memory_that_cannot_be_had_is_a_typed_error(pair_of):
    forecaster = pair_of(horizon=1).torch
    with (
        pytest.raises(OutOfMemoryError, match="lower batch_size or hidden_units"),
        computing(forecaster.options),
    ):
        torch.empty(2**55)


def test_other_errors_are_not_taken_for_memory(pair_of):
    with pytest.raises(RuntimeError, match="shape"), computing(ForecasterOptions()):
        torch.zeros(2).view(3)


def test_the_threads_asked_for_are_used(pair_of):
    try:
        with computing(ForecasterOptions(threads=2)):
            assert torch.get_num_threads() == 2
        pair_of().torch.weights()
        with computing(ForecasterOptions(threads=1)):
            assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(1)
