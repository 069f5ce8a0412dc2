"""Trains and forecasts with a backend, in a child process or in this one."""

import gc
import importlib.metadata
import sys
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.checkpoints.checkpoint import Maker, read_weights
from lstm_forecasting.checkpoints.recorder import Past, Recorder, read_past
from lstm_forecasting.processes.arrays import Forecasts, map_array, read_arrays, write_forecasts
from lstm_forecasting.processes.events import (
    BackendEpoch,
    BackendProgress,
    BackendReady,
    BackendStopped,
    BackendTrained,
    BackendUnsaved,
    BackendWarm,
)
from lstm_forecasting.processes.messages import ForecastFiles, Predict, Run, SeriesRequest, WeightsRequest
from lstm_forecasting.processes.speed import Speed
from lstm_forecasting.processes.system import resident_bytes
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
    UnsupportedError,
)
from lstm_plugins.additions import LACKS, extra_columns, needed_additions
from lstm_plugins.recursion import check_steps, forecast_steps
from lstm_plugins.weights import parameter_count

SECONDS_BETWEEN_MEASUREMENTS = 0.2
"""Interval between measurements of memory, each of which takes longer than a small batch."""

TrainingEvent = BackendProgress | BackendEpoch | BackendUnsaved
WorkEvent = BackendReady | TrainingEvent | BackendTrained | BackendStopped | ForecastFiles


def train(backend: Backend, request: Run, threads: int, stopping: Callable[[], bool]) -> Iterator[WorkEvent]:
    """Imports the framework, trains and forecasts; the last event is `ForecastFiles` or `BackendStopped`.

    `stopping` is called often; if it returns True, training stops and the best epoch so far forecasts.

    Raises:
        ForecasterError: as in the contract.
        InputError: the checkpoint to resume from is damaged.
    """
    forecaster, series = prepared(backend, request, threads)
    framework, device = framework_name(backend), request.device
    windows = len(forecaster.training_starts(request.training))
    yield BackendReady(
        backend=backend.name,
        version=backend.version,
        framework=framework,
        device=device,
        threads=threads,
        parameters=parameter_count(
            forecaster.config, forecaster.features, len(series.targets), series.known_columns
        ),
        training_windows=windows,
        seconds=0.0,
    )
    past = read_past(request.training_folder)
    program = importlib.metadata.version("lstm-tui")
    maker = Maker(backend.name, backend.version, framework, device, threads, program)
    recorder = Recorder(request.training_folder, maker, past)
    trained = yield from _train(backend.name, forecaster, request, windows, stopping, recorder, past)
    if trained is None:
        yield BackendStopped(backend.name)
        return
    yield trained
    yield _forecast(backend, forecaster, series, request)


def predict(backend: Backend, request: Predict, threads: int) -> ForecastFiles:
    """Forecasts with weights that another process or backend has trained.

    Raises:
        ForecasterError: as in the contract.
        InputError: the weights are damaged.
    """
    return _forecast(backend, *prepared(backend, request, threads), request)


def prepared(backend: Backend, request: SeriesRequest, threads: int) -> tuple[Forecaster, SeriesSet]:
    """A new forecaster with the request's series and weights, if it has some; imports the framework.

    Raises:
        ForecasterError: as in the contract.
        InputError: the weights are damaged.
    """
    config = ForecasterConfig.from_dict(request.config)
    series = requested_series(request)
    check_additions(backend, config, series, request.indicators)
    features = series.values.shape[1]
    if isinstance(request, Run | Predict):
        check_steps(config.horizon, request.steps, features, series.targets, request.indicators)
    options = ForecasterOptions(request.device, threads)
    forecaster = imported_forecaster(backend)(
        config, features, series.targets, options, **extra_columns(series, request.indicators)
    )
    forecaster.load_series(series)
    if isinstance(request, WeightsRequest):
        path = Path(request.weights)
        forecaster.load_weights(read_arrays(path) if path.suffix == ".npz" else read_weights(path)[1])
    return forecaster, series


def check_additions(
    backend: Backend, config: ForecasterConfig, series: SeriesSet, indicators: int = 0
) -> None:
    """Raises UnsupportedError if settings or series need an addition that the backend lacks."""
    for addition in needed_additions(config, series, indicators):
        if addition not in backend.additions:
            raise UnsupportedError(f"it {LACKS[addition]}; choose another backend, or other settings")


def requested_series(request: SeriesRequest) -> SeriesSet:
    """The series of a request, memory-mapped."""
    observed, known = (map_array(Path(path)) if path else None for path in (request.observed, request.known))
    columns = (request.targets, request.lengths, observed, known, request.own_known)
    return SeriesSet(map_array(Path(request.series)), *columns)


def warm(backend: Backend) -> BackendWarm:
    """Imports a backend's framework, so that a later request begins at once.

    Raises:
        ForecasterError: the framework cannot be used here.
    """
    imported_forecaster(backend)
    return BackendWarm(backend.name, backend.version, framework_name(backend), backend.load_devices())


