"""Computes a backend's answers to a probe of the cross-check, in the child; the host judges them."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from lstm_conformance.checks import Observation, observe
from lstm_conformance.levels import LEVELS
from lstm_conformance.probe import Probe
from lstm_forecasting.processes.arrays import map_array, read_arrays, write_arrays
from lstm_forecasting.processes.events import BackendAnswers
from lstm_forecasting.processes.messages import AllObserved, Observe, Observed
from lstm_forecasting.processes.work import (
    check_additions,
    framework_name,
    imported_forecaster,
    requested_series,
)
from lstm_plugins import Backend, Forecaster, ForecasterConfig, ForecasterOptions

LONGEST_REASON = 1000
"""Longest text, in characters, that is taken from a plugin's error."""


def answers(
    backend: Backend, request: Observe, threads: int
) -> Iterator[BackendAnswers | Observed | AllObserved]:
    """Imports the framework and computes level by level; the last message is `AllObserved`.

    Raises:
        ForecasterError: the framework cannot be used here.
    """
    kind = imported_forecaster(backend)
    options = ForecasterOptions(request.device, threads)
    yield BackendAnswers(backend.name, backend.version, framework_name(backend), request.device, threads)

    def make(probe: Probe) -> Forecaster:
        check_additions(backend, probe.config, probe.series, probe.indicators)
        return kind(probe.config, probe.features, probe.series.targets, options, **probe.extra_columns)

    by_name = {level.name: level for level in LEVELS}
    for level, observation in observe(make, _probe(request), [by_name[name] for name in request.levels]):
        yield _observed(level.name, observation, Path(request.results) / f"{level.name}.npz")
    yield AllObserved()


def _probe(request: Observe) -> Probe:
    return Probe(
        name=request.probe,
        config=ForecasterConfig.from_dict(request.config),
        series=requested_series(request),
        training=request.training,
        validation=request.validation,
        weights=read_arrays(Path(request.weights)),
        starts=np.array(map_array(Path(request.starts))),
        indicators=request.indicators,
    )


def _observed(level: str, observation: Observation, path: Path) -> Observed:
    unsupported, error = observation.unsupported, observation.error
    if not (unsupported or error):
        try:
            write_arrays(path, observation.tensors)
        except ValueError as problem:
            error = f"its answer is not an array of numbers ({problem})"
    arrays = "" if unsupported or error else str(path)
    return Observed(level, arrays, unsupported[:LONGEST_REASON], error[:LONGEST_REASON])
