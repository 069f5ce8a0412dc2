import io

import numpy as np
import pytest

from lstm_conformance.ports.lstm import LstmLayers
from lstm_conformance.ports.recording import drawn_inputs, read_outputs, read_trace, reference_content
from lstm_plugins.errors import InputError


@pytest.fixture
def lstm(lstm_weights):
    return LstmLayers("it", lstm_weights(2, True, "float32"))


@pytest.fixture
def trace(lstm):
    return dict(np.load(io.BytesIO(reference_content(lstm, drawn_inputs(lstm)))))


def test_what_is_saved_can_be_read(tmp_path, lstm, trace):
    np.savez(tmp_path / "t.npz", **trace)
    recording = read_trace(tmp_path / "t.npz", lstm)
    assert set(recording.tensors) == set(trace) - {"inputs"}
    assert recording.precision == "float64"
    assert trace["inputs"].dtype == np.float32


def test_arrays_of_their_own(tmp_path, lstm, trace, expected):
    np.save(tmp_path / "x.npy", trace["inputs"])
    outputs, hidden, _ = expected(lstm.weights, trace["inputs"].astype(np.float64))
    np.save(tmp_path / "all.npy", outputs)
    np.save(tmp_path / "last.npy", np.concatenate([hidden[2], hidden[3]], axis=1))
    for name, tensor in (("all", "outputs"), ("last", "final_hidden")):
        recording = read_outputs(tmp_path / "x.npy", tmp_path / f"{name}.npy", lstm)
        np.testing.assert_allclose(recording.tensors[tensor], trace[tensor], rtol=0, atol=1e-14)
    np.savez(tmp_path / "y.npz", h_n=trace["h_n"])
    assert list(read_outputs(tmp_path / "x.npy", tmp_path / "y.npz", lstm).tensors) == ["h_n"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda it: it.pop("inputs"), "has no array 'inputs'"),
        (lambda it: it.update(inputs=it["inputs"][0]), r"\[windows, steps, 3\]"),
        (lambda it: it.update(inputs=it["inputs"][:, :0]), r"\[windows, steps, 3\]"),
        (lambda it: it.update(inputs=it["inputs"] * np.nan), "inputs have values that are not finite"),
        (lambda it: it.update(inputs=it["inputs"].astype(int)), "The inputs have type int64"),
        (lambda it: it.update(outputs=it["outputs"].astype("f2")), "record float32 or float64"),
        (lambda it: it.update(output=it["outputs"]), "this LSTM has no tensor 'output'; it has layer0"),
        (
            lambda it: it.update(outputs=it["outputs"].swapaxes(0, 1)),
            r"shape \(12, 3, 8\) instead of \(3, 12, 8\); its first axis is time",
        ),
        (lambda it: it.update(c_n=it["c_n"][0]), r"instead of \(4, 3, 4\)"),
    ],
)
def test_arrays_of_something_else_are_told(tmp_path, lstm, trace, change, message):
    change(trace)
    np.savez(tmp_path / "t.npz", **trace)
    with pytest.raises(InputError, match=message):
        read_trace(tmp_path / "t.npz", lstm)


def test_files_that_cannot_be_read_are_told(tmp_path, lstm, trace):
    np.save(tmp_path / "x.npy", trace["inputs"])
    (tmp_path / "words.npy").write_text("words")
    np.save(tmp_path / "objects.npy", np.array([{}]), allow_pickle=True)
    np.savez(tmp_path / "several.npz", a=np.zeros(1))
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (100000000, 100000000), }".ljust(117) + "\n"
    (tmp_path / "huge.npy").write_bytes(b"\x93NUMPY\x01\x00" + bytes([len(header), 0]) + header.encode())
    for name, message in {
        "gone.npy": "There is no file",
        "words.npy": r"is not an \.npy file; save the array with numpy\.save",
        "huge.npy": "unpacks to more than fits into memory",
        "objects.npy": "or it is damaged",
    }.items():
        with pytest.raises(InputError, match=message):
            read_outputs(tmp_path / "x.npy", tmp_path / name, lstm)
    with pytest.raises(InputError, match="has several arrays"):
        read_outputs(tmp_path / "several.npz", tmp_path / "x.npy", lstm)


def test_float32_numbers_are_judged_as_such(tmp_path, lstm, trace):
    np.savez(tmp_path / "t.npz", inputs=trace["inputs"], outputs=trace["outputs"].astype("f4").astype("f8"))
    recording = read_trace(tmp_path / "t.npz", lstm)
    assert recording.precision == "float32"
    assert "float32" in recording.notes[0]
