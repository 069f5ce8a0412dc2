"""Files of torch.export, made by PyTorch itself and then spoilt."""

import json
import shutil
import warnings
import zipfile

import numpy as np
import pytest

from lstm_conformance.ports.formats import read_lstm
from lstm_plugins.errors import InputError

torch = pytest.importorskip("torch")


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(1)
        self.encoder = torch.nn.LSTM(3, 4, 2, bidirectional=True, batch_first=True, dtype=torch.float64)

    def forward(self, series):
        return self.encoder(series)[0]


@pytest.fixture(scope="module")
def model():
    return Model().eval()


@pytest.fixture(scope="module")
def exported(model, tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "model.pt2"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.export.export(model, (torch.zeros(2, 6, 3, dtype=torch.float64),))
        torch.export.save(program, path)
    return path


def rewritten(source, path, change):
    """A copy of a zip with what `change` makes of each member: bytes, or None to leave it out."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(path, "w") as copy:
        for name in archive.namelist():
            content = change(name, archive.read(name))
            if content is not None:
                copy.writestr(name, content)
    return path


def with_entry(**changed):
    """Changes the entry of one array in the list of weights."""

    def change(name, content):
        if not name.endswith("_weights_config.json"):
            return content
        listed = json.loads(content)
        entry = listed["config"]["encoder.weight_ih_l0"]
        for key, value in changed.items():
            (entry if key in entry else entry["tensor_meta"])[key] = value
        return json.dumps(listed).encode()

    return change


def test_the_reference_computes_what_pytorch_does(exported, model, series, expected):
    lstm = read_lstm(exported)
    assert (lstm.name, lstm.layers, lstm.bidirectional) == ("encoder", 2, True)
    with torch.no_grad():
        outputs = model(torch.from_numpy(series)).numpy()
    np.testing.assert_allclose(expected(lstm.weights, series)[0], outputs, rtol=0, atol=64 * 2.0**-52)


def test_a_transposed_array_is_read_by_its_strides(exported, tmp_path, model):
    wanted = model.encoder.weight_ih_l0.detach().numpy()

    def change(name, content):
        if name.endswith("/weight_0"):
            return np.frombuffer(content, "<f8").reshape(wanted.shape).T.tobytes()
        return with_entry(strides=[{"as_int": 1}, {"as_int": len(wanted)}])(name, content)

    lstm = read_lstm(rewritten(exported, tmp_path / "m.pt2", change))
    np.testing.assert_array_equal(lstm.weights["layer0.forward.kernel"], wanted.T)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"use_pickle": True}, "is a pickle, which can execute code, and is not read"),
        ({"dtype": 13}, "has an unsupported type"),
        ({"sizes": [{"as_int": 10**9}, {"as_int": 3}]}, "but its sizes are"),
        ({"storage_offset": {"as_int": 5}}, "damaged"),
        ({"strides": [{"as_int": -3}, {"as_int": 1}]}, "starts before its first number"),
        ({"sizes": None}, "damaged"),
    ],
)
def test_an_array_that_cannot_be_trusted_is_told(exported, tmp_path, changed, message):
    path = rewritten(exported, tmp_path / "m.pt2", with_entry(**changed))
    with pytest.raises(InputError, match=message):
        read_lstm(path)


def test_nothing_is_unpickled(exported, tmp_path):
    def change(name, content):
        # A pickle that would call os.abort.
        return b"cos\nabort\n(tR." if name.endswith((".pt", ".pkl")) else content

    assert read_lstm(rewritten(exported, tmp_path / "m.pt2", change)).layers == 2


def test_older_files_are_pickles_and_told(tmp_path):
    with zipfile.ZipFile(tmp_path / "m.pt2", "w") as archive:
        archive.writestr("serialized_exported_program.json", "{}")
        archive.writestr("serialized_state_dict.pt", "cos\nabort\n(tR.")
    with pytest.raises(
        InputError, match=r"are a pickle, .* as older versions .* safetensors\.torch\.save_file"
    ):
        read_lstm(tmp_path / "m.pt2")


def test_other_zips_and_damaged_files_are_told(exported, tmp_path):
    with zipfile.ZipFile(tmp_path / "other.pt2", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(InputError, match=r"torch\.export did not write it"):
        read_lstm(tmp_path / "other.pt2")
    cut = tmp_path / "cut.pt2"
    shutil.copy(exported, cut)
    cut.write_bytes(cut.read_bytes()[:3000])
    with pytest.raises(InputError, match="or it is damaged"):
        read_lstm(cut)
    missing = rewritten(
        exported, tmp_path / "m.pt2", lambda name, it: None if name.endswith("/weight_0") else it
    )
    with pytest.raises(InputError, match="or it is damaged"):
        read_lstm(missing)
