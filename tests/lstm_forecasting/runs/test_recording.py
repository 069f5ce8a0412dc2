import functools
import random
import time

import numpy as np
import pytest

from lstm_forecasting.experiment.events import (
    BackendEpoch,
    BackendFinished,
    BackendStarted,
    BackendUnsaved,
    ExperimentFinished,
)
from lstm_forecasting.experiment.running import run_experiment
from lstm_forecasting.runs.listing import look_at
from lstm_forecasting.runs.recording import RecordedExperiment, create_run
from lstm_forecasting.runs.watching import read_run
from lstm_plugins.errors import InputError

EPOCHS = {"numpy": 600, "torch": 250, "tensorflow": 120}
"""That take a few seconds, so that there is something to be killed in the middle of."""

VICTIMS = {"numpy": ("child", "host", "both"), "torch": ("host", "child"), "tensorflow": ("both",)}
seldom = functools.partial(pytest.param, marks=pytest.mark.exhaustive)
RANDOM = random.Random()  # noqa: S311 - moments, not secrets


def finish(run, **more):
    """Works on a run until it is over, and gives the events."""
    with RecordedExperiment(run, **more) as running:
        return list(running)


@pytest.mark.exhaustive
def test_a_run_finds_what_an_experiment_finds(make_run, make_experiment):
    run = make_run("numpy", "torch")
    events = finish(run)
    expected = run_experiment(make_experiment("numpy", "torch"))
    assert isinstance(events[-1], ExperimentFinished)
    for result in (events[-1].result, read_run(run)):
        assert result.verdicts == expected.verdicts
        assert result.agreement == expected.agreement
        for one, other in zip(result.backends, expected.backends, strict=True):
            np.testing.assert_array_equal(one.evaluation.forecasts, other.evaluation.forecasts)
            np.testing.assert_array_equal(one.future_quantiles, other.future_quantiles)
            assert one.evaluation.scores == other.evaluation.scores
            assert (one.epochs, one.best_epoch, one.reason) == (other.epochs, other.best_epoch, "epochs")
    assert look_at(run).state == "finished"


@pytest.mark.parametrize("backend", ["numpy", seldom("torch"), seldom("tensorflow")])
def test_killed_at_any_moment_it_is_resumed_to_the_same_bits(backend, make_run, host, contents, wait_until):
    """Kills the backend's process, the program, and both, each time going on from what the last one left."""
    epochs = EPOCHS[backend]
    settings = {"epochs": epochs, "patience": 0, "schedule": "plateau", "dropout": 0.2}

    def cut(run, victim):
        """Kills what works on a run; returns whether it came before the end of the training."""
        before = look_at(run).backends[0].epochs
        program = host(run)
        program.until("BackendReady")
        wait_until(lambda: look_at(run).backends[0].epochs > before, "further epochs")
        time.sleep(RANDOM.uniform(0.0, 0.1))
        chosen = {"child": program.children, "host": [program.process.pid]}
        chosen["both"] = [*chosen["host"], *chosen["child"]]
        program.kill(*chosen[victim])
        program.gone()
        standing = look_at(run)
        in_time = before < standing.backends[0].epochs < epochs
        assert standing.state == "interrupted" or not in_time
        return in_time

    # A busy machine may be too late for a training of seconds, though not ten times in a row.
    runs = (make_run(backend, **settings) for _ in range(10))
    run = next(run for run in runs if all(cut(run, victim) for victim in VICTIMS[backend]))
    events = finish(run)
    assert isinstance(events[-2], BackendFinished)
    assert [event.epoch.epoch for event in events if isinstance(event, BackendEpoch)] == list(range(epochs))
    assert look_at(run).state == "finished"
    uninterrupted = make_run(backend, **settings)
    finish(uninterrupted)
    assert contents(run, backend) == contents(uninterrupted, backend)


def test_killed_before_anything_was_kept_it_begins_anew(make_run, host, contents):
    run = make_run("numpy")
    program = host(run)
    program.until("BackendStarted")
    program.kill(program.process.pid)
    program.gone()
    finish(run)
    uninterrupted = make_run("numpy")
    finish(uninterrupted)
    assert contents(run, "numpy") == contents(uninterrupted, "numpy")


