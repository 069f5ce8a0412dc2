"""The LSTM that was found in a file, and which one is meant where there are several."""

from __future__ import annotations

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
class ForeignLstm:
    """The stacked LSTM layers of a model.

    Attributes:
        name: what the file calls it.
        weights: canonical arrays of the layers, docs/specification.md section 5; two biases are summed.
        notes: sentences on what else the model does to them, such as masks that the reference has not.
        left_out: canonical arrays with one of the file's parts left out, by that part's name: what a port
            that forgets it computes with.
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
        """What it is, in words."""
        layers = counted(self.layers, "layer")
        way = ", bidirectional" if self.bidirectional else ""
        inputs = counted(self.features, "input")
        units = counted(self.hidden_units, "unit")
        return f"{layers}{way} of {units}, {inputs} a step"


Candidates = Mapping[str, Callable[[], ForeignLstm]]
"""The LSTMs of a file by name, each read when it is chosen."""


def chosen(candidates: Candidates, name: str | None, path: Path) -> ForeignLstm:
    """The one named, or the only one.

    Raises:
        InputError: there is none of that name, or several and no name.
    """
    if name is None and len(candidates) > 1:
        raise InputError(
            f"{str(path)!r} holds {len(candidates)} LSTMs that are not one stack of equal layers: "
            f"{', '.join(candidates)}; choose one with --lstm NAME."
        )
    if name is not None and name not in candidates:
        raise InputError(f"{str(path)!r} holds no LSTM {name!r}; it holds {', '.join(candidates)}.")
    wanted = name if name is not None else next(iter(candidates))
    try:
        lstm = candidates[wanted]()
    except SeriesError as error:
        raise InputError(f"{str(path)!r}, LSTM {wanted}: {error}.") from None
    return lstm


def library(name: str, purpose: str) -> Any:
    """An optional package, imported now.

    Args:
        name: of the module.
        purpose: begins the sentence that says that it is missing, such as "Reading ONNX files".

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
    """What another package says is wrong, to stand inside a sentence."""
    if isinstance(error, KeyError) and len(error.args) == 1:
        words = str(error.args[0])
        return words.rstrip(".") if " " in words else f"{words!r} is not known to it"
    lines = str(error).splitlines() or [type(error).__name__]
    return lines[0].rstrip(".")


def without_bias(
    arrays: Callable[[bool, bool], Weights], second: bool, names: tuple[str, str]
) -> dict[str, Weights]:
    """`ForeignLstm.left_out` of a layout with two biases.

    Args:
        arrays: canonical arrays with the first and with the second bias, or without.
        second: whether the second one is anything but zeros.
        names: what the layout calls them.
    """
    if not second:
        return {}
    return {f"the bias {names[1]}": arrays(True, False), f"the bias {names[0]}": arrays(False, True)}


def real(array: Array, name: str, path: Path) -> Array:
    """The same array when it holds floating point that NumPy has.

    Raises:
        InputError: it does not.
    """
    if array.dtype.kind != "f" or array.dtype.itemsize > 8:
        raise InputError(
            f"{str(path)!r}: {name} holds {array.dtype}; save it as float32 or float64 and try again."
        )
    return np.ascontiguousarray(array)
