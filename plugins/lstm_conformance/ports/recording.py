"""What somebody's own LSTM computed: read from his files, and the inputs to run it on."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.ports.damage import damage_told
from lstm_conformance.ports.layers import FINAL_HIDDEN, OUTPUTS, Tensors, compute, double, has_time, shapes_of
from lstm_conformance.ports.lstm import ForeignLstm, reason
from lstm_conformance.ports.npz_file import read_arrays
from lstm_plugins.config import Precision
from lstm_plugins.errors import InputError
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array

INPUTS = "inputs"
_NPY = b"\x93NUMPY"
"""How such a file begins; NumPy takes anything else for a pickle."""
DRAWN = (3, 12)
"""Windows and steps of inputs that are drawn."""


@dataclass(frozen=True, eq=False)
class Recording:
    """Inputs and what an implementation made of them.

    Attributes:
        inputs: `[B, T, D]`.
        tensors: by the names of `layers`; at least one.
        precision: in which they were computed.
        notes: sentences on how they were read.
    """

    inputs: NDArray[np.float64]
    tensors: Tensors
    precision: Precision
    notes: tuple[str, ...] = ()


def drawn_inputs(lstm: ForeignLstm) -> Array:
    """Random inputs `[3, 12, D]`, the same ones every time, in the precision of the weights."""
    kind = np.result_type(*lstm.weights.values(), np.float32)
    return np.random.default_rng(0).normal(size=(*DRAWN, lstm.features)).astype(kind)


def read_trace(path: Path, lstm: ForeignLstm) -> Recording:
    """A recording from one .npz with `inputs` and other tensors by name.

    Raises:
        InputError: it cannot be read, or does not belong to this LSTM.
    """
    arrays = _read_named(path)
    if INPUTS not in arrays:
        raise InputError(f"{str(path)!r} holds no array {INPUTS!r}; it holds {', '.join(arrays)}.")
    inputs = arrays.pop(INPUTS)
    return recorded(inputs, arrays, lstm, str(path))


def read_outputs(inputs: Path, outputs: Path, lstm: ForeignLstm) -> Recording:
    """A recording from inputs `[B, T, D]` and outputs, each a file of its own.

    Args:
        inputs: an .npy.
        outputs: an .npy `[B, T, S·H]`, or `[B, S·H]` for the last states only; or an .npz of tensors by name.
        lstm: what computed them.

    Raises:
        InputError: a file cannot be read, or does not belong to this LSTM.
    """
    if outputs.suffix.lower() == ".npz":
        arrays = _read_named(outputs)
    else:
        array = read_array(outputs)
        arrays = {FINAL_HIDDEN if array.ndim == 2 else OUTPUTS: array}
    return recorded(read_array(inputs), arrays, lstm, str(outputs))


def recorded(inputs: Array, tensors: Mapping[str, Array], lstm: ForeignLstm, source: str) -> Recording:
    """A recording, its arrays checked against the LSTM.

    Args:
        inputs: `[B, T, D]`.
        tensors: by name.
        lstm: what computed them.
        source: where they come from, for errors.

    Raises:
        InputError: a name, a shape or a type is not that of the LSTM.
    """
    if inputs.ndim != 3 or inputs.shape[2] != lstm.features or not inputs.size:
        raise InputError(
            f"The inputs have shape {inputs.shape}; this LSTM reads [windows, steps, {lstm.features}]."
        )
    if not tensors:
        raise InputError(f"{source!r} holds nothing to compare.")
    shapes = shapes_of(lstm.weights, inputs.shape)
    for name, array in (*tensors.items(), (INPUTS, inputs)):
        if array.dtype.kind != "f" or array.dtype.itemsize < 4:
            where = "The inputs hold" if name == INPUTS else f"{source!r}: {name} holds"
            raise InputError(f"{where} {array.dtype}; record it in float32 or float64.")
    for name, array in tensors.items():
        if name not in shapes:
            raise InputError(
                f"{source!r}: {name!r} is no tensor of this LSTM, which has {', '.join(shapes)}."
            )
        if array.shape != shapes[name]:
            raise InputError(
                f"{source!r}: {name} has shape {array.shape} and should have {shapes[name]}"
                f"{_exchanged(name, array.shape, shapes[name])}."
            )
    if not np.isfinite(inputs).all():
        raise InputError("The inputs hold values that are not finite.")
    ordered = {name: tensors[name] for name in shapes if name in tensors}
    precision, notes = _precision(ordered)
    return Recording(inputs.astype(np.float64), ordered, precision, notes)


def reference_content(lstm: ForeignLstm, inputs: Array) -> bytes:
    """An .npz of inputs and all that the reference computes on them, by name."""
    tensors = compute(double(lstm.weights), inputs.astype(np.float64), Steps())
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **{INPUTS: inputs, **tensors})
    return file.getvalue()


def read_array(path: Path) -> Array:
    """One array from an .npy.

    Raises:
        InputError: it is none, is damaged, or holds Python objects, which are not loaded.
    """
    _check_there(path)
    with path.open("rb") as file:
        begin = file.read(len(_NPY))
    if begin.startswith(b"PK"):
        raise InputError(f"{str(path)!r} holds several arrays; save one with numpy.save.")
    if begin != _NPY:
        raise InputError(f"{str(path)!r} is no .npy file; save the array with numpy.save.")
    with damage_told(path, ".npy file of numbers"):
        return np.asarray(np.load(path, allow_pickle=False))


def _read_named(path: Path) -> Tensors:
    _check_there(path)
    try:
        return read_arrays(path)
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {reason(error)}.") from None


def _check_there(path: Path) -> None:
    if not path.is_file():
        raise InputError(f"There is no file {str(path)!r}.")


def _exchanged(name: str, given: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    if has_time(name) and len(given) == 3 and (given[1], given[0], given[2]) == wanted:
        return "; its steps stand before its windows, transpose it"
    return ""


def _precision(tensors: Tensors) -> tuple[Precision, tuple[str, ...]]:
    if all(array.dtype == np.float32 for array in tensors.values()):
        return "float32", ()
    with np.errstate(over="ignore"):
        coarse = all(
            np.array_equal(array.astype(np.float32), array, equal_nan=True) for array in tensors.values()
        )
    if coarse:
        return "float32", ("All recorded numbers are float32 ones, so they are judged as such.",)
    if any(array.dtype == np.float32 for array in tensors.values()):
        return "float32", ("Some recorded arrays are float32, so all are judged as such.",)
    return "float64", ()
