import threading

import pytest

from lstm_forecasting.experiment.events import (
    BackendEpoch,
    BackendFailed,
    BackendFinished,
    BackendProgress,
    BackendStarted,
    ExperimentFinished,
    RunOpened,
)
from lstm_forecasting.runs.recording import RecordedExperiment
from lstm_forecasting.runs.watching import WatchedRun, read_run
from lstm_plugins.errors import InputError


def kinds(events):
    return [type(event) for event in events if not isinstance(event, BackendProgress)]


def test_a_run_that_is_over_is_told_again_as_it_was(make_run):
    run = make_run("numpy")
    with RecordedExperiment(run) as running:
        lived = list(running)
    with WatchedRun(run) as watched:
        told = list(watched)
    assert kinds(told) == kinds(lived)
    assert told[-1].result.verdicts == lived[-1].result.verdicts
    epochs = [event for event in lived if isinstance(event, BackendEpoch)]
    assert [event for event in told if isinstance(event, BackendEpoch)] == epochs


def test_it_is_watched_live_from_another_program_and_stopped_from_there(make_run, host, faulty_backends):
    run = make_run("slow", epochs=5000, patience=0)
    program = host(run)
    program.until("BackendEpoch")
    seen = []
    with WatchedRun(run) as watched:
        for event in watched:
            seen.append(event)
            if sum(isinstance(one, BackendEpoch) for one in seen) == 5 and not run.stop.exists():
                watched.stop()
    assert any(isinstance(event, BackendProgress) for event in seen)
    assert isinstance(seen[-2], BackendFinished)
    assert seen[-1].result.backends[0].reason == "stopped"
    program.gone()


def test_leaving_ends_watching_and_not_the_run(make_run, host, faulty_backends):
    run = make_run("slow", epochs=5000, patience=0)
    program = host(run)
    program.until("BackendReady")
    with WatchedRun(run) as watched:
        events = iter(watched)
        assert next(events) == RunOpened(run.name, str(run.path))
        assert isinstance(next(events), BackendStarted)
    program.until("BackendEpoch")
    assert program.process.poll() is None


def test_a_program_that_died_is_told(make_run, host, faulty_backends):
    run = make_run("slow", epochs=5000, patience=0)
    program = host(run)
    program.until("BackendEpoch")
    with WatchedRun(run) as watched:
        threading.Timer(0.5, program.kill, [program.process.pid]).start()
        events = list(watched)
    assert isinstance(events[-2], BackendFailed)
    assert "resume the run to continue" in events[-2].reason
    assert isinstance(events[-1], ExperimentFinished)
    assert events[-1].result.failures.keys() == {"slow"}


def test_a_run_that_never_began_has_nothing_to_tell(make_run):
    run = make_run("numpy")
    with WatchedRun(run) as watched:
        assert kinds(watched) == [RunOpened, BackendFailed, ExperimentFinished]
    assert read_run(run).failures == {"numpy": "it has not finished"}


def test_damaged_events_are_named(make_run):
    run = make_run("numpy")
    run.events.write_bytes(b'["BackendEpoch", {"epoch": 1}]\n')
    with WatchedRun(run) as watched, pytest.raises(InputError, match=r"events\.jsonl is damaged"):
        list(watched)
