"""A backend's whole work on one job: load, train, forecast. The same in a child process and without one."""

from __future__ import annotations

import importlib.metadata
import sys
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.checkpoints.model import Maker
from lstm_forecasting.checkpoints.recorder import Past, Recorder, TrainingFolder, read_past
from lstm_forecasting.processes.memory import resident_bytes
from lstm_forecasting.processes.messages import (
    NothingLearnt,
    Ready,
    Trained,
    TrainingEpoch,
    TrainingProgress,
    Unsaved,
    Warmed,
)
from lstm_plugins import (
    Backend,
    Epoch,
    Finished,
    Forecaster,
    ForecasterConfig,
    ForecasterError,
    ForecasterOptions,
    SeriesSet,
    Starts,
    TargetRows,
)
from lstm_plugins.recursion import check_steps, forecast_steps
from lstm_plugins.weights import Array, Weights, parameter_count

SECONDS_BETWEEN_MEASUREMENTS = 0.2
"""Of memory, which would cost more than a small batch."""


@dataclass(frozen=True)
class Job:
    """What a backend is asked to do.

    Attributes:
        config: the network and its training.
        series: scaled.
        training: target rows, like validation and test.
        validation: may be empty.
        test: whose windows are forecast at stride 1; may be empty.
        steps: rows to forecast after the last one.
        options: device and threads.
        training_folder: where checkpoints are written and read; None writes none.
    """

    config: ForecasterConfig
    series: SeriesSet
    training: TargetRows
    validation: TargetRows
    test: TargetRows
    steps: int
    options: ForecasterOptions
    training_folder: TrainingFolder | None = None


@dataclass(frozen=True)
class Forecasts:
    """What a backend forecasts, in scaled units.

    Attributes:
        starts: `[windows]`, first input rows of the test windows.
        test: `[windows, horizon, targets]` point forecasts.
        future: `[steps, targets, quantiles]`, all quantiles.
    """

    starts: Starts
    test: Array
    future: Array


WorkEvent = Ready | TrainingProgress | TrainingEpoch | Unsaved | Trained | NothingLearnt | Forecasts


def work(backend: Backend, job: Job, stopping: Callable[[], bool]) -> Iterator[WorkEvent]:
    """Trains a backend and forecasts; the last event is `Forecasts` or `NothingLearnt`.

    Args:
        backend: its framework is imported here.
        job: what to do.
        stopping: asked again and again; True ends the training, and what was learnt is forecast with.

    Raises:
        ForecasterError: whatever the contract allows.
    """
    features = job.series.values.shape[1]
    check_steps(job.config.horizon, job.steps, features, job.series.targets)
    forecaster = backend.load_forecaster()(job.config, features, job.series.targets, job.options)
    forecaster.load_series(job.series)
    yield Ready(
        title=backend.title,
        version=backend.version,
        framework=framework_in_words(backend),
        device=job.options.device,
        threads=job.options.threads,
        parameters=parameter_count(job.config, features, len(job.series.targets)),
        training_windows=len(forecaster.window_starts(job.training, job.config.stride)),
    )
    recorder, past = None, None
    if job.training_folder is not None:
        past = read_past(job.training_folder)
        recorder = Recorder(job.training_folder, _maker(backend, job.options), past)
    trained = yield from _train(forecaster, job, stopping, recorder, past)
    if trained is None:
        yield NothingLearnt()
        return
    yield trained
    yield forecast(forecaster, job)


def predict(backend: Backend, job: Job, weights: Weights) -> Forecasts:
    """Forecasts with weights that another process, or another backend, has learnt.

    Args:
        backend: its framework is imported here.
        job: what to forecast; nothing is trained.
        weights: canonical arrays.

    Raises:
        ForecasterError: whatever the contract allows.
    """
    check_steps(job.config.horizon, job.steps, job.series.values.shape[1], job.series.targets)
    return forecast(loaded(backend, job.config, job.series, job.options, weights), job)


def loaded(
    backend: Backend,
    config: ForecasterConfig,
    series: SeriesSet,
    options: ForecasterOptions,
    weights: Weights,
) -> Forecaster:
    """A forecaster with a series and weights that it has not learnt itself.

    Args:
        backend: its framework is imported here.
        config: the network.
        series: scaled.
        options: device and threads.
        weights: canonical arrays, of any precision.

    Raises:
        ForecasterError: whatever the contract allows.
    """
    features = series.values.shape[1]
    forecaster = backend.load_forecaster()(config, features, series.targets, options)
    forecaster.load_series(series)
    forecaster.load_weights(weights)
    return forecaster


