import dataclasses
import os
import signal
import threading
from pathlib import Path

import numpy as np
import pytest

from lstm_forecasting.experiment.events import (
    BackendEpoch,
    BackendFailed,
    BackendFinished,
    BackendProgress,
    BackendReady,
    BackendStarted,
    BackendStopped,
    BackendTrained,
    ExperimentFinished,
)
from lstm_forecasting.experiment.running import RunningExperiment
from lstm_forecasting.processes.messages import Warm
from lstm_forecasting.processes.pool import BackendProcesses

pytestmark = pytest.mark.usefixtures("faulty_backends")


def of(events, kind, backend=None):
    return [
        event
        for event in events
        if isinstance(event, kind) and backend in (None, getattr(event, "backend", None))
    ]


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def watch(running, react=lambda event: None):
    events = []
    for event in running:
        events.append(event)
        react(event)
    return events


def run(experiment, react=lambda running, event: None, **options):
    with RunningExperiment(experiment, **options) as running:
        return watch(running, lambda event: react(running, event))


def test_from_a_table_to_a_verdict(make_experiment, capfd):
    experiment = make_experiment("plain", "slow", epochs=2)
    events = run(experiment)
    assert capfd.readouterr() == ("", "")
    for backend in ("plain", "slow"):
        mine = [type(event) for event in events if getattr(event, "backend", None) == backend]
        without_progress = [kind for kind in mine if kind is not BackendProgress]
        assert without_progress == [
            BackendStarted,
            BackendReady,
            BackendEpoch,
            BackendEpoch,
            BackendTrained,
            BackendFinished,
        ]
        (ready,) = of(events, BackendReady, backend)
        assert ready.framework == f"numpy {np.__version__}"
        assert ready.threads == 1
        assert ready.parameters == 2 * 16 + 4 * 16 + 16 + 4 * 6 + 6
        assert ready.training_windows == 168 - 7 - 3 + 1
    assert isinstance(events[-1], ExperimentFinished)
    result = events[-1].result
    windows = 48 - 3 + 1
    assert result.truth.shape == (windows, 3, 2)
    assert np.array_equal(result.truth[5, 1], experiment.table.values[result.first_rows[5] + 1])
    assert [one.backend for one in result.backends] == ["plain", "slow"]
    for one in result.backends:
        assert one.evaluation.forecasts.shape == (windows, 3, 2)
        assert one.future.shape == (5, 2)
        assert one.future_quantiles.shape == (5, 2, 1)
        assert len(one.evaluation.scores) == 2
        assert [len(step) for step in one.evaluation.scores_by_step] == [2, 2, 2]
        errors = np.abs(one.evaluation.forecasts - result.truth)
        assert one.evaluation.scores[1].mae == pytest.approx(errors[:, :, 1].mean())
        assert one.evaluation.scores_by_step[2][0].mae == pytest.approx(errors[:, 2, 0].mean())
    assert [one.evaluation.name for one in result.backends] == ["Plain", "Slow"]
    assert result.agreement is not None
    assert result.agreement.largest == 0.0
    assert result.agreement.error == 0.0
    assert len(result.verdicts) == 2
    assert result.verdicts[0].startswith("visits: ")
    assert result.failures == {}
    assert "last value" in [baseline.name for baseline in result.baselines]
    assert not any(is_alive(event.process) for event in of(events, BackendStarted))


def test_the_numpy_backend_agrees_with_the_reference(make_experiment):
    result = run(make_experiment("numpy", "plain", precision="float64"))[-1].result
    assert [one.evaluation.name for one in result.backends] == ["NumPy", "Plain"]
    assert result.agreement.largest < 1e-9
    assert np.allclose(result.backends[0].future, result.backends[1].future, rtol=1e-9)


def test_quantile_levels_reach_the_result_and_the_median_is_the_forecast(make_experiment):
    (one,) = run(make_experiment("plain", loss="quantile", epochs=1))[-1].result.backends
    assert one.future_quantiles.shape == (5, 2, 3)
    assert np.array_equal(one.future, one.future_quantiles[:, :, 1])


def test_progress_tells_rate_time_left_and_memory(make_experiment):
    def stop_when_known(running, event):
        if isinstance(event, BackendProgress) and event.seconds_left is not None:
            running.stop()

    events = run(make_experiment("slow", epochs=1000), stop_when_known)
    last = of(events, BackendProgress)[-1]
    assert last.epochs == 1000
    assert last.memory is not None
    assert 20e6 < last.memory < 2e9
    # 159 windows take 10 batches of at least 10 ms.
    assert 0 < last.windows_per_second < 1600
    windows_left = 1000 * 159 - (last.epoch * 159 + last.batch * 16)
    assert last.seconds_left == pytest.approx(windows_left / last.windows_per_second, rel=0.2)


