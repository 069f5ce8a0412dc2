"""Transforms and scales columns, and reverses it (docs/specification.md section 1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from lstm_forecasting.data.arrays import Array, Truths
from lstm_forecasting.data.series.splits import RowRange
from lstm_forecasting.data.series.transforms import Transform

ScalerKind = Literal["standard", "none"]


@dataclass(frozen=True, eq=False)
class Scaler:
    """Transforms targets, subtracts a mean and divides by a standard deviation, by column, in float64.

    Attributes:
        kind: `standard`, or `none` (mean 0 and deviation 1, which changes nothing).
        columns: names of the columns, in the order of `mean` and `deviation`.
        mean: float64 `[columns]`, of transformed values, like `deviation`.
        deviation: float64 `[columns]`, positive.
        transforms: of the first columns, which are the targets; empty for none.
    """

    kind: ScalerKind
    columns: tuple[str, ...]
    mean: Array
    deviation: Array
    transforms: tuple[Transform, ...] = ()

    def transform(self, values: npt.ArrayLike) -> Array:
        """Scales `[..., columns]`."""
        return (
            _transformed(np.asarray(values, dtype=np.float64), self.transforms) - self.mean
        ) / self.deviation

    def inverse(self, scaled: npt.ArrayLike, columns: Sequence[int]) -> Array:
        """Converts `[..., K]` back to the series' units; entry k of the last axis is column `columns[k]`."""
        chosen = list(columns)
        values = np.asarray(scaled, dtype=np.float64) * self.deviation[chosen] + self.mean[chosen]
        for place, column in enumerate(chosen):
            if column < len(self.transforms):
                values[..., place] = self.transforms[column].undo(values[..., place])
        return values

    def inverse_quantiles(self, scaled: npt.ArrayLike, columns: Sequence[int]) -> Array:
        """Converts quantile forecasts `[..., K, quantiles]` back to the series' units; see `inverse`."""
        return np.swapaxes(self.inverse(np.swapaxes(np.asarray(scaled), -1, -2), columns), -1, -2)


def fit_scaler(
    values: Array,
    columns: Sequence[str],
    rows: RowRange,
    kind: ScalerKind = "standard",
    observed: Truths | None = None,
    transforms: tuple[Transform, ...] = (),
) -> Scaler:
    """Fits a scaler on `rows` (the training rows) of `values` `[N, columns]`, transformed first.

    Only values that are `observed`, `[N, columns]`, are used; None for all. The deviation is that of the
    population (ddof 0), and 1 for a constant column or one without observed values.

    Raises:
        ValueError: `rows` is empty or `columns` does not match `values`.
    """
    if values.ndim != 2 or values.shape[1] != len(columns):
        raise ValueError(f"{len(columns)} column names do not match values of shape {values.shape}")
    training = _transformed(values[rows.slice], transforms)
    if len(training) == 0:
        raise ValueError("a scaler needs at least one training row")
    mean = np.zeros(len(columns))
    deviation = np.ones(len(columns))
    if kind == "standard":
        mean = training.mean(axis=0)
        deviation = training.std(axis=0)
        # Rounding gives a constant column such as 0.1 a tiny deviation; dividing by it would amplify noise.
        constant = training.min(axis=0) == training.max(axis=0)
        first = training[0].copy()
        known = np.ones(training.shape, dtype=bool) if observed is None else observed[rows.slice]
        for column in np.flatnonzero(~known.all(axis=0)).tolist():
            own = training[known[:, column], column]
            if len(own):
                mean[column], deviation[column], first[column] = own.mean(), own.std(), own[0]
            constant[column] = len(own) == 0 or own.min() == own.max()
        mean = np.where(constant, first, mean)
        deviation = np.where(constant | (deviation == 0.0), 1.0, deviation)
    mean.setflags(write=False)
    deviation.setflags(write=False)
    return Scaler(kind, tuple(columns), mean, deviation, transforms)


def _transformed(values: Array, transforms: Sequence[Transform]) -> Array:
    """Values `[..., columns]`, the first columns transformed."""
    if not transforms:
        return values
    transformed = values.copy()
    for column, transform in enumerate(transforms):
        transformed[..., column] = transform.apply(values[..., column])
    return transformed
