"""Arrays from process to process: files that appear whole, never change and are memory-mapped if large."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.processes.messages import ForecastFiles
from lstm_plugins import Starts
from lstm_plugins.weights import Array


@dataclass(frozen=True)
class Forecasts:
    """A backend's forecasts in scaled units.

    Attributes:
        starts: `[windows]`, first input rows of the test windows.
        test: `[windows, horizon, targets]` point forecasts.
        future: `[steps, targets, quantiles]`.
    """

    starts: Starts
    test: Array
    future: Array


def write_forecasts(folder: Path, title: str, forecasts: Forecasts) -> ForecastFiles:
    """Writes forecasts for the host and returns the message that announces them.

    Args:
        folder: private to the request.
        title: the backend's name for people.
        forecasts: of the backend.
    """
    paths = {name: folder / f"{name}.npy" for name in ("starts", "test", "future")}
    for name, path in paths.items():
        write_array(path, getattr(forecasts, name))
    return ForecastFiles(title, **{name: str(path) for name, path in paths.items()})


def read_forecasts(files: ForecastFiles) -> Forecasts:
    """Maps a backend's forecasts; raises as `map_array`."""
    return Forecasts(*(map_array(Path(path)) for path in (files.starts, files.test, files.future)))


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Writes `.npy` under a temporary name and renames it, so that `path` is never half written."""
    unfinished = _unfinished(path)
    with unfinished.open("wb") as file:
        np.save(file, array, allow_pickle=False)
    unfinished.replace(path)


def map_array(path: Path) -> NDArray[Any]:
    """Maps an array of a file read-only; it stays valid when the file is removed.

    Raises:
        ValueError: the file holds no array of numbers.
    """
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Writes named arrays as `.npz`, whole like `write_array`.

    Raises:
        ValueError: one of them holds objects.
    """
    unfinished = _unfinished(path)
    # Not by `savez`: names are a backend's own, and as keywords one could be that of a parameter.
    with zipfile.ZipFile(unfinished, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)
    unfinished.replace(path)


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Reads the named arrays of a file, in the order in which they were written.

    Raises:
        ValueError: it holds something else than arrays of numbers.
    """
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _unfinished(path: Path) -> Path:
    return path.with_name(path.name + ".unfinished")
