"""The formats of model files, by the suffix of the file."""

import importlib
from dataclasses import dataclass
from pathlib import Path

from lstm_conformance.ports.lstm import LstmLayers, chosen
from lstm_plugins.errors import InputError
from lstm_plugins.weights import Weights

_PLACE = "lstm_conformance.ports"


@dataclass(frozen=True)
class Format:
    """One kind of model file.

    Attributes:
        module: has `lstms(path)`, and `content(weights)` where it can be written.
        title: what it holds, for people.
        written: whether it can be written without the framework.
    """

    module: str
    title: str
    written: bool = True


FORMATS = {
    ".safetensors": Format("safetensors_file", "a PyTorch state dict"),
    ".pt2": Format("torch_export", "what torch.export.save writes", written=False),
    ".keras": Format("keras_file", "a Keras 3 model"),
    ".onnx": Format("onnx_file", "an ONNX model with LSTM nodes"),
    ".npz": Format("npz_file", "NumPy arrays with this program's names"),
}
READ = tuple(FORMATS)
WRITTEN = tuple(suffix for suffix, one in FORMATS.items() if one.written)

_PICKLE = (
    "may be a pickle, which can execute code, and is not loaded; save the model with "
    "safetensors.torch.save_file(model.state_dict(), 'model.safetensors')"
)
_HDF5 = "does not describe how its layers are connected; save the model with model.save('model.keras')"
_REFUSED = {
    **dict.fromkeys((".pt", ".pth", ".bin", ".ckpt", ".pkl"), _PICKLE),
    **dict.fromkeys((".h5", ".hdf5"), _HDF5),
}


def read_lstm(path: Path, name: str | None = None) -> LstmLayers:
    """Reads the LSTM of a model file without executing anything in it; `name` chooses one of several.

    Raises:
        InputError: the file is missing, damaged, of an unknown format, or its LSTM cannot be expressed.
    """
    suffix = path.suffix.lower()
    if suffix in _REFUSED:
        raise InputError(f"{str(path)!r} {_REFUSED[suffix]}.")
    if suffix not in FORMATS:
        raise InputError(f"{str(path)!r} does not end in {', '.join(READ)}, which can be read.")
    if path.is_dir():
        raise InputError(f"{str(path)!r} is a folder; name a model file.")
    if not path.exists():
        raise InputError(f"There is no file {str(path)!r}.")
    try:
        candidates = importlib.import_module(f"{_PLACE}.{FORMATS[suffix].module}").lstms(path)
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror or error}.") from None
    return chosen(candidates, name, path)


def check_writable(path: Path) -> None:
    """Checks, before work begins, that weights can be written to a file.

    Raises:
        InputError: no format of that suffix is written.
    """
    suffix = path.suffix.lower()
    if suffix in WRITTEN:
        return
    if suffix == ".pt2":
        raise InputError(
            f"{str(path)!r} cannot be written: only PyTorch can trace the program in a .pt2 file; write a "
            ".safetensors and load it with load_state_dict(safetensors.torch.load_file(...))."
        )
    raise InputError(f"{str(path)!r} does not end in {', '.join(WRITTEN)}, which can be written.")


def file_content(weights: Weights, path: Path) -> bytes:
    """The bytes of a model file with these layers, in the format of its suffix.

    Raises:
        InputError: that format is not written, or its package is not installed.
        SeriesError: the arrays are not those of one LSTM.
    """
    check_writable(path)
    module = importlib.import_module(f"{_PLACE}.{FORMATS[path.suffix.lower()].module}")
    content: bytes = module.content(weights)
    return content
