"""The result of a backtest: every model's forecasts from every origin, and their scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.backtest.plan import Backtest
from lstm_forecasting.data.arrays import Array, Integers, Truths
from lstm_forecasting.evaluation.comparison import Comparison
from lstm_forecasting.evaluation.intervals.model import ModelIntervals
from lstm_forecasting.evaluation.metrics import Scores


@dataclass(frozen=True, eq=False)
class ModelResult:
    """A model's forecasts and errors.

    Attributes:
        key: short name of a backend, the kind of a baseline, or `best`.
        name: as shown to users.
        forecasts: `[origins, horizon, targets]` in the series' units; nan where a fold has none.
        scores: by target.
        scores_by_step: by horizon step, then by target.
        errors: `[origins, targets]`, the mean absolute error from each origin; nan if nothing is scored.
        intervals: by target; `test` has those from all origins.
        seconds: of fitting and forecasting in all folds.
    """

    key: str
    name: str
    forecasts: Array
    scores: tuple[Scores, ...]
    scores_by_step: tuple[tuple[Scores, ...], ...]
    errors: Array
    intervals: tuple[ModelIntervals, ...]
    seconds: float


@dataclass(frozen=True, eq=False)
class BacktestResult:
    """The results of all models.

    Attributes:
        backtest: the plan.
        truth: `[origins, horizon, targets]` in the series' units.
        counted: `[origins, horizon, targets]`, the values that are scored; the same for all models.
        models: in the order of the recipe.
        comparisons: for each target, the best model compared with each other one, by key.
        notes: sentences about models that are left out.
        failures: for each fold that failed, by number, the reason in one sentence.
    """

    backtest: Backtest
    truth: Array
    counted: Truths
    models: tuple[ModelResult, ...]
    comparisons: tuple[dict[str, Comparison], ...]
    notes: tuple[str, ...]
    failures: dict[int, str]

    def best(self, target: int) -> ModelResult:
        """The model with the lowest mean absolute error."""
        return min(self.models, key=lambda one: one.scores[target].mae)

    def scored(self, target: int) -> Integers:
        """Origins with a scored value of a target, as indices."""
        found: Integers = np.flatnonzero(self.counted[:, :, target].any(axis=1))
        return found


@dataclass(frozen=True)
class Period:
    """Neighbouring origins, and how good each model was from there.

    Attributes:
        first: index of the first origin.
        last: index of the last origin.
        errors: mean absolute error, by key.
        coverage: share of the values inside the intervals in percent, by key and level.
    """

    first: int
    last: int
    errors: Mapping[str, float]
    coverage: Mapping[str, Mapping[float, float]]
