"""Transforms targets before they are scaled, and undoes it exactly (docs/specification.md section 1).

A logarithm suits positive values whose changes grow with their size, such as sales. The inverse hyperbolic
sine suits heavy tails with negative values, such as prices of electricity.

Source: Uniejewski, Weron and Ziel, "Variance stabilizing transformations for electricity spot price
forecasting", IEEE Transactions on Power Systems 33 (2018), for asinh with median and MAD.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.series.splits import RowRange
from lstm_forecasting.data.table import SeriesTable
from lstm_plugins.counting import joined
from lstm_plugins.errors import OptionError

TransformKind = Literal["none", "log", "log1p", "asinh"]

_TO_DEVIATION = 1.4826
"""Turns the median absolute deviation of normal values into their standard deviation."""
_LARGEST_EXPONENT = math.log(np.finfo(np.float64).max) - 1.0
"""A diverged network forecasts larger ones; its forecasts stay numbers, which can be scored."""
_IN_WORDS: dict[TransformKind, str] = {
    "log": "the logarithm",
    "log1p": "log(1 + x), as some values are 0,",
    "asinh": "the inverse hyperbolic sine",
}


@dataclass(frozen=True)
class Transform:
    """What is done to the values of one target before they are scaled.

    Attributes:
        kind: `log`; `log1p`, which is log(1 + x); `asinh` of (x − centre) / scale; or `none`.
        least: smaller values are raised to it first; −inf for none.
        centre: of `asinh`, like `scale`, which is positive.
    """

    kind: TransformKind = "none"
    least: float = -math.inf
    centre: float = 0.0
    scale: float = 1.0

    def apply(self, values: Array) -> Array:
        """Transforms values of any shape."""
        match self.kind:
            case "none":
                return values
            case "log":
                return np.asarray(np.log(np.maximum(values, self.least)))
            case "log1p":
                return np.asarray(np.log1p(np.maximum(values, self.least)))
            case "asinh":
                return np.asarray(np.arcsinh((values - self.centre) / self.scale))

    def undo(self, values: Array) -> Array:
        """Converts transformed values of any shape back to the series' units; the order of values stays."""
        if self.kind == "none":
            return values
        limited = np.clip(values, -_LARGEST_EXPONENT, _LARGEST_EXPONENT)
        match self.kind:
            case "log":
                return np.asarray(np.exp(limited))
            case "log1p":
                return np.asarray(np.expm1(limited))
            case "asinh":
                return np.asarray(np.sinh(limited) * self.scale + self.centre)


def fit_transforms(table: SeriesTable, training: RowRange) -> tuple[Transform, ...]:
    """The transform of each target that the options of reading ask for; empty if they ask for none.

    Only observed training values count.

    Raises:
        OptionError: a logarithm is asked for, but a training value is negative.
    """
    kind = table.reading.options.transform
    if kind == "none":
        return ()
    columns = [table.observed_values(target)[training.slice] for target in table.target_indices]
    if kind == "asinh":
        return tuple(map(fit_asinh, columns))
    for target, values in zip(table.targets, columns, strict=True):
        negative = np.flatnonzero(values < 0)
        if len(negative):
            row = int(negative[0])
            raise OptionError(
                "transform",
                f"log needs values of at least 0, but {target} is {values[row]:g} at {table.row_text(row)}; "
                "choose asinh or none",
            )
    return tuple(map(fit_logarithm, columns))


def transforms_in_words(table: SeriesTable, transforms: Sequence[Transform]) -> tuple[str, ...]:
    """One sentence for each kind of transform, for the plan of an experiment."""
    sentences = []
    for kind, what in _IN_WORDS.items():
        names = [
            name for name, one in zip(table.targets, transforms, strict=bool(transforms)) if one.kind == kind
        ]
        if names:
            sentences.append(f"The LSTM learns {what} of {joined(names)}; forecasts are converted back.")
    return tuple(sentences)


def fit_logarithm(values: Array) -> Transform:
    """The logarithm for training values `[rows]` of at least 0, nan where they were not observed."""
    if (values == 0).any():
        return Transform("log1p", least=0.0)
    return Transform("log", least=float(np.nanmin(values)))


def fit_asinh(values: Array) -> Transform:
    """The inverse hyperbolic sine for training values `[rows]`, nan where they were not observed."""
    median = float(np.nanmedian(values))
    deviation = _TO_DEVIATION * float(np.nanmedian(np.abs(values - median)))
    return Transform("asinh", centre=median, scale=deviation or 1.0)
