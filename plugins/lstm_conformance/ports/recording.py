"""Recordings of what a port computed, read from files, and inputs for a port to run on."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.ports.damage import reporting_damage
from lstm_conformance.ports.layers import FINAL_HIDDEN, OUTPUTS, Tensors, compute, double, has_time, shapes_of
from lstm_conformance.ports.lstm import LstmLayers, reason
from lstm_conformance.ports.npz_file import read_arrays
from lstm_plugins.config import Precision
from lstm_plugins.errors import InputError
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array

INPUTS = "inputs"
_NPY = b"\x93NUMPY"
"""The first bytes of an .npy file; NumPy would treat anything else as a pickle."""
DRAWN = (3, 12)
"""Windows and steps of random inputs."""


@dataclass(frozen=True, eq=False)
class Recording:
    """Inputs and what a port computed from them.

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


def drawn_inputs(lstm: LstmLayers) -> Array:
    """Random inputs `[3, 12, D]`, the same ones every time, in the precision of the weights."""
    kind = np.result_type(*lstm.weights.values(), np.float32)
    return np.random.default_rng(0).normal(size=(*DRAWN, lstm.features)).astype(kind)


def read_trace(path: Path, lstm: LstmLayers) -> Recording:
    """Reads a recording from one .npz with `inputs` and other tensors by name.

    Raises:
        InputError: it cannot be read, or does not belong to this LSTM.
    """
    arrays = _read_named(path)
    if INPUTS not in arrays:
        raise InputError(f"{str(path)!r} has no array {INPUTS!r}; it has {', '.join(arrays)}.")
    inputs = arrays.pop(INPUTS)
    return recorded(inputs, arrays, lstm, str(path))


def read_outputs(inputs: Path, outputs: Path, lstm: LstmLayers) -> Recording:
    """Reads a recording from an .npy of inputs `[B, T, D]` and a file of outputs.

    The outputs are an .npy `[B, T, S·H]`, or `[B, S·H]` for the last states only, or an .npz of tensors by
    name.

    Raises:
        InputError: a file cannot be read, or does not belong to this LSTM.
    """
    if outputs.suffix.lower() == ".npz":
        arrays = _read_named(outputs)
    else:
        array = read_array(outputs)
        arrays = {FINAL_HIDDEN if array.ndim == 2 else OUTPUTS: array}
    return recorded(read_array(inputs), arrays, lstm, str(outputs))


def recorded(inputs: Array, tensors: Mapping[str, Array], lstm: LstmLayers, source: str) -> Recording:
    """A recording, with its arrays checked against the LSTM; `source` is the file for messages.

    Raises:
        InputError: a name, a shape or a type is not that of the LSTM.
    """
    if inputs.ndim != 3 or inputs.shape[2] != lstm.features or not inputs.size:
        raise InputError(
            f"The inputs have shape {inputs.shape}; this LSTM reads [windows, steps, {lstm.features}]."
        )
    if not tensors:
        raise InputError(f"{source!r} has nothing to compare.")
    shapes = shapes_of(lstm.weights, inputs.shape)
    for name, array in (*tensors.items(), (INPUTS, inputs)):
        if array.dtype.kind != "f" or array.dtype.itemsize < 4:
            where = "The inputs have" if name == INPUTS else f"{source!r}: {name} has"
            raise InputError(f"{where} type {array.dtype}; record float32 or float64.")
    for name, array in tensors.items():
        if name not in shapes:
            raise InputError(f"{source!r}: this LSTM has no tensor {name!r}; it has {', '.join(shapes)}.")
        if array.shape != shapes[name]:
            raise InputError(
                f"{source!r}: {name} has shape {array.shape} instead of {shapes[name]}"
                f"{_exchanged(name, array.shape, shapes[name])}."
            )
    if not np.isfinite(inputs).all():
        raise InputError("The inputs have values that are not finite.")
    ordered = {name: tensors[name] for name in shapes if name in tensors}
    precision, notes = _precision(ordered)
    return Recording(inputs.astype(np.float64), ordered, precision, notes)


def reference_content(lstm: LstmLayers, inputs: Array) -> bytes:
    """The bytes of an .npz with inputs and all tensors that the reference computes from them."""
    tensors = compute(double(lstm.weights), inputs.astype(np.float64), Steps())
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **{INPUTS: inputs, **tensors})
    return file.getvalue()


def read_array(path: Path) -> Array:
    """Reads one array from an .npy.

    Raises:
        InputError: it is of another kind, is damaged, or has Python objects, which are not loaded.
    """
    _check_there(path)
    with path.open("rb") as file:
        begin = file.read(len(_NPY))
    if begin.startswith(b"PK"):
        raise InputError(f"{str(path)!r} has several arrays; save one with numpy.save.")
    if begin != _NPY:
        raise InputError(f"{str(path)!r} is not an .npy file; save the array with numpy.save.")
    with reporting_damage(path, "an .npy file of numbers"):
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
        return "; its first axis is time, so transpose it"
    return ""


def _precision(tensors: Tensors) -> tuple[Precision, tuple[str, ...]]:
    if all(array.dtype == np.float32 for array in tensors.values()):
        return "float32", ()
    with np.errstate(over="ignore"):
        coarse = all(
            np.array_equal(array.astype(np.float32), array, equal_nan=True) for array in tensors.values()
        )
    if coarse:
        return "float32", ("All recorded numbers are float32, so they are judged in float32.",)
    if any(array.dtype == np.float32 for array in tensors.values()):
        return "float32", ("Some recorded arrays are float32, so all are judged in float32.",)
    return "float64", ()
