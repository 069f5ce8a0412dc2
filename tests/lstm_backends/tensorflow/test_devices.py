from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from lstm_backends.tensorflow import lstm_backend
from lstm_backends.tensorflow.devices import computing, device_names, tf
from lstm_plugins import ForecasterConfig, ForecasterOptions, OutOfMemoryError, UnsupportedError


def test_the_description_leads_to_the_forecaster():
    backend = lstm_backend()
    assert (backend.name, backend.missing()) == ("tensorflow", ())
    assert backend.load_forecaster().__name__ == "TensorflowForecaster"
    assert backend.load_devices()[0] == "cpu"


def test_the_description_does_not_import_tensorflow():
    code = "import sys, lstm_backends.tensorflow as t; t.lstm_backend(); print('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.exhaustive
def test_tensorflow_is_imported_without_keras():
    code = "import sys, lstm_backends.tensorflow.forecaster; print('keras' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_an_unknown_device_is_refused(pair_of):
    forecaster = type(pair_of().tensorflow)
    with pytest.raises(UnsupportedError, match=r"'tpu:9'.*cpu"):
        forecaster(ForecasterConfig(), 1, (0,), ForecasterOptions(device="tpu:9"))


def test_another_number_of_threads_needs_another_process(pair_of):
    pair = pair_of()
    pair.tensorflow.normalised_windows(pair.starts)
    with pytest.raises(UnsupportedError, match=r"1 threads .* 2"):
        type(pair.tensorflow)(ForecasterConfig(), 1, (0,), ForecasterOptions(threads=2))


def test_lack_of_memory_has_the_contracts_error():
    with pytest.raises(OutOfMemoryError, match="batch_size"), computing(ForecasterOptions()):
        np.empty(2**50)
    exhausted = tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")
    with pytest.raises(OutOfMemoryError, match="hidden_units"), computing(ForecasterOptions()):
        raise exhausted


def test_devices_are_named_once():
    assert len(set(device_names())) == len(device_names())
