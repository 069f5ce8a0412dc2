"""Files of Keras, made and loaded by Keras itself."""

import json
import zipfile

import numpy as np
import pytest

from lstm_conformance.ports.formats import file_content, read_lstm
from lstm_plugins.errors import InputError

pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

NETWORKS = pytest.mark.parametrize(
    ("layers", "bidirectional"), [(1, False), (1, True), (2, False), (2, True)]
)


def layer(units=4, bidirectional=False, **settings):
    settings = {"return_sequences": True, "bias_initializer": "random_normal", "dtype": "float64"} | settings
    lstm = keras.layers.LSTM(units, **settings)
    return keras.layers.Bidirectional(lstm, dtype="float64") if bidirectional else lstm


def saved(path, *layers):
    model = keras.Sequential([keras.Input((6, 3), dtype="float64"), *layers])
    model.save(path)
    return model


@NETWORKS
def test_the_reference_computes_what_keras_does(tmp_path, layers, bidirectional, series, expected):
    stack = [layer(bidirectional=bidirectional) for _ in range(layers)]
    model = saved(tmp_path / "m.keras", *stack)
    lstm = read_lstm(tmp_path / "m.keras")
    assert (lstm.layers, lstm.bidirectional, lstm.notes) == (layers, bidirectional, ())
    np.testing.assert_allclose(
        expected(lstm.weights, series)[0], model(series).numpy(), rtol=0, atol=64 * 2.0**-52
    )


@NETWORKS
def test_keras_computes_what_the_reference_does(
    tmp_path, layers, bidirectional, lstm_weights, series, expected
):
    weights = lstm_weights(layers, bidirectional)
    path = tmp_path / "m.keras"
    path.write_bytes(file_content(weights, path))
    model = keras.saving.load_model(path, safe_mode=True)
    outputs = model(series).numpy()
    assert outputs.dtype == np.float64
    np.testing.assert_allclose(outputs, expected(weights, series)[0], rtol=0, atol=64 * 2.0**-52)


def test_a_functional_model_with_other_layers(tmp_path, series, expected):
    inputs = keras.Input((6, 3), dtype="float64")
    first = layer(name="lower")(inputs)
    dropped = keras.layers.Dropout(0.3, dtype="float64")(first)
    outputs = layer(name="upper")(dropped)
    scaled = keras.layers.LayerNormalization(dtype="float64")(outputs)
    apart = layer(2, name="apart", return_sequences=False)(scaled)
    keras.Model(inputs, [keras.layers.Dense(1)(apart), outputs]).save(tmp_path / "m.keras")
    with pytest.raises(InputError, match=r"has 2 LSTMs .*: lower \+ upper, apart; choose one"):
        read_lstm(tmp_path / "m.keras")
    lstm = read_lstm(tmp_path / "m.keras", "lower + upper")
    theirs = keras.Model(inputs, outputs)(series).numpy()
    np.testing.assert_allclose(expected(lstm.weights, series)[0], theirs, rtol=0, atol=64 * 2.0**-52)
    assert read_lstm(tmp_path / "m.keras", "apart").hidden_units == 2


def test_layers_of_other_widths_are_lstms_of_their_own(tmp_path):
    saved(tmp_path / "m.keras", layer(4, name="wide"), layer(2, name="narrow"))
    with pytest.raises(InputError, match="has 2 LSTMs that are not one stack of equal layers: wide, narrow"):
        read_lstm(tmp_path / "m.keras")


def test_a_nested_model(tmp_path):
    inner = keras.Sequential([keras.Input((6, 3), dtype="float64"), layer(name="deep")], name="encoder")
    saved(tmp_path / "m.keras", inner, keras.layers.Dense(1))
    lstm = read_lstm(tmp_path / "m.keras")
    assert lstm.name == "encoder/deep"
    np.testing.assert_array_equal(lstm.weights["layer0.forward.bias"], inner.layers[0].get_weights()[2])


