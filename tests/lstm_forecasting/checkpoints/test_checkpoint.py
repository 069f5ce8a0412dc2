import json
from dataclasses import replace

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_forecasting.checkpoints.checkpoint import (
    WeightsCheckpoint,
    read_training,
    read_weights,
    training_header,
    write_training,
    write_weights,
)
from lstm_plugins import Epoch, Finished
from lstm_plugins.errors import InputError

WAYS = {
    "adamw": {},
    "sgd": {"optimizer": "sgd"},
    "plateau": {"schedule": "plateau", "plateau": 1, "learning_rate": 0.5},
    "float64": {"precision": "float64"},
    "all layers": {"layers": 2, "bidirectional": True, "attention": "general"},
}


def trained(forecaster, training, validation):
    """The state after the last epoch, and the epochs."""
    history = []
    for record in forecaster.fit(training, validation):
        if isinstance(record, Epoch):
            history.append(replace(record, seconds=0.1 * len(history)))
        if isinstance(record, Finished):
            return forecaster.training_state, history
    raise AssertionError("a fit ends with its last record")


def assert_same_weights(one, other):
    assert list(one) == list(other)
    for name, array in one.items():
        assert array.dtype == other[name].dtype
        np.testing.assert_array_equal(array, other[name])


@pytest.fixture
def written(tmp_path, make_model, make_forecaster, maker):
    """A small checkpoint, as its path."""
    model = make_model()
    state, history = trained(*make_forecaster(model))
    path = tmp_path / "training.safetensors"
    write_training(path, model, maker, state, history, 12.5)
    return path


@pytest.mark.parametrize("way", WAYS)
def test_a_state_comes_back_to_the_bit(way, tmp_path, make_model, make_forecaster, maker):
    model = make_model(**WAYS[way])
    state, history = trained(*make_forecaster(model))
    path = tmp_path / "training.safetensors"
    write_training(path, model, maker, state, history, 12.5)

    header, again, past = read_training(path)
    assert (header.model, header.maker, header.seconds) == (model, maker, 12.5)
    assert past == tuple(history)
    for field in ("weights", "best_weights"):
        assert_same_weights(getattr(again, field), getattr(state, field))
    assert again.optimizer.step == state.optimizer.step
    assert_same_weights(again.optimizer.first, state.optimizer.first)
    assert_same_weights(again.optimizer.second, state.optimizer.second)
    numbers = {"weights": {}, "best_weights": {}, "optimizer": None}
    assert replace(again, **numbers) == replace(state, **numbers)
    assert training_header(path) == header


def test_without_validation_there_are_no_best_weights(tmp_path, make_model, make_forecaster, maker):
    model = make_model()
    state, history = trained(*make_forecaster(model, validation=()))
    path = tmp_path / "training.safetensors"
    write_training(path, model, maker, state, history, 1.0)
    _, again, past = read_training(path)
    assert again.best_weights is None
    assert again.best_loss is None
    assert past == tuple(history)
    header, weights = read_weights(path)
    assert header.epoch == 4
    assert_same_weights(weights, state.weights)


def test_weights_alone_are_read_of_either_kind(tmp_path, make_model, make_forecaster, maker, written):
    model = make_model()
    state, _ = trained(*make_forecaster(model))
    header = WeightsCheckpoint(model, maker, state.best_epoch + 1, state.best_loss)
    path = tmp_path / "best.safetensors"
    write_weights(path, header, state.best_weights)
    assert read_weights(path)[0] == header == read_weights(written)[0]
    assert_same_weights(read_weights(path)[1], state.best_weights)
    assert_same_weights(read_weights(written)[1], state.best_weights)


@settings(max_examples=60 * settings.default.max_examples // 100)
@given(where=st.floats(0, 1, exclude_max=True))
def test_one_that_was_cut_short_is_refused_in_one_sentence(written, where):
    whole = written.read_bytes()
    cut = written.with_name("cut.safetensors")
    cut.write_bytes(whole[: int(where * len(whole))])
    with pytest.raises(InputError, match=r"cut\.safetensors is damaged.*use another checkpoint"):
        read_training(cut)


@settings(max_examples=150 * settings.default.max_examples // 100)
@given(data=st.data())
def test_one_with_a_changed_header_is_refused_or_read(written, data):
    content = bytearray(written.read_bytes())
    length = 8 + int.from_bytes(content[:8], "little")
    content[data.draw(st.integers(0, length - 1))] = data.draw(st.integers(0, 255))
    damaged = written.with_name("damaged.safetensors")
    damaged.write_bytes(content)
    try:
        read_training(damaged)
    except InputError as error:
        assert str(damaged) in str(error)  # noqa: PT017 - both ends are right


def test_foreign_and_unfit_files_are_named(written, tmp_path):
    foreign = tmp_path / "foreign.safetensors"
    foreign.write_bytes(safetensors.numpy.save({"weight": np.zeros(3)}))
    with pytest.raises(InputError, match=r"foreign\.safetensors was not written by lstm-tui"):
        read_training(foreign)
    with pytest.raises(InputError, match=r"There is no file .*nowhere"):
        read_training(tmp_path / "nowhere.safetensors")
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        read_training(tmp_path)

    with safetensors.safe_open(written, framework="numpy") as file:
        content = json.loads(file.metadata()["lstm-tui"])
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping

    def rewritten(arrays, **changes):
        text = json.dumps({**content, **changes})
        written.write_bytes(safetensors.numpy.save(arrays, metadata={"lstm-tui": text}))
        return written

    with pytest.raises(InputError, match="has format 99, but this version"):
        read_training(rewritten(arrays, format=99))
    with pytest.raises(InputError, match="is a forecast file instead of a training checkpoint"):
        read_training(rewritten(arrays, kind="ForecastFile"))
    missing = {name: array for name, array in arrays.items() if name != "weights/head.bias"}
    with pytest.raises(InputError, match=r"does not match its header: weights: head\.bias is miss"):
        read_training(rewritten(missing))
    short = {**arrays, "history": arrays["history"][:2]}
    with pytest.raises(InputError, match="has 2 epochs instead of 4"):
        read_training(rewritten(short))
