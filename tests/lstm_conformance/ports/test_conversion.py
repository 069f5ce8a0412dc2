import itertools

import numpy as np
import pytest

from lstm_conformance.ports.conversion import convert
from lstm_conformance.ports.formats import WRITTEN, file_content, read_lstm
from lstm_plugins.errors import InputError


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("layers", "bidirectional"), [(1, False), (1, True), (2, False), (2, True)])
def test_every_format_holds_the_same_bits(tmp_path, layers, bidirectional, dtype, lstm_weights, same):
    weights = lstm_weights(layers, bidirectional, dtype)
    first = tmp_path / f"model{WRITTEN[0]}"
    first.write_bytes(file_content(weights, first))
    for before, after in itertools.permutations(WRITTEN, 2):
        done = convert(tmp_path / f"model{before}", tmp_path / f"model{after}")
        same(done.lstm.weights, weights)
        same(read_lstm(tmp_path / f"model{after}").weights, weights)


def test_two_biases_become_their_sum_and_zeros(tmp_path):
    numpy_format = pytest.importorskip("safetensors.numpy")
    generator = np.random.default_rng(1)
    shapes = {"weight_ih_l0": (8, 3), "weight_hh_l0": (8, 2), "bias_ih_l0": (8,), "bias_hh_l0": (8,)}
    state = {name: generator.normal(size=shape) for name, shape in shapes.items()}
    numpy_format.save_file(state, tmp_path / "model.safetensors")
    convert(tmp_path / "model.safetensors", tmp_path / "model.onnx")
    convert(tmp_path / "model.onnx", tmp_path / "again.safetensors")
    again = numpy_format.load_file(tmp_path / "again.safetensors")
    np.testing.assert_array_equal(again["bias_ih_l0"], state["bias_ih_l0"] + state["bias_hh_l0"])
    assert not again["bias_hh_l0"].any()


def test_a_model_is_not_replaced_by_its_lstm(tmp_path, lstm_weights):
    path = tmp_path / "model.npz"
    path.write_bytes(file_content(lstm_weights(), path))
    before = path.read_bytes()
    (tmp_path / "link.npz").symlink_to(path)
    for other in (path, tmp_path / "link.npz"):
        with pytest.raises(InputError, match="is the model itself; its other layers would be lost"):
            convert(path, other)
    assert path.read_bytes() == before


def test_nothing_is_left_of_a_conversion_that_fails(tmp_path, lstm_weights):
    path = tmp_path / "model.npz"
    path.write_bytes(file_content(lstm_weights(), path))
    with pytest.raises(InputError, match="cannot be written"):
        convert(path, tmp_path / "missing" / "model.onnx")
    with pytest.raises(InputError, match=r"does not end in"):
        convert(path, tmp_path / "model.txt")
    assert [one.name for one in tmp_path.iterdir()] == ["model.npz"]
