"""Forecasts of the program itself: an ensemble of a preset, the baselines, and the model that is offered."""

import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from benchmarks.accuracy.settings import Settings
from benchmarks.accuracy.tables import Kind as LineKind

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.data.series.splits import Split, split_by_count
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.evaluation.baselines.kinds import KINDS, Kind
from lstm_forecasting.evaluation.baselines.last_value import last_value
from lstm_forecasting.evaluation.baselines.seasonal_naive import seasonal_naive
from lstm_forecasting.evaluation.offering import last_value_instead
from lstm_forecasting.evaluation.scoring import evaluate_baselines, find_test_part
from lstm_forecasting.experiment.events import ExperimentFinished
from lstm_forecasting.experiment.plan import Experiment, plan_experiment
from lstm_forecasting.experiment.results import Baselines, EvaluatedBaseline, Evaluation, ExperimentResult
from lstm_forecasting.experiment.running import RunningExperiment
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError

BACKEND = "numpy"
LSTM, OFFERED = "LSTM", "offered by validation"


@dataclass(frozen=True, eq=False)
class Task:
    """One series, its parts, and how far ahead it is to be forecast.

    Attributes:
        name: what it is called in messages.
        table: the series as the program opens it.
        split: parts by rows, which together are the whole table.
        horizon: steps forecast at once; None for the one that the program infers.
        networks: whether networks are trained; otherwise the baselines alone are measured.
    """

    name: str
    table: SeriesTable
    split: Split
    horizon: int | None
    networks: bool = True

    @property
    def values(self) -> Array:
        """The series `[rows]` in its own units."""
        return np.asarray(self.table.values[:, 0])

    def truth(self, first_rows: Integers, horizon: int) -> Array:
        """The values `[windows, horizon]` that are to be forecast."""
        return np.asarray(self.values[first_rows[:, np.newaxis] + np.arange(horizon)])


@dataclass(frozen=True, eq=False)
class Measured:
    """A model's forecasts.

    Attributes:
        model: its name.
        kind: whose it is.
        forecasts: for each base seed, `[windows, horizon]` in the series' units.
        errors: for each base seed, the mean absolute error of all test windows at stride 1.
        seconds: of one core, with one base seed.
    """

    model: str
    kind: LineKind
    forecasts: tuple[Array, ...]
    errors: tuple[float, ...]
    seconds: float = 0.0


@dataclass(frozen=True, eq=False)
class Outcome:
    """What the program did for a task.

    Attributes:
        horizon: steps forecast at once.
        models: baselines, the LSTM ensemble and the offered model.
        note: what the networks of the first base seed are, and what was offered with it.
        absent: sentences about baselines that there are not.
    """

    horizon: int
    models: tuple[Measured, ...]
    note: str
    absent: tuple[str, ...]


def naive(values: Array, season: int, first_rows: Integers, horizon: int) -> Array:
    """The last season again `[windows, horizon]`; the last value if there is no season."""
    column = values[:, np.newaxis]
    if season > 1:
        return seasonal_naive(column, season, first_rows, horizon)[:, :, 0]
    return last_value(column, first_rows, horizon)[:, :, 0]


def held_out(rows: int, test: int, validation: int) -> Split:
    """The last `test` rows are the test part, the `validation` rows before them the validation part."""
    return split_by_count(rows, rows - test - validation, validation, test)


def measure(task: Task, settings: Settings, first_rows: Integers | None = None) -> Outcome:
    """Runs the program on a task as `lstm-tui forecast` does.

    Args:
        task: what to forecast.
        settings: number of base seeds and preset.
        first_rows: first rows of the windows of the test part whose forecasts are kept; None for all.

    Raises:
        InputError: the series is too short, or the backend fails.
    """
    plan = _planner(task, settings)
    experiment = plan(settings.base_seeds[0])
    part = find_test_part(experiment)
    rows = part.first_rows if first_rows is None else first_rows
    places = np.searchsorted(part.first_rows, rows)
    if not np.array_equal(part.first_rows[places], rows):
        raise InputError(f"{task.name}: not every window of the protocol can be forecast.")
    settings.show(f"{task.name}: baselines")
    models, evaluated, absent = [], list[EvaluatedBaseline](), dict[str, None]()
    for kind in KINDS:
        began = _seconds()
        found = evaluate_baselines(experiment, part, (kind,))
        seconds = _seconds() - began
        absent |= dict.fromkeys(found.notes)
        if found.evaluated:
            # Of several seasons, the one that validation prefers.
            best = min(found.evaluated, key=_validation_error)
            models.append(_measured(baseline_name(kind), "baseline", [best], places, seconds))
            evaluated += found.evaluated
    if task.networks:
        baselines = Baselines(tuple(evaluated), tuple(absent))
        networks, note = _networks(task, settings, plan, baselines, places)
        models += networks
    else:
        best = min(evaluated, key=_validation_error)
        offered = last_value_instead(best, evaluated, 0, part.validation) or best
        models.append(_measured(OFFERED, "ours", [offered], places))
        note = f"{offered.name} is offered."
    return Outcome(experiment.config.horizon, tuple(models), note, tuple(absent))


