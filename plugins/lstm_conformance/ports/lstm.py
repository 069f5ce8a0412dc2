"""The LSTM layers of a file, and the choice of one LSTM where a file has several."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError, SeriesError
from lstm_plugins.weights import Array, Weights

EXTRA = "pip install 'lstm-tui[ports]'"


@dataclass(frozen=True, eq=False)
class LstmLayers:
    """The stacked LSTM layers of a model.

    Attributes:
        name: what the file calls it.
        weights: canonical arrays of the layers, docs/specification.md section 5; two biases are summed.
        notes: sentences on what the reference ignores, such as masks.
        left_out: canonical arrays without one part of the file, by that part's name: the weights of a port
            that forgets it.
    """

    name: str
    weights: Weights
    notes: tuple[str, ...] = ()
    left_out: Mapping[str, Weights] = field(default_factory=dict)

    @property
    def layers(self) -> int:
        """L."""
        return 1 + max(int(name.split(".")[0].removeprefix("layer")) for name in self.weights)

    @property
    def bidirectional(self) -> bool:
        """Whether every layer also reads backwards."""
        return any(".backward." in name for name in self.weights)

    @property
    def hidden_units(self) -> int:
        """H."""
        return int(self.weights["layer0.forward.recurrent"].shape[0])

    @property
    def features(self) -> int:
        """D, inputs per step of the first layer."""
        return int(self.weights["layer0.forward.kernel"].shape[0])

    @property
    def sentence(self) -> str:
        """The layers, units and inputs in words."""
        layers = counted(self.layers, "layer")
        way = ", bidirectional" if self.bidirectional else ""
        inputs = counted(self.features, "input")
        units = counted(self.hidden_units, "unit")
        return f"{layers}{way} of {units}, {inputs} a step"


Candidates = Mapping[str, Callable[[], LstmLayers]]
"""The LSTMs of a file by name; each is read when it is chosen."""


def chosen(candidates: Candidates, name: str | None, path: Path) -> LstmLayers:
    """The LSTM with this name, or the only one.

    Raises:
        InputError: there is none with this name, or there are several and no name.
    """
    if name is None and len(candidates) > 1:
        raise InputError(
            f"{str(path)!r} has {len(candidates)} LSTMs that are not one stack of equal layers: "
            f"{', '.join(candidates)}; choose one with --lstm NAME."
        )
    if name is not None and name not in candidates:
        raise InputError(f"{str(path)!r} has no LSTM {name!r}; it has {', '.join(candidates)}.")
    wanted = name if name is not None else next(iter(candidates))
    try:
        return candidates[wanted]()
    except SeriesError as error:
        raise InputError(f"{str(path)!r}, LSTM {wanted}: {error}.") from None


def library(name: str, purpose: str) -> Any:
    """Imports a module of an optional package; `purpose`, such as "Reading .onnx", starts the message.

    Raises:
        InputError: it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        missing = isinstance(error, ModuleNotFoundError) and error.name == name.split(".")[0]
        reason = "is not installed" if missing else f"cannot be imported ({error})"
        raise InputError(f"{purpose} needs {name.split('.')[0]}, which {reason}: {EXTRA}") from None


def reason(error: Exception) -> str:
    """Another package's error message, as part of a sentence."""
    if isinstance(error, KeyError) and len(error.args) == 1:
        words = str(error.args[0])
        return words.rstrip(".") if " " in words else f"it does not know {words!r}"
    lines = str(error).splitlines() or [type(error).__name__]
    return lines[0].rstrip(".")


def without_bias(
    arrays: Callable[[bool, bool], Weights], second: bool, names: tuple[str, str]
) -> dict[str, Weights]:
    """`LstmLayers.left_out` of a layout with two biases of these names.

    `arrays` returns the canonical arrays with or without each bias; `second` says whether the second one is
    not zero.
    """
    if not second:
        return {}
    return {f"the bias {names[1]}": arrays(True, False), f"the bias {names[0]}": arrays(False, True)}


def real(array: Array, name: str, path: Path) -> Array:
    """The array, if it has a floating-point type of NumPy.

    Raises:
        InputError: it has another type.
    """
    if array.dtype.kind != "f" or array.dtype.itemsize > 8:
        raise InputError(
            f"{str(path)!r}: {name} has type {array.dtype}; save it as float32 or float64 and try again."
        )
    return np.ascontiguousarray(array)
