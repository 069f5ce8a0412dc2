import sys

import pytest

from lstm_conformance.ports.formats import READ, check_writable, file_content, read_lstm
from lstm_plugins.errors import InputError


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("model.pt", "may be a pickle, which can execute code, and is not loaded; save .*safetensors"),
        ("model.ckpt", "may be a pickle"),
        ("model.h5", r"save the model with model\.save"),
        ("model.txt", r"does not end in \.safetensors, \.pt2, \.keras, \.onnx, \.npz"),
        ("gone.onnx", "There is no file"),
        ("folder.onnx", "is a folder"),
    ],
)
def test_what_is_no_model_file_is_told(tmp_path, name, message):
    (tmp_path / "folder.onnx").mkdir()
    with pytest.raises(InputError, match=message):
        read_lstm(tmp_path / name)


@pytest.mark.parametrize("name", ["out.pt2", "out.h5", "out"])
def test_what_cannot_be_written_is_told(tmp_path, name):
    with pytest.raises(InputError, match=r"cannot be written|does not end in \.safetensors, \.keras"):
        check_writable(tmp_path / name)


@pytest.mark.parametrize(("suffix", "module"), [(".onnx", "onnx"), (".keras", "h5py")])
def test_a_missing_package_is_told_with_the_command(tmp_path, monkeypatch, lstm_weights, suffix, module):
    path = tmp_path / f"model{suffix}"
    path.write_bytes(file_content(lstm_weights(), path))
    for name in [name for name in sys.modules if name.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Blocked(module), *sys.meta_path])
    message = rf"^Reading {suffix} needs {module}, which is not installed: pip install 'lstm-tui\[ports\]'$"
    with pytest.raises(InputError, match=message):
        read_lstm(path)


class Blocked:
    """A finder that makes a package missing."""

    def __init__(self, name):
        self.name = name

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == self.name:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@pytest.mark.parametrize("suffix", READ)
def test_text_under_a_models_name_is_told(tmp_path, suffix):
    (tmp_path / f"m{suffix}").write_text("date,value\n2024-01-01,3\n" * 20)
    with pytest.raises(InputError, match=f"m{suffix}'"):
        read_lstm(tmp_path / f"m{suffix}")
