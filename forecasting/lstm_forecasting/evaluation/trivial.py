"""Trivial forecasts: the last value again, or a flat line; and the likely reason."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from lstm_forecasting.data.arrays import Array, Truths
from lstm_forecasting.data.series.autocorrelation import autocorrelations_with_gaps, lags_to_test, ljung_box

if TYPE_CHECKING:
    from lstm_forecasting.experiment.plan import Experiment

FEWEST_WINDOWS = 20
"""With fewer test windows, forecasts are not called trivial."""
ECHO, ECHO_MOVES = 0.98, 0.25
"""Least correlation with the last value, and the largest move away from it, as a share of the truth's."""
FLAT = 0.1
"""Largest deviation of a flat line, as a share of the truth's."""
_SIGNIFICANT, _WEAK = 0.05, 0.1


@dataclass(frozen=True)
class Trivial:
    """A trivial forecast.

    Attributes:
        kind: `echo` for the last value again, `flat` for a flat line.
        sentence: what the forecast does and the likely reason, in two sentences.
    """

    kind: Literal["echo", "flat"]
    sentence: str


def find_trivial(
    experiment: Experiment, target: int, truth: Array, forecast: Array, last: Array, counted: Truths
) -> Trivial | None:
    """What is trivial about the forecasts of a target on the test part; None if nothing is.

    Args:
        experiment: the plan, whose training rows show the likely reason.
        target: index of the target.
        truth: `[windows, horizon]`.
        forecast: `[windows, horizon]`, of the best backend.
        last: `[windows]`, the value before each forecast.
        counted: `[windows, horizon]`, the values that are scored.
    """
    first = counted[:, 0]
    if int(first.sum()) < FEWEST_WINDOWS:
        return None
    deviation = float(truth[counted].std())
    moves = float(forecast[counted].std())
    if moves < FLAT * deviation:
        percent = f"{100 * moves / deviation:.2g} %"
        name = experiment.table.targets[target]
        return Trivial(
            "flat",
            f"The forecast is almost a flat line: it moves by {percent} of the standard deviation of {name}. "
            f"{_why_flat(experiment, target)}",
        )
    truth, forecast, last = truth[first, 0], forecast[first, 0], last[first]
    moved, changed = np.abs(forecast - last).mean(), np.abs(truth - last).mean()
    correlation = _correlation(forecast, last)
    if correlation >= ECHO and moved <= ECHO_MOVES * changed:
        step = experiment.table.frequency.step
        ahead = f"One {step} ahead" if step.isalpha() else "One step ahead"
        return Trivial(
            "echo",
            f"{ahead}, the forecast is the last value again (correlation {correlation:.2f} at lag 1). "
            f"{_why_echo(experiment, target)}",
        )
    return None


def _why_echo(experiment: Experiment, target: int) -> str:
    values = _training(experiment, target)
    pattern = _pattern(np.diff(values), experiment.season)
    name, step = experiment.table.targets[target], experiment.table.frequency.step
    changes = f"The changes of {name} from one {step if step.isalpha() else 'row'} to the next"
    if pattern is None:
        return f"{changes} look random, so no forecast is likely to beat the last value."
    return f"{changes} have a pattern (autocorrelation {pattern}), which the LSTM has not learned; {_MORE}."


def _why_flat(experiment: Experiment, target: int) -> str:
    name = experiment.table.targets[target]
    pattern = _pattern(_training(experiment, target), experiment.season)
    if pattern is None:
        return f"The values of {name} look like noise, for which their mean is the best forecast."
    return (
        f"The values of {name} have a pattern (autocorrelation {pattern}), which the LSTM has not learned; "
        f"{_MORE}, or set normalisation to last."
    )


_MORE = "train for more epochs, or with a higher learning_rate, more hidden_units or a longer look_back"


def _training(experiment: Experiment, target: int) -> Array:
    """The training values of a target, nan where they were filled."""
    table = experiment.table
    column = table.target_indices[target]
    return table.observed_values(column)[experiment.split.train.slice]


def _pattern(values: Array, season: int) -> str | None:
    """The largest autocorrelation in words; None if the values, nan at gaps, look like noise."""
    observed = np.isfinite(values)
    count = int(observed.sum())
    longest = min(lags_to_test(count, season), len(values) - 1)
    if longest < 1:
        return None
    found, pairs = autocorrelations_with_gaps(np.where(observed, values, 0.0), observed, longest)
    if np.isnan(found).any() or ljung_box(found, count, pairs) >= _SIGNIFICANT:
        return None
    lag = int(np.argmax(np.abs(found))) + 1
    if abs(found[lag - 1]) < _WEAK:
        return None
    return f"{found[lag - 1]:.2f} at lag {lag}".replace("-", "−")


def _correlation(one: Array, other: Array) -> float:
    one, other = one - one.mean(), other - other.mean()
    size = math.sqrt(float((one * one).sum()) * float((other * other).sum()))
    return float((one * other).sum()) / size if size > 0 else 0.0
