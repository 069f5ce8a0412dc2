import numpy as np
import pytest

from lstm_conformance.ports.formats import file_content, read_lstm
from lstm_plugins import ForecasterConfig
from lstm_plugins.errors import InputError
from lstm_plugins.weights import initial_weights


def test_canonical_names_and_what_stands_beside_them(tmp_path, same):
    weights = initial_weights(ForecasterConfig(layers=2, attention="general"), 3, 1)
    np.savez(tmp_path / "w.npz", **weights)
    lstm = read_lstm(tmp_path / "w.npz")
    same(lstm.weights, {name: it for name, it in weights.items() if name.startswith("layer")})
    path = tmp_path / "again.npz"
    path.write_bytes(file_content(lstm.weights, path))
    same(read_lstm(path).weights, lstm.weights)


def test_objects_are_never_unpickled(tmp_path):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("unpickled",))

    np.savez(tmp_path / "w.npz", **{"layer0.forward.kernel": np.array([Trap()], object)})
    with pytest.raises(InputError, match=r"not an \.npz file of numbers"):
        read_lstm(tmp_path / "w.npz")


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"a": np.zeros(3)}, r"none of its arrays is named like layer0\.forward\.kernel"),
        ({"layer0.forward.kernel": np.zeros((3, 8))}, r"layer0\.forward\.recurrent is missing"),
        ({"layer0.forward.kernel": np.zeros((3, 8), int)}, "has type int64"),
    ],
)
def test_other_arrays_are_told(tmp_path, arrays, message):
    np.savez(tmp_path / "w.npz", **arrays)
    with pytest.raises(InputError, match=message):
        read_lstm(tmp_path / "w.npz")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"words"])
def test_a_damaged_file_is_told(tmp_path, content):
    (tmp_path / "w.npz").write_bytes(content)
    with pytest.raises(InputError, match="or it is damaged"):
        read_lstm(tmp_path / "w.npz")
