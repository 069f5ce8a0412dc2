"""The verdict in words: does the LSTM beat the best baseline on the test part, and by more than chance?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lstm_forecasting.data.arrays import Array, Truths
from lstm_forecasting.evaluation.comparison import Comparison, Contenders, compare
from lstm_forecasting.evaluation.significance import p_in_words

if TYPE_CHECKING:
    from lstm_forecasting.experiment.results import Evaluation

TOO_FEW = "too few to rule out chance"
"""Part of every verdict without an interval."""
TIMES = 10.0
"""A model whose MAE is more than this many times another's is compared by that number, not in per cent."""


def compare_targets(
    truth: Array, counted: Truths, models: Sequence[Evaluation], baselines: Sequence[Evaluation]
) -> tuple[Comparison, ...]:
    """`compare` for every target of `truth` `[windows, horizon, targets]`."""
    return tuple(
        compare(
            truth[:, :, target],
            _contenders(models, target),
            _contenders(baselines, target),
            counted[:, :, target],
        )
        for target in range(truth.shape[2])
    )


def in_words(comparison: Comparison, target: str, step: str) -> str:
    """The comparison for a target as a sentence; `step` is one time step as a noun, such as "hour"."""
    subject = (
        f"{target}: the LSTM ({comparison.model}) {comparison.outcome} the best baseline "
        f"({comparison.baseline})"
    )
    return outcome_in_words(subject, comparison, step)


def outcome_in_words(subject: str, comparison: Comparison, step: str) -> str:
    """A sentence that begins with who beats whom, and goes on with by how much and on how many windows.

    `step` is the distance of two windows as a noun, such as "hour".
    """
    windows = windows_in_words(comparison.windows, comparison.values, complete=comparison.complete)
    if comparison.complete and comparison.windows > 1:
        windows += f", one per {step}"
    return f"{subject}{_by_how_much(comparison, windows)}."


def in_short(comparison: Comparison, target: str) -> str:
    """The comparison for a target in one line, without the model, the windows and the test."""
    gain = comparison.gain
    subject = f"{target}: the LSTM {comparison.outcome} {comparison.baseline}"
    if not math.isfinite(gain):
        return f"{subject}, which makes no errors."
    if gain == 0:
        return f"{subject}: both have the same MAE."
    if comparison.interval is None:
        return f"{subject}{_difference(gain, '')}, but the test windows are {TOO_FEW}."
    if comparison.outcome == "ties with":
        return f"{subject} (MAE {_apart(gain)})."
    return f"{subject}{_difference(gain, '')} ({_range_in_words(gain, comparison.interval)})."


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
        return f"{_difference(gain, '')}, but on {windows}: {TOO_FEW}"
    if comparison.outcome == "ties with":
        return f" in MAE on {windows}: {_not_ruled_out(comparison, comparison.interval)}"
    test = f"Diebold-Mariano {p_in_words(comparison.p_value)}" if comparison.p_value >= 0 else ""
    interval = _interval_in_words(gain, comparison.interval)
    return f"{_difference(gain, f' on {windows}')} ({'; '.join(part for part in (interval, test) if part)})"


def _difference(gain: float, where: str) -> str:
    """How much a model wins or loses by."""
    if 1 - gain > TIMES:
        return f" with {_ratio(1 - gain)} times its MAE{where}"
    return f" by {_percent(abs(gain))} in MAE{where}"


def _interval_in_words(gain: float, interval: tuple[float, float]) -> str:
    return f"95 % interval {_range_in_words(gain, interval)}"


def _range_in_words(gain: float, interval: tuple[float, float]) -> str:
    if 1 - gain > TIMES:
        low, high = sorted(1 - end for end in interval)
        return f"{_ratio(low)} to {_ratio(high)} times"
    low, high = sorted(map(abs, interval))
    return f"{_number(low)} to {_percent(high)}"


def _not_ruled_out(comparison: Comparison, interval: tuple[float, float]) -> str:
    """Why a difference may be chance."""
    low, high = interval
    gain, p_value = comparison.gain, comparison.p_value
    test = f"Diebold-Mariano {p_in_words(p_value)}" if p_value >= 0 else ""
    apart = f"it is {_apart(gain)}"
    if low <= 0 <= high:
        return (
            f"{apart}, but the 95 % interval of the gain, {_number(low)} to {_percent(high)}, includes 0"
            + (f" ({test})" if test else "")
        )
    return f"{apart}, but the Diebold-Mariano test ({p_in_words(p_value)}) does not rule out chance"


def _apart(gain: float) -> str:
    """How far a model's error is from that of another."""
    if 1 - gain > TIMES:
        return f"{_ratio(1 - gain)} times as high"
    return f"{_percent(abs(gain))} {'lower' if gain > 0 else 'higher'}"


def _number(share: float) -> str:
    return f"{100 * share:,.1f}".replace("-", "−")


def _percent(share: float) -> str:
    return f"{_number(share)} %"


def _ratio(ratio: float) -> str:
    """A ratio with three digits, such as "12.3" and "45,400"."""
    rounded = float(f"{ratio:.3g}")
    return f"{rounded:.2g}" if rounded >= 1e6 else f"{rounded:,.{0 if rounded >= 100 else 1}f}"


def _contenders(evaluations: Sequence[Evaluation], target: int) -> Contenders:
    return {one.name: one.forecasts[:, :, target] for one in evaluations}
