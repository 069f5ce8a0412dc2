"""ONNX models made by hand, by PyTorch and by us; onnx's own evaluator is the witness."""

import warnings

import numpy as np
import pytest

from lstm_conformance.ports.formats import file_content, read_lstm
from lstm_plugins.errors import InputError
from lstm_plugins.layouts import from_onnx, to_onnx

onnx = pytest.importorskip("onnx")
helper, numpy_helper = onnx.helper, onnx.numpy_helper
Evaluator = pytest.importorskip("onnx.reference").ReferenceEvaluator

DOUBLE = onnx.TensorProto.DOUBLE


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_onnx_computes_what_the_reference_does(
    tmp_path, layers, bidirectional, lstm_weights, series, expected
):
    weights = lstm_weights(layers, bidirectional)
    path = tmp_path / "m.onnx"
    path.write_bytes(file_content(weights, path))
    theirs = Evaluator(str(path)).run(None, {"series": series})
    for actual, wanted in zip(theirs, expected(weights, series), strict=True):
        np.testing.assert_allclose(actual, wanted, rtol=0, atol=64 * 2.0**-52)


def one_node(path, layer, extra_inputs=(), constants=(), graph_inputs=(), before=(), **attributes):
    """A model of one LSTM node over `[T, B, D]`, with more inputs and attributes."""
    arrays = [numpy_helper.from_array(array, name) for name, array in layer._asdict().items()]
    attributes = {"hidden_size": layer.R.shape[2], "name": "it"} | attributes
    node = helper.make_node("LSTM", ["X", "W", "R", "B", *extra_inputs], ["Y", "Y_h", "Y_c"], **attributes)
    graph = helper.make_graph(
        [*before, node],
        "g",
        [helper.make_tensor_value_info("X", DOUBLE, [6, 2, 3]), *graph_inputs],
        [helper.make_tensor_value_info("Y", DOUBLE, None)],
        [*arrays, *(numpy_helper.from_array(array, name) for name, array in constants)],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), path)
    return path


def test_both_biases_count(tmp_path, lstm_weights, series, expected):
    layer = to_onnx(lstm_weights(1, False))[0]
    layer = layer._replace(B=np.random.default_rng(1).normal(size=layer.B.shape))
    path = one_node(tmp_path / "m.onnx", layer)
    theirs = Evaluator(str(path)).run(None, {"X": series.swapaxes(0, 1)})[0][:, 0].swapaxes(0, 1)
    lstm = read_lstm(path)
    np.testing.assert_allclose(expected(lstm.weights, series)[0], theirs, rtol=0, atol=64 * 2.0**-52)
    assert set(lstm.left_out) == {"the bias Rb", "the bias Wb"}
    first_only = layer._replace(B=layer.B * np.repeat([1.0, 0.0], 16))
    for name, array in from_onnx([first_only]).items():
        np.testing.assert_array_equal(lstm.left_out["the bias Rb"][name], array)


def test_what_pytorch_exports(tmp_path, series, expected):
    torch = pytest.importorskip("torch")
    torch.manual_seed(1)
    lstm = torch.nn.LSTM(3, 4, 2, bidirectional=True, batch_first=True, dtype=torch.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(lstm.eval(), (torch.from_numpy(series),), tmp_path / "m.onnx", dynamo=False)
    found = read_lstm(tmp_path / "m.onnx")
    assert (found.layers, found.bidirectional) == (2, True)
    with torch.no_grad():
        theirs = lstm(torch.from_numpy(series))[0].numpy()
    np.testing.assert_allclose(expected(found.weights, series)[0], theirs, rtol=0, atol=64 * 2.0**-52)


def test_weights_in_a_file_beside_it(tmp_path, lstm_weights, same):
    weights = lstm_weights(1, True)
    one_node(tmp_path / "m.onnx", to_onnx(weights)[0], direction="bidirectional")
    model = onnx.load(tmp_path / "m.onnx")
    onnx.save(model, tmp_path / "m.onnx", save_as_external_data=True, location="m.data", size_threshold=0)
    same(read_lstm(tmp_path / "m.onnx").weights, weights)
    (tmp_path / "m.data").unlink()
    with pytest.raises(InputError, match="the numbers of W cannot be read"):
        read_lstm(tmp_path / "m.onnx")


def test_nodes_with_another_operator_between_are_lstms_of_their_own(tmp_path, lstm_weights):
    path = tmp_path / "m.onnx"
    path.write_bytes(file_content(lstm_weights(2, False), path))
    model = onnx.load(path)
    second = next(node for node in model.graph.node if node.name == "layer1")
    model.graph.node.insert(
        list(model.graph.node).index(second), helper.make_node("Tanh", [second.input[0]], ["bent"])
    )
    second.input[0] = "bent"
    onnx.save(model, path)
    with pytest.raises(InputError, match=r"has 2 LSTMs .*: layer0, layer1; choose one"):
        read_lstm(path)
    assert read_lstm(path, "layer1").features == 4


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"direction": "reverse"}, "LSTM node it reads backwards only"),
        ({"activations": ["HardSigmoid", "Tanh", "Tanh"]}, "has activations HardSigmoid, Tanh, Tanh"),
        ({"clip": 3.0}, "clips at 3"),
        ({"direction": "bidirectional"}, "has 1 direction of weights, and its attribute direction says 2"),
        ({"hidden_size": 9}, "has an R for 4 units, and its attribute hidden_size says 9"),
        ({"direction": "sideways"}, "has a direction that ONNX does not know"),
        ({"input_forget": 1}, "couples its input and forget gates"),
        (
            {"extra_inputs": ["", "", "", "P"], "constants": [("P", np.ones((1, 12)))]},
            r"has peepholes \(input P\)",
        ),
        (
            {"extra_inputs": ["", "h"], "constants": [("h", np.ones((1, 2, 4)))]},
            "starts from an initial_h that is not zeros",
        ),
    ],
)
def test_what_the_reference_cannot_do_is_told(tmp_path, lstm_weights, settings, message):
    path = one_node(tmp_path / "m.onnx", to_onnx(lstm_weights(1, False))[0], **settings)
    with pytest.raises(InputError, match=message):
        read_lstm(path)


