"""The devices of NumPy and its settings."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from lstm_plugins import ForecasterOptions, OutOfMemoryError


def device_names() -> tuple[str, ...]:
    """The devices of this machine: NumPy computes on the CPU only."""
    return ("cpu",)


def open_device(options: ForecasterOptions) -> str:
    """The device of these options.

    NumPy reads the number of threads from the environment (OPENBLAS_NUM_THREADS and the like) when it is
    first imported, so it must be set when the process starts.
    """
    return options.device


@contextmanager
def computing(options: ForecasterOptions) -> Iterator[None]:
    """Runs the block without NumPy's warnings: values that are not finite are detected later.

    Raises:
        OutOfMemoryError: instead of NumPy's own error.
    """
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            yield
    except MemoryError as error:
        raise OutOfMemoryError(
            f"NumPy ran out of memory on {options.device}; lower batch_size or hidden_units"
        ) from error