def _networks(
    task: Task, settings: Settings, plan: Callable[[int], Experiment], baselines: Baselines, places: Integers
) -> tuple[list[Measured], str]:
    """The ensembles of all base seeds, and what is offered with each; and a note."""
    ensembles, offers, note = [], [], ""
    began = _seconds()
    for seed in settings.base_seeds:
        settings.show(f"{task.name}: {settings.preset}, seed {seed}")
        result = _run(plan(seed), baselines)
        ensembles.append(result.backends[0].evaluation)
        offers.append(next(one for one in result.models if one.name == result.offers[0].name))
        note = note or _in_words(result)
    seconds = (_seconds() - began) / settings.seeds
    lstm = _measured(LSTM, "ours", ensembles, places, seconds)
    return [lstm, _measured(OFFERED, "ours", offers, places)], note


def _measured(
    model: str, kind: LineKind, evaluations: Sequence[Evaluation], places: Integers, seconds: float = 0.0
) -> Measured:
    forecasts = tuple(one.forecasts[places, :, 0] for one in evaluations)
    return Measured(model, kind, forecasts, tuple(one.scores[0].mae for one in evaluations), seconds)


def _planner(task: Task, settings: Settings) -> Callable[[int], Experiment]:
    rows = task.split.rows
    parts = (task.split.train, task.split.validation, task.split.test)
    train, validation, test = (len(part) / rows for part in parts)

    def plan(seed: int) -> Experiment:
        fixed = {"seed": seed} | ({} if task.horizon is None else {"horizon": task.horizon})
        experiment = plan_experiment(
            task.table,
            [BACKEND],
            fixed,
            fractions=(train, validation, test),
            preset=settings.preset if task.networks else "classic",
        )
        assert experiment.split == task.split
        return experiment

    return plan


def _run(experiment: Experiment, baselines: Baselines) -> ExperimentResult:
    with RunningExperiment(experiment, baselines=baselines) as running:
        results = [event.result for event in running if isinstance(event, ExperimentFinished)]
    if not results[-1].backends:
        raise InputError(f"{experiment.table.name}: {results[-1].failures[BACKEND]}.")
    return results[-1]


def _validation_error(baseline: EvaluatedBaseline) -> float:
    return np.inf if baseline.validation is None else baseline.validation.mae[0]


def baseline_name(kind: Kind) -> str:
    """What a kind of baseline is called in the tables."""
    names = {
        "ridge": "mean of ridges",
        "ets": "AutoETS",
        "theta": "Theta",
        # Not the one of the protocol, whose season is given.
        "seasonal-naive": "seasonal naive, season found",
    }
    return names.get(kind, kind.replace("-", " "))


def _in_words(result: ExperimentResult) -> str:
    """What the networks are, and what is offered."""
    experiment, members = result.experiment, result.backends[0].members
    networks = experiment.networks
    look_backs = " ".join(map(str, sorted({one.look_back for one in networks})))
    losses = " ".join(sorted({one.loss for one in networks}))
    left_out = sum(not one.kept for one in members)
    on_ridge = sum(one.linear == "ridge" for one in networks)
    of_them = "" if on_ridge == len(networks) else f"{on_ridge} of them "
    known = len(experiment.known_choice.names)
    parts = [
        f"{counted(len(networks), 'network')} of look-back {look_backs}, loss {losses}",
        f"{of_them}on a ridge part" if on_ridge else "",
        counted(known, "known column") if known else "",
        "logarithm" if experiment.table.reading.options.transform == "log" else "",
        f"ridge regressions have {experiment.ridge_share:.0%}" if experiment.ridge_share else "",
        f"{left_out} left out" if left_out else "",
    ]
    offered = LSTM if result.offers[0].kind == "lstm" else result.offers[0].name
    return f"{', '.join(part for part in parts if part)}; {offered} is offered."


def _seconds() -> float:
    """Seconds of processor time of this process and of those that it has ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
