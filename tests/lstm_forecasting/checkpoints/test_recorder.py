from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.checkpoints.checkpoint import read_weights
from lstm_forecasting.checkpoints.recorder import (
    MOST_SNAPSHOTS,
    Recorder,
    TrainingFolder,
    read_past,
    snapshot_files,
    snapshot_stride,
)
from lstm_plugins import Epoch


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def record(recorder, clock, forecaster, training, validation, state=None, seconds_per_epoch=1.0):
    """Trains to the end and gives what the recorder says; the epochs take as long as the clock says."""
    said = []
    for done in forecaster.fit(training, validation, state):
        if isinstance(done, Epoch):
            clock.now += seconds_per_epoch
            said.append(recorder.add(forecaster, replace(done, seconds=clock.now - 100.0)))
    return said


@given(st.integers(0, 100_000))
def test_of_any_number_of_epochs_at_most_twenty_are_kept_at_even_distances(epochs):
    stride = snapshot_stride(epochs)
    kept = [epoch for epoch in range(1, epochs + 1) if epoch % stride == 0] if epochs < 5000 else []
    assert epochs // stride <= MOST_SNAPSHOTS
    assert len(kept) <= MOST_SNAPSHOTS
    assert stride == 1 or epochs // stride > MOST_SNAPSHOTS // 2 - 1


def test_it_writes_every_few_seconds_and_at_the_end(tmp_path, make_model, make_forecaster, maker):
    model, clock = make_model(epochs=12), Clock()
    forecaster, training, validation = make_forecaster(model)
    training_folder = TrainingFolder(str(tmp_path), model)
    recorder = Recorder(training_folder, maker, None, clock)
    recorder.begin(forecaster)
    first = forecaster.weights()
    assert read_past(training_folder) is None

    seen = []
    for done in forecaster.fit(training, validation):
        if isinstance(done, Epoch):
            clock.now += 2.0
            recorder.add(forecaster, replace(done, seconds=clock.now - 100.0))
            past = read_past(training_folder)
            seen.append(past.state.epoch if past else 0)
    assert seen == [0, 0, 3, 3, 3, 6, 6, 6, 9, 9, 9, 12]

    recorder.save()
    past = read_past(training_folder)
    assert past.state.epoch == 12
    assert past.seconds == 24.0
    assert list(snapshot_files(tmp_path)) == list(range(13))
    _, weights = read_weights(snapshot_files(tmp_path)[0])
    for name, array in first.items():
        np.testing.assert_array_equal(weights[name], array)


def test_a_long_training_keeps_its_start_and_twenty_at_most(tmp_path, make_model, make_forecaster, maker):
    model, clock = make_model(epochs=70), Clock()
    forecaster, training, validation = make_forecaster(model)
    recorder = Recorder(TrainingFolder(str(tmp_path), model), maker, None, clock)
    recorder.begin(forecaster)
    record(recorder, clock, forecaster, training, validation)
    recorder.save()
    assert list(snapshot_files(tmp_path)) == list(range(0, 70, 4))


def test_a_resumed_training_leaves_no_snapshot_of_a_future_that_was_lost(
    tmp_path, make_model, make_forecaster, maker
):
    model, clock = make_model(epochs=4), Clock()
    training_folder = TrainingFolder(str(tmp_path), model)
    forecaster, training, validation = make_forecaster(model)
    recorder = Recorder(training_folder, maker, None, clock)
    recorder.begin(forecaster)
    record(recorder, clock, forecaster, training, validation)
    recorder.save()
    past = read_past(training_folder)
    (tmp_path / "snapshots" / "epoch-000009.safetensors").write_bytes(b"of a killed program")

    longer = make_model(epochs=6)
    again, training, validation = make_forecaster(longer)
    resumed = Recorder(TrainingFolder(str(tmp_path), longer), maker, past, clock)
    resumed.begin(again)
    record(resumed, clock, again, training, validation, past.state)
    resumed.save()
    assert list(snapshot_files(tmp_path)) == [0, 1, 2, 3, 4, 5, 6]
    assert [one.epoch for one in read_past(training_folder).history] == [0, 1, 2, 3, 4, 5]


def test_what_cannot_be_written_is_told_and_tried_again(tmp_path, make_model, make_forecaster, maker):
    model, clock = make_model(epochs=5), Clock()
    folder = tmp_path / "numpy"
    folder.write_text("a file where the folder should be", encoding="utf-8")
    forecaster, training, validation = make_forecaster(model)
    recorder = Recorder(TrainingFolder(str(folder), model), maker, None, clock)
    recorder.begin(forecaster)
    problems = record(recorder, clock, forecaster, training, validation)
    (problem,) = filter(None, [*problems, recorder.save()])
    assert "cannot be written" in problem
    assert "a resume would begin from the beginning" in problem

    folder.unlink()
    folder.mkdir()
    assert recorder.save() == ""
    assert read_past(TrainingFolder(str(folder), model)).state.epoch == 5


def test_a_forecaster_that_tells_no_state_leaves_nothing(tmp_path, make_model, make_forecaster, maker):
    model = make_model()
    forecaster, *_ = make_forecaster(model)
    recorder = Recorder(TrainingFolder(str(tmp_path), model), maker, None)
    recorder.begin(forecaster)
    recorder.add(forecaster, Epoch(0, 1.0, None, 0.1, 1.0, False, 1.0))
    assert recorder.save() == ""
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("epochs", [1, 3])
def test_nothing_new_is_not_written_again(epochs, tmp_path, make_model, make_forecaster, maker):
    model, clock = make_model(epochs=epochs), Clock()
    forecaster, training, validation = make_forecaster(model)
    recorder = Recorder(TrainingFolder(str(tmp_path), model), maker, None, clock)
    recorder.begin(forecaster)
    record(recorder, clock, forecaster, training, validation)
    recorder.save()
    written = (tmp_path / "training.safetensors").stat()
    recorder.save()
    assert (tmp_path / "training.safetensors").stat().st_ino == written.st_ino
