"""NumPy's .npz with our own names of the weights: docs/specification.md section 5."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path

import numpy as np

from lstm_conformance.ports.damage import damage_told
from lstm_conformance.ports.lstm import Candidates, ForeignLstm, real
from lstm_plugins.errors import InputError
from lstm_plugins.layouts import from_keras, to_keras
from lstm_plugins.weights import Array, Weights

NAME = "layers"


def lstms(path: Path) -> Candidates:
    """The one LSTM of a file; arrays of attention and head may stand beside it.

    Raises:
        InputError: it is damaged, or holds none.
    """
    arrays = {name: array for name, array in read_arrays(path).items() if name.startswith("layer")}
    if not arrays:
        raise InputError(
            f"{str(path)!r} holds no LSTM: none of its arrays is named like layer0.forward.kernel."
        )
    weights = {name: real(array, name, path) for name, array in arrays.items()}
    return {NAME: partial(_read, weights)}


def content(weights: Weights) -> bytes:
    """A file with the canonical names."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **weights)
    return file.getvalue()


def read_arrays(path: Path) -> dict[str, Array]:
    """All arrays of an .npz file by name.

    Raises:
        InputError: it is none, is damaged, or holds Python objects, which are not loaded.
    """
    with damage_told(path, ".npz file of numbers"), np.load(path, allow_pickle=False) as file:
        if not isinstance(file, np.lib.npyio.NpzFile):
            raise InputError(f"{str(path)!r} is one array, not an .npz file of several with names.")
        return {name: file[name] for name in file.files}


def _read(weights: Weights) -> ForeignLstm:
    # There and back, so that a missing or wrongly shaped array is told and the order is the canonical one.
    return ForeignLstm(NAME, from_keras(to_keras(weights)))
