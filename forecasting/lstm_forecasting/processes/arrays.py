"""Large arrays from process to process: files that appear whole, mapped and never changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Writes `.npy`: under a temporary name, then renamed, so that `path` is never half written."""
    unfinished = path.with_name(path.name + ".unfinished")
    with unfinished.open("wb") as file:
        np.save(file, array, allow_pickle=False)
    unfinished.replace(path)


def map_array(path: Path) -> NDArray[Any]:
    """The array of a file, read-only and in memory only where it is touched.

    It stays valid when the file is removed.

    Raises:
        ValueError: it is no array of numbers.
    """
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
