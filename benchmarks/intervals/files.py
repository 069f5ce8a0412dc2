"""The forecasts of models of a file: baselines, and the preset if it is asked for."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.evaluation.baselines.kinds import Kind
from lstm_forecasting.evaluation.intervals.model import Forecasts
from lstm_forecasting.evaluation.scored_windows import Windows
from lstm_forecasting.evaluation.scoring import evaluate_baselines, find_test_part
from lstm_forecasting.experiment.plan import Experiment, plan_experiment
from lstm_forecasting.experiment.results import Evaluation
from lstm_forecasting.experiment.running import run_experiment
from lstm_forecasting.presets.options import Preset
from lstm_plugins import ADDITIONS

KINDS: tuple[Kind, ...] = ("seasonal-naive", "ridge")


def models(
    source: str | Path, backend: str, preset: Preset | None, options: ReadOptions
) -> tuple[Experiment, Mapping[str, tuple[Forecasts, Forecasts]]]:
    """The experiment of a file, and the validation and test forecasts of each model of its first target.

    Models without validation windows are left out.
    """
    table = open_data(source, (), (), options)
    if len(table.targets) > 1:
        table = open_data(source, table.targets[:1], (), options)
    experiment = plan_experiment(table, [backend], preset=preset or "classic", additions=ADDITIONS)
    found = {one.name: one for one in _evaluations(experiment, preset)}
    part = find_test_part(experiment)
    pairs = {}
    for name, one in found.items():
        if one.validation is not None and part.validation is not None:
            earlier = _forecasts(one.validation.forecasts, part.validation)
            pairs[name] = earlier, _forecasts(one.forecasts, part)
    return experiment, pairs


def _evaluations(experiment: Experiment, preset: Preset | None) -> Iterator[Evaluation]:
    if preset is None:
        yield from evaluate_baselines(experiment, find_test_part(experiment), KINDS).evaluated
        return
    result = run_experiment(experiment)
    yield from (one for one in result.baselines if one.kind in KINDS)
    yield from (one.evaluation for one in result.backends)


def _forecasts(forecasts: Array, windows: Windows) -> Forecasts:
    truth, counted = windows.truth[:, :, 0], windows.counted[:, :, 0]
    return Forecasts(forecasts[:, :, 0], truth, counted, windows.first_rows)