def test_a_stop_in_mid_training_evaluates_what_was_learnt(make_experiment):
    def stop_after_the_second(running, event):
        if isinstance(event, BackendEpoch) and event.epoch.epoch == 1:
            running.stop()

    events = run(make_experiment("slow", epochs=10_000), stop_after_the_second)
    (trained,) = of(events, BackendTrained)
    assert trained.reason == "stopped"
    assert 2 <= trained.epochs < 10_000
    (one,) = events[-1].result.backends
    assert one.epochs == trained.epochs
    assert one.best_epoch == trained.best_epoch < trained.epochs
    assert np.isfinite(one.evaluation.forecasts).all()


@pytest.mark.exhaustive
def test_one_backend_can_be_stopped_and_the_others_go_on(make_experiment, go_on):
    def stop_one(running, event):
        if isinstance(event, BackendEpoch) and event.backend == "held":
            running.stop("held")
            go_on.touch()

    experiment = make_experiment("held", "plain", epochs=100, patience=0)
    events = run(experiment, stop_one)
    assert {event.backend: event.reason for event in of(events, BackendTrained)} == {
        "held": "stopped",
        "plain": "epochs",
    }


def test_what_is_stopped_before_its_first_epoch_has_nothing_to_evaluate(make_experiment):
    def stop_at_once(running, event):
        if isinstance(event, BackendStarted):
            running.stop()

    events = run(make_experiment("slowfirstepoch", epochs=50), stop_at_once)
    assert of(events, BackendStopped) == [BackendStopped("slowfirstepoch")]
    assert events[-1].result.backends == ()
    assert events[-1].result.verdicts == ()
    assert "stopped" in events[-1].result.failures["slowfirstepoch"]
    assert events[-1].result.baselines


@pytest.mark.parametrize(
    ("backend", "reason", "log"),
    [
        ("aborting", "SIGABRT", "assertion `n < size` failed"),
        ("leaving", "exit status 3", None),
        ("unimportable", "ImportError: libframework.so.7: cannot open shared object file", "Traceback"),
        ("exiting", "SystemExit: no licence found", "Traceback"),
        ("wrong", "shape", None),
    ],
)
def test_a_backend_that_breaks_is_reported_and_the_others_go_on(make_experiment, capfd, backend, reason, log):
    events = run(make_experiment(backend, "plain"))
    (failed,) = of(events, BackendFailed)
    assert failed.backend == backend
    assert reason in failed.reason
    assert "\n" not in failed.reason
    if log:
        assert any(log in line for line in failed.log)
    assert [one.backend for one in events[-1].result.backends] == ["plain"]
    assert events[-1].result.failures == {backend: failed.reason}
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("backend", "reason"),
    [
        ("unsupported", "there is no such device here"),
        ("notfinite", "the loss is not finite at epoch 2, step 1"),
        ("absent", "pip install no-such-framework"),
        ("nowhere", "there is no backend 'nowhere'"),
    ],
)
def test_an_error_of_the_contract_is_a_sentence_without_a_traceback(make_experiment, backend, reason):
    (failed,) = of(run(make_experiment(backend)), BackendFailed)
    assert reason in failed.reason
    assert failed.log == ()


def test_epochs_before_a_failure_are_seen(make_experiment):
    events = run(make_experiment("aborting", "notfinite"))
    assert [event.epoch.epoch for event in of(events, BackendEpoch, "notfinite")] == [0]
    assert [event.epoch.epoch for event in of(events, BackendEpoch, "aborting")] == [0]


def test_nothing_a_backend_prints_reaches_the_screen_or_the_protocol(make_experiment, capfd):
    events = run(make_experiment("loud"))
    assert len(of(events, BackendEpoch)) == 3
    assert events[-1].result.failures == {}
    assert capfd.readouterr() == ("", "")


def test_losses_that_are_no_numbers_arrive_and_no_epoch_is_lost(make_experiment):
    events = run(make_experiment("hasty", epochs=20_000))
    epochs = of(events, BackendEpoch)
    assert [event.epoch.epoch for event in epochs] == list(range(20_000))
    assert np.isnan(epochs[-1].epoch.training_loss)
    assert (epochs[-1].epoch.validation_loss, epochs[-1].epoch.gradient_norm) == (np.inf, -np.inf)


