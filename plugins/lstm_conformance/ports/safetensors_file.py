"""Reads and writes safetensors: a PyTorch state dict as numbers with names.

Source: the format's description in the README of huggingface/safetensors.
"""

from pathlib import Path

import safetensors
import safetensors.numpy

from lstm_conformance.ports.lstm import Candidates, reason
from lstm_conformance.ports.torch_names import is_recurrent, torch_lstms
from lstm_plugins.errors import InputError
from lstm_plugins.layouts import to_torch
from lstm_plugins.weights import Weights

_READ = ("F64", "F32", "F16")


def lstms(path: Path) -> Candidates:
    """The LSTMs of a file.

    Raises:
        InputError: it is damaged, or holds none.
    """
    arrays = {}
    try:
        with safetensors.safe_open(path, framework="numpy") as file:
            for name in filter(is_recurrent, file.keys()):
                kind = file.get_slice(name).get_dtype()
                if kind not in _READ:
                    raise InputError(
                        f"{str(path)!r}: {name} has type {kind}; save it as float32 or float64 and try again."
                    )
                arrays[name] = file.get_tensor(name)
    except safetensors.SafetensorError as error:
        raise InputError(
            f"{str(path)!r} is not a safetensors file, or it is damaged: {reason(error)}."
        ) from None
    return torch_lstms(arrays, path)


def content(weights: Weights) -> bytes:
    """The bytes of a file with the names of a `torch.nn.LSTM`, for its `load_state_dict`."""
    written: bytes = safetensors.numpy.save(to_torch(weights), metadata={"format": "pt"})
    return written
