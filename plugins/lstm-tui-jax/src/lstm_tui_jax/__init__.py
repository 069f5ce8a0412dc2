"""A JAX backend for lstm-tui: its description, which does not import JAX."""

from importlib.metadata import version

from lstm_plugins import API_VERSION, Backend, backend_hook


def device_names() -> tuple[str, ...]:
    """The CPU only: the backend has not been compared with the reference on other devices."""
    return ("cpu",)


@backend_hook
def lstm_backend() -> Backend:
    """Describes the backend."""
    return Backend(
        name="jax",
        title="JAX",
        api_version=API_VERSION,
        version=version("lstm-tui-jax"),
        summary="JAX: pure functions, scanned, differentiated and compiled by XLA, on the CPU",
        forecaster="lstm_tui_jax.forecaster:JaxForecaster",
        devices="lstm_tui_jax:device_names",
        requires=("jax",),
        install="pip install lstm-tui-jax",
        framework="jax",
        additions=("masks",),
    )
