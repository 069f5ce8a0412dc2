"""A replay: records as a training makes them, without its processes."""

import contextlib
import datetime
import math
import threading
from dataclasses import replace

import numpy as np
import pytest

from lstm_conformance.checks import judge_level, observe
from lstm_conformance.deviations import CATALOGUE
from lstm_conformance.diagnosis import diagnose_passes
from lstm_forecasting.crosscheck import events as check_events
from lstm_forecasting.crosscheck.results import CrossCheckResult, Description
from lstm_forecasting.crosscheck.shared_code import check_shared_code
from lstm_forecasting.evaluation.scoring import conclude, evaluate, find_test_part
from lstm_forecasting.experiment import events
from lstm_forecasting.experiment.results import BackendResult
from lstm_forecasting.processes import warming
from lstm_plugins.reference import ReferenceForecaster
from lstm_tui.app.app import WorkbenchApp
from lstm_tui.cli.app_options import AppOptions

TITLES = {"numpy": "NumPy", "torch": "PyTorch", "tensorflow": "TensorFlow"}
MEMORY = {"numpy": 61, "torch": 340, "tensorflow": 571}
EPOCHS = 24


def _validation(epoch, number):
    return 0.0021 + 0.09 * math.exp(-epoch / 3) + 0.0004 * math.sin(epoch * 1.3) ** 2 + number * 1e-9


class Recording:
    """What backends say in a training of 24 epochs that reaches its best loss in the 21st.

    `fail` names a backend that gives up in its fifth epoch.
    """

    def __init__(self, experiment, fail=()):
        self.experiment = experiment
        self.fail = fail
        self.part = find_test_part(experiment)

    def start(self):
        for number, name in enumerate(self.experiment.backends):
            yield events.BackendStarted(name, 4000 + number)

    def ready(self):
        for name in self.experiment.backends:
            yield events.BackendReady(name, "0.1.0", f"{name} 2.0", "cpu", 1, 4481, 1482, 1.5)

    def epochs(self, first, last):
        most = self.experiment.config.epochs
        for epoch in range(first, last):
            for number, name in enumerate(self.experiment.backends):
                if name in self.fail and epoch >= 4:
                    continue
                left = 0.5 * (most - epoch - 0.5)
                yield events.BackendProgress(
                    name, epoch, most, 24, 47, 0.01, 3200.0 - 400 * number, left, MEMORY[name] * 2**20
                )
                yield events.BackendEpoch(
                    name,
                    epoch,
                    0.0017 + 0.12 * math.exp(-epoch / 2.5),
                    _validation(epoch, number),
                    0.002,
                    0.4,
                    True,
                    0.5 * (epoch + 1),
                )
            if epoch == 4:
                for name in self.fail:
                    log = ("Traceback (most recent call last):", "  ...", "MemoryError: no room for 3 GB")
                    yield events.BackendFailed(name, f"The process of {name} ended with code 1.", log)

    def end(self, reason="patience", epochs=EPOCHS):
        results = []
        for number, name in enumerate(self.experiment.backends):
            if name in self.fail:
                continue
            best = max(0, epochs - 4)
            yield events.BackendTrained(name, reason, epochs, best, 12.25 + number)
            result = self.result(name, epochs, best, reason)
            results.append(result)
            yield events.BackendFinished(name, result)
        failures = dict.fromkeys(self.fail, "ended with code 1.")
        yield events.ExperimentFinished(conclude(self.experiment, self.part, results, failures))

    def result(self, name, epochs, best, reason):
        # As good as a forecaster that knows most of what will come, and the same for every backend.
        truth = self.part.truth
        wave = np.sin(np.arange(truth[:, :, 0].size) * 0.7).reshape(truth.shape[:2])[:, :, None]
        scale = truth.std(axis=(0, 1)) * 0.05
        forecasts = truth + scale * wave * np.sqrt(np.arange(1, truth.shape[1] + 1))[None, :, None]
        forecasts += list(TITLES).index(name) * 1e-6
        steps, targets = self.experiment.steps, list(self.experiment.table.target_indices)
        season = max(self.experiment.season, steps)
        values = self.experiment.table.values[:, targets]
        future = values[len(values) - season : len(values) - season + steps] + (values[-1] - values[-season])
        quantiles = self.experiment.config.levels
        spread = np.linspace(-1, 1, len(quantiles)) if len(quantiles) > 1 else np.zeros(1)
        future_quantiles = future[:, :, None] + spread * scale[None, :, None] * 3
        return BackendResult(
            backend=name,
            evaluation=evaluate(TITLES[name], forecasts, self.part),
            future=future,
            future_quantiles=future_quantiles,
            epochs=epochs,
            best_epoch=best,
            seconds=12.25,
            reason=reason,
        )


