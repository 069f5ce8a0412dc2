"""The environment of a backend's process, which its libraries read once, when they are imported."""

from __future__ import annotations

from collections.abc import Mapping

THREADS = "OMP_NUM_THREADS"
_THREAD_VARIABLES = (
    THREADS,
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
)
"""Each holds the threads of one operation; OpenMP's is also how the child knows its number."""


def child_environment(environment: Mapping[str, str], threads: int) -> dict[str, str]:
    """`environment` with every library's thread count set.

    Operations run one after the other (one thread between operations): a fit is a chain, and a second chain
    would only take the processor away from the other backends.
    """
    counts = dict.fromkeys(_THREAD_VARIABLES, str(threads))
    return {**environment, **counts, "TF_NUM_INTEROP_THREADS": "1"}