def test_what_says_the_same_in_more_words_is_read(tmp_path, lstm_weights, same):
    weights = lstm_weights(1, False)
    path = one_node(
        tmp_path / "m.onnx",
        to_onnx(weights)[0],
        extra_inputs=["", "h", "h", "P"],
        constants=[("h", np.zeros((1, 2, 4))), ("P", np.zeros((1, 12)))],
        activations=["Sigmoid", "Tanh", "Tanh"],
        direction="forward",
        input_forget=0,
    )
    same(read_lstm(path).weights, weights)


def test_what_it_leaves_out_is_noted(tmp_path, lstm_weights):
    given = [helper.make_tensor_value_info("h", DOUBLE, [1, 2, 4])]
    path = one_node(
        tmp_path / "m.onnx",
        to_onnx(lstm_weights(1, False))[0],
        extra_inputs=["lengths", "h"],
        constants=[("lengths", np.array([6, 6], np.int32))],
        graph_inputs=given,
    )
    lengths, states = read_lstm(path).notes
    assert "takes sequence_lens" in lengths
    assert "takes initial_h from its caller" in states


def test_states_that_the_model_computes_are_noted(tmp_path, lstm_weights):
    path = one_node(
        tmp_path / "m.onnx",
        to_onnx(lstm_weights(1, False))[0],
        extra_inputs=["", "h"],
        before=[helper.make_node("Identity", ["somewhere"], ["h"])],
    )
    (note,) = read_lstm(path).notes
    assert "takes initial_h from what the model computes" in note


def test_a_graph_that_feeds_itself_comes_to_an_end(tmp_path, lstm_weights, same):
    path = one_node(tmp_path / "m.onnx", to_onnx(lstm_weights(1, False))[0])
    model = onnx.load(path)
    model.graph.node[0].input[0] = "a"
    for given, result in (("a", "b"), ("b", "a")):
        model.graph.node.append(helper.make_node("Identity", [given], [result]))
    onnx.save(model, path)
    same(read_lstm(path).weights, lstm_weights(1, False))


def test_numbers_of_an_unknown_type_are_told(tmp_path, lstm_weights):
    path = one_node(tmp_path / "m.onnx", to_onnx(lstm_weights(1, False))[0])
    model = onnx.load(path)
    model.graph.initializer[0].data_type = 999
    path.write_bytes(model.SerializeToString())
    with pytest.raises(InputError, match="the numbers of W cannot be read: it does not know '999'"):
        read_lstm(path)


def test_computed_weights_are_told(tmp_path, lstm_weights):
    layer = to_onnx(lstm_weights(1, False))[0]
    path = one_node(tmp_path / "m.onnx", layer, before=[helper.make_node("Neg", ["R"], ["negative"])])
    model = onnx.load(path)
    model.graph.node[1].input[2] = "negative"
    onnx.save(model, path)
    with pytest.raises(InputError, match=r"computes its R from other tensors; export .* constants folded"):
        read_lstm(path)


def test_models_without_an_lstm_and_damaged_ones_are_told(tmp_path):
    graph = helper.make_graph(
        [helper.make_node("Neg", ["X"], ["Y"])],
        "g",
        [helper.make_tensor_value_info("X", DOUBLE, [1])],
        [helper.make_tensor_value_info("Y", DOUBLE, [1])],
    )
    onnx.save(helper.make_model(graph), tmp_path / "m.onnx")
    with pytest.raises(InputError, match="has no LSTM node"):
        read_lstm(tmp_path / "m.onnx")
    (tmp_path / "m.onnx").write_bytes(b"\xff\xfe garbage" * 9)
    with pytest.raises(InputError, match="is not an ONNX file, or it is damaged"):
        read_lstm(tmp_path / "m.onnx")
