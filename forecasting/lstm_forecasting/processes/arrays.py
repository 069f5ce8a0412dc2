"""Large arrays from process to process: files that appear whole, mapped and never changed."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Writes `.npy`: under a temporary name, then renamed, so that `path` is never half written."""
    unfinished = _unfinished(path)
    with unfinished.open("wb") as file:
        np.save(file, array, allow_pickle=False)
    unfinished.replace(path)


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Writes named arrays as `.npz`, whole like `write_array`.

    Raises:
        ValueError: one of them holds objects.
    """
    unfinished = _unfinished(path)
    # Names are a backend's own; as the keywords of `savez` one of them could be a parameter's.
    with zipfile.ZipFile(unfinished, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)
    unfinished.replace(path)


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """The named arrays of a file, in the order in which they were written.

    Raises:
        ValueError: it holds something else than arrays of numbers.
    """
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def map_array(path: Path) -> NDArray[Any]:
    """The array of a file, read-only and in memory only where it is touched.

    It stays valid when the file is removed.

    Raises:
        ValueError: it is no array of numbers.
    """
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def _unfinished(path: Path) -> Path:
    return path.with_name(path.name + ".unfinished")
