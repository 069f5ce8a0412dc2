"""Chooses the model whose forecast comes first by its error on the validation part, never the test part."""

import math
from collections.abc import Sequence

import numpy as np

from lstm_forecasting.evaluation.baselines.kinds import Offered, Wanted
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import (
    BackendResult,
    EvaluatedBaseline,
    Evaluation,
    ExperimentResult,
    Offer,
)

LSTM = "LSTM"


def choose_offers(
    experiment: Experiment, backends: Sequence[BackendResult], baselines: Sequence[EvaluatedBaseline]
) -> tuple[Offer, ...]:
    """The model that is offered for each target; empty without a backend.

    The one that the experiment names is taken, or else the one with the least mean absolute error on the
    validation part. Without validation forecasts of the LSTM, it is the LSTM.
    """
    if not backends:
        return ()
    return tuple(
        _offer(experiment.offer, target, name, backends, baselines)
        for target, name in enumerate(experiment.table.targets)
    )


def next_offer(result: ExperimentResult, target: int) -> Offered:
    """The kind of model after the one that is offered for a target, in the order of the tables."""
    kinds: tuple[Offered, ...] = tuple(dict.fromkeys(("lstm", *(one.kind for one in result.baselines))))
    return kinds[(kinds.index(result.offers[target].kind) + 1) % len(kinds)]


def _offer(
    wanted: Wanted,
    target: int,
    name: str,
    backends: Sequence[BackendResult],
    baselines: Sequence[EvaluatedBaseline],
) -> Offer:
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
    if of_simple < of_lstm:
        words = (
            f"Use {simple.name}: on the validation part its MAE is {_lower(of_simple, of_lstm)} the {LSTM}'s."
        )
        return _of_baseline(simple, target, missing + words)
    words = (
        f"Use the {LSTM}: on the validation part its MAE is {_lower(of_lstm, of_simple)} that of the best "
        f"baseline, {simple.name}."
    )
    return _of_backend(network, target, missing + words)


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
