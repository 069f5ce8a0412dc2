"""The intervals of the models of a result, each computed when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lstm_forecasting.data.series.bounds import is_whole
from lstm_forecasting.evaluation.intervals.bands import Limits
from lstm_forecasting.evaluation.intervals.levels import DEFAULT_LEVELS
from lstm_forecasting.evaluation.intervals.model import Forecasts, ModelIntervals, model_intervals
from lstm_forecasting.evaluation.scored_windows import windows_of
from lstm_forecasting.experiment.plan import Experiment

if TYPE_CHECKING:
    from lstm_forecasting.data.arrays import Array
    from lstm_forecasting.evaluation.scored_windows import Windows
    from lstm_forecasting.experiment.results import Evaluation, ExperimentResult


class ResultIntervals:
    """Finds the intervals of any model of a result, and keeps those that it has found.

    A model takes a tenth of a second, or seconds with hundreds of steps, so that a screen asks for those that
    it shows.
    """

    def __init__(self, result: ExperimentResult) -> None:
        self._result = result
        self._validation: Windows | None = None
        self._found: dict[tuple[str, int], ModelIntervals] = {}

    def of(self, name: str, target: int = 0) -> ModelIntervals:
        """The intervals of a model, named as in `Evaluation.name` or `Offer.name`.

        Raises:
            KeyError: the result has no such model.
        """
        key = name, target
        if key not in self._found:
            self._found[key] = self._measure(name, target)
        return self._found[key]

    def _measure(self, name: str, target: int) -> ModelIntervals:
        result, experiment = self._result, self._result.experiment
        futures = {one.evaluation.name: (one.evaluation, one.future) for one in result.backends}
        futures |= {one.name: (one, one.future) for one in result.baselines}
        model, future = futures[name]
        return model_intervals(
            Forecasts(
                model.forecasts[:, :, target],
                result.truth[:, :, target],
                result.counted[:, :, target],
                result.first_rows,
            ),
            self._earlier(model, target),
            future[:, target],
            experiment.table.rows,
            season=experiment.season,
            levels=experiment.levels or DEFAULT_LEVELS,
            limits=limits_of(experiment, target),
        )

    def _earlier(self, model: Evaluation, target: int) -> Forecasts | None:
        if model.validation is None:
            return None
        if self._validation is None:
            self._validation = windows_of(self._result.experiment, "validation")
        windows = self._validation
        return Forecasts(
            model.validation.forecasts[:, :, target],
            windows.truth[:, :, target],
            windows.counted[:, :, target],
            windows.first_rows,
        )


def limits_of(experiment: Experiment, target: int) -> Limits:
    """What the ends of a target's intervals are held to.

    Forecasts may be rounded at the user's wish; ends are whole only if the training values are.
    """
    bounds, table = experiment.bounds, experiment.table
    if not bounds.minimum:
        return Limits()
    rows, column = experiment.split.train.slice, table.target_indices[target]
    values: Array = table.values[rows, column][~table.filled[rows, column]]
    return Limits(bounds.minimum[target], bounds.whole[target] and is_whole(values))
