"""The backends have the same files, and in them the same public names and signatures.

The sources are parsed, so that no framework is imported. Types may differ: each backend has its framework's.
"""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path

import pytest

BACKENDS = ("numpy", "torch", "tensorflow")
FILES = (
    "__init__",
    "attention",
    "devices",
    "forecaster",
    "kernels",
    "losses",
    "network",
    "optimizer",
    "parameters",
    "parts",
    "tracing",
    "training",
    "windows",
)
FORECASTERS = ("NumpyForecaster", "TorchForecaster", "TensorflowForecaster")

_AUTOMATIC = "PyTorch and TensorFlow differentiate attention and head by themselves, from leaves they keep"
_MEMORY = "NumPy computes in memory that is allocated once, which its records hold"
_PADDING = "XLA compiles for fixed shapes: TensorFlow pads batches, so that losses count windows"
_OWN_LSTM = "PyTorch's own LSTM hands out no derivatives inside, and takes its weights one by one"
_IN_PLACE = "NumPy writes gradients into views of the flat vector"
_ROWS = "NumPy and PyTorch view the rows as windows, TensorFlow gathers from the rows"
DIFFERENCES = {
    ("attention", "attend_backward"): _AUTOMATIC,
    ("attention", "Attended.*"): _AUTOMATIC,
    ("forecaster", "Forecaster.batches_per_call"): _PADDING,
    ("kernels", "DirectionPass"): _MEMORY,
    ("kernels", "Scratch"): _MEMORY,
    ("kernels", "LayerPass.*"): "each keeps what its own backward pass reads",
    ("kernels", "StateDerivatives"): _OWN_LSTM,
    ("kernels", "agree_with_torch_lstm"): "PyTorch's undocumented operators are probed before they are used",
    ("kernels", "in_time_order"): _OWN_LSTM,
    ("kernels", "layer_backward"): _OWN_LSTM,
    ("losses", "mean_loss"): _PADDING,
    ("losses", "loss_derivative"): _PADDING,
    ("losses", "weight"): _PADDING,
    ("network", "ForwardPass.*"): _AUTOMATIC,
    ("network", "Model.*"): _MEMORY,
    ("network", "backward"): _OWN_LSTM,
    ("optimizer", "Memory.*"): _MEMORY,
    ("parameters", "DirectionWeights"): _OWN_LSTM,
    ("parameters", "Layout.*"): "PyTorch's vector begins with the arrays that decay, so it keeps offsets",
    ("parameters", "Layout.join"): _IN_PLACE,
    ("parameters", "Parameters.*"): "TensorFlow's head is one block, see `head` there",
    ("parts", "step_part_backward"): _AUTOMATIC,
    ("training", "capacity"): _PADDING,
    ("training", "gradient_config"): "TensorFlow shares compiled functions between configs",
    ("training", "model_of"): "TensorFlow's compiled functions make the model from their arguments",
    ("windows", "Batch.*"): "NumPy puts known columns into the memory of its first layer, where others join",
    ("windows", "Columns"): "TensorFlow compiles for the meaning of columns",
    ("windows", "Known.*"): _ROWS,
    ("windows", "Rows"): _ROWS,
    ("windows", "Windows.*"): _ROWS,
    ("windows", "to_array"): "PyTorch's tensors may be on a GPU",
}
"""Where the backends differ, and why. `Class.*` is the fields of a class; a class stands for all in it."""


def folder(backend: str) -> Path:
    spec = importlib.util.find_spec("lstm_backends")
    return Path(spec.submodule_search_locations[0]) / backend


def arguments(function: ast.FunctionDef) -> str:
    own = function.args
    names = [one.arg for one in (*own.posonlyargs, *own.args)]
    return ", ".join([*names, *(f"*{one.arg}" for one in own.kwonlyargs)])


def members(node: ast.ClassDef) -> dict[str, str]:
    """The class itself, its fields as one entry, and its public methods."""
    name = "Forecaster" if node.name in FORECASTERS else node.name
    fields = [one.target.id for one in node.body if isinstance(one, ast.AnnAssign)]
    methods = [one for one in node.body if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")]
    found = {name: "class", f"{name}.*": ", ".join(sorted(fields))}
    return found | {f"{name}.{one.name}": arguments(one) for one in methods}


def public(backend: str, file: str) -> dict[str, str]:
    """Every public class and function of a file, with fields, methods and arguments."""
    found: dict[str, str] = {}
    for node in ast.parse((folder(backend) / f"{file}.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            found[node.name] = arguments(node)
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            found |= members(node)
    return found


def test_the_backends_have_the_same_files():
    for backend in BACKENDS:
        assert sorted(path.stem for path in folder(backend).glob("*.py")) == sorted(FILES)


@pytest.mark.parametrize("file", FILES)
def test_a_file_has_the_same_public_names_and_signatures(file):
    by_backend = {backend: public(backend, file) for backend in BACKENDS}
    assert all(by_backend.values())
    allowed = {name for place, name in DIFFERENCES if place == file}
    found = set()
    for name in {name for names in by_backend.values() for name in names}:
        if len({names.get(name) for names in by_backend.values()}) > 1:
            owner = name.partition(".")[0]
            # What is in a class that only one backend has is explained with the class.
            found.add(owner if owner in allowed else name)
    assert found == allowed
