"""Models that onnxruntime runs, right ones and one whose layers are chained wrongly."""

import warnings

import numpy as np
import pytest

from lstm_conformance.ports import checking
from lstm_conformance.ports.checking import check_lstm
from lstm_conformance.ports.formats import file_content, read_lstm
from lstm_conformance.ports.onnx_running import can_run, run_model
from lstm_plugins.errors import InputError

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")


def checked(path, inputs=None):
    lstm = read_lstm(path)
    return check_lstm(lstm, run_model(path, lstm, inputs))


@pytest.fixture
def written(tmp_path, lstm_weights):
    path = tmp_path / "m.onnx"
    path.write_bytes(file_content(lstm_weights(2, True, "float32"), path))
    return path


def test_a_right_model_agrees_layer_by_layer(written):
    assert can_run()
    found = checked(written)
    assert found.agrees, found.sentence
    assert [one.tensor for one in found.result.verdicts][2:3] == ["layer1.inputs"]
    assert {"h_n", "c_n"} <= {one.tensor for one in found.result.verdicts}


def test_inputs_of_ones_own(written, series):
    assert checked(written, series).agrees
    with pytest.raises(InputError, match="onnxruntime cannot run"):
        checked(written, series[:, :, :2])


@pytest.mark.exhaustive
def test_directions_joined_without_their_transpose_are_found(written, monkeypatch):
    """A bug of real exporters: `[T, S, B, H]` reshaped to `[T, B, S·H]` as it stands."""
    model = onnx.load(written)
    wrong = next(node for node in model.graph.node if node.output[0] == "layer0.Y in turn")
    wrong.attribute[0].ints[:] = [0, 1, 2, 3]
    flat = onnx.numpy_helper.from_array(np.array([12, 3, 8]), "flat")
    model.graph.initializer.append(flat)
    next(node for node in model.graph.node if node.output[0] == "layer1.X").input[1] = "flat"
    onnx.save(model, written)
    monkeypatch.setattr(checking, "MOST_PAIR_STEPS", 0)
    found = checked(written)
    assert found.difference.place.tensor == "layer1.inputs"
    assert found.finding.explanations == ()


def test_what_pytorch_exports_agrees(tmp_path):
    torch = pytest.importorskip("torch")
    torch.manual_seed(1)

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.before = torch.nn.Linear(2, 3)
            self.lstm = torch.nn.LSTM(3, 4, 2, bidirectional=True, batch_first=True)
            self.head = torch.nn.Linear(8, 1)

        def forward(self, series):
            return self.head(self.lstm(self.before(series))[0][:, -1])

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Model().eval(),
            (torch.zeros(1, 5, 2),),
            tmp_path / "m.onnx",
            dynamo=False,
            input_names=["series"],
            dynamic_axes={"series": {0: "batch", 1: "time"}},
        )
    found = checked(tmp_path / "m.onnx")
    assert found.agrees, found.sentence
    assert found.recording.inputs.shape == (3, 12, 3)


def with_states(path, start):
    """Lets the first node take initial states: an input of the model, or computed ones."""
    model = onnx.load(path)
    node = next(node for node in model.graph.node if node.name == "layer0")
    node.input.extend(["", "state", "state"])
    helper = onnx.helper
    if start is None:
        shape = [2, "batch", 4]
        model.graph.input.append(helper.make_tensor_value_info("state", onnx.TensorProto.FLOAT, shape))
    else:
        values = onnx.numpy_helper.from_array(np.full((2, 3, 4), start, np.float32), "values")
        model.graph.initializer.append(values)
        model.graph.node.insert(0, helper.make_node("Neg", ["values"], ["state"]))
    onnx.save(model, path)


@pytest.mark.parametrize("start", [None, 0.0])
def test_states_that_are_zeros(written, start):
    with_states(written, start)
    assert checked(written).agrees


def test_states_that_are_not_zeros_are_told(written):
    with_states(written, 1.0)
    with pytest.raises(InputError, match="starts from states that are not zeros"):
        checked(written)


def test_models_of_several_inputs_are_told(written):
    model = onnx.load(written)
    model.graph.input.append(onnx.helper.make_tensor_value_info("more", onnx.TensorProto.FLOAT, [1]))
    onnx.save(model, written)
    with pytest.raises(InputError, match="has the inputs series, more instead of one series; record"):
        checked(written)


def test_what_onnxruntime_cannot_run_is_told(tmp_path, lstm_weights):
    path = tmp_path / "m.onnx"
    path.write_bytes(file_content(lstm_weights(1, False, "float64"), path))
    model = onnx.load(path)
    model.graph.node.append(onnx.helper.make_node("Nonsense", ["series"], ["x"], domain="nobody"))
    model.opset_import.append(onnx.helper.make_opsetid("nobody", 1))
    onnx.save(model, path)
    with pytest.raises(InputError, match="onnxruntime cannot run"):
        checked(path)
