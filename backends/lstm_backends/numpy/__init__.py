"""The NumPy backend: its description, which imports no framework."""

from importlib.metadata import version

from lstm_plugins import API_VERSION, Backend, backend_hook
from lstm_plugins.additions import ADDITIONS


@backend_hook
def lstm_backend() -> Backend:
    """Describes the backend."""
    return Backend(
        name="numpy",
        title="NumPy",
        api_version=API_VERSION,
        version=version("lstm-tui"),
        summary="the LSTM by hand in NumPy: forward, backpropagation and AdamW over matrix products",
        forecaster="lstm_backends.numpy.forecaster:NumpyForecaster",
        devices="lstm_backends.numpy.devices:device_names",
        requires=("numpy",),
        install="pip install lstm-tui",
        framework="numpy",
        additions=ADDITIONS,
    )