def imported_forecaster(backend: Backend) -> type[Forecaster]:
    """Imports a backend's framework, if that has not happened yet, and returns its forecaster.

    A framework is hundreds of thousands of objects and hardly any garbage. To search it for garbage took a
    sixth of the import; later searches skip it too.

    Raises:
        ForecasterError: the framework cannot be used here.
    """
    if backend.forecaster.partition(":")[0] in sys.modules:
        return backend.load_forecaster()
    gc.disable()
    try:
        return backend.load_forecaster()
    finally:
        gc.freeze()
        gc.enable()


def framework_name(backend: Backend) -> str:
    """Distribution and version, such as "torch 2.13.0"; the module's version if names differ."""
    if not backend.framework:
        return ""
    try:
        return f"{backend.framework} {importlib.metadata.version(backend.framework)}"
    except importlib.metadata.PackageNotFoundError:
        modules = (sys.modules.get(name) for name in backend.requires)
        versions = (getattr(module, "__version__", "") for module in modules)
        return f"{backend.framework} {next(versions, '')}".rstrip()


def _forecast(
    backend: Backend, forecaster: Forecaster, series: SeriesSet, request: Run | Predict
) -> ForecastFiles:
    """Forecasts the windows of the request and the future with the weights as they are."""
    evaluated = isinstance(request, Run) or request.evaluated
    starts = (
        forecaster.evaluated_starts(request.test) if evaluated else forecaster.window_starts(request.test, 1)
    )
    validation_starts = np.empty(0, np.int64)
    if isinstance(request, Run):
        validation_starts = forecaster.evaluated_starts(request.validation)
    test, validation = (_predicted(forecaster, one) for one in (starts, validation_starts))
    future = forecast_steps(forecaster, series, request.steps)
    if not all(np.isfinite(one).all() for one in (test, validation, future)):
        raise ForecasterError(
            "a forecast is not finite; lower learning_rate or set clip_norm, and look for extreme values in "
            "the series"
        )
    forecasts = Forecasts(starts, test, future, validation_starts, validation)
    return write_forecasts(Path(request.results), backend.title, forecasts)


def _predicted(forecaster: Forecaster, starts: Starts) -> NDArray[np.floating]:
    """The point forecasts of some windows, `[windows, horizon, targets]`."""
    config = forecaster.config
    if not len(starts):
        return np.empty((0, config.horizon, len(forecaster.targets)), config.precision)
    return forecaster.predict(starts)[..., config.point_quantile]


def _train(
    name: str,
    forecaster: Forecaster,
    request: Run,
    windows: int,
    stopping: Callable[[], bool],
    recorder: Recorder,
    past: Past | None,
) -> Generator[TrainingEvent, None, BackendTrained | None]:
    before, windows_before, state = 0.0, 0, None
    in_epoch = forecaster.config.windows_in_epoch(windows)
    if past is not None:
        before, windows_before, state = past.seconds, past.state.epoch * in_epoch, past.state
        for epoch in past.history:
            yield BackendEpoch(name, epoch)
    elif stopping():
        return None
    recorder.begin(forecaster)
    epochs = forecaster.config.epochs
    speed, first = Speed(epochs * in_epoch), True
    began = time.perf_counter() - before
    memory, measured, seconds = resident_bytes(), before, before
    finished: Finished | None = None
    records = forecaster.fit(request.training, request.validation, state)
    try:
        for record in records:
            seconds = time.perf_counter() - began
            if isinstance(record, Finished):
                finished = record
                break
            if isinstance(record, Epoch):
                record = replace(record, seconds=seconds)
                if problem := recorder.add(forecaster, record):
                    yield BackendUnsaved(name, problem)
                yield BackendEpoch(name, record)
                if first:
                    speed.begin_anew()
                    first = False
            else:
                if seconds > measured + SECONDS_BETWEEN_MEASUREMENTS:
                    memory, measured = resident_bytes(), seconds
                speed.add(seconds, windows_before + record.windows)
                yield BackendProgress(
                    backend=name,
                    epoch=record.epoch,
                    epochs=epochs,
                    batch=record.batch,
                    batches=record.batches,
                    training_loss=record.training_loss,
                    windows_per_second=speed.windows_per_second,
                    seconds_left=speed.seconds_left,
                    memory=memory,
                )
            if stopping():
                break
    finally:
        # Closing the generator restores the best weights.
        if isinstance(records, Generator):
            records.close()
        # Also if the process is terminated or a loss is not finite.
        problem = recorder.save()
    if problem:
        yield BackendUnsaved(name, problem)
    if finished is not None:
        return BackendTrained(name, finished.reason, finished.epochs, finished.best_epoch, seconds)
    state = forecaster.training_state
    if state is None or state.epoch == 0:
        return None
    best_epoch = state.epoch - 1 if state.best_epoch is None else state.best_epoch
    return BackendTrained(name, "stopped", state.epoch, best_epoch, seconds)
