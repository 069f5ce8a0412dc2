"""The devices of PyTorch and the settings that make its results reproducible."""

import ctypes
import os
import platform
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import torch

from lstm_plugins import ForecasterOptions, OutOfMemoryError

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_LARGEST_INT = 2**31 - 1
_MMAP_THRESHOLDS = (2**30, 2**25)
"""The second is the largest that older versions of glibc accept."""


def device_names() -> tuple[str, ...]:
    """The devices of this machine: "cpu", then "cuda:0" and so on."""
    return ("cpu", *(f"cuda:{index}" for index in range(torch.cuda.device_count())))


def open_device(options: ForecasterOptions) -> torch.device:
    """The device of these options; also sets this process to deterministic, full-precision arithmetic."""
    _keep_freed_memory()
    device = torch.device(options.device)
    if device.type == "cuda":
        _make_cuda_deterministic()
    return device


@contextmanager
def computing(options: ForecasterOptions) -> Iterator[None]:
    """Runs the block with the thread count of these options and without automatic differentiation.

    Numbers too small for full precision (below 1e-38 in float32) become zero: gradients that vanish over many
    steps get this small, and processors take up to ten times as long for them.

    Raises:
        OutOfMemoryError: instead of PyTorch's own errors about memory.
    """
    if torch.get_num_threads() != options.threads:
        torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    try:
        with torch.no_grad():
            yield
    except (MemoryError, RuntimeError) as error:
        # The CPU allocator has no error type of its own.
        is_memory = isinstance(error, (MemoryError, torch.OutOfMemoryError))
        if not is_memory and "can't allocate memory" not in str(error):
            raise
        raise OutOfMemoryError(
            f"PyTorch ran out of memory on {options.device}; lower batch_size or hidden_units"
        ) from error
    finally:
        torch.set_flush_denormal(False)


@cache
def _keep_freed_memory() -> None:
    """Makes glibc keep the large blocks of memory that each training step frees and allocates again.

    Returned to the system, their pages would have to be mapped again in each step, which takes as long as the
    arithmetic from about a hundred hidden units on. Other C libraries keep their defaults.
    """
    if platform.libc_ver()[0] != "glibc":
        return
    mallopt = ctypes.CDLL(None).mallopt
    if any(mallopt(_M_MMAP_THRESHOLD, threshold) for threshold in _MMAP_THRESHOLDS):
        mallopt(_M_TRIM_THRESHOLD, _LARGEST_INT)


def _make_cuda_deterministic() -> None:
    # cuBLAS reads this when its first handle is created.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False
    torch.backends.cudnn.benchmark = False
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    # The weights are one vector in our own order; cuDNN copies them into its own order at each call.
    warnings.filterwarnings("ignore", message="RNN module weights are not part of single contiguous chunk")