def test_a_killed_process_is_reported_and_the_others_go_on(make_experiment):
    processes = {}

    def kill(running, event):
        if isinstance(event, BackendStarted):
            processes[event.backend] = event.process
        if isinstance(event, BackendEpoch) and event.backend == "deaflater":
            os.kill(processes["deaflater"], signal.SIGKILL)

    events = run(make_experiment("deaflater", "plain", epochs=30, patience=0), kill)
    (failed,) = of(events, BackendFailed)
    assert failed.backend == "deaflater"
    assert "SIGKILL" in failed.reason
    assert [one.backend for one in events[-1].result.backends] == ["plain"]


def test_a_process_that_is_told_to_end_by_somebody_else_says_so(make_experiment):
    def terminate(running, event):
        if isinstance(event, BackendStarted):
            process.append(event.process)
        if isinstance(event, BackendEpoch) and event.epoch.epoch == 0:
            os.kill(process[0], signal.SIGHUP)

    process = []
    (failed,) = of(run(make_experiment("slow", epochs=1000), terminate), BackendFailed)
    assert "SIGHUP" in failed.reason


def test_a_backend_that_does_not_stop_is_ended(make_experiment, announced):
    def stop(running, event):
        if isinstance(event, BackendEpoch) and event.backend == "deaflater":
            announced("deaf")
            running.stop("deaflater")

    events = run(make_experiment("deaflater", "plain"), stop, seconds_to_stop=0.5)
    (failed,) = of(events, BackendFailed)
    assert failed.reason == "it did not stop within 0.5 seconds and was ended"
    assert [one.backend for one in events[-1].result.backends] == ["plain"]
    assert not any(is_alive(event.process) for event in of(events, BackendStarted))


@pytest.mark.exhaustive
def test_a_backend_that_does_not_stop_but_has_learnt_nothing_is_just_stopped(make_experiment):
    with RunningExperiment(make_experiment("deaf"), seconds_to_stop=0.3) as running:
        # From another thread, and while the loop waits for a message that will not come.
        threading.Timer(1.5, running.stop).start()
        events = watch(running)
    assert of(events, BackendStopped) == [BackendStopped("deaf")]
    assert not of(events, BackendFailed)


@pytest.mark.usefixtures("importable")
def test_a_backend_that_never_becomes_ready_is_ended(make_experiment):
    events = run(make_experiment("importedondemand"), seconds_to_start=0.01)
    (failed,) = of(events, BackendFailed)
    assert "ready within 0.01 seconds" in failed.reason


@pytest.mark.parametrize("backend", ["slow", "deaf", "locked"])
def test_leaving_early_leaves_no_process_and_no_file(make_experiment, tmp_path, monkeypatch, backend):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    processes = []
    with RunningExperiment(make_experiment(backend, "plain", epochs=10_000)) as running:
        for event in running:
            if isinstance(event, BackendStarted):
                processes.append(event.process)
            if isinstance(event, BackendReady) and event.backend == backend:
                break
        assert all(is_alive(process) for process in processes)
        (folder,) = (tmp_path / "temporary").iterdir()
        assert folder.stat().st_mode & 0o777 == 0o700
    assert len(processes) == 2
    assert not any(is_alive(process) for process in processes)
    assert list((tmp_path / "temporary").iterdir()) == []


def test_an_error_in_the_loop_leaves_no_process(make_experiment):
    processes = []

    def fail_in_training(running, event):
        if isinstance(event, BackendStarted):
            processes.append(event.process)
        if isinstance(event, BackendEpoch):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(make_experiment("slow", epochs=10_000), fail_in_training)
    assert processes
    assert not any(is_alive(process) for process in processes)


def test_two_experiments_in_a_row_share_a_process(make_experiment):
    with BackendProcesses() as pool:
        first = run(make_experiment("plain"), processes=pool)
        second = run(make_experiment("plain", hidden_units=5, seed=1), processes=pool)
        again = run(make_experiment("plain"), processes=pool)
        (process,) = {event.process for event in of([*first, *second, *again], BackendStarted)}
        assert is_alive(process)
        assert [path.name for path in pool.folder.iterdir() if path.is_dir()] == []
    assert not is_alive(process)
    one, other, repeated = (events[-1].result.backends[0] for events in (first, second, again))
    assert not np.array_equal(one.future, other.future)
    assert np.array_equal(one.future, repeated.future)
    assert np.array_equal(one.evaluation.forecasts, repeated.evaluation.forecasts)


