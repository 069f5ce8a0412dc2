"""Requests to a backend: the inside of a window, the gradients of a batch, or the errors of a part."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.checkpoints.tensor_file import group_of
from lstm_forecasting.data.series.splits import Part
from lstm_forecasting.data.series.windows import counted_values
from lstm_forecasting.evaluation.single_forecasts import mean_of_counted
from lstm_forecasting.inspect.results import (
    InspectedBatch,
    InspectedLayer,
    InspectedWindow,
    NamedValues,
    Values,
)
from lstm_forecasting.inspect.subject import Subject
from lstm_forecasting.inspect.windows import Window
from lstm_forecasting.processes.arrays import read_arrays, read_forecasts, write_array
from lstm_forecasting.processes.asking import Inquiry, ask, inquiry
from lstm_forecasting.processes.inspecting import GRADIENTS, WINDOW_GRADIENTS
from lstm_forecasting.processes.messages import Differentiate, ForecastFiles, Inspect, Inspected, Predict
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_plugins.weights import direction_names


def inspect_window(
    subject: Subject,
    window: Window,
    backend: str | None = None,
    *,
    threads: int = 1,
    processes: BackendProcesses | None = None,
) -> InspectedWindow:
    """Computes everything inside a window, its loss and its gradients.

    Args:
        subject: the weights.
        window: the window.
        backend: short name; None for the one that trained the weights.
        threads: of the backend.
        processes: a pool to reuse; None starts a process for this request.

    Raises:
        InputError: the backend failed.
    """
    chosen = backend or subject.trained_by
    with _asked(subject, processes) as asked:
        request = Inspect(**asked.fields, start=window.inputs.start)
        answer = ask(asked.processes, chosen, threads, request, Inspected)
        arrays = read_arrays(Path(answer.arrays))
    return _window(subject, window, chosen, _exact(arrays))


def inspect_batch(
    subject: Subject,
    starts: Sequence[int] | NDArray[np.int64],
    backend: str | None = None,
    *,
    threads: int = 1,
    processes: BackendProcesses | None = None,
) -> InspectedBatch:
    """Computes the gradient of each window and of all windows as one batch.

    `starts` are the first rows of the windows, at least one; `batches.next_batch` returns those of an update.
    The other arguments are those of `inspect_window`.

    Raises:
        InputError: the backend failed, or a window leaves the series.
    """
    chosen, rows = backend or subject.trained_by, np.asarray(starts, np.int64)
    with _asked(subject, processes) as asked:
        path = asked.folder / "starts.npy"
        write_array(path, rows)
        request = Differentiate(**asked.fields, starts=str(path))
        answer = ask(asked.processes, chosen, threads, request, Inspected)
        arrays = _exact(read_arrays(Path(answer.arrays)))
    return InspectedBatch(
        subject=subject,
        backend=chosen,
        starts=rows,
        shares=_shares(subject, rows),
        losses=arrays["losses"],
        window_gradients=group_of(arrays, WINDOW_GRADIENTS),
        loss=float(arrays["loss"]),
        gradients=group_of(arrays, GRADIENTS),
    )


def part_errors(
    subject: Subject,
    part: Part,
    target: int,
    backend: str | None = None,
    *,
    threads: int = 1,
    processes: BackendProcesses | None = None,
) -> Values:
    """Computes a target's mean absolute error in each window of a part, `[windows]`, in the series' units.

    Only values that count are part of it; it is nan if none does.

    The other arguments, and the errors raised, are those of `inspect_window`.
    """
    chosen, experiment, config = backend or subject.trained_by, subject.experiment, subject.config
    rows = experiment.split.part(part)
    with _asked(subject, processes) as asked:
        request = Predict(**asked.fields, test=((rows.start, rows.stop),), steps=1, evaluated=part != "train")
        forecasts = read_forecasts(ask(asked.processes, chosen, threads, request, ForecastFiles))
    starts = experiment.window_starts(part)
    own = forecasts.test[np.isin(forecasts.starts, starts)][:, :, target]
    values = subject.model.model.scaler.inverse(own[:, :, np.newaxis], (target,))[:, :, 0]
    ahead = starts[:, np.newaxis] + config.look_back + np.arange(config.horizon)
    errors = np.abs(values - experiment.table.values[ahead, target])
    return mean_of_counted(errors, experiment.counted(part)[:, :, target])


def _asked(subject: Subject, processes: BackendProcesses | None) -> AbstractContextManager[Inquiry]:
    indicators = len(subject.model.model.indicators)
    return inquiry(subject.config, subject.series, subject.model.path, processes, indicators)


def _shares(subject: Subject, starts: NDArray[np.int64]) -> Values:
    """The share of each window in the observed target values of all."""
    experiment, config = subject.experiment, subject.config
    counted = counted_values(
        experiment.observed,
        starts + config.look_back,
        config.horizon,
        len(experiment.table.targets),
        evaluated=False,
    )
    numbers = counted.sum(axis=(1, 2)).astype(np.float64)
    return np.asarray(numbers / max(numbers.sum(), 1.0))


def _window(subject: Subject, window: Window, backend: str, arrays: NamedValues) -> InspectedWindow:
    table, config, scaler = subject.experiment.table, subject.config, subject.model.model.scaler
    targets, scaled = table.target_indices, subject.series.values
    prediction, attention = arrays["prediction"][0], arrays.get("attention")
    return InspectedWindow(
        subject=subject,
        window=window,
        backend=backend,
        inputs=table.values[window.inputs.slice],
        truth=table.values[window.targets.slice, : len(targets)],
        prediction=scaler.inverse_quantiles(prediction, targets),
        scaled_inputs=scaled[window.inputs.slice],
        scaled_truth=scaled[window.targets.slice, : len(targets)],
        scaled_prediction=prediction,
        center=arrays["center"][0],
        scale=arrays["scale"][0],
        layers=tuple(
            _layer(layer, direction, arrays)
            for layer in range(config.layers)
            for direction in direction_names(config)
        ),
        attention=None if attention is None else attention[0],
        head_input=arrays["head_input"][0],
        output=arrays["output"][0],
        loss=float(arrays["loss"]),
        gradients=group_of(arrays, GRADIENTS),
    )


def _layer(layer: int, direction: str, arrays: NamedValues) -> InspectedLayer:
    own = group_of(arrays, f"layer{layer}.{direction}")
    return InspectedLayer(layer, direction, **{name: array[0] for name, array in own.items()})


def _exact(arrays: dict[str, NDArray[Any]]) -> NamedValues:
    return {name: array.astype(np.float64) for name, array in arrays.items()}
