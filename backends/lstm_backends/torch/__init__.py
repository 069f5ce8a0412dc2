"""The PyTorch backend: its description, which imports no framework."""

from importlib.metadata import version

from lstm_plugins import API_VERSION, Backend, backend_hook
from lstm_plugins.additions import ADDITIONS


@backend_hook
def lstm_backend() -> Backend:
    """Describes the backend."""
    return Backend(
        name="torch",
        title="PyTorch",
        api_version=API_VERSION,
        version=version("lstm-tui"),
        summary="PyTorch's own LSTM layers and automatic differentiation, on the CPU or a CUDA GPU",
        forecaster="lstm_backends.torch.forecaster:TorchForecaster",
        devices="lstm_backends.torch.devices:device_names",
        requires=("torch",),
        install="pip install 'lstm-tui[torch]'",
        framework="torch",
        additions=ADDITIONS,
    )
