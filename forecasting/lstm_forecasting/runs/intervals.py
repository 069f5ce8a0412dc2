"""The intervals of forecasts that a run makes later, from the errors of its validation and test part."""

import numpy as np

from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.evaluation.intervals.bands import Bands
from lstm_forecasting.experiment.results import ExperimentResult, Offer
from lstm_forecasting.runs.predicting import Prediction


def offered_intervals(
    result: ExperimentResult, prediction: Prediction, offers: tuple[Offer, ...]
) -> tuple[Bands | None, ...]:
    """For each target, the intervals of the forecast that comes first, `[steps, levels]`.

    The LSTM's errors are those of the backend that trained the weights. None if the run has not evaluated it.
    """
    row = first_row_after(result.experiment.table, prediction.table, result.experiment.season)
    trained = prediction.model.header.maker.backend
    networks = {one.backend: one.evaluation.name for one in result.backends}
    found: list[Bands | None] = []
    for target, offer in enumerate(offers):
        name = networks.get(trained) if offer.kind == "lstm" else offer.name
        found.append(
            None
            if name is None
            else result.intervals.after(row, name, target, offer.future, prediction.bounds)
        )
    return tuple(found)


def first_row_after(own: SeriesTable, other: SeriesTable, season: int) -> int | None:
    """The row of `own` that follows the last one of `other`; None if that is not known.

    Another series than `own` may end before it, or overlap it. Then all errors of `own` are known, so it is
    the first row after the end with the same phase of the season.
    """
    row = _row_after(own, other)
    if row is None or row >= own.rows:
        return row
    if row > 0 and np.array_equal(own.values[row - 1], other.values[-1]):
        return row
    return own.rows + (row - own.rows) % season


def _row_after(own: SeriesTable, other: SeriesTable) -> int | None:
    if own.times is None and other.times is None:
        return other.rows if np.array_equal(other.values[: own.rows], own.values) else None
    if own.times is None or other.times is None:
        return None
    first, last = own.times[0], other.times[-1]
    if last >= first:
        steps = int(own.frequency.steps_from(first, other.times[-1:])[0])
        return None if steps < 0 else steps + 1
    steps = int(own.frequency.steps_from(last, own.times[:1])[0])
    return None if steps < 0 else 1 - steps
