"""Passes arrays between processes as files, which appear complete, never change, and can be memory-mapped."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, fields
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
        validation_starts: `[windows]`, first input rows of the validation windows; none for a request that
            names no validation part.
        validation: `[windows, horizon, targets]` point forecasts of these.
    """

    starts: Starts
    test: Array
    future: Array
    validation_starts: Starts
    validation: Array


def write_forecasts(folder: Path, title: str, forecasts: Forecasts) -> ForecastFiles:
    """Writes a backend's forecasts into the request's folder and returns the message that announces them."""
    paths = {one.name: folder / f"{one.name}.npy" for one in fields(Forecasts)}
    for name, path in paths.items():
        write_array(path, getattr(forecasts, name))
    return ForecastFiles(title, **{name: str(path) for name, path in paths.items()})


def read_forecasts(files: ForecastFiles) -> Forecasts:
    """Memory-maps a backend's forecasts; raises the same errors as `map_array`."""
    return Forecasts(**{one.name: map_array(Path(getattr(files, one.name))) for one in fields(Forecasts)})


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Writes a `.npy` file under a temporary name and renames it, so that `path` is never half written."""
    unfinished = _unfinished(path)
    with unfinished.open("wb") as file:
        np.save(file, array, allow_pickle=False)
    unfinished.replace(path)


def map_array(path: Path) -> NDArray[Any]:
    """Memory-maps the array of a file, read-only; it stays valid after the file is deleted.

    Raises:
        ValueError: the file does not contain an array of numbers.
    """
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Writes named arrays as `.npz`, renamed when complete like `write_array`.

    Raises:
        ValueError: an array contains objects.
    """
    unfinished = _unfinished(path)
    # Not with `savez`, which takes names as keywords: a backend's name could equal one of its parameters.
    with zipfile.ZipFile(unfinished, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)
    unfinished.replace(path)


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Reads the named arrays of a file, in the order in which they were written.

    Raises:
        ValueError: the file contains something other than arrays of numbers.
    """
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _unfinished(path: Path) -> Path:
    return path.with_name(path.name + ".unfinished")
