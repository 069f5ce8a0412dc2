"""The model that a run offers, applied to a later file: the LSTM, or a baseline fitted to the run's rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.evaluation.baselines.baseline import Baseline
from lstm_forecasting.evaluation.baselines.fitting import history_of
from lstm_forecasting.evaluation.baselines.kinds import Wanted
from lstm_forecasting.evaluation.scoring import experiment_baselines, experiment_history, with_offer
from lstm_forecasting.experiment.error_counts import check_levels
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_forecasting.runs.folder import RunFolder
from lstm_forecasting.runs.intervals import offered_intervals
from lstm_forecasting.runs.predicting import Prediction
from lstm_forecasting.runs.watching import read_run
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError


@dataclass(frozen=True, eq=False)
class OfferedModels:
    """The models that a result offers, fitted once to forecast any series.

    Attributes:
        result: its training rows are those that baselines are fitted to.
        fitted: the baselines among them, by name.
    """

    result: ExperimentResult
    fitted: Mapping[str, Baseline]

    @classmethod
    def of(cls, result: ExperimentResult) -> OfferedModels:
        """The models of a result; fits its offered baselines."""
        experiment = result.experiment
        kinds = {offer.kind for offer in result.offers if offer.kind != "lstm"}
        if not kinds:
            return cls(result, {})
        fitted = experiment_baselines(experiment, experiment_history(experiment), kinds).baselines
        return cls(result, {one.name: one for one in fitted})

    def first(self, prediction: Prediction, *, asked: bool = False) -> Prediction:
        """The prediction with the forecasts of the offered models first, and their intervals.

        Args:
            prediction: of an LSTM of the same run.
            asked: refuse a series that is too short for an offered baseline, since the user asked for it;
                otherwise the LSTM comes first there.

        Raises:
            InputError: the series is too short for a baseline that the user asked for.
        """
        offers = []
        for target, chosen in enumerate(self.result.offers):
            baseline = self.fitted.get(chosen.name) if chosen.kind != "lstm" else None
            own = prediction.offers[target]
            if baseline is None:
                offers.append(replace(own, sentence=chosen.sentence))
            elif prediction.table.rows >= baseline.needs:
                offers.append(replace(chosen, future=self._future(prediction, baseline)[:, target]))
            elif asked:
                raise InputError(
                    f"{_too_short(prediction, baseline)}; give a longer series, or set model to lstm."
                )
            else:
                sentence = f"{_too_short(prediction, baseline)}, so the LSTM's forecast comes first."
                offers.append(replace(own, sentence=sentence))
        found = tuple(offers)
        intervals = offered_intervals(self.result, prediction, found)
        return replace(prediction, offers=found, intervals=intervals)

    def _future(self, prediction: Prediction, baseline: Baseline) -> Array:
        """The forecast `[steps, targets]` of the series of the prediction, held to its bounds."""
        experiment, steps = self.result.experiment, len(prediction.future)
        history = history_of(prediction.table, steps, experiment.config.horizon, experiment.known_choice)
        return np.asarray(prediction.bounds.hold(baseline.future(history, steps)))


def offer_of_run(
    prediction: Prediction,
    run: RunFolder,
    wanted: Wanted | None = None,
    levels: tuple[float, ...] = (),
) -> Prediction:
    """The prediction with the forecast first that the run offers, or the one that the user wants.

    Args:
        prediction: of an LSTM of the run.
        run: whose validation part chooses, and whose training rows baselines are fitted to.
        wanted: None for the run's own choice.
        levels: nominal coverage of the intervals in percent; empty for that of the run.

    Raises:
        InputError: the run is damaged, or the series is too short for the baseline.
        OptionError: the run has too few errors for a level.
    """
    result = read_run(run)
    if levels:
        experiment = replace(result.experiment, levels=levels)
        check_levels(levels, [experiment.counted(part) for part in ("validation", "test")])
        result = replace(result, experiment=experiment)
    if wanted is not None:
        result = with_offer(result, wanted)
    return OfferedModels.of(result).first(prediction, asked=wanted not in (None, "best"))


def _too_short(prediction: Prediction, baseline: Baseline) -> str:
    table = prediction.table
    rows = counted(table.rows, "row")
    return f"{table.name} has {rows}, but the forecast of {baseline.name} needs {baseline.needs}"
