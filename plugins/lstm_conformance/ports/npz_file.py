"""Reads and writes NumPy's .npz with the canonical names of weights: docs/specification.md section 5."""

import io
from functools import partial
from pathlib import Path

import numpy as np

from lstm_conformance.ports.damage import reporting_damage
from lstm_conformance.ports.lstm import Candidates, LstmLayers, real
from lstm_plugins.errors import InputError
from lstm_plugins.layouts import from_keras, to_keras
from lstm_plugins.weights import Array, Weights

NAME = "layers"


def lstms(path: Path) -> Candidates:
    """The one LSTM of a file, which may also have arrays of attention and head.

    Raises:
        InputError: it is damaged, or holds none.
    """
    arrays = {name: array for name, array in read_arrays(path).items() if name.startswith("layer")}
    if not arrays:
        raise InputError(
            f"{str(path)!r} has no LSTM: none of its arrays is named like layer0.forward.kernel."
        )
    weights = {name: real(array, name, path) for name, array in arrays.items()}
    return {NAME: partial(_read, weights)}


def content(weights: Weights) -> bytes:
    """The bytes of a file with the canonical names."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **weights)
    return file.getvalue()


def read_arrays(path: Path) -> dict[str, Array]:
    """All arrays of an .npz file by name.

    Raises:
        InputError: it is of another kind, is damaged, or has Python objects, which are not loaded.
    """
    with reporting_damage(path, "an .npz file of numbers"), np.load(path, allow_pickle=False) as file:
        if not isinstance(file, np.lib.npyio.NpzFile):
            raise InputError(f"{str(path)!r} is a single array, not an .npz file with named arrays.")
        return {name: file[name] for name in file.files}


def _read(weights: Weights) -> LstmLayers:
    # There and back, so that a missing or misshapen array is reported and the order is canonical.
    return LstmLayers(NAME, from_keras(to_keras(weights)))
