"""The model that a run offers, applied to a later file: the LSTM, or a baseline fitted to the run's rows."""

from dataclasses import replace

import numpy as np

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.evaluation.baselines.baseline import Baseline
from lstm_forecasting.evaluation.baselines.fitting import history_of
from lstm_forecasting.evaluation.baselines.kinds import Wanted
from lstm_forecasting.evaluation.scoring import experiment_baselines, experiment_history, with_offer
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.runs.folder import RunFolder
from lstm_forecasting.runs.predicting import Prediction
from lstm_forecasting.runs.watching import read_run
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError


def offer_of_run(prediction: Prediction, run: RunFolder, wanted: Wanted | None = None) -> Prediction:
    """The prediction with the forecast first that the run offers, or the one that the user wants.

    Args:
        prediction: of an LSTM of the run.
        run: whose validation part chooses, and whose training rows baselines are fitted to.
        wanted: None for the run's own choice.

    Raises:
        InputError: the run is damaged, or the series is too short for the baseline.
    """
    result = read_run(run)
    if wanted is not None:
        result = with_offer(result, wanted)
    experiment = result.experiment
    kinds = {offer.kind for offer in result.offers if offer.kind != "lstm"}
    fitted = {}
    if kinds:
        history = experiment_history(experiment)
        fitted = {one.name: one for one in experiment_baselines(experiment, history, kinds).baselines}
    offers = []
    for target, chosen in enumerate(result.offers):
        baseline = fitted.get(chosen.name) if chosen.kind != "lstm" else None
        own = prediction.offers[target]
        if baseline is None:
            offers.append(replace(own, sentence=chosen.sentence))
        elif prediction.table.rows >= baseline.needs:
            future = _future(prediction, experiment, baseline)[:, target]
            offers.append(replace(chosen, future=future))
        elif wanted in (None, "best"):
            sentence = f"{_too_short(prediction, baseline)}, so the LSTM's forecast comes first."
            offers.append(replace(own, sentence=sentence))
        else:
            raise InputError(
                f"{_too_short(prediction, baseline)}; give a longer series, or set model to lstm."
            )
    return replace(prediction, offers=tuple(offers))


def _too_short(prediction: Prediction, baseline: Baseline) -> str:
    table = prediction.table
    rows = counted(table.rows, "row")
    return f"{table.name} has {rows}, but the forecast of {baseline.name} needs {baseline.needs}"


def _future(prediction: Prediction, experiment: Experiment, baseline: Baseline) -> Array:
    """The forecast `[steps, targets]` of the series of the prediction, held to its bounds."""
    steps = len(prediction.future)
    history = history_of(prediction.table, steps, experiment.config.horizon, experiment.known_choice)
    return np.asarray(prediction.bounds.hold(baseline.future(history, steps)))
