"""Chooses the model whose forecast comes first by its error on the validation part, never the test part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lstm_forecasting.evaluation.baselines.kinds import Offered
from lstm_forecasting.evaluation.comparison import are_enough, compare
from lstm_forecasting.evaluation.verdict import TOO_FEW
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import (
    BackendResult,
    EvaluatedBaseline,
    Evaluation,
    ExperimentResult,
    Offer,
)
from lstm_plugins.counting import counted

if TYPE_CHECKING:
    from lstm_forecasting.evaluation.scored_windows import Windows

LSTM = "LSTM"
NOTICED = 0.01
"""Smaller differences on the test part, as a share of the error, are not mentioned."""


def choose_offers(
    experiment: Experiment,
    validation: Windows | None,
    backends: Sequence[BackendResult],
    baselines: Sequence[EvaluatedBaseline],
) -> tuple[Offer, ...]:
    """The model that is offered for each target; empty without a backend.

    The one that the experiment names is taken, or else the one with the least mean absolute error on the
    validation part. If that one does not beat the last value there by more than chance, it is the last value.
    Without validation forecasts of the LSTM, it is the LSTM.
    """
    if not backends:
        return ()
    return tuple(
        _offer(experiment, target, name, validation, backends, baselines)
        for target, name in enumerate(experiment.table.targets)
    )


def last_value_instead(
    best: Evaluation, baselines: Sequence[EvaluatedBaseline], target: int, validation: Windows | None
) -> EvaluatedBaseline | None:
    """The last value, if the best model does not beat it on the validation part by more than chance.

    None if it does, if it is the last value itself, or if no baseline is the last value.
    """
    last = next((one for one in baselines if one.kind == "last-value"), None)
    if last is None or best is last or not _may_be_chance(best, last, target, validation):
        return None
    return last


def next_offer(result: ExperimentResult, target: int) -> Offered:
    """The kind of model after the one that is offered for a target, in the order of the tables."""
    kinds: tuple[Offered, ...] = tuple(dict.fromkeys(("lstm", *(one.kind for one in result.baselines))))
    return kinds[(kinds.index(result.offers[target].kind) + 1) % len(kinds)]


def _offer(
    experiment: Experiment,
    target: int,
    name: str,
    validation: Windows | None,
    backends: Sequence[BackendResult],
    baselines: Sequence[EvaluatedBaseline],
) -> Offer:
    wanted = experiment.offer
    network = min(backends, key=lambda one: _error(one.evaluation, target))
    simple = min(baselines, key=lambda one: _error(one, target))
    of_lstm, of_simple = _error(network.evaluation, target), _error(simple, target)
    if wanted == "lstm":
        return _of_backend(network, target, f"The forecast of the {LSTM} comes first, as requested.")
    own = [one for one in baselines if one.kind == wanted]
    if own:
        chosen = min(own, key=lambda one: _error(one, target))
        return _of_baseline(chosen, target, f"The forecast of {chosen.name} comes first, as requested.")
    missing = f"{name} has no {wanted} forecast. " if wanted != "best" else ""
    if math.isinf(of_lstm):
        words = f"Without forecasts of the validation part to choose by, the {LSTM}'s forecast comes first."
        return _of_backend(network, target, missing + words)
    others = [*(one.evaluation for one in backends), *baselines]
    best = simple if of_simple < of_lstm else network.evaluation
    last = last_value_instead(best, baselines, target, validation)
    if last is not None:
        words = (
            f"Use {last.name}{_although(last, target, others)}: on the validation part no model beats it by "
            "more than chance."
        )
        return _of_baseline(last, target, missing + words)
    if best is simple:
        words = (
            f"Use {simple.name}{_although(simple, target, others)}: on the validation part its MAE is "
            f"{_lower(of_simple, of_lstm)} the {LSTM}'s{_too_few(experiment, validation)}."
        )
        return _of_baseline(simple, target, missing + words)
    words = (
        f"Use the {LSTM}{_although(network.evaluation, target, baselines)}: on the validation part its MAE "
        f"is {_lower(of_lstm, of_simple)} that of the best baseline, {simple.name}"
        f"{_too_few(experiment, validation)}."
    )
    return _of_backend(network, target, missing + words)


def _although(offered: Evaluation, target: int, others: Sequence[Evaluation]) -> str:
    """Names the best of other models on the test part, if it is clearly better than the one that is offered.

    The test part chooses nothing, or its scores would be too good; but who uses a forecast should know them.
    """
    best = min(others, key=lambda one: one.scores[target].mae)
    error, least = offered.scores[target].mae, best.scores[target].mae
    if not error > least * (1 + NOTICED):
        return ""
    name = best.name if isinstance(best, EvaluatedBaseline) else f"the {LSTM} ({best.name})"
    return f", although {name} does better on the test part"


def _too_few(experiment: Experiment, windows: Windows | None) -> str:
    """Says in brackets that the validation windows are too few for a sure choice; empty if they are not."""
    if windows is None or are_enough(len(windows.first_rows), experiment.config.horizon):
        return ""
    return f" ({counted(len(windows.first_rows), 'window')}: {TOO_FEW})"


def _may_be_chance(best: Evaluation, last: Evaluation, target: int, windows: Windows | None) -> bool:
    """Whether a model fails to beat another one on the validation part; see `compare`.

    False if there are too few windows to tell, since the better one is then the better guess.
    """
    if windows is None or best.validation is None or last.validation is None:
        return False
    comparison = compare(
        windows.truth[:, :, target],
        {best.name: best.validation.forecasts[:, :, target]},
        {last.name: last.validation.forecasts[:, :, target]},
        windows.counted[:, :, target],
    )
    return comparison.outcome != "beats"


def _error(evaluation: Evaluation, target: int) -> float:
    """The error on the validation part; infinite if it is not known."""
    error = math.nan if evaluation.validation is None else evaluation.validation.mae[target]
    return error if math.isfinite(error) else math.inf


def _lower(less: float, more: float) -> str:
    """How much less one error is than another one."""
    percent = f"{100 * (1 - less / more):.1f}" if more > 0 else "0.0"
    return "as low as" if percent == "0.0" else f"{percent} % lower than"


def _of_backend(backend: BackendResult, target: int, sentence: str) -> Offer:
    return Offer(
        kind="lstm",
        name=backend.evaluation.name,
        backend=backend.backend,
        future=np.asarray(backend.future[:, target]),
        sentence=sentence,
    )


def _of_baseline(baseline: EvaluatedBaseline, target: int, sentence: str) -> Offer:
    return Offer(
        kind=baseline.kind,
        name=baseline.name,
        backend="",
        future=np.asarray(baseline.future[:, target]),
        sentence=sentence,
    )
