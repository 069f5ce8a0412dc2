"""Forecasts of a later file or another series with a trained model, by any backend."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.checkpoints.checkpoint import Model, WeightsCheckpoint, read_weights, weights_header
from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.options import DEFAULT_OPTIONS, ReadOptions
from lstm_forecasting.data.series.bounds import Bounds, bounds_as_asked
from lstm_forecasting.data.series.filling import fill_for_model
from lstm_forecasting.data.series.network_series import network_series
from lstm_forecasting.data.series.treatment import read_alike
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.evaluation.intervals.bands import Bands
from lstm_forecasting.experiment.plan import check_feedback
from lstm_forecasting.experiment.results import Offer
from lstm_forecasting.known.choosing import check_known, known_columns, rows_ahead
from lstm_forecasting.known.future import with_future
from lstm_forecasting.processes.arrays import read_forecasts
from lstm_forecasting.processes.asking import ask, inquiry
from lstm_forecasting.processes.messages import ForecastFiles, Predict
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.runs.description import read_description, read_experiment
from lstm_forecasting.runs.ensemble import Ensemble, ensemble_of, with_ridge
from lstm_forecasting.runs.folder import RunFolder, find_run, runs_folder
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError
from lstm_plugins.weights import Weights


@dataclass(frozen=True, eq=False)
class TrainedModel:
    """A checkpoint with weights: its path and its header; and the ensemble whose first network it is."""

    path: Path
    header: WeightsCheckpoint
    ensemble: Ensemble | None = None

    @classmethod
    def at(cls, path: Path) -> TrainedModel:
        """The model of a checkpoint; raises InputError if it is missing, damaged or foreign."""
        return cls(path, weights_header(path))

    @property
    def model(self) -> Model:
        """Settings, columns and scaling."""
        return self.header.model

    @cached_property
    def weights(self) -> Weights:
        """The canonical arrays, read on first use; raises InputError for a damaged file."""
        return read_weights(self.path)[1]


@dataclass(frozen=True, eq=False)
class Prediction:
    """A model's forecast after the last row of a series.

    Attributes:
        table: the series.
        model: the model.
        backend: short name of the backend that computed it.
        future: `[steps, targets]` point forecast in the series' units.
        future_quantiles: `[steps, targets, quantiles]`.
        bounds: what the forecast is held to.
        offers: for each target, the model whose forecast comes first.
        intervals: for each target, those of that forecast, `[steps, levels]`; None if its errors are not
            known. Empty for a checkpoint without its run.
    """

    table: SeriesTable
    model: TrainedModel
    backend: str
    future: NDArray[np.float64]
    future_quantiles: NDArray[np.float64]
    bounds: Bounds
    offers: tuple[Offer, ...]
    intervals: tuple[Bands | None, ...] = ()


def open_model(source: str | Path, parent: Path | None = None, backend: str | None = None) -> TrainedModel:
    """Opens the best weights of a run, or those of a checkpoint file.

    Args:
        source: a run's name or folder, or a checkpoint.
        parent: folder of the runs; None for the default.
        backend: that trained the weights of a run; None for the lowest validation loss.

    Raises:
        InputError: there is no such run or file, it is damaged, or it has no weights of that backend.
    """
    path = Path(source).expanduser()
    if path.is_file():
        return TrainedModel.at(path)
    run = find_run(source, parent or runs_folder())
    found = TrainedModel.at(_of_backend(run, backend) if backend else _best(run))
    return replace(found, ensemble=ensemble_of(run, found.header.maker.backend))


def open_series(
    model: Model,
    name_or_path: str | Path,
    options: ReadOptions = DEFAULT_OPTIONS,
    named: Collection[str] = (),
) -> SeriesTable:
    """Opens a later file or another series with the columns of a model, and fills it as the model needs it.

    Missing values and marks for them, readings of counters and changes of unit are treated as in the
    training, unless `options` says otherwise: by another value than the default, or by a default whose option
    is one of `named`. Columns that were known ahead are so here, too.

    Raises:
        InputError: as `catalogue.open_data`.
    """
    targets, inputs = model.columns[: model.targets], model.columns[model.targets :]
    alike = replace(read_alike(model.treatment, options, named), known=model.known.own)
    table = open_data(name_or_path, targets, inputs, alike)
    # In the series' units: a scaled 0 is the mean.
    means = model.scaler.inverse(np.zeros(len(model.columns)), range(len(model.columns)))
    return fill_for_model(table, model.season, means)


def own_series(run: RunFolder, options: ReadOptions = DEFAULT_OPTIONS) -> SeriesTable:
    """The rows that a run was trained on; of `options`, the limits of forecasts and the future apply to them.

    Raises:
        InputError: the run is damaged, or the future does not continue its rows.
    """
    table = read_experiment(run).table
    if options.future is not None:
        table = with_future(table, options.future)
    asked = {
        name: getattr(options, name)
        for name in ("minimum", "whole")
        if getattr(options, name) != getattr(DEFAULT_OPTIONS, name)
    }
    return table.with_options(**asked)


def check_series(model: Model, table: SeriesTable, steps: int) -> None:
    """Checks that a model can forecast so many rows of a series, opened with the columns of the model.

    Raises:
        InputError: the columns, the frequency or the length of the series do not fit, or a known column is
            not known for all rows to forecast.
    """
    if table.columns != model.columns or len(table.targets) != model.targets:
        raise InputError(
            f"The model was trained on the columns {', '.join(model.columns)}, but {table.name} was opened "
            f"with {', '.join(table.columns)}; open it with those of the model."
        )
    ours, theirs = model.frequency, table.frequency
    if (ours.kind, ours.size) != (theirs.kind, theirs.size):
        raise InputError(
            f"{table.name} is {theirs.name}, but the model was trained on {ours.name} rows; give a series "
            "of the same frequency, or train on this one."
        )
    needed = model.config.rows_before
    if table.rows < needed:
        which = "look_back" if needed == model.config.look_back else "longest lag"
        raise InputError(
            f"{table.name} has {counted(table.rows, 'row')}, but the model's {which} is {needed}; give "
            "a longer series."
        )
    if steps < 1:
        raise InputError(f"steps must be at least 1, but is {steps}.")
    check_feedback(table, model.config.horizon, steps)
    check_known(model.known, table, rows_ahead(model.config.horizon, steps))


def predict(
    model: TrainedModel,
    table: SeriesTable,
    backend: str | None = None,
    *,
    steps: int | None = None,
    threads: int = 1,
    processes: BackendProcesses | None = None,
) -> Prediction:
    """Forecasts the rows after the last one of a series, in a process of the backend.

    The forecast is held to the bounds of the training, unless the options of reading of `table` name others.

    Args:
        model: from `open_model`.
        table: from `open_series`, or the rows of a run.
        backend: short name; None for the one that trained the model.
        steps: rows to forecast; None for the horizon.
        threads: of the backend.
        processes: a pool to reuse; None starts a process for this forecast.

    Raises:
        InputError: model and series do not fit, or the backend failed.
    """
    config, scaler = model.model.config, model.model.scaler
    steps = config.horizon if steps is None else steps
    check_series(model.model, table, steps)
    chosen, indicators = backend or model.header.maker.backend, model.model.indicators
    # Nothing is evaluated, so no backend needs to know which target values were observed.
    known = known_columns(model.model.known, table, rows_ahead(config.horizon, steps))
    series = network_series(table, scaler, indicators, None, known, model.model.known.scaler)
    networks = (model.path,) if model.ensemble is None else model.ensemble.paths
    models = [weights_header(path).model for path in networks]
    for one in models:
        check_series(one, table, steps)
    futures = []
    with inquiry(config, series, model.path, processes, len(indicators)) as asked:
        for path, one in zip(networks, models, strict=True):
            own = {"config": one.config.to_dict(), "weights": str(path)}
            request = Predict(**{**asked.fields, **own}, test=(), steps=steps)
            answer = ask(asked.processes, chosen, threads, request, ForecastFiles)
            futures.append(scaler.inverse_quantiles(read_forecasts(answer).future, series.targets))
    bounds = bounds_as_asked(model.model.bounds, table.reading.options, table.targets)
    future = np.mean(futures, axis=0)
    if model.ensemble is not None:
        future = with_ridge(model.ensemble, table, future, config.point_quantile)
    quantiles = bounds.hold_quantiles(future)
    point = quantiles[:, :, config.point_quantile]
    offers = tuple(
        Offer("lstm", chosen, chosen, np.asarray(point[:, target]), "") for target in range(point.shape[1])
    )
    return Prediction(table, model, chosen, point, quantiles, bounds, offers)


def _of_backend(run: RunFolder, backend: str) -> Path:
    known = [name for name in read_description(run).backends if run.best(name).exists()]
    if backend in known:
        return run.best(backend)
    have = f"it has those of {', '.join(known)}" if known else "it has not been trained yet"
    raise InputError(f"Run {run.name} has no weights of {backend!r}; {have}.")


def _best(run: RunFolder) -> Path:
    """The weights with the lowest validation loss; without validation, those of the first backend."""
    paths = [run.best(name) for name in read_description(run).backends if run.best(name).exists()]
    if not paths:
        raise InputError(
            f"Run {run.name} has not been trained yet; train it with lstm-tui resume {run.name}."
        )

    def loss(path: Path) -> float:
        known = weights_header(path).loss
        return math.inf if known is None else known

    return min(paths, key=loss)
