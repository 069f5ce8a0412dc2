"""Finds LSTMs among the arrays of a PyTorch state dict by their names."""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np

from lstm_conformance.ports.lstm import Candidates, LstmLayers, without_bias
from lstm_plugins.errors import InputError
from lstm_plugins.layouts import from_torch
from lstm_plugins.weights import Array, Weights

_NAME = re.compile(r"((?:.*\.)?)(weight_ih|weight_hh|weight_hr|bias_ih|bias_hh)(_l\d+(?:_reverse)?)?")
_KINDS = {1: "plain RNN", 3: "GRU"}
"""Layers with the same names, by their number of gates."""
NO_PREFIX = "."


def is_recurrent(name: str) -> bool:
    """Whether an array with this name may belong to an LSTM."""
    return _NAME.fullmatch(name) is not None


def torch_lstms(arrays: Mapping[str, Array], path: Path) -> Candidates:
    """The LSTMs of a state dict by the name of their module; an `LSTMCell` is an LSTM of one layer.

    Raises:
        InputError: there is none.
    """
    found: dict[str, dict[str, Array]] = {}
    for name, array in arrays.items():
        if match := _NAME.fullmatch(name):
            own = f"{match[2]}{match[3] or '_l0'}"
            found.setdefault(match[1].removesuffix(".") or NO_PREFIX, {})[own] = array
    gates = {name: _gates(state) for name, state in found.items()}
    lstms = {
        name: partial(_read, name, state, path) for name, state in found.items() if gates[name] not in _KINDS
    }
    if not lstms:
        others = [f"{name} is a {_KINDS[gates[name]]}" for name in found]
        reason = f"; {', '.join(others)}" if others else ""
        raise InputError(
            f"{str(path)!r} has no LSTM: none of its names is like weight_ih_l0 of four gates{reason}."
        )
    return lstms


def _gates(state: Mapping[str, Array]) -> int:
    recurrent = state.get("weight_hh_l0")
    if recurrent is None or recurrent.ndim != 2 or not recurrent.shape[1]:
        return 4
    return int(recurrent.shape[0] // recurrent.shape[1])


def _read(name: str, state: Mapping[str, Array], path: Path) -> LstmLayers:
    if any(own.startswith("weight_hr") for own in state):
        raise InputError(
            f"{str(path)!r}: the LSTM {name} has projections (proj_size, weight_hr), which the reference "
            "does not have; only LSTMs without them can be read."
        )

    def arrays(first: bool, second: bool) -> Weights:
        kept = {"bias_ih": first, "bias_hh": second}
        return from_torch(
            {
                own: array if kept.get(own.split("_l")[0], True) else np.zeros_like(array)
                for own, array in state.items()
            }
        )

    second = any(array.any() for own, array in state.items() if own.startswith("bias_hh"))
    return LstmLayers(name, arrays(True, True), left_out=without_bias(arrays, second, ("bias_ih", "bias_hh")))
