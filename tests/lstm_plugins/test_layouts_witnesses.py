"""Somebody else's LSTM, loaded with our weights, computes what the reference computes, and the reverse."""

import numpy as np
import pytest

from lstm_plugins import ForecasterConfig, SeriesSet
from lstm_plugins.layouts import from_keras, from_torch, to_keras, to_onnx, to_torch
from lstm_plugins.reference import ReferenceForecaster

torch = pytest.importorskip("torch")
tensorflow = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

FEATURES, HIDDEN, STEPS, BATCH = 3, 5, 7, 4
NETWORKS = pytest.mark.parametrize(
    ("layers", "bidirectional"), [(1, False), (1, True), (2, False), (2, True), (3, True)]
)
TOLERANCE = {"rtol": 0, "atol": 64 * 2.0**-52}


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    torch.set_num_threads(1)
    tensorflow.config.threading.set_intra_op_parallelism_threads(1)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)


class Ours:
    """The reference on random windows, with random weights: constants would hide a permuted gate."""

    def __init__(self, layers, bidirectional):
        config = ForecasterConfig(
            look_back=STEPS,
            hidden_units=HIDDEN,
            layers=layers,
            bidirectional=bidirectional,
            normalisation="none",
            precision="float64",
        )
        generator = np.random.default_rng(1)
        self.forecaster = ReferenceForecaster(config, FEATURES, (0,))
        rows = generator.normal(size=(STEPS + BATCH, FEATURES))
        self.forecaster.load_series(SeriesSet(rows, (0,), (len(rows),)))
        self.load(
            {name: generator.uniform(-1, 1, it.shape) for name, it in self.forecaster.weights().items()}
        )
        self.windows = np.stack([rows[start : start + STEPS] for start in range(BATCH)])
        self.layers, self.directions = layers, config.directions

    def load(self, weights):
        self.forecaster.load_weights(self.forecaster.weights() | weights)
        self.weights = self.forecaster.weights()

    def lstm_weights(self):
        return {name: array for name, array in self.weights.items() if name.startswith("layer")}

    def outputs(self):
        """Last layer's `[B, T, S·H]`, and h and C by layer and direction after the last step read."""
        layers = self.forecaster.trace(np.arange(BATCH)).layers
        last = layers[-self.directions :]
        ends = [(it, -1 if it.direction == "forward" else 0) for it in layers]
        return (
            np.concatenate([it.hidden for it in last], axis=-1),
            np.stack([it.hidden[:, end] for it, end in ends]),
            np.stack([it.cell[:, end] for it, end in ends]),
        )


def torch_lstm(ours):
    return torch.nn.LSTM(
        FEATURES,
        HIDDEN,
        ours.layers,
        bidirectional=ours.directions == 2,
        batch_first=True,
        dtype=torch.float64,
    )


def torch_outputs(lstm, windows):
    with torch.no_grad():
        outputs, (hidden, cell) = lstm(torch.from_numpy(windows))
    return outputs.numpy(), hidden.numpy(), cell.numpy()


@NETWORKS
def test_pytorch_with_our_weights(layers, bidirectional):
    ours = Ours(layers, bidirectional)
    lstm = torch_lstm(ours)
    state = {name: torch.from_numpy(array) for name, array in to_torch(ours.weights).items()}
    lstm.load_state_dict(state, strict=True)
    for theirs, expected in zip(torch_outputs(lstm, ours.windows), ours.outputs(), strict=True):
        np.testing.assert_allclose(theirs, expected, **TOLERANCE)


@NETWORKS
def test_the_reference_with_weights_of_pytorch(layers, bidirectional):
    ours = Ours(layers, bidirectional)
    torch.manual_seed(2)
    lstm = torch_lstm(ours)
    ours.load(from_torch(lstm.state_dict()))
    for theirs, expected in zip(torch_outputs(lstm, ours.windows), ours.outputs(), strict=True):
        np.testing.assert_allclose(theirs, expected, **TOLERANCE)


def keras_network(ours):
    """Every layer's own object, and the outputs and final states of the last one."""
    inputs = outputs = keras.Input((STEPS, FEATURES), dtype="float64")
    layers = []
    for n in range(ours.layers):
        layer = keras.layers.LSTM(
            HIDDEN,
            return_sequences=True,
            return_state=n == ours.layers - 1,
            bias_initializer="random_normal",
            unit_forget_bias=False,
            dtype="float64",
        )
        if ours.directions == 2:
            layer = keras.layers.Bidirectional(layer, dtype="float64")
        outputs = layer(outputs)
        layers.append(layer)
    return layers, keras.Model(inputs, outputs)


def keras_outputs(network, windows):
    outputs, *states = (tensor.numpy() for tensor in network(windows))
    return outputs, np.stack(states[0::2]), np.stack(states[1::2])


def last_states(ours):
    outputs, hidden, cell = ours.outputs()
    return outputs, hidden[-ours.directions :], cell[-ours.directions :]


@NETWORKS
def test_keras_with_our_weights(layers, bidirectional):
    ours = Ours(layers, bidirectional)
    keras_layers, network = keras_network(ours)
    for layer, arrays in zip(keras_layers, to_keras(ours.weights), strict=True):
        layer.set_weights(arrays)
    for theirs, expected in zip(keras_outputs(network, ours.windows), last_states(ours), strict=True):
        assert theirs.dtype == np.float64
        np.testing.assert_allclose(theirs, expected, **TOLERANCE)


@NETWORKS
def test_the_reference_with_weights_of_keras(layers, bidirectional):
    ours = Ours(layers, bidirectional)
    keras.utils.set_random_seed(3)
    keras_layers, network = keras_network(ours)
    ours.load(from_keras([layer.get_weights() for layer in keras_layers]))
    for theirs, expected in zip(keras_outputs(network, ours.windows), last_states(ours), strict=True):
        np.testing.assert_allclose(theirs, expected, **TOLERANCE)


def onnx_operator(x, layer):
    """The equations of the ONNX operator LSTM as its documentation has them; x is `[T, B, D]`."""
    sigmoid = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
    outputs = []
    for n in range(len(layer.W)):
        Wi, Wo, Wf, Wc = np.split(layer.W[n], 4)
        Ri, Ro, Rf, Rc = np.split(layer.R[n], 4)
        Wbi, Wbo, Wbf, Wbc, Rbi, Rbo, Rbf, Rbc = np.split(layer.B[n], 8)
        H = C = np.zeros((x.shape[1], layer.R.shape[2]))
        Y = np.empty((len(x), *H.shape))
        for t in range(len(x))[:: -1 if n else 1]:
            i = sigmoid(x[t] @ Wi.T + H @ Ri.T + Wbi + Rbi)
            f = sigmoid(x[t] @ Wf.T + H @ Rf.T + Wbf + Rbf)
            c = np.tanh(x[t] @ Wc.T + H @ Rc.T + Wbc + Rbc)
            C = f * C + i * c
            o = sigmoid(x[t] @ Wo.T + H @ Ro.T + Wbo + Rbo)
            H = o * np.tanh(C)
            Y[t] = H
        outputs.append(Y)
    return np.concatenate(outputs, axis=-1)


@NETWORKS
def test_onnx_equations_with_our_weights(layers, bidirectional):
    ours = Ours(layers, bidirectional)
    outputs = ours.windows.swapaxes(0, 1)
    for layer in to_onnx(ours.weights):
        outputs = onnx_operator(outputs, layer)
    np.testing.assert_allclose(outputs.swapaxes(0, 1), ours.outputs()[0], **TOLERANCE)
