"""The devices of TensorFlow and the settings that make its results reproducible.

All modules of the backend import `tf` from here, after the environment variables that TensorFlow reads during
its import are set.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from lstm_plugins import ForecasterOptions, OutOfMemoryError, UnsupportedError

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# TensorFlow imports the Keras of this choice, and does without if it is not installed. Nothing here uses
# Keras, and the current one, together with what it imports, takes two fifths of the import.
os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")

import tensorflow as tf

__all__ = ["computing", "device_names", "open_device", "tf"]


def device_names() -> tuple[str, ...]:
    """The devices of this machine: "cpu", then "cuda:0" and so on ("gpu:0" where it is not CUDA)."""
    kind = "cuda" if tf.test.is_built_with_cuda() else "gpu"
    cards = tf.config.list_physical_devices("GPU")
    return ("cpu", *(f"{kind}:{index}" for index in range(len(cards))))


def open_device(options: ForecasterOptions) -> str:
    """TensorFlow's name of the device; also sets the number of threads of this process.

    Raises:
        UnsupportedError: this process already computes with another number of threads, which TensorFlow
            cannot change after its first operation.
    """
    _set_threads(options.threads)
    if options.device != "cpu":
        tf.config.experimental.enable_op_determinism()
        tf.config.experimental.enable_tensor_float_32_execution(False)
    return _tensorflow_name(options)


def _set_threads(threads: int) -> None:
    settings = tf.config.threading
    present = settings.get_intra_op_parallelism_threads(), settings.get_inter_op_parallelism_threads()
    if present == (threads, 1):
        return
    try:
        settings.set_intra_op_parallelism_threads(threads)
        settings.set_inter_op_parallelism_threads(1)
    except RuntimeError:
        raise UnsupportedError(
            f"TensorFlow in this process already computes with {present[0] or 'its own number of'} threads "
            f"and cannot change to {threads}; give it a process of its own"
        ) from None


@contextmanager
def computing(options: ForecasterOptions) -> Iterator[None]:
    """Runs the block on the device of these options.

    Raises:
        OutOfMemoryError: instead of TensorFlow's and NumPy's own errors.
    """
    try:
        with tf.device(_tensorflow_name(options)):
            yield
    except (tf.errors.ResourceExhaustedError, MemoryError) as error:
        raise OutOfMemoryError(
            f"TensorFlow ran out of memory on {options.device}; lower batch_size or hidden_units"
        ) from error


def _tensorflow_name(options: ForecasterOptions) -> str:
    return "/CPU:0" if options.device == "cpu" else f"/GPU:{options.device.partition(':')[2]}"
