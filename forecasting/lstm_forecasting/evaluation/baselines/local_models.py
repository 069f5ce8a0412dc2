"""Exponential smoothing and the theta method with given parameters, applied forward row by row.

The parameters come from statsforecast (see `local_fits`); here, each row updates the states, and the forecast
of every window follows from the states before it.

Sources: Hyndman, Koehler, Ord and Snyder, "Forecasting with Exponential Smoothing", 2008, for ETS; Fiorucci,
Pellegrini, Louzada, Petropoulos and Koehler, "Models for optimising the theta method and their relationship
to state space models", International Journal of Forecasting 32 (2016), for theta.
"""

from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers

_SMALLEST = 1e-10
"""Values are not divided by smaller ones."""


@dataclass(frozen=True)
class ExponentialSmoothing:
    """An ETS model: states and how a row changes them.

    Attributes:
        trend: whether it has an additive trend.
        seasonal: N for none, A for an additive season, M for a multiplicative one.
        alpha: smoothing of the level, like beta of the trend and gamma of the season.
        phi: damping of the trend; 1 for none.
        level: before the first row, like slope and season.
        slope: change of the level per row; 0 without a trend.
        season: the effects of the rows before the first one, the latest first; empty for none.
    """

    trend: bool
    seasonal: str
    alpha: float
    beta: float
    gamma: float
    phi: float
    level: float
    slope: float
    season: tuple[float, ...]

    def forecast(self, values: Array, first_rows: Integers, steps: int) -> Array:
        """Forecasts `[windows, steps]` of `values` `[rows]`, which begin where the model begins.

        The damping of step h is φ + φ² + … + φ^h, as in the book; statsforecast 2.1 and R's forecast add
        φ + φ + φ² + … in its place.
        """
        levels, slopes, seasons = self._states(values.tolist())
        ahead = np.arange(1, steps + 1)
        damping = np.cumsum(self.phi**ahead) if self.trend else np.zeros(steps)
        forecasts = levels[first_rows, np.newaxis] + slopes[first_rows, np.newaxis] * damping
        if self.seasonal == "N":
            return np.asarray(forecasts)
        length = len(self.season)
        # The effect of row n is that of the last row before the window which is whole seasons earlier.
        rows = np.asarray(first_rows)[:, np.newaxis] + (ahead - 1) % length
        effects = seasons[rows]
        return np.asarray(forecasts + effects if self.seasonal == "A" else forecasts * effects)

    def _states(self, values: list[float]) -> tuple[Array, Array, Array]:
        """Level and slope before each row and after the last, and the season's effects by row of next use."""
        level, slope = self.level, self.slope
        levels, slopes = [level], [slope]
        # Row n uses the effect at n; its own new effect is used a season later.
        effects = list(reversed(self.season))
        ratio = self.beta / self.alpha
        for row, value in enumerate(values):
            moved = self.phi * slope if self.trend else 0.0
            expected, plain = level + moved, value
            if self.seasonal == "A":
                plain = value - effects[row]
            elif self.seasonal == "M":
                plain = value / _away_from_zero(effects[row])
            before, level = level, expected + self.alpha * (plain - expected)
            if self.trend:
                slope = moved + ratio * (level - before - moved)
            if self.seasonal == "A":
                effects.append(effects[row] + self.gamma * (value - expected - effects[row]))
            elif self.seasonal == "M":
                own = value / _away_from_zero(expected)
                effects.append(effects[row] + self.gamma * (own - effects[row]))
            levels.append(level)
            slopes.append(slope)
        return np.array(levels), np.array(slopes), np.array(effects)


@dataclass(frozen=True)
class Theta:
    """The theta method on values whose season was removed.

    Attributes:
        alpha: smoothing of the level.
        level: before the first row.
        theta: curvature of the second theta line.
        multiplicative: whether the season multiplies.
        season: the effect of the first row and those after it; empty for none.
    """

    alpha: float
    level: float
    theta: float
    multiplicative: bool
    season: tuple[float, ...]

    def forecast(self, values: Array, first_rows: Integers, steps: int) -> Array:
        """Forecasts `[windows, steps]` of `values` `[rows]`, which begin where the model begins."""
        rows, first_rows = len(values), np.asarray(first_rows)
        neutral = 1.0 if self.multiplicative else 0.0
        cycle = np.array(self.season or (neutral,))
        effects = cycle[np.arange(rows + steps) % len(cycle)]
        plain = values / effects[:rows] if self.multiplicative else values - effects[:rows]
        level, levels = self.level, [self.level]
        for value in plain.tolist():
            level += self.alpha * (value - level)
            levels.append(level)
        # The line through the n values before each window.
        count = np.arange(rows + 1.0)
        sums, products = (
            np.concatenate([[0.0], np.cumsum(one)]) for one in (plain, plain * np.arange(1.0, rows + 1))
        )
        mean_row = (count + 1) / 2
        squares = np.maximum(count * (count**2 - 1) / 12, 1.0)
        slope = (products - mean_row * sums) / squares
        intercept = sums / np.maximum(count, 1.0) - slope * mean_row
        n = count[first_rows, np.newaxis]
        kept = (1 - self.alpha) ** n
        line = kept * intercept[first_rows, np.newaxis] + slope[first_rows, np.newaxis] * (
            np.arange(steps) + (1 - kept * (1 - self.alpha)) / self.alpha
        )
        forecasts = np.array(levels)[first_rows, np.newaxis] + (1 - 1 / self.theta) * line
        own = effects[first_rows[:, np.newaxis] + np.arange(steps)]
        return np.asarray(forecasts * own if self.multiplicative else forecasts + own)


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _SMALLEST else _SMALLEST