@pytest.mark.exhaustive
def test_a_pool_replaces_what_cannot_serve_again(make_experiment):
    with BackendProcesses() as pool:
        crashed = run(make_experiment("aborting"), processes=pool)
        again = run(make_experiment("aborting"), processes=pool)
        assert len(of(crashed, BackendFailed)) == len(of(again, BackendFailed)) == 1
        assert of(again, BackendEpoch)
        broken = run(make_experiment("unimportable"), processes=pool)
        still = run(make_experiment("unimportable"), processes=pool)
        assert "ImportError" in of(still, BackendFailed)[0].reason
        assert of(broken, BackendStarted)[0].process != of(still, BackendStarted)[0].process


def test_a_backend_that_explained_itself_serves_again(make_experiment):
    with BackendProcesses() as pool:
        runs = [run(make_experiment("notfinite"), processes=pool) for _ in range(2)]
    assert len({of(events, BackendStarted)[0].process for events in runs}) == 1
    assert all("not finite" in of(events, BackendFailed)[0].reason for events in runs)


def test_other_threads_are_another_process_and_the_old_one_ends(make_experiment):
    with BackendProcesses() as pool:
        first = run(make_experiment("plain"), processes=pool)
        second = run(make_experiment("plain", threads=2), processes=pool)
        assert of(second, BackendReady)[0].threads == 2
        assert not is_alive(of(first, BackendStarted)[0].process)


def test_a_pool_that_is_left_from_another_thread_ends_what_runs(make_experiment):
    pool = BackendProcesses().__enter__()
    leaving = threading.Thread(target=pool.__exit__, args=[None, None, None])

    def leave(running, event):
        if isinstance(event, BackendEpoch) and event.epoch.epoch == 0:
            leaving.start()

    events = run(make_experiment("slow", epochs=10_000), leave, processes=pool)
    leaving.join()
    (failed,) = of(events, BackendFailed)
    assert "was terminated" in failed.reason
    assert not is_alive(of(events, BackendStarted)[0].process)
    with pytest.raises(OSError, match="ended"):
        pool.run("plain", 1, None, lambda backend, message: None)


def test_a_process_that_cannot_be_started_is_a_failed_backend(make_experiment, monkeypatch):
    experiment = make_experiment("plain")
    monkeypatch.setattr("sys.executable", "/no/such/python")
    events = run(experiment)
    assert [type(event) for event in events] == [BackendFailed, ExperimentFinished]
    assert "could not be started" in events[0].reason


@pytest.mark.exhaustive
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files through /proc")
def test_no_file_or_thread_stays_open(make_experiment):
    run(make_experiment("plain", epochs=1))
    files, threads = len(list(Path("/proc/self/fd").iterdir())), threading.active_count()
    run(make_experiment("plain", "leaving", "unimportable", epochs=1))
    assert len(list(Path("/proc/self/fd").iterdir())) == files
    assert threading.active_count() == threads


def test_a_stop_meant_for_one_experiment_does_not_stop_the_next(make_experiment):
    def stop(running, event):
        if isinstance(event, BackendEpoch):
            running.stop()

    with BackendProcesses() as pool:
        stopped = run(make_experiment("slow", epochs=1000), stop, processes=pool)
        full = run(make_experiment("slow", epochs=3), processes=pool)
    assert of(stopped, BackendTrained)[0].reason == "stopped"
    assert (of(full, BackendTrained)[0].reason, of(full, BackendTrained)[0].epochs) == ("epochs", 3)


def test_leaving_an_experiment_early_ends_its_process_but_not_the_pool(make_experiment):
    with BackendProcesses() as pool:
        with RunningExperiment(make_experiment("slow", epochs=10_000), pool) as running:
            event = next(iter(running))
        assert not is_alive(event.process)
        assert run(make_experiment("slow", epochs=1), processes=pool)[-1].result.backends


def test_a_reader_that_sleeps_delays_nobody_and_sees_the_latest_progress(make_experiment):
    all_is_said = threading.Event()
    with (
        BackendProcesses() as pool,
        RunningExperiment(make_experiment("slow", epochs=12, patience=0), pool) as running,
    ):
        events = iter(running)
        # The process answers this after everything that the training has to say.
        pool.run("slow", 1, Warm(), lambda _, message: all_is_said.set())
        assert all_is_said.wait(600)
        rest = list(events)
    assert len(of(rest, BackendEpoch)) == 12
    assert len(of(rest, BackendProgress)) == 1
    assert of(rest, BackendFinished)


def test_the_result_does_not_depend_on_the_folder(make_experiment):
    (one,) = run(make_experiment("plain", epochs=1))[-1].result.backends
    for array in (one.evaluation.forecasts, one.future, one.future_quantiles):
        assert not isinstance(array, np.memmap)
        assert np.isfinite(array.copy()).all()
    assert dataclasses.replace(one).future is one.future
