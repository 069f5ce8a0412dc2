"""Reads what `torch.export.save` writes: a zip with the weights as numbers, and a JSON list of them.

Only those two are read. Files of older versions have a pickle instead, and are refused.
Source: torch/export/pt2_archive of PyTorch 2.13, its constants and schema.
"""

import json
import math
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from lstm_conformance.ports.damage import read_text, reporting_damage
from lstm_conformance.ports.lstm import Candidates
from lstm_conformance.ports.torch_names import is_recurrent, torch_lstms
from lstm_plugins.errors import InputError
from lstm_plugins.weights import Array

_LIST = re.compile(r"(.*/data/weights/)([^/]+)_weights_config\.json")
_TYPES = {6: "<f2", 7: "<f4", 8: "<f8"}
"""Supported types, by PyTorch's ScalarType."""
_INSTEAD = "save the model's state dict with safetensors.torch.save_file and give that file"


def lstms(path: Path) -> Candidates:
    """The LSTMs of a file.

    Raises:
        InputError: it is damaged, its weights cannot be read without executing code, or it holds no LSTM.
    """
    with reporting_damage(path, "a file of torch.export"), zipfile.ZipFile(path) as archive:
        return torch_lstms(_weights(archive, path), path)


def _weights(archive: zipfile.ZipFile, path: Path) -> dict[str, Array]:
    names = archive.namelist()
    lists = [match for match in map(_LIST.fullmatch, names) if match]
    if not lists:
        if any(name.endswith((".pkl", ".pt")) for name in names):
            raise InputError(
                f"The weights in {str(path)!r} are a pickle, which can execute code, as older "
                f"versions of PyTorch wrote them; {_INSTEAD}."
            )
        raise InputError(f"{str(path)!r} has no list of weights, so torch.export did not write it.")
    if len(lists) > 1:
        raise InputError(f"{str(path)!r} has {len(lists)} models; export only the one with the LSTM.")
    orders = [archive.read(name) for name in names if name.endswith("/byteorder")]
    if orders not in ([], [b"little"]):
        raise InputError(f"{str(path)!r} was written on a big-endian machine; {_INSTEAD}.")
    entries = json.loads(read_text(archive, lists[0][0]))["config"]
    return {
        name: _array(archive, lists[0][1], name, entry, path)
        for name, entry in entries.items()
        if is_recurrent(name)
    }


def _array(archive: zipfile.ZipFile, folder: str, name: str, entry: dict[str, Any], path: Path) -> Array:
    if entry["use_pickle"]:
        raise InputError(
            f"{name} in {str(path)!r} is a pickle, which can execute code, and is not read; {_INSTEAD}."
        )
    meta = entry["tensor_meta"]
    if meta["dtype"] not in _TYPES:
        raise InputError(
            f"{str(path)!r}: {name} has an unsupported type (PyTorch's ScalarType "
            f"{meta['dtype']}); export the model in float32 or float64."
        )
    stored = np.frombuffer(archive.read(folder + entry["path_name"]), _TYPES[meta["dtype"]])
    places = np.asarray(meta["storage_offset"]["as_int"])
    sizes, strides = ([int(one["as_int"]) for one in meta[key]] for key in ("sizes", "strides"))
    # Strides of 0 may repeat a number, so that each size has to be looked at.
    if math.prod(sizes) > stored.size or any(not 0 <= size <= stored.size for size in sizes):
        raise InputError(f"{str(path)!r}: {name} has {stored.size} numbers, but its sizes are {sizes}.")
    for size, stride in zip(sizes, strides, strict=True):
        places = places[..., None] + stride * np.arange(size)
    if places.size and places.min() < 0:
        raise InputError(f"{str(path)!r}: {name} starts before its first number.")
    array: Array = stored[places]
    return array
