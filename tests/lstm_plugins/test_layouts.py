import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_plugins import ForecasterConfig, SeriesError
from lstm_plugins.layouts import (
    OnnxLayer,
    from_keras,
    from_onnx,
    from_torch,
    to_keras,
    to_onnx,
    to_torch,
)
from lstm_plugins.weights import weight_shapes


def random_weights(hidden, features, layers, bidirectional, precision="float64", seed=0):
    config = ForecasterConfig(hidden_units=hidden, layers=layers, bidirectional=bidirectional)
    generator = np.random.default_rng(seed)
    return {
        name: generator.uniform(-1, 1, shape).astype(precision)
        for name, shape in weight_shapes(config, features, 1).items()
    }


def lstm_only(weights):
    return {name: array for name, array in weights.items() if name.startswith("layer")}


def assert_same(actual, expected):
    assert list(actual) == list(expected)
    for name, array in expected.items():
        assert actual[name].dtype == array.dtype
        np.testing.assert_array_equal(actual[name], array)


networks = st.builds(
    random_weights,
    st.integers(1, 5),
    st.integers(1, 4),
    st.integers(1, 3),
    st.booleans(),
    st.sampled_from(["float32", "float64"]),
    st.integers(0, 2**31),
)


@given(networks)
def test_there_and_back(weights):
    expected = lstm_only(weights)
    assert_same(from_torch(to_torch(weights)), expected)
    assert_same(from_torch(to_torch(weights, "encoder.lstm."), "encoder.lstm."), expected)
    assert_same(from_keras(to_keras(weights)), expected)
    assert_same(from_onnx(to_onnx(weights)), expected)


@given(networks)
def test_layouts_are_copies_and_the_order_of_entries_does_not_matter(weights):
    expected = {name: array.copy() for name, array in lstm_only(weights).items()}
    state = to_torch(weights)
    shuffled = dict(sorted(state.items(), key=lambda item: item[0][::-1]))
    assert_same(from_torch(shuffled), expected)
    for array in [
        *state.values(),
        *(array for layer in to_keras(weights) for array in layer),
        *(array for layer in to_onnx(weights) for array in layer),
        *from_keras(to_keras(weights)).values(),
    ]:
        array += 1
    assert_same(lstm_only(weights), expected)


def test_shapes_and_names_are_the_frameworks_own():
    weights = random_weights(3, 2, 2, bidirectional=True)
    state = to_torch(weights)
    assert list(state)[:5] == [
        "weight_ih_l0",
        "weight_hh_l0",
        "bias_ih_l0",
        "bias_hh_l0",
        "weight_ih_l0_reverse",
    ]
    assert state["weight_ih_l1_reverse"].shape == (12, 6)
    assert not any(array.any() for name, array in state.items() if "bias_hh" in name)
    assert [[array.shape for array in layer] for layer in to_keras(weights)] == [
        [(2, 12), (3, 12), (12,)] * 2,
        [(6, 12), (3, 12), (12,)] * 2,
    ]
    assert [[array.shape for array in layer] for layer in to_onnx(weights)] == [
        [(2, 12, 2), (2, 12, 3), (2, 24)],
        [(2, 12, 6), (2, 12, 3), (2, 24)],
    ]


def test_gate_blocks_stand_where_each_layout_wants_them():
    blocks = np.repeat([1.0, 2.0, 3.0, 4.0], 2)  # input, forget, candidate, output
    weights = {
        "layer0.forward.kernel": np.tile(blocks, (1, 1)),
        "layer0.forward.recurrent": np.tile(blocks, (2, 1)),
        "layer0.forward.bias": blocks,
    }
    assert to_torch(weights)["weight_ih_l0"][:, 0].tolist() == blocks.tolist()
    assert to_keras(weights)[0][2].tolist() == blocks.tolist()
    onnx = to_onnx(weights)[0]
    for array in (onnx.W[0, :, 0], onnx.R[0, :, 1], onnx.B[0, :8]):
        assert array.tolist() == [1, 1, 4, 4, 2, 2, 3, 3]  # input, output, forget, candidate
    assert not onnx.B[0, 8:].any()