def test_groups_without_names_are_found_by_counting(tmp_path):
    h5py = pytest.importorskip("h5py")
    model = saved(tmp_path / "m.keras", layer(name="a"), layer(name="b"))
    with zipfile.ZipFile(tmp_path / "m.keras") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    (tmp_path / "w.h5").write_bytes(members["model.weights.h5"])
    with h5py.File(tmp_path / "w.h5", "r+") as file:
        for group in file["layers"].values():
            group["vars"].attrs.pop("name", None)
    members["model.weights.h5"] = (tmp_path / "w.h5").read_bytes()
    with zipfile.ZipFile(tmp_path / "older.keras", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    weights = read_lstm(tmp_path / "older.keras").weights
    np.testing.assert_array_equal(weights["layer1.forward.bias"], model.layers[1].get_weights()[2])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layer(recurrent_activation="hard_sigmoid"), "recurrent_activation 'hard_sigmoid'; the ref"),
        (lambda: layer(activation="relu"), "activation 'relu'; the reference knows only tanh"),
        (lambda: layer(activation=None), "activation 'linear'"),
        (lambda: layer(activation=keras.activations.gelu), "activation 'gelu'"),
        (lambda: layer(go_backwards=True), "has go_backwards"),
        (lambda: keras.layers.Bidirectional(layer(), merge_mode="sum"), "merges its directions by 'sum'"),
        (lambda: keras.layers.GRU(4), r"has no layer LSTM or Bidirectional\(LSTM\)"),
        (lambda: keras.layers.Dense(4), r"has no layer LSTM or Bidirectional\(LSTM\)"),
    ],
)
def test_what_the_reference_cannot_do_is_told(tmp_path, make, message):
    saved(tmp_path / "m.keras", make())
    with pytest.raises(InputError, match=message):
        read_lstm(tmp_path / "m.keras")


def test_what_it_leaves_out_is_noted(tmp_path):
    masking = keras.layers.Masking(dtype="float64")
    saved(tmp_path / "m.keras", masking, layer(name="it"))
    assert read_lstm(tmp_path / "m.keras").notes == (
        "A mask comes before layer it; the reference reads every step.",
    )


def test_a_mask_is_no_further_input(tmp_path):
    words = keras.Input((None,), dtype="int64")
    series = keras.layers.Embedding(9, 3, mask_zero=True)(words)
    lower = keras.layers.LSTM(4, return_sequences=True, name="lower")(series)
    keras.Model(words, keras.layers.LSTM(4, name="upper")(lower)).save(tmp_path / "m.keras")
    lstm = read_lstm(tmp_path / "m.keras")
    assert (lstm.name, lstm.layers) == ("lower + upper", 2)
    assert all("A mask comes before layer" in note for note in lstm.notes)


def test_states_from_elsewhere_and_further_calls_are_noted(tmp_path):
    series = keras.Input((None, 3))
    encoded, *states = keras.layers.LSTM(4, return_state=True, name="encoder")(series)
    decoder = keras.layers.LSTM(4, name="decoder")
    again = keras.layers.LSTM(4, name="again")
    both = keras.layers.Concatenate()([decoder(series, initial_state=states), again(series), again(series)])
    keras.Model(series, [both, encoded]).save(tmp_path / "m.keras")
    notes = {name: read_lstm(tmp_path / "m.keras", name).notes for name in ("encoder", "decoder", "again")}
    assert notes["encoder"] == ()
    assert notes["decoder"] == (
        "Layer decoder starts from states that other layers give; the reference starts from zeros.",
    )
    assert notes["again"] == ("Layer again is called 2 times; the reference reads what it is given once.",)


def test_damaged_files_are_told(tmp_path):
    saved(tmp_path / "m.keras", layer())
    whole = (tmp_path / "m.keras").read_bytes()
    (tmp_path / "cut.keras").write_bytes(whole[: len(whole) // 2])
    with zipfile.ZipFile(tmp_path / "m.keras") as archive:
        config = archive.read("config.json")
    for name, members in {
        "empty": {},
        "only": {"config.json": config},
        "wrong": {"config.json": config, "model.weights.h5": b"no HDF5"},
        "list": {"config.json": json.dumps([1]).encode(), "model.weights.h5": b""},
    }.items():
        with zipfile.ZipFile(tmp_path / f"{name}.keras", "w") as archive:
            for member, content in members.items():
                archive.writestr(member, content)
    for name in ("cut", "empty", "only", "wrong", "list"):
        with pytest.raises(InputError, match=r"is not a \.keras file of Keras 3, or it is damaged"):
            read_lstm(tmp_path / f"{name}.keras")
