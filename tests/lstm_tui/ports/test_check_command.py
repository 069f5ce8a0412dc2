import json

import numpy as np
import pytest

from lstm_conformance.ports.formats import file_content
from lstm_plugins.reference.cell import logistic


@pytest.fixture
def model(program):
    """A model file of one layer in the program's folder."""
    generator = np.random.default_rng(1)
    shapes = {"kernel": (3, 8), "recurrent": (2, 8), "bias": (8,)}
    weights = {f"layer0.forward.{name}": generator.normal(size=shape) for name, shape in shapes.items()}
    for suffix in (".npz", ".onnx", ".safetensors"):
        path = program.folder / f"model{suffix}"
        # onnxruntime has LSTMs in float32 only.
        own = {name: array.astype("f4") for name, array in weights.items()} if suffix == ".onnx" else weights
        path.write_bytes(file_content(own, path))
    return weights


def port(weights, inputs, order=(0, 1, 2, 3)):
    """An LSTM written in a hurry; `order` says where it finds i, f, C̃ and o."""
    kernel, recurrent, bias = weights.values()
    hidden = cell = np.zeros((len(inputs), 2))
    outputs = []
    for x in inputs.swapaxes(0, 1):
        blocks = np.split(x @ kernel + hidden @ recurrent + bias, 4, axis=1)
        i, f, c, o = (blocks[block] for block in order)
        cell = logistic(f) * cell + logistic(i) * np.tanh(c)
        hidden = logistic(o) * np.tanh(cell)
        outputs.append(hidden)
    return np.stack(outputs, axis=1)


def record(program, model, **settings):
    inputs = np.random.default_rng(2).normal(size=(2, 5, 3))
    np.save(program.folder / "x.npy", inputs)
    np.save(program.folder / "y.npy", port(model, inputs, **settings))


def test_a_right_port_agrees(program, model):
    record(program, model)
    done = program.run("check-lstm", "model.safetensors", "--inputs", "x.npy", "--outputs", "y.npy")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 layer of 2 units, 3 inputs a step" in done.stdout
    assert "It agrees with the reference in float64" in done.stdout


def test_a_wrong_port_is_told_its_bug(program, model):
    record(program, model, order=(0, 2, 3, 1))
    done = program.run("check-lstm", "model.npz", "--inputs", "x.npy", "--outputs", "y.npy")
    assert (done.returncode, done.stderr) == (1, "")
    assert "First difference, counted from 0: outputs, layer 0 forward, time step 0" in done.stdout
    assert "Cause: gate order i, o, f, C̃, as in ONNX (reproduces the numbers" in done.stdout


def test_json(program, model):
    record(program, model, order=(0, 2, 3, 1))
    done = program.run("check-lstm", "model.npz", "--inputs", "x.npy", "--outputs", "y.npy", "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["agrees"], found["first_difference"]["step"]) == (1, False, 0)
    assert [one["sentence"] for one in found["explanations"]] == ["gate order i, o, f, C̃, as in ONNX"]


def test_inputs_are_drawn_and_what_comes_back_is_checked(program, model):
    done = program.run("check-lstm", "model.safetensors", "--save", "reference.npz")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Run your LSTM on its array inputs" in done.stdout
    saved = dict(np.load(program.folder / "reference.npz"))
    np.testing.assert_allclose(port(model, saved["inputs"]), saved["outputs"], rtol=0, atol=1e-14)
    np.savez(program.folder / "mine.npz", inputs=saved["inputs"], outputs=port(model, saved["inputs"]))
    assert program.run("check-lstm", "model.safetensors", "--trace", "mine.npz").returncode == 0


def test_an_onnx_model_is_run(program, model):
    pytest.importorskip("onnxruntime")
    done = program.run("check-lstm", "model.onnx", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["agrees"] is True


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("model.npz",), "There is nothing to compare with: pass what your LSTM computed"),
        (("model.npz", "--outputs", "y.npy"), "--outputs needs --inputs"),
        (("model.npz", "--inputs", "x.npy", "--trace", "t.npz"), "leave out --inputs and --outputs"),
        (
            ("model.npz", "--inputs", "shop.csv", "--outputs", "shop.csv"),
            "is not an .npy file; save",
        ),
        (("gone.keras",), "There is no file 'gone.keras'"),
        (("model.npz", "--save", "missing/r.npz"), "cannot be written"),
        (("model.npz", "--save", "./model.npz"), "--save would overwrite 'model.npz', which is also read"),
    ],
)
def test_bad_input_is_one_sentence(program, model, arguments, message):
    done = program.run("check-lstm", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr
