"""The best of several models compared with the best of several baselines, and whether chance explains it.

Neighbouring windows share most of their rows, so their errors are not independent. The confidence interval
comes from the moving-block bootstrap, which draws whole runs of neighbouring windows. The Diebold-Mariano
test asks the same question of the mean difference; a model wins only if neither explains it by chance.

Source: Künsch, "The jackknife and the bootstrap for general stationary observations", Annals of Statistics 17
(1989).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lstm_forecasting.data.arrays import Array, Truths
from lstm_forecasting.evaluation.significance import SIGNIFICANT, diebold_mariano

Contenders = Mapping[str, Array]
"""Test forecasts of one target, `[windows, horizon]`, by the name of the model as shown to users."""
Outcome = Literal["beats", "ties with", "loses to"]

RESAMPLES = 2000
FEWEST_BLOCKS = 5
"""With fewer blocks in the test part, a bootstrap interval would be too narrow to trust."""
SAME = 1e-5
"""Models whose errors differ by no more than this fraction share the first place."""
NEGLIGIBLE = 1e-9
"""Errors below this share of the truth's spread are rounding; models with such errors make none."""
_DRAWS_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Comparison:
    """The best model compared with the best baseline, by MAE over all test windows and steps.

    Attributes:
        model: name of the best model; several names, separated by commas, if they are equally good.
        baseline: name of the best baseline, or names.
        outcome: "ties with" if the interval includes 0 or the test does not rule out chance, or without an
            interval if both errors are equal.
        gain: 1 − MAE of the model / MAE of the baseline; negative if the model is worse.
        interval: 95 % confidence interval of `gain`; None with too few test windows, or if `gain` is
            undefined.
        p_value: of the Diebold-Mariano test that both are equally good; nan without an interval.
        windows: number of test windows with a value that is scored.
        values: number of values that are scored.
        complete: True if every value of every test window is scored.
    """

    model: str
    baseline: str
    outcome: Outcome
    gain: float
    interval: tuple[float, float] | None
    p_value: float
    windows: int
    values: int
    complete: bool

    @property
    def sure(self) -> bool:
        """Whether there were enough test windows to rule out chance, or there is nothing to rule out."""
        return self.interval is not None or self.gain == 0 or not math.isfinite(self.gain)


def compare(
    truth: Array, models: Contenders, baselines: Contenders, counted: Truths | None = None, stride: int = 1
) -> Comparison:
    """Compares the best of `models` with the best of `baselines`; there is at least one of each.

    `truth` is `[windows, horizon]`, oldest first, `stride` rows apart. `counted` says which of its values are
    scored, at least one; None for all.
    """
    if counted is None:
        counted = np.ones(truth.shape, dtype=bool)
    model, model_errors = _best(truth, models, counted)
    baseline, baseline_errors = _best(truth, baselines, counted)
    gain = _gain(model_errors, baseline_errors)
    # Forecasts of so many neighbouring windows overlap.
    windows, overlap = len(model_errors), -(-truth.shape[1] // stride)
    interval, p_value = None, math.nan
    if are_enough(windows, overlap):
        interval = block_bootstrap(model_errors, baseline_errors, block_length(windows, overlap))
    low, high = interval or (gain, gain)
    if interval is not None:
        p_value = diebold_mariano(model_errors, baseline_errors, overlap)
    outcome: Outcome = "beats" if low > 0 else "loses to" if high < 0 else "ties with"
    if p_value >= SIGNIFICANT:
        outcome = "ties with"
    values, complete = int(counted.sum()), bool(counted.all())
    return Comparison(model, baseline, outcome, gain, interval, p_value, windows, values, complete)


def are_enough(windows: int, overlap: int) -> bool:
    """Whether so many windows can rule out chance; `overlap` is the horizon, for windows at stride 1."""
    return windows >= FEWEST_BLOCKS * block_length(windows, overlap)


def block_length(windows: int, overlap: int) -> int:
    """Neighbouring windows that are drawn together."""
    cube_root: int = math.ceil(windows ** (1 / 3))
    return min(windows, max(overlap, cube_root))


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


def _best(truth: Array, contenders: Contenders, counted: Truths) -> tuple[str, Array]:
    """The name of the best contender, with the names of equally good ones, and its error in each window.

    The error is the sum over the counted values, divided by the horizon; windows without any are left out.
    """
    scored = counted.any(axis=1)
    errors = {
        name: np.where(counted, np.abs(forecasts - truth), 0.0)[scored].mean(axis=1)
        for name, forecasts in contenders.items()
    }
    spread = float(np.ptp(truth[counted])) or float(np.abs(truth[counted]).max())
    for name, error in errors.items():
        if error.mean() <= NEGLIGIBLE * spread:
            errors[name] = np.zeros_like(error)
    means = {name: float(error.mean()) for name, error in errors.items()}
    least = min(means, key=means.__getitem__)
    equal = [name for name, mean in means.items() if mean <= means[least] * (1.0 + SAME)]
    return ", ".join(equal), errors[least]


def _gain(model_errors: Array, baseline_errors: Array) -> float:
    baseline, model = float(baseline_errors.mean()), float(model_errors.mean())
    if baseline > 0:
        return 1.0 - model / baseline
    return 0.0 if model == 0 else -math.inf
