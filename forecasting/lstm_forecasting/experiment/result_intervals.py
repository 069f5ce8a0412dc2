"""The intervals of the models of a result, each computed when it is first asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from lstm_forecasting.data.series.bounds import Bounds, is_whole
from lstm_forecasting.evaluation.intervals.bands import Bands, Limits, bands
from lstm_forecasting.evaluation.intervals.levels import DEFAULT_LEVELS
from lstm_forecasting.evaluation.intervals.model import (
    Forecasts,
    ModelIntervals,
    future_half_widths,
    model_intervals,
    residuals_of,
)
from lstm_forecasting.evaluation.scored_windows import Windows, windows_of
from lstm_forecasting.experiment.plan import Experiment

if TYPE_CHECKING:
    from lstm_forecasting.data.arrays import Array
    from lstm_forecasting.experiment.results import Evaluation, ExperimentResult


class ResultIntervals:
    """Finds the intervals of any model of a result, and keeps those that it has found.

    A model takes a tenth of a second, or seconds with hundreds of steps, so that a screen asks for those that
    it shows. Models are named as in `Evaluation.name` and `Offer.name`; KeyError if the result has no such
    model.
    """

    def __init__(self, result: ExperimentResult) -> None:
        self._result = result
        self._found: dict[tuple[str, int], ModelIntervals] = {}

    def of(self, name: str, target: int = 0) -> ModelIntervals:
        """The intervals of a model on the test part and after the last row."""
        key = name, target
        if key not in self._found:
            self._found[key] = self._measure(name, target)
        return self._found[key]

    def after(
        self, row: int | None, name: str, target: int, future: Array, bounds: Bounds | None = None
    ) -> Bands:
        """The intervals of a forecast that a model makes later, or of another series.

        Args:
            row: the row of the first step, counted as those of the experiment; None if it is not known, so
                that its phase of the season is not either.
            name: of the model.
            target: its place.
            future: `[steps]`, the forecast.
            bounds: what it is held to; None for those of the experiment.
        """
        experiment = self._result.experiment
        test, earlier = self._forecasts(self._models[name][0], target)
        residuals = residuals_of([test] if earlier is None else [earlier, test], experiment.season)
        if row is None:
            row, residuals = experiment.table.rows, replace(residuals, season=1)
        levels = self.of(name, target).levels
        widths = future_half_widths(residuals, row, len(future), levels)
        limits = limits_of(experiment, target, bounds)
        return bands(future, widths, levels, limits)

    def _measure(self, name: str, target: int) -> ModelIntervals:
        experiment = self._result.experiment
        model, future = self._models[name]
        test, earlier = self._forecasts(model, target)
        return model_intervals(
            test,
            earlier,
            future[:, target],
            experiment.table.rows,
            season=experiment.season,
            levels=experiment.levels or DEFAULT_LEVELS,
            limits=limits_of(experiment, target),
        )

    @cached_property
    def _models(self) -> dict[str, tuple[Evaluation, Array]]:
        """Each model with its forecast after the last row."""
        result = self._result
        backends = {one.evaluation.name: (one.evaluation, one.future) for one in result.backends}
        return backends | {one.name: (one, one.future) for one in result.baselines}

    @cached_property
    def _windows(self) -> tuple[Windows, Windows]:
        result = self._result
        test = Windows(result.truth, result.first_rows, result.counted)
        return test, windows_of(result.experiment, "validation")

    def _forecasts(self, model: Evaluation, target: int) -> tuple[Forecasts, Forecasts | None]:
        test, validation = self._windows
        of_test = forecasts_of(model.forecasts, test, target)
        if model.validation is None:
            return of_test, None
        return of_test, forecasts_of(model.validation.forecasts, validation, target)


def forecasts_of(forecasts: Array, windows: Windows, target: int) -> Forecasts:
    """The forecasts `[windows, horizon, targets]` of one target in the windows of a part."""
    return Forecasts(
        forecasts[:, :, target],
        windows.truth[:, :, target],
        windows.counted[:, :, target],
        windows.first_rows,
    )


def limits_of(experiment: Experiment, target: int, other: Bounds | None = None) -> Limits:
    """What the ends of a target's intervals are held to.

    These are the bounds of the experiment, or `other` ones. Forecasts may be rounded at the user's wish; ends
    are whole only if the training values are.
    """
    bounds = experiment.bounds if other is None else other
    if not bounds.minimum:
        return Limits()
    rows, column = experiment.split.train.slice, experiment.table.target_indices[target]
    values: Array = experiment.table.values[rows, column][~experiment.table.filled[rows, column]]
    return Limits(bounds.minimum[target], bounds.whole[target] and is_whole(values))