def test_a_backend_that_is_done_is_not_run_again(make_run, faulty_backends):
    run = make_run("numpy", "aborting")
    first = finish(run)
    assert first[-1].result.failures.keys() == {"aborting"}
    again = finish(run)
    started = [event.backend for event in again if isinstance(event, BackendStarted)]
    assert started == ["aborting"]
    assert [event.epoch.epoch for event in again if isinstance(event, BackendEpoch)][:3] == [0, 1, 2]
    assert again[-1].result.backends[0].epochs == 3


@pytest.mark.exhaustive
def test_one_that_was_stopped_goes_on_where_it_was(make_run, faulty_backends, go_on, contents):
    settings = {"epochs": 40, "patience": 0}
    run = make_run("held", **settings)
    with RecordedExperiment(run) as running:
        for event in running:
            if isinstance(event, BackendEpoch) and event.epoch.epoch == 2:
                running.stop()
                go_on.touch()
    stopped = event.result.backends[0]
    assert stopped.reason == "stopped"
    assert stopped.epochs < 40
    assert look_at(run).state == "stopped"

    events = finish(run)
    assert events[-1].result.backends[0].reason == "epochs"
    uninterrupted = make_run("held", **settings)
    finish(uninterrupted)
    assert contents(run, "held") == contents(uninterrupted, "held")


def test_leaving_saves_what_was_learnt(make_run, faulty_backends):
    run = make_run("slow", epochs=2000, patience=0)
    with RecordedExperiment(run, seconds_between_saves=1000.0) as running:
        for event in running:
            if isinstance(event, BackendEpoch) and event.epoch.epoch == 3:
                break
    assert look_at(run).backends[0].epochs >= 4


def test_another_program_may_ask_it_to_stop(make_run, faulty_backends):
    run = make_run("slow", epochs=2000, patience=0)
    with RecordedExperiment(run) as running:
        for event in running:
            if isinstance(event, BackendEpoch) and event.epoch.epoch == 1:
                run.stop.touch()
    assert event.result.backends[0].reason == "stopped"


def test_two_programs_do_not_work_on_one_run(make_run, host, faulty_backends):
    run = make_run("slow", epochs=2000, patience=0)
    program = host(run)
    program.until("BackendEpoch")
    assert look_at(run).state == "running"
    with pytest.raises(InputError, match=rf"training run {run.name} \(process {program.process.pid}\)"):
        finish(run)
    program.kill(program.process.pid)
    program.gone()
    assert look_at(run).state in ("interrupted", "new")


@pytest.mark.exhaustive
def test_a_damaged_checkpoint_fails_its_backend_alone(make_run):
    run = make_run("numpy", "torch")
    finish(run)
    run.forecasts("torch").unlink()
    whole = run.training("torch").read_bytes()
    run.training("torch").write_bytes(whole[: len(whole) // 2])
    result = finish(run)[-1].result
    assert [one.backend for one in result.backends] == ["numpy"]
    assert "training.safetensors is damaged" in result.failures["torch"]
    assert run.training("torch").read_bytes() == whole[: len(whole) // 2]


def test_a_disk_that_is_full_costs_the_checkpoint_and_not_the_training(make_run, faulty_backends):
    run = make_run("fulldisk", epochs=6)
    events = finish(run, seconds_between_saves=0.0)
    (unsaved, *_) = (event for event in events if isinstance(event, BackendUnsaved))
    assert "cannot be written" in unsaved.reason
    assert "a resume would begin after epoch 2" in unsaved.reason
    assert events[-1].result.backends[0].epochs == 6
    assert look_at(run).backends[0].epochs == 2


def test_what_a_killed_program_left_half_written_is_removed(make_run):
    run = make_run("numpy")
    run.backend("numpy").mkdir()
    (run.backend("numpy") / ".training.safetensors.k3js9x").write_bytes(b"half")
    finish(run)
    assert not list(run.path.rglob(".*"))


def test_a_folder_where_nothing_can_be_kept_is_named(make_experiment, tmp_path):
    place = tmp_path / "occupied"
    place.write_text("a file", encoding="utf-8")
    with pytest.raises(InputError, match=r"A run cannot be saved in .*occupied \("):
        create_run(make_experiment("numpy"), place)