def test_two_biases_are_summed():
    weights = random_weights(2, 1, 1, bidirectional=False)
    state = to_torch(weights)
    state["bias_hh_l0"] = np.arange(8.0)
    expected = weights["layer0.forward.bias"] + np.arange(8.0)
    np.testing.assert_array_equal(from_torch(state)["layer0.forward.bias"], expected)
    (onnx,) = to_onnx(weights)
    onnx.B[0, 8:] = np.array([0, 1, 6, 7, 2, 3, 4, 5])
    np.testing.assert_array_equal(from_onnx([onnx])["layer0.forward.bias"], expected)


@pytest.mark.parametrize("bidirectional", [False, True])
def test_layers_without_bias_get_zeros(bidirectional):
    weights = random_weights(2, 3, 2, bidirectional)
    expected = {name: array * (not name.endswith(".bias")) for name, array in lstm_only(weights).items()}
    torch_state = {name: array for name, array in to_torch(weights).items() if "bias" not in name}
    assert_same(from_torch(torch_state), expected)
    keras_layers = [[array for array in layer if array.ndim == 2] for layer in to_keras(weights)]
    assert_same(from_keras(keras_layers), expected)
    assert_same(from_onnx([OnnxLayer(layer.W, layer.R, None) for layer in to_onnx(weights)]), expected)


def without(mapping, name):
    return {key: value for key, value in mapping.items() if key != name}


TWO = random_weights(3, 2, 2, bidirectional=True)
STATE = to_torch(TWO)
KERAS = to_keras(TWO)
ONNX = to_onnx(TWO)


@pytest.mark.parametrize(
    ("convert", "argument", "words"),
    [
        (to_torch, {"head.kernel": np.ones((2, 2))}, "no LSTM layer"),
        (to_keras, without(TWO, "layer1.backward.bias"), "layer1.backward.bias is missing"),
        (to_onnx, {k: v for k, v in TWO.items() if "layer0" not in k}, "layer 0, forward, is missing"),
        (to_onnx, {k: v for k, v in TWO.items() if "layer1.b" not in k}, "layer 1, backward, is missing"),
        (to_torch, TWO | {"layer0.forward.recurrent": np.ones(())}, "layer 0, forward"),
        (from_torch, STATE | {"weight_hr_l0": np.ones((2, 3))}, "weight_hr_l0 .* without projections"),
        (from_torch, without(STATE, "bias_hh_l1"), "both biases or none"),
        (from_torch, without(STATE, "weight_hh_l1"), "needs weight_ih and weight_hh"),
        (
            from_torch,
            STATE | {"bias_hh_l1": np.ones(1)},
            r"shape \(1,\), but its recurrent kernel needs \(12,\)",
        ),
        (from_torch, STATE | {"weight_ih_l1": np.ones((12, 3))}, r"kernel of layer 1, forward.*\(3, 12\)"),
        (from_torch, {}, "no LSTM layer"),
        (from_keras, [KERAS[0], KERAS[1][:3]], "layer 1, backward, is missing"),
        (from_keras, [KERAS[0][:5]], "layer 0 has 5 arrays"),
        (from_keras, [[1.0, 2.0, 3.0]], "a bias has shape"),
        (from_keras, [KERAS[0], to_keras(random_weights(4, 6, 1, True))[0]], "layer 1, forward"),
        (from_onnx, [ONNX[0]._replace(B=ONNX[0].B[:, :12])], "are not"),
        (from_onnx, [ONNX[0]._replace(W=ONNX[0].W[:, :10])], "are not"),
        (from_onnx, [ONNX[0]._replace(R=ONNX[0].R[0])], "are not"),
        (from_onnx, [ONNX[1]._replace(R=ONNX[0].R[0], B=None)], "are not"),
        (from_onnx, [ONNX[0], ONNX[0]], r"layer 1, forward.*\(2, 12\) .* need \(6, 12\)"),
    ],
)
def test_what_is_no_lstm_is_refused_in_words(convert, argument, words):
    with pytest.raises(SeriesError, match=words):
        convert(argument)


def test_entries_of_other_modules_are_left_out_under_a_prefix():
    state = to_torch(TWO, "lstm.") | {"head.weight": np.ones((1, 6))}
    assert_same(from_torch(state, "lstm."), lstm_only(TWO))
    with pytest.raises(SeriesError, match=r"head\.weight does not belong"):
        from_torch(to_torch(TWO) | {"head.weight": np.ones((1, 6))})
