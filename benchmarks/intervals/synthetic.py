"""Forecasts whose errors are known noise."""

from collections.abc import Callable, Mapping

import numpy as np

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.evaluation.intervals.model import Forecasts

SEASON = 24
HORIZON = 12
VALIDATION, TEST = 1500, 4000
"""Windows of each part."""
Noise = Callable[[np.random.Generator, int], Array]


def _white(generator: np.random.Generator, rows: int) -> Array:
    return generator.normal(size=rows)


def _heavy(generator: np.random.Generator, rows: int) -> Array:
    return generator.standard_t(3, size=rows)


def _changing(generator: np.random.Generator, rows: int) -> Array:
    """The standard deviation wanders between a third and three, over hundreds of rows."""
    steps = generator.normal(scale=0.03, size=rows)
    spread = np.empty(rows)
    place = 0.0
    for row in range(rows):
        place = 0.999 * place + steps[row]
        spread[row] = np.exp(np.clip(place, -1.1, 1.1))
    return spread * generator.normal(size=rows)


def _seasonal(generator: np.random.Generator, rows: int) -> Array:
    """A quarter of the season has four times the standard deviation of the rest."""
    return np.where(np.arange(rows) % SEASON < SEASON // 4, 4.0, 1.0) * generator.normal(size=rows)


def _holes(generator: np.random.Generator, rows: int) -> Array:
    """A fifth of the rows has no value, in runs of ten."""
    missing = np.repeat(generator.random(rows // 10 + 1) < 0.2, 10)[:rows]
    return np.where(missing, np.nan, generator.normal(size=rows))


def _zeros(generator: np.random.Generator, rows: int) -> Array:
    """Half of the season has no error at all."""
    return np.where(np.arange(rows) % SEASON < SEASON // 2, 0.0, generator.normal(size=rows))


NOISES: Mapping[str, Noise] = {
    "white": _white,
    "heavy tails": _heavy,
    "changing variance": _changing,
    "seasonal variance": _seasonal,
    "holes": _holes,
    "errors of 0 in half of the season": _zeros,
}


def draw(noise: Noise, seed: int) -> tuple[Forecasts, Forecasts]:
    """Forecasts of 0 of the validation and the test part."""
    rows = VALIDATION + TEST + 2 * (HORIZON - 1)
    values = noise(np.random.default_rng(seed), rows)
    windows = np.lib.stride_tricks.sliding_window_view(values, HORIZON)
    first = VALIDATION + HORIZON - 1
    parts = slice(0, VALIDATION), slice(first, first + TEST)
    validation, test = (
        Forecasts(
            np.zeros_like(windows[part]),
            np.nan_to_num(windows[part]),
            np.isfinite(windows[part]),
            np.arange(part.start, part.stop),
        )
        for part in parts
    )
    return validation, test
