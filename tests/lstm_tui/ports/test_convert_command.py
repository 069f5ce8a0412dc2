import json

import numpy as np
import pytest

from lstm_conformance.ports.formats import file_content, read_lstm


@pytest.fixture
def model(program):
    """A small model file of one layer in the program's folder."""
    generator = np.random.default_rng(1)
    shapes = {"kernel": (3, 8), "recurrent": (2, 8), "bias": (8,)}
    weights = {f"layer0.forward.{name}": generator.normal(size=shape) for name, shape in shapes.items()}
    path = program.folder / "model.npz"
    path.write_bytes(file_content(weights, path))
    return weights


def test_it_says_what_it_wrote(program, model):
    done = program.run("convert", "model.npz", "model.onnx")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "model.onnx contains the LSTM layers of model.npz: 1 layer of 2 units, 3 inputs"
    )
    np.testing.assert_array_equal(
        read_lstm(program.folder / "model.onnx").weights["layer0.forward.kernel"],
        model["layer0.forward.kernel"],
    )


def test_json(program, model):
    done = json.loads(program.run("convert", "model.npz", "m.safetensors", "--json").stdout)
    assert done == {
        "source": "model.npz",
        "destination": "m.safetensors",
        "lstm": "layers",
        "layers": 1,
        "bidirectional": False,
        "hidden_units": 2,
        "inputs": 3,
        "notes": [],
    }


@pytest.mark.parametrize("arguments", [("model.npz", "m.pt2"), ("gone.onnx", "m.npz"), ("shop.csv", "m.npz")])
def test_bad_input_is_one_sentence(program, model, arguments):
    done = program.run("convert", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: ")
    assert len(done.stderr.splitlines()) == 1
