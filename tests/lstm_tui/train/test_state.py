import math
from dataclasses import replace

import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.experiment import events
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_plugins import Epoch
from lstm_tui.train.training import TrainingState


@pytest.fixture(scope="module")
def experiment():
    return plan_experiment(open_data("sunspots"), ["numpy", "torch"], {"epochs": 10})


def epoch(number, validation=0.5, training=0.6, backend="numpy"):
    return events.BackendEpoch(backend, Epoch(number, training, validation, 0.001, 1.0, True, 1.0 + number))


def progress(number, batch, backend="numpy"):
    return events.BackendProgress(backend, number, 10, batch, 20, 0.4, 1000.0, 3.0, 2**20)


def test_begins_with_every_backend_waiting(experiment):
    state = TrainingState.of(experiment)
    assert [one.phase for one in state.backends.values()] == ["waiting", "waiting"]
    assert state.running
    assert state.in_words == "● training 2 backends"


def test_follows_a_backend_through_its_phases(experiment):
    state = TrainingState.of(experiment)
    steps = [
        (events.BackendStarted("numpy", 1), "importing"),
        (events.BackendReady("numpy", "1", "", "cpu", 1, 100, 200, 0.1), "training"),
        (progress(0, 10), "training"),
        (epoch(0), "training"),
        (events.BackendTrained("numpy", "epochs", 1, 0, 2.0), "forecasting"),
    ]
    for event, phase in steps:
        before, state = state, state.after([event])
        assert state.backends["numpy"].phase == phase
        assert state.backends["torch"].phase == "waiting"
        assert before is not state


def test_share_counts_epochs_and_batches(experiment):
    state = TrainingState.of(experiment).after([epoch(0), epoch(1), progress(2, 10)])
    assert state.backends["numpy"].share == pytest.approx(0.25)
    assert state.after([epoch(2)]).backends["numpy"].share == pytest.approx(0.3)
    assert state.after([events.BackendTrained("numpy", "patience", 3, 1, 2.0)]).backends["numpy"].share == 1


def test_the_latest_progress_wins(experiment):
    state = TrainingState.of(experiment).after([progress(0, batch) for batch in range(1, 19)])
    assert state.backends["numpy"].progress.batch == 18


def test_best_is_the_lowest_finite_validation_loss(experiment):
    losses = [0.5, 0.3, math.inf, 0.4]
    state = TrainingState.of(experiment).after([epoch(at, loss) for at, loss in enumerate(losses)])
    assert state.backends["numpy"].history.loss == 0.3
    assert state.backends["numpy"].history.best_epoch == 1


def test_without_validation_the_training_loss_counts(experiment):
    state = TrainingState.of(experiment).after([epoch(0, None, 0.9), epoch(1, None, 0.7)])
    assert state.backends["numpy"].history.loss == 0.7
    assert state.backends["numpy"].history.best_epoch is None


def test_a_failure_keeps_reason_and_log_and_the_others_go_on(experiment):
    state = TrainingState.of(experiment).after(
        [epoch(0), events.BackendFailed("numpy", "It died.", ("a", "b")), epoch(0, backend="torch")]
    )
    assert [one.backend for one in state.failures] == ["numpy"]
    assert state.failures[0].reason == "It died."
    assert state.failures[0].log == ("a", "b")
    assert state.running
    assert state.in_words == "● training 1 backend"


def test_stopping_and_breaking_are_told(experiment):
    state = TrainingState.of(experiment)
    assert replace(state, stopping=True).in_words == "● stopping …"
    broken = replace(state, problem="OSError: no more processes")
    assert not broken.running
    assert broken.in_words == "✗ training failed"