def forecast(forecaster: Forecaster, job: Job) -> Forecasts:
    """Forecasts the test windows and the future with the weights as they are.

    Raises:
        ForecasterError: a forecast is not finite.
    """
    config = job.config
    starts = forecaster.window_starts(job.test, 1)
    test: NDArray[np.floating] = np.empty((0, config.horizon, len(job.series.targets)), config.precision)
    if len(starts):
        test = forecaster.predict(starts)[..., config.point_level]
    future = forecast_steps(forecaster, job.series, job.steps)
    if not (np.isfinite(test).all() and np.isfinite(future).all()):
        raise ForecasterError(
            "a forecast is not finite; lower learning_rate or set clip_norm, and look for extreme values in "
            "the series"
        )
    return Forecasts(starts, test, future)


def _train(
    forecaster: Forecaster,
    job: Job,
    stopping: Callable[[], bool],
    recorder: Recorder | None,
    past: Past | None,
) -> Generator[TrainingProgress | TrainingEpoch | Unsaved, None, Trained | None]:
    before, windows_before = 0.0, 0
    if past is not None:
        windows = len(forecaster.window_starts(job.training, job.config.stride))
        before, windows_before = past.seconds, past.state.epoch * windows
        for done in past.history:
            yield TrainingEpoch(done.epoch, done.seconds)
    elif stopping():
        return None
    if recorder is not None:
        recorder.begin(forecaster)
    began = time.perf_counter() - before
    memory, measured = resident_bytes(), before
    records = forecaster.fit(job.training, job.validation, past.state if past else None)
    problem = ""
    try:
        for record in records:
            seconds = time.perf_counter() - began
            if isinstance(record, Finished):
                if recorder is not None:
                    recorder.save()
                    yield from _unsaved(recorder, problem)
                return Trained(record.reason, record.epochs, record.best_epoch, seconds)
            if isinstance(record, Epoch):
                if recorder is not None:
                    recorder.add(forecaster, record, seconds)
                    yield from _unsaved(recorder, problem)
                    problem = recorder.problem
                yield TrainingEpoch(record, seconds)
            else:
                if seconds > measured + SECONDS_BETWEEN_MEASUREMENTS:
                    memory, measured = resident_bytes(), seconds
                yield TrainingProgress(
                    replace(record, windows=windows_before + record.windows), seconds, memory
                )
            if stopping():
                break
    finally:
        # Closing is what makes the generator put the best weights back.
        if isinstance(records, Generator):
            records.close()
        # Also when the process is told to end, or the network left the finite numbers.
        if recorder is not None:
            recorder.save()
    if recorder is not None:
        yield from _unsaved(recorder, problem)
    state = forecaster.training_state
    if state is None or state.epoch == 0:
        return None
    best_epoch = state.epoch - 1 if state.best_epoch is None else state.best_epoch
    return Trained("stopped", state.epoch, best_epoch, time.perf_counter() - began)


def _unsaved(recorder: Recorder, told: str) -> Iterator[Unsaved]:
    """Says that saving failed, unless the same was said before."""
    if recorder.problem and recorder.problem != told:
        yield Unsaved(recorder.problem)


def _maker(backend: Backend, options: ForecasterOptions) -> Maker:
    return Maker(
        backend=backend.name,
        version=backend.version,
        framework=framework_in_words(backend),
        device=options.device,
        threads=options.threads,
        program=importlib.metadata.version("lstm-tui"),
    )


def warmed(backend: Backend) -> Warmed:
    """Imports a backend's framework, so that the work of a later job begins at once.

    Raises:
        ForecasterError: the framework cannot be used here.
    """
    backend.load_forecaster()
    return Warmed(backend.version, framework_in_words(backend), backend.load_devices())


def framework_in_words(backend: Backend) -> str:
    """Distribution and version, such as "torch 2.13.0"; builds under other names tell their own version."""
    if not backend.framework:
        return ""
    try:
        return f"{backend.framework} {importlib.metadata.version(backend.framework)}"
    except importlib.metadata.PackageNotFoundError:
        modules = (sys.modules.get(name) for name in backend.requires)
        versions = (getattr(module, "__version__", "") for module in modules)
        return f"{backend.framework} {next(versions, '')}".rstrip()