class RecordedCheck:
    """A cross-check without processes: every backend is the reference, one with its gates in another order.

    `pause` is how many levels are judged before it waits for its end.
    """

    def __init__(self, check, faulty, pause):
        self.check = check
        self.faulty = faulty
        self.pause = pause
        self.stopped = threading.Event()

    def stop(self):
        self.stopped.set()

    def __iter__(self):
        results, descriptions, diagnoses = [], {}, {}
        shared = check_shared_code()
        yield check_events.CrossCheckStarted(self.check, shared)
        for backend in self.check.backends:
            descriptions[backend] = Description("0.1.0", f"{backend} 2.0", "cpu", 1)
            yield check_events.BackendAnswers(backend, descriptions[backend])
            make = self._swapped if backend in self.faulty else self._plain
            for request in self.check.requests:
                for level, observation in observe(make, request.probe, request.levels):
                    if len(results) == self.pause:
                        self.stopped.wait(60)
                        return
                    judged = judge_level(request.probe, level, observation, earlier=results, backend=backend)
                    results.append(_the_same_everywhere(judged))
                    yield check_events.LevelJudged(results[-1])
            for precision, diagnosis in diagnose_passes(one for one in results if one.backend == backend):
                diagnoses[backend, precision] = diagnosis
                yield check_events.BackendDiagnosed(backend, precision, diagnosis)
        yield check_events.CrossCheckFinished(
            CrossCheckResult(
                check=self.check,
                level_results=tuple(results),
                shared=shared,
                descriptions=descriptions,
                diagnoses=diagnoses,
                failures={},
                versions={"lstm-tui": "0.1.0"},
                began=datetime.datetime(2026, 1, 2, 3, 4, tzinfo=datetime.UTC),
                seconds=12.3,
            )
        )

    def _plain(self, probe):
        return ReferenceForecaster(probe.config, probe.features, probe.series.targets)

    def _swapped(self, probe):
        (deviation,) = [one for one in CATALOGUE if one.name == "gate order i, o, f, C̃"]
        return deviation.plant(self._plain(probe))


def _the_same_everywhere(result):
    """The result with half an eps wherever it passed: rounding depends on the processor."""
    verdicts = tuple(
        replace(one, error=one.unit / 2, relative_error=0.0) if one.passed else one for one in result.verdicts
    )
    return replace(result, verdicts=verdicts)


class ReplayRunner:
    """Runs a recording in place of processes.

    Args:
        pause: epochs after which it waits until `go_on` is set, or the training is stopped.
        fail: backends that give up.
        crash: raised in place of the training.
        faulty: backends that a cross-check finds to differ.
        check_pause: levels after which a cross-check waits until it is stopped.
        cold: backends whose frameworks cannot be imported ahead of need.
    """

    def __init__(self, pause=None, fail=(), crash=None, faulty=(), check_pause=None, cold=()):
        self.faulty = faulty
        self.check_pause = check_pause
        self.checks = []
        self.cold = cold
        self.warmed = []
        self.ended = []
        self.pause = pause
        self.fail = fail
        self.crash = crash
        self.go_on = threading.Event()
        self.stopped = threading.Event()
        self.closed = False
        self.experiments = []

    @contextlib.contextmanager
    def start(self, experiment):
        self.experiments.append(experiment)
        self.stopped.clear()
        yield _Replay(self, Recording(experiment, self.fail))

    @contextlib.contextmanager
    def check(self, check):
        if self.crash is not None:
            raise self.crash
        self.checks.append(RecordedCheck(check, self.faulty, self.check_pause))
        yield self.checks[-1]

    @contextlib.contextmanager
    def warm(self, backends):
        self.warmed.append(backends)
        yield _ReplayedWarmUp(self, backends)

    def end_idle(self, backend):
        self.ended.append(backend)

    def close(self):
        for check in self.checks:
            check.stop()
        self.closed = True
        self.stopped.set()
        self.go_on.set()


class _Replay:
    def __init__(self, runner, recording):
        self.runner = runner
        self.recording = recording

    def __iter__(self):
        if self.runner.crash is not None:
            raise self.runner.crash
        recording, pause = self.recording, self.runner.pause
        yield from recording.start()
        yield from recording.ready()
        yield from recording.epochs(0, EPOCHS if pause is None else pause)
        if pause is not None:
            self.runner.go_on.wait(60)
            if self.runner.stopped.is_set():
                yield from recording.end("stopped", pause)
                return
            yield from recording.epochs(pause, EPOCHS)
        yield from recording.end()

    def stop(self, backend=None):
        self.runner.stopped.set()
        self.runner.go_on.set()


class _ReplayedWarmUp:
    def __init__(self, runner, backends):
        self.runner = runner
        self.backends = backends

    def __iter__(self):
        for backend in self.backends:
            yield warming.BackendWarming(backend)
            if backend in self.runner.cold:
                log = ("Traceback (most recent call last):", "ImportError: libframework.so.7")
                yield warming.BackendNotWarmed(backend, "it failed with ImportError: libframework.so.7", log)
            else:
                yield warming.BackendWarm(backend, "0.1.0", f"{backend} 2.0", ("cpu",))

    def stop(self):
        pass


@pytest.fixture
def make_runner():
    """Makes replays; those that still wait are let go at the end."""
    made = []

    def make(**arguments):
        made.append(ReplayRunner(**arguments))
        return made[-1]

    yield make
    for runner in made:
        runner.close()


@pytest.fixture
def make_app(make_runner, monkeypatch, tmp_path):
    """Makes the app on a replay, with this distribution's backends alone, and runs and state of its own."""
    monkeypatch.setenv("LSTM_TUI_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def make(source="sunspots", *, runner=None, warm_ahead=False, **arguments):
        runner = runner or make_runner()
        return WorkbenchApp(AppOptions(source, plugins=False, warm_ahead=warm_ahead, **arguments), runner)

    return make


async def _until(pilot, condition, what):
    for _ in range(400):
        if condition():
            await pilot.pause()
            return
        await pilot.pause(0.02)
    raise AssertionError(f"waited in vain for {what}")


@pytest.fixture
def until():
    """Waits for a condition, and fails with its name."""
    return _until


@pytest.fixture
def planned():
    """Waits until something could be trained."""

    async def wait(pilot):
        await _until(pilot, lambda: pilot.app.experiment is not None, "a plan")
        await pilot.app.workers.wait_for_complete(
            [worker for worker in pilot.app.workers if worker.group in ("begin", "open", "plan")]
        )
        await pilot.pause()

    return wait


@pytest.fixture
def recording():
    """Makes the records of a training: `recording(experiment, fail)`."""
    return Recording
