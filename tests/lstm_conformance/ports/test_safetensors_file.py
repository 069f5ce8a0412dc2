"""Files of PyTorch's LSTMs as safetensors, with PyTorch as witness."""

import numpy as np
import pytest

from lstm_conformance.ports.formats import file_content, read_lstm
from lstm_plugins.errors import InputError

torch = pytest.importorskip("torch")
save_file = pytest.importorskip("safetensors.torch").save_file

TOLERANCE = {"rtol": 0, "atol": 64 * 2.0**-52}


class Model(torch.nn.Module):
    def __init__(self, layers=2, bidirectional=True):
        super().__init__()
        torch.manual_seed(1)
        self.encoder = torch.nn.LSTM(
            3, 4, layers, bidirectional=bidirectional, batch_first=True, dtype=torch.float64
        )
        self.head = torch.nn.Linear(4, 1)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_the_reference_computes_what_pytorch_does(tmp_path, layers, bidirectional, series, expected):
    model = Model(layers, bidirectional)
    save_file(model.state_dict(), tmp_path / "model.safetensors")
    lstm = read_lstm(tmp_path / "model.safetensors")
    assert (lstm.name, lstm.layers, lstm.bidirectional) == ("encoder", layers, bidirectional)
    with torch.no_grad():
        outputs, (hidden, cell) = model.encoder(torch.from_numpy(series))
    for theirs, ours in zip((outputs, hidden, cell), expected(lstm.weights, series), strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), **TOLERANCE)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_pytorch_computes_what_the_reference_does(
    tmp_path, layers, bidirectional, lstm_weights, series, expected
):
    weights = lstm_weights(layers, bidirectional)
    path = tmp_path / "model.safetensors"
    path.write_bytes(file_content(weights, path))
    lstm = Model(layers, bidirectional).encoder
    lstm.load_state_dict(pytest.importorskip("safetensors.torch").load_file(path))
    assert not lstm.bias_hh_l0.any()
    with torch.no_grad():
        outputs, (hidden, cell) = lstm(torch.from_numpy(series))
    for theirs, ours in zip((outputs, hidden, cell), expected(weights, series), strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), **TOLERANCE)


def test_an_lstm_cell_is_one_layer(tmp_path, series, expected):
    cell = torch.nn.LSTMCell(3, 4, dtype=torch.float64)
    save_file({f"step.{name}": it for name, it in cell.state_dict().items()}, tmp_path / "m.safetensors")
    lstm = read_lstm(tmp_path / "m.safetensors")
    state = None
    with torch.no_grad():
        for step in torch.from_numpy(series).unbind(1):
            state = cell(step, state)
    np.testing.assert_allclose(expected(lstm.weights, series)[1][0], state[0].numpy(), **TOLERANCE)


def test_without_bias(tmp_path):
    save_file(torch.nn.LSTM(3, 4, bias=False).state_dict(), tmp_path / "m.safetensors")
    lstm = read_lstm(tmp_path / "m.safetensors")
    assert not lstm.weights["layer0.forward.bias"].any()
    assert lstm.left_out == {}


def test_each_bias_can_be_left_out(tmp_path):
    lstm = torch.nn.LSTM(3, 4)
    save_file(lstm.state_dict(), tmp_path / "m.safetensors")
    left_out = read_lstm(tmp_path / "m.safetensors").left_out
    for name, kept in (("bias_hh", lstm.bias_ih_l0), ("bias_ih", lstm.bias_hh_l0)):
        bias = left_out[f"the bias {name}"]["layer0.forward.bias"]
        np.testing.assert_array_equal(bias, kept.detach().numpy())


def test_several_lstms_are_chosen_by_name(tmp_path):
    model = torch.nn.ModuleDict({"first": torch.nn.LSTM(3, 4), "second": torch.nn.LSTM(4, 2)})
    save_file(model.state_dict(), tmp_path / "m.safetensors")
    with pytest.raises(InputError, match=r"has 2 LSTMs .*first, second; choose one with --lstm NAME"):
        read_lstm(tmp_path / "m.safetensors")
    assert read_lstm(tmp_path / "m.safetensors", "second").hidden_units == 2
    with pytest.raises(InputError, match="has no LSTM 'third'; it has first, second"):
        read_lstm(tmp_path / "m.safetensors", "third")


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (torch.nn.GRU(3, 4), r"has no LSTM.*\. is a GRU"),
        (torch.nn.RNN(3, 4), r"has no LSTM.*\. is a plain RNN"),
        (torch.nn.Linear(3, 4), "none of its names is like weight_ih_l0"),
        (torch.nn.LSTM(3, 4, proj_size=2), "has projections"),
        (torch.nn.LSTM(3, 4).to(torch.bfloat16), "has type BF16; save it as float32"),
    ],
)
def test_other_modules_are_told(tmp_path, module, message):
    save_file(module.state_dict(), tmp_path / "m.safetensors")
    with pytest.raises(InputError, match=message):
        read_lstm(tmp_path / "m.safetensors")


def test_a_missing_array_is_told(tmp_path):
    state = torch.nn.LSTM(3, 4, 2).state_dict()
    del state["weight_hh_l1"]
    save_file(state, tmp_path / "m.safetensors")
    with pytest.raises(InputError, match=r"m\.safetensors', LSTM \.: weights: layer 1"):
        read_lstm(tmp_path / "m.safetensors")


@pytest.mark.parametrize("content", [b"", b"not it", b"\xff" * 64])
def test_a_damaged_file_is_told(tmp_path, content):
    (tmp_path / "m.safetensors").write_bytes(content)
    with pytest.raises(InputError, match="is not a safetensors file, or it is damaged"):
        read_lstm(tmp_path / "m.safetensors")
