import dataclasses

import numpy as np
import pytest

from lstm_forecasting.evaluation.scoring import evaluate_baselines, find_test_part
from lstm_forecasting.experiment.events import (
    BackendEpoch,
    BackendFinished,
    BackendMemberFinished,
    BackendReady,
    BackendTrained,
    ExperimentFinished,
)
from lstm_forecasting.experiment.running import RunningExperiment, run_experiment
from lstm_forecasting.runs.description import read_experiment
from lstm_forecasting.runs.listing import look_at
from lstm_forecasting.runs.predicting import open_model, predict
from lstm_forecasting.runs.recording import RecordedExperiment, create_run
from lstm_forecasting.runs.watching import read_run


@pytest.fixture
def make_ensemble(make_experiment):
    """An experiment with three networks, of other look_backs and losses, and half ridge regressions."""

    def make(*backends, ridge_share=0.5, **more):
        experiment = make_experiment(*(backends or ("numpy",)), precision="float64", **more)
        first = experiment.config
        others = (
            dataclasses.replace(first, look_back=14, seed=1),
            dataclasses.replace(first, loss="mae", seed=2),
        )
        return dataclasses.replace(experiment, ensemble=(first, *others), ridge_share=ridge_share)

    return make


def finish(run):
    with RecordedExperiment(run) as running:
        return list(running)


def of(events, kind):
    return [event for event in events if isinstance(event, kind)]


def alone(experiment, number):
    """The result of one network of an ensemble, and its forecasts of the ensemble's windows."""
    own = experiment.of_member(number)
    result = run_experiment(own)
    rows = find_test_part(experiment).first_rows
    kept = np.isin(result.first_rows, rows)
    return result, result.backends[0].evaluation.forecasts[kept]


def test_an_ensemble_is_the_mean_of_its_networks_and_of_ridge_regressions(make_ensemble):
    experiment = make_ensemble()
    result = run_experiment(experiment)
    networks = [alone(experiment, number) for number in range(3)]
    backend = result.backends[0]
    kept = [number for number, member in enumerate(backend.members) if member.kept]
    assert len(backend.members) == 3
    assert kept
    mean = np.mean([networks[number][1] for number in kept], axis=0)
    future = np.mean([networks[number][0].backends[0].future for number in kept], axis=0)
    (ridge,) = evaluate_baselines(experiment, find_test_part(experiment), ("ridge",)).evaluated
    np.testing.assert_allclose(backend.evaluation.forecasts, (mean + ridge.forecasts) / 2, rtol=1e-12)
    np.testing.assert_allclose(backend.future, (future + ridge.future) / 2, rtol=1e-12)
    assert backend.epochs == 9
    errors = [networks[number][0].backends[0].evaluation.validation for number in range(3)]
    best = min(range(3), key=lambda number: sum(errors[number].mae))
    assert backend.members[best].error is not None


def test_a_network_that_is_much_worse_than_the_best_one_is_left_out(make_ensemble):
    experiment = make_ensemble(ridge_share=0.0)
    good = dataclasses.replace(experiment.config, learning_rate=0.02, epochs=12)
    bad = dataclasses.replace(experiment.config, learning_rate=1e-7, epochs=1, normalisation="none")
    result = run_experiment(dataclasses.replace(experiment, config=good, ensemble=(good, bad)))
    first, second = result.backends[0].members
    assert (first.kept, second.kept) == (True, False)
    assert first.error == 1.0
    assert second.error > 1.2
    only = alone(dataclasses.replace(experiment, config=good, ensemble=()), 0)[1]
    np.testing.assert_array_equal(result.backends[0].evaluation.forecasts, only)


def test_events_say_which_network_they_are_about(make_ensemble):
    with RunningExperiment(make_ensemble()) as running:
        events = list(running)
    assert [event.member for event in of(events, BackendReady)] == [0, 1, 2]
    assert [event.member for event in of(events, BackendTrained)] == [0, 1, 2]
    assert [event.member for event in of(events, BackendEpoch)] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert [(event.member, event.members) for event in of(events, BackendMemberFinished)] == [(0, 3), (1, 3)]
    assert len(of(events, BackendFinished)) == 1


def test_a_stop_keeps_what_was_trained(make_ensemble):
    experiment = make_ensemble(epochs=100_000, patience=0)
    seen = []
    with RunningExperiment(dataclasses.replace(experiment, ensemble=experiment.ensemble[:2])) as running:
        for event in running:
            seen.append(event)
            if isinstance(event, BackendEpoch) and event.epoch.epoch == 2:
                running.stop()
    (finished,) = of(seen, BackendFinished)
    assert {member.reason for member in finished.result.members} == {"stopped"}


def test_a_spent_budget_ends_the_network_and_starts_no_other(make_ensemble):
    # Over before the first epoch, on any machine.
    result = run_experiment(dataclasses.replace(make_ensemble(epochs=100_000, patience=0), budget=1e-9))
    (backend,) = result.backends
    assert [member.reason for member in backend.members] == ["stopped"]
    assert backend.epochs < 100_000


def test_a_run_keeps_all_networks_and_forecasts_with_them(make_ensemble, runs):
    experiment = make_ensemble()
    run = create_run(experiment, runs, "mine")
    expected = run_experiment(experiment).backends[0]
    events = finish(run)
    assert isinstance(events[-1], ExperimentFinished)
    assert read_experiment(run).ensemble == experiment.ensemble
    for result in (events[-1].result, read_run(run)):
        np.testing.assert_array_equal(result.backends[0].evaluation.forecasts, expected.evaluation.forecasts)
        assert [one.kept for one in result.backends[0].members] == [one.kept for one in expected.members]
    standing = look_at(run)
    assert (standing.state, standing.backends[0].epochs) == ("finished", 9)
    prediction = predict(open_model("mine", runs), experiment.table, steps=experiment.steps)
    np.testing.assert_allclose(prediction.future, expected.future, rtol=1e-12)


@pytest.mark.parametrize("backend", [pytest.param("torch", marks=pytest.mark.exhaustive)])
def test_another_backend_forecasts_the_same_from_the_checkpoints(backend, make_ensemble, runs):
    experiment = make_ensemble()
    run = create_run(experiment, runs, "mine")
    finish(run)
    expected = read_run(run).backends[0]
    prediction = predict(open_model("mine", runs), experiment.table, backend, steps=experiment.steps)
    np.testing.assert_allclose(prediction.future, expected.future, rtol=1e-9)


@pytest.mark.exhaustive
def test_killed_in_the_second_network_it_is_resumed_to_the_same_forecast(
    make_ensemble, runs, host, wait_until
):
    experiment = make_ensemble(epochs=300, patience=0)
    # The first one is done long before the second, even if both are trained at the same time.
    first, second = dataclasses.replace(experiment.config, epochs=10), experiment.ensemble[1]
    experiment = dataclasses.replace(experiment, config=first, ensemble=(first, second))
    run, other = create_run(experiment, runs, "killed"), create_run(experiment, runs, "whole")
    program = host(run)
    program.until("BackendMemberFinished")
    wait_until(lambda: run.training("numpy", 1).exists(), "the second network to be saved")
    program.kill(program.process.pid)
    program.gone()
    assert look_at(run).state == "interrupted"
    finish(run)
    finish(other)
    one, two = (read_run(it).backends[0] for it in (run, other))
    np.testing.assert_array_equal(one.evaluation.forecasts, two.evaluation.forecasts)
    np.testing.assert_array_equal(one.future, two.future)
    assert one.epochs == two.epochs == 310
