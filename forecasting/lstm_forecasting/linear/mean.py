"""The mean of ridge regressions over several look-back windows.

On single series, the mean forecasts better than its best member, and no member has to be chosen. The weights
are equal: weights chosen on validation windows did worse.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers, Truths
from lstm_forecasting.data.series.splits import Split
from lstm_forecasting.data.series.transforms import Transform, fit_logarithm
from lstm_forecasting.data.series.windows import has_windows
from lstm_forecasting.linear.effects import Effects, fit_effects
from lstm_forecasting.linear.look_backs import LONGEST_WINDOW
from lstm_forecasting.linear.member import LinearMember, fit_member
from lstm_forecasting.linear.windows import WindowShape

WORST_RATIO = 1.1
"""A member is left out if its mean absolute error on the validation windows exceeds the best one's by this
factor, which is about 1.2 in squared errors."""


@dataclass(frozen=True, eq=False)
class LinearMean:
    """The equally weighted mean of fitted ridge regressions of one series.

    Attributes:
        members: the members whose forecasts are averaged.
        left_out: members that were too much worse on the validation windows.
        effects: what is regressed out of the series before windows are read; None for nothing.
    """

    members: tuple[LinearMember, ...]
    left_out: tuple[LinearMember, ...] = ()
    effects: Effects | None = None

    @property
    def look_back(self) -> int:
        """The longest window of a member: forecasts need as many rows of history."""
        return max(member.look_back for member in self.members)

    @property
    def log(self) -> bool:
        """Whether the logarithm of the series is forecast."""
        return self.members[0].transform.kind != "none"

    @property
    def validation_error(self) -> float:
        """The mean of the members' validation errors; nan without validation windows."""
        return float(np.mean([member.validation_error for member in self.members]))

    def forecast(
        self,
        values: Array,
        first_rows: Integers,
        steps: int,
        known: Array | None = None,
        columns: Array | None = None,
    ) -> Array:
        """Forecasts `[windows, steps]` in the series' units; see `LinearMember.forecast`.

        `columns` `[rows + ahead, columns]` are those whose effects are regressed out, as in the fit.
        """
        effects = None if self.effects is None or columns is None else self.effects.of(columns)
        total = np.zeros((len(first_rows), steps))
        for member in self.members:
            total += member.forecast(values, first_rows, steps, known, effects)
        return total / len(self.members)


def fit_linear_mean(
    values: Array,
    split: Split,
    horizon: int,
    look_backs: Sequence[int],
    *,
    log: bool | None = None,
    known: Array | None = None,
    own: int = 0,
    observed: Truths | None = None,
    columns: Array | None = None,
    season: int = 1,
) -> LinearMean | None:
    """Fits a ridge regression for each look-back window; None if none has two training windows.

    Args:
        values: `[rows]` of one target in the series' units, without missing values.
        split: training rows are fitted, validation rows choose; test rows are not looked at.
        horizon: steps forecast at once.
        look_backs: rows of the windows; those without two training windows are left out.
        log: whether the logarithm is forecast, which needs observed training values of at least 0; None: if
            all of them are positive, the validation windows decide.
        known: `[rows + ahead, columns]`, standardised; None for no known columns.
        own: how many of them, from the first one, are also read in the rows to be forecast; none of them
            if these would be more than `LONGEST_WINDOW` values, as a window has at most.
        observed: `[rows]`, False for filled values, which are inputs only; None if there are none.
        columns: `[rows + ahead, columns]`, whose effects are regressed out of the transformed series first;
            see `fit_effects`. None for none.
        season: rows of the season that effects are compared with.
    """
    if own * horizon > LONGEST_WINDOW:
        own = 0
    training = values[split.train.slice]
    if observed is not None:
        training = training[observed[split.train.slice]]
    if log is None:
        decides = any(has_windows(split.validation, look_back, horizon) for look_back in look_backs)
        choices = [False, True] if decides and len(training) and (training > 0).all() else [False]
    else:
        choices = [log]
    means = []
    for choice in choices:
        transform = fit_logarithm(training) if choice else Transform()
        found, effects = None, None
        if columns is not None:
            found = fit_effects(transform.apply(values), columns[: len(values)], season, split, observed)
            effects = None if found is None else found.of(columns)
        members = [
            fit_member(
                values,
                split,
                WindowShape(look_back, horizon, own),
                transform,
                known,
                observed,
                effects=effects,
            )
            for look_back in look_backs
        ]
        mean = _mean([member for member in members if member is not None])
        if mean is not None:
            means.append(replace(mean, effects=found))
    return min(means, key=lambda mean: mean.validation_error, default=None)


def _mean(members: Sequence[LinearMember]) -> LinearMean | None:
    """The mean of the members that are not much worse than the best one; None without members."""
    if not members:
        return None
    # Without validation windows errors are nan, and all members stay.
    worst = WORST_RATIO * min(member.validation_error for member in members)
    left_out = tuple(member for member in members if member.validation_error > worst)
    return LinearMean(tuple(member for member in members if member not in left_out), left_out)
