"""Where NumPy computes, and the settings under which it does."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from lstm_plugins import ForecasterOptions, OutOfMemoryError, UnsupportedError


def device_names() -> tuple[str, ...]:
    """The devices of this machine: NumPy computes on the CPU only."""
    return ("cpu",)


def open_device(options: ForecasterOptions) -> str:
    """The device of these options.

    NumPy takes the threads of its matrix products from the environment when it is first imported
    (OPENBLAS_NUM_THREADS and the like): whoever starts the process sets them to `options.threads`.

    Raises:
        UnsupportedError: it is not the CPU.
    """
    if options.device not in device_names():
        raise UnsupportedError(f"device {options.device!r}: the numpy backend computes on cpu only")
    return options.device


@contextmanager
def computing(options: ForecasterOptions) -> Iterator[None]:
    """Runs the block without NumPy's warnings: values that are not finite are detected and reported by name.

    Raises:
        OutOfMemoryError: in place of NumPy's own error.
    """
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            yield
    except MemoryError as error:
        raise OutOfMemoryError(
            f"NumPy ran out of memory on {options.device}; lower batch_size or hidden_units"
        ) from error
