"""The verdict: does the LSTM beat the better naive baseline on the test part, and by more than chance?

Neighbouring windows share most of their rows, so their errors are not independent. The confidence interval
comes from the moving-block bootstrap, which draws whole runs of neighbouring windows.

Source: Künsch, "The jackknife and the bootstrap for general stationary observations", Annals of Statistics 17
(1989).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np

from lstm_forecasting.data.arrays import Array, Truths
from lstm_forecasting.evaluation.baselines import RIDGE

if TYPE_CHECKING:
    from lstm_forecasting.experiment.results import Evaluation

Contenders = Mapping[str, Array]
"""Test forecasts of one target, `[windows, horizon]`, by the name of the model as shown to users."""
Outcome = Literal["beats", "ties with", "loses to"]

RESAMPLES = 2000
FEWEST_BLOCKS = 5
"""With fewer blocks in the test part, a bootstrap interval would be too narrow to trust."""
SAME = 1e-5
"""Models whose errors differ by no more than this fraction share the first place."""
TOO_FEW = "too few to rule out chance"
"""Part of every verdict without an interval."""
_DRAWS_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Comparison:
    """The best model compared with the best naive baseline, by MAE over all test windows and steps.

    Attributes:
        model: name of the best model; several names, separated by commas, if they are equally good.
        baseline: name of the best naive baseline.
        outcome: "ties with" if the interval includes 0, or without an interval if both errors are equal.
        gain: 1 − MAE of the model / MAE of the baseline; negative if the model is worse.
        interval: 95 % confidence interval of `gain`; None with too few test windows, or if `gain` is
            undefined.
        windows: number of test windows with a value that is scored.
        values: number of values that are scored.
        complete: True if every value of every test window is scored.
        fitted: name of the best fitted baseline, such as the ridge regression; None without one.
        fitted_gain: the same as `gain`, compared with that one.
    """

    model: str
    baseline: str
    outcome: Outcome
    gain: float
    interval: tuple[float, float] | None
    windows: int
    values: int
    complete: bool
    fitted: str | None = None
    fitted_gain: float = math.nan


def compare(
    truth: Array,
    models: Contenders,
    naive: Contenders,
    fitted: Contenders = MappingProxyType({}),
    counted: Truths | None = None,
) -> Comparison:
    """Compares the best of `models` with the best naive baseline and, separately, with the best fitted one.

    There is at least one model and one naive baseline. `truth` is `[windows, horizon]`, oldest first, at
    stride 1. `counted` says which of its values are scored, at least one; None for all.
    """
    if counted is None:
        counted = np.ones(truth.shape, dtype=bool)
    model, model_errors = _best(truth, models, counted)
    baseline, baseline_errors = _best(truth, naive, counted)
    gain = _gain(model_errors, baseline_errors)
    windows, horizon = len(model_errors), truth.shape[1]
    block = min(windows, max(horizon, math.ceil(windows ** (1 / 3))))
    interval = None
    if windows >= FEWEST_BLOCKS * block:
        interval = block_bootstrap(model_errors, baseline_errors, block)
    low, high = interval or (gain, gain)
    outcome: Outcome = "beats" if low > 0 else "loses to" if high < 0 else "ties with"
    values, complete = int(counted.sum()), bool(counted.all())
    comparison = Comparison(model, baseline, outcome, gain, interval, windows, values, complete)
    if not fitted:
        return comparison
    other, other_errors = _best(truth, fitted, counted)
    return replace(comparison, fitted=other, fitted_gain=_gain(model_errors, other_errors))


def block_bootstrap(
    model_errors: Array, baseline_errors: Array, block: int, seed: int = 0
) -> tuple[float, float] | None:
    """The 95 % percentile interval of the gain, 1 − mean(model) / mean(baseline).

    Errors are the sums or means of the absolute errors in each window, oldest first; `block` windows are
    drawn together. The interval is None if the baseline's error is 0 in any resample, so that the ratio is
    undefined.
    """
    windows = len(model_errors)
    block_sums = [
        np.lib.stride_tricks.sliding_window_view(errors, block).sum(axis=1)
        for errors in (model_errors, baseline_errors)
    ]
    blocks = math.ceil(windows / block)
    generator = np.random.Generator(np.random.Philox(seed))
    at_once = max(1, _DRAWS_AT_ONCE // blocks)
    gains = []
    for first in range(0, RESAMPLES, at_once):
        starts = generator.integers(windows - block + 1, size=(min(at_once, RESAMPLES - first), blocks))
        model, baseline = (sums[starts].sum(axis=1) for sums in block_sums)
        gains.append(1.0 - model[baseline > 0] / baseline[baseline > 0])
    defined = np.concatenate(gains)
    if len(defined) < RESAMPLES:
        return None
    low, high = np.percentile(defined, (2.5, 97.5))
    return float(low), float(high)


def compare_targets(
    truth: Array, counted: Truths, models: Sequence[Evaluation], baselines: Sequence[Evaluation]
) -> tuple[Comparison, ...]:
    """`compare` for every target of `truth` `[windows, horizon, targets]`; at least one baseline is naive."""
    return tuple(
        compare(
            truth[:, :, target],
            _contenders(models, target),
            _contenders([one for one in baselines if one.name != RIDGE], target),
            _contenders([one for one in baselines if one.name == RIDGE], target),
            counted[:, :, target],
        )
        for target in range(truth.shape[2])
    )


def in_words(comparison: Comparison, target: str, step: str) -> str:
    """The comparison for a target as a sentence, and a second one about the fitted baseline if there is one.

    `step` is one time step as a noun, such as "hour".
    """
    subject = (
        f"{target}: the LSTM ({comparison.model}) {comparison.outcome} the best naive baseline "
        f"({comparison.baseline})"
    )
    windows = windows_in_words(comparison.windows, comparison.values, complete=comparison.complete)
    if comparison.complete and comparison.windows > 1:
        windows += f", one per {step}"
    return f"{subject}{_by_how_much(comparison, windows)}.{_beside_fitted(comparison)}"


def windows_in_words(windows: int, values: int, *, complete: bool) -> str:
    """How many test windows are scored, such as "444 test windows", and how many values if not all are."""
    words = f"{windows:,} test windows" if windows != 1 else "1 test window"
    return words if complete else f"the {values:,} observed {'value' if values == 1 else 'values'} of {words}"


def counted_in_words(counted: Truths) -> str:
    """`windows_in_words` for the counted values `[windows, horizon]` of a target."""
    windows = int(counted.any(axis=1).sum())
    return windows_in_words(windows, int(counted.sum()), complete=bool(counted.all()))


def _by_how_much(comparison: Comparison, windows: str) -> str:
    gain = comparison.gain
    if not math.isfinite(gain):
        return f", which makes no errors on {windows}"
    if gain == 0:
        return f": both have the same MAE on {windows}"
    if comparison.interval is None:
        return f" by {_percent(abs(gain))} in MAE, but on {windows}: {TOO_FEW}"
    low, high = comparison.interval
    if comparison.outcome == "ties with":
        side = "lower" if gain > 0 else "higher"
        return (
            f" in MAE on {windows}: it is {_percent(abs(gain))} {side}, but the 95 % interval of the gain, "
            f"{_number(low)} to {_percent(high)}, includes 0"
        )
    low, high = sorted((abs(low), abs(high)))
    return f" by {_percent(abs(gain))} in MAE on {windows} (95 % interval {_number(low)} to {_percent(high)})"


def _beside_fitted(comparison: Comparison) -> str:
    gain = comparison.fitted_gain
    if comparison.fitted is None or not math.isfinite(gain):
        return ""
    if _number(abs(gain)) == "0.0":
        return f" Its MAE equals that of the fitted baseline, {comparison.fitted}."
    side = "lower" if gain > 0 else "higher"
    return f" Its MAE is {_percent(abs(gain))} {side} than that of the fitted baseline, {comparison.fitted}."


def _number(share: float) -> str:
    return f"{100 * share:.1f}".replace("-", "−")


def _percent(share: float) -> str:
    return f"{_number(share)} %"


def _contenders(evaluations: Sequence[Evaluation], target: int) -> Contenders:
    return {one.name: one.forecasts[:, :, target] for one in evaluations}


def _best(truth: Array, contenders: Contenders, counted: Truths) -> tuple[str, Array]:
    """The name of the best contender, with the names of equally good ones, and its error in each window.

    The error is the sum over the counted values, divided by the horizon; windows without any are left out.
    """
    scored = counted.any(axis=1)
    errors = {
        name: np.where(counted, np.abs(forecasts - truth), 0.0)[scored].mean(axis=1)
        for name, forecasts in contenders.items()
    }
    means = {name: float(error.mean()) for name, error in errors.items()}
    least = min(means, key=means.__getitem__)
    equal = [name for name, mean in means.items() if mean <= means[least] * (1.0 + SAME)]
    return ", ".join(equal), errors[least]


def _gain(model_errors: Array, baseline_errors: Array) -> float:
    baseline, model = float(baseline_errors.mean()), float(model_errors.mean())
    if baseline > 0:
        return 1.0 - model / baseline
    return 0.0 if model == 0 else -math.inf
