"""Reads and writes .keras files of Keras 3: a zip with layers as JSON and arrays as HDF5; no code is run.

Source: keras/src/saving/saving_lib.py of Keras 3 (the zip, and the groups of the HDF5 file).
"""

import io
import json
import zipfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from lstm_conformance.ports.damage import read_text, reporting_damage
from lstm_conformance.ports.keras_layers import KerasLayer, found_layers
from lstm_conformance.ports.lstm import Candidates, LstmLayers, library, real
from lstm_plugins.errors import InputError
from lstm_plugins.layouts import from_keras, to_keras
from lstm_plugins.weights import Array, Weights

_CONFIG, _ARRAYS, _METADATA = "config.json", "model.weights.h5", "metadata.json"
_SINCE = "3.0.0"


def lstms(path: Path) -> Candidates:
    """The stacks of LSTM layers of a file.

    Raises:
        InputError: it is damaged, or holds no LSTM.
    """
    h5py = library("h5py", "Reading .keras")
    with reporting_damage(path, "a .keras file of Keras 3"):
        with zipfile.ZipFile(path) as archive:
            model = json.loads(read_text(archive, _CONFIG))
            content = archive.read(_ARRAYS)
        stacks = _stacks(found_layers(model))
        with h5py.File(io.BytesIO(content), "r") as file:
            found = {layer.name: _read_arrays(file, layer, path) for stack in stacks for layer in stack}
    if not stacks:
        raise InputError(f"{str(path)!r} has no layer LSTM or Bidirectional(LSTM) in its config.json.")
    joined = [part for stack in stacks for part in _equal(stack, found)]
    return {" + ".join(layer.name for layer in stack): partial(_read, stack, found, path) for stack in joined}


def content(weights: Weights) -> bytes:
    """A `Sequential` model of these layers, each with `return_sequences`, for `keras.saving.load_model`."""
    h5py = library("h5py", "Writing .keras")
    layers = to_keras(weights)
    precision = layers[0][0].dtype.name
    wrapped = len(layers[0]) == 6
    kind = "Bidirectional" if wrapped else "LSTM"
    parts = ("forward_layer/", "backward_layer/") if wrapped else ("",)
    inputs = {"batch_shape": [None, None, len(layers[0][0])], "dtype": precision, "name": "series"}
    configs = [_config("InputLayer", inputs)]
    arrays = io.BytesIO()
    with h5py.File(arrays, "w") as file:
        for n, layer in enumerate(layers):
            group = kind.lower() + (f"_{n}" if n else "")
            settings = {"name": group, "dtype": precision, "units": len(layer[1]), "return_sequences": True}
            lstm = _config("LSTM", settings)
            if wrapped:
                inner = _config("LSTM", {**settings, "name": f"forward_{group}"})
                lstm = _config(
                    kind, {"name": group, "dtype": precision, "merge_mode": "concat", "layer": inner}
                )
            configs.append(lstm)
            file.create_group(f"layers/{group}/vars").attrs["name"] = group
            for m, array in enumerate(layer):
                file[f"layers/{group}/{parts[m // 3]}cell/vars/{m % 3}"] = array
    model = _config("Sequential", {"name": "lstm", "dtype": precision, "layers": configs}, "keras")
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(_METADATA, json.dumps({"keras_version": _SINCE, "date_saved": ""}))
        archive.writestr(_CONFIG, json.dumps(model))
        archive.writestr(_ARRAYS, arrays.getvalue())
    return written.getvalue()


def _config(kind: str, settings: dict[str, Any], module: str = "keras.layers") -> dict[str, Any]:
    return {"module": module, "class_name": kind, "config": settings, "registered_name": None}


def _stacks(layers: Sequence[KerasLayer]) -> list[list[KerasLayer]]:
    """Groups of LSTM layers that feed one another."""
    stacks: list[list[KerasLayer]] = []
    for layer in layers:
        below = next((stack for stack in stacks if layer.fed_by == stack[-1].name), None)
        if below is not None and stacks_on(below[-1]):
            below.append(layer)
        else:
            stacks.append([layer])
    return stacks


def stacks_on(layer: KerasLayer) -> bool:
    """Whether the next layer can belong to the same LSTM."""
    return layer.returns_sequences and (not layer.bidirectional or layer.merge_mode == "concat")


def _equal(stack: list[KerasLayer], found: dict[str, list[Array]]) -> list[list[KerasLayer]]:
    """The stack, cut where the width or the number of directions changes."""
    parts: list[list[KerasLayer]] = []
    for layer in stack:
        same = (
            parts
            and [a.shape for a in found[parts[-1][-1].name]][1:2] == [a.shape for a in found[layer.name]][1:2]
        )
        if same and parts[-1][-1].bidirectional == layer.bidirectional:
            parts[-1].append(layer)
        else:
            parts.append([layer])
    return parts


def _read_arrays(file: Any, layer: KerasLayer, path: Path) -> list[Array]:
    group = file
    for part in layer.group[:-1]:
        group = group[part]
    own = layer.group[-1]
    for name in group:
        # Newer files say which layer a group is of; older ones only count the layers of a kind.
        if "vars" in group[name] and group[name]["vars"].attrs.get("name") == layer.name.split("/")[-1]:
            own = name
    parts = ("forward_layer", "backward_layer") if layer.bidirectional else ("",)
    arrays = []
    for part in parts:
        where = f"{own}/{part}/cell/vars".replace("//", "/")
        if where not in group:
            raise InputError(f"{str(path)!r}: the arrays of layer {layer.name} are not in its {_ARRAYS}.")
        variables = group[where]
        arrays += [real(np.asarray(variables[n]), layer.name, path) for n in sorted(variables, key=int)]
    return arrays


def _read(stack: Sequence[KerasLayer], found: dict[str, list[Array]], path: Path) -> LstmLayers:
    for layer in stack:
        if layer.refusal:
            raise InputError(f"{str(path)!r}: layer {layer.name} {layer.refusal}")
    if stack[-1].bidirectional and stack[-1].merge_mode != "concat":
        raise InputError(
            f"{str(path)!r}: layer {stack[-1].name} merges its directions by {stack[-1].merge_mode!r}; only "
            "'concat' is known to the reference."
        )
    notes = tuple(note for layer in stack for note in layer.notes)
    return LstmLayers(
        " + ".join(layer.name for layer in stack), from_keras([found[layer.name] for layer in stack]), notes
    )
