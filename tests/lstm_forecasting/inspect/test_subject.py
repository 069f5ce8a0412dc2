import numpy as np
import pytest

from lstm_forecasting.inspect.subject import open_snapshot, open_subject, snapshot_epochs
from lstm_plugins.errors import InputError
from lstm_plugins.weights import initial_weights


def test_the_best_weights_of_a_run_with_its_rows(laboratory):
    subject = laboratory.subject("plain")
    assert subject.trained_by == "numpy"
    assert subject.model.path == subject.run.best("numpy")
    np.testing.assert_array_equal(subject.experiment.table.values, laboratory.table.values)
    scaler = subject.experiment.scaler
    np.testing.assert_array_equal(subject.series.values, scaler.transform(laboratory.table.values))
    assert subject.config == subject.experiment.config


def test_snapshots_go_from_the_first_draw_to_the_end(laboratory):
    subject = laboratory.subject("plain")
    assert snapshot_epochs(subject.run, "numpy") == (0, 1, 2, 3)
    first = laboratory.subject("plain", epoch=0)
    drawn = initial_weights(subject.config, 3, 2)
    for name, array in first.model.weights.items():
        np.testing.assert_array_equal(array, drawn[name])
    assert first.model.header.epoch == 0
    best = laboratory.subject("plain", epoch=subject.model.header.epoch)
    for name, array in best.model.weights.items():
        np.testing.assert_array_equal(array, subject.model.weights[name])


def test_another_precision_is_that_of_the_computation_alone(laboratory):
    subject = laboratory.subject("single", precision="float64")
    assert subject.config.precision == "float64"
    assert subject.experiment.config.precision == "float32"
    assert all(array.dtype == np.float32 for array in subject.model.weights.values())


def test_what_is_not_there_is_said(laboratory):
    subject = laboratory.subject("plain")
    with pytest.raises(InputError, match=r"no snapshot of numpy after epoch 7; it has those of 0, 1, 2, 3"):
        laboratory.subject("plain", epoch=7)
    with pytest.raises(InputError, match="no snapshot of torch after epoch 0; it has none"):
        open_snapshot(subject.run, "torch", 0)
    with pytest.raises(InputError, match="has no weights of 'torch'"):
        laboratory.subject("plain", trained_by="torch")
    with pytest.raises(InputError, match="There is no run 'nosuch'"):
        open_subject("nosuch", laboratory.parent)
