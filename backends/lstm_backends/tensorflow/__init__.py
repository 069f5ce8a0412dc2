"""The TensorFlow backend: its description, which imports no framework."""

from importlib.metadata import version

from lstm_plugins import API_VERSION, Backend, backend_hook
from lstm_plugins.additions import ADDITIONS


@backend_hook
def lstm_backend() -> Backend:
    """Describes the backend."""
    return Backend(
        name="tensorflow",
        title="TensorFlow",
        api_version=API_VERSION,
        version=version("lstm-tui"),
        summary="TensorFlow with many training steps in one compiled XLA function, without Keras",
        forecaster="lstm_backends.tensorflow.forecaster:TensorflowForecaster",
        devices="lstm_backends.tensorflow.devices:device_names",
        requires=("tensorflow",),
        install="pip install 'lstm-tui[tensorflow]'",
        framework="tensorflow",
        additions=ADDITIONS,
    )
