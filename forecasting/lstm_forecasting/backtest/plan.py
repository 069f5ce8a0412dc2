"""Plans a backtest: its origins, its folds, and the experiment of each fold."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lstm_forecasting.backtest.cutting import cut
from lstm_forecasting.backtest.options import DEFAULT_ENTRANTS, Entrant
from lstm_forecasting.backtest.origins import Fold, Rolling, find_origins, make_folds
from lstm_forecasting.data.arrays import Array, Integers, Truths
from lstm_forecasting.data.series.splits import DEFAULT_FRACTIONS, RowRange, Split, split_by_count
from lstm_forecasting.data.series.windows import counted_values
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.experiment.error_counts import check_levels
from lstm_forecasting.experiment.plan import Experiment, plan_experiment
from lstm_forecasting.presets.options import Preset
from lstm_plugins import ADDITIONS
from lstm_plugins.counting import counted


@dataclass(frozen=True)
class Recipe:
    """How the models of every fold are made; what it leaves open, each fold chooses from its own past.

    Attributes:
        models: to compare.
        backends: short names, for the LSTM.
        settings: `ForecasterConfig` fields that the user fixed.
        fractions: shares of rows for training, validation and test.
        preset: which rules choose the networks.
        budget: seconds of each fold after which a backend trains no further network; None for no limit.
        threads: threads of each backend.
        additions: those of the contract that a preset may use.
        levels: nominal coverage of the intervals that the user asked for, in percent; empty for the default.
    """

    models: tuple[Entrant, ...]
    backends: tuple[str, ...]
    settings: Mapping[str, Any]
    fractions: tuple[float, float, float] = DEFAULT_FRACTIONS
    preset: Preset = "classic"
    budget: float | None = None
    threads: int = 1
    additions: tuple[str, ...] = ADDITIONS
    levels: tuple[float, ...] = ()

    @property
    def trains(self) -> bool:
        """Whether there are networks to train."""
        return not {"lstm", "best"}.isdisjoint(self.models)

    @property
    def processes(self) -> int:
        """The fewest threads that a fold needs at the same time."""
        return self.threads * len(self.backends) if self.trains else 1


@dataclass(frozen=True, eq=False)
class Backtest:
    """A series, the origins to forecast from, and how.

    Attributes:
        table: the series as it was read.
        recipe: how models are made.
        rolling: which origins, and what models are fitted to.
        origins: `[origins]`, first rows of all forecasts, in ascending order.
        folds: in chronological order.
        first: the experiment of the first fold, with a single network.
        validation: the validation part of an experiment with these shares, for folds that begin no earlier.
    """

    table: SeriesTable
    recipe: Recipe
    rolling: Rolling
    origins: Integers
    folds: tuple[Fold, ...]
    first: Experiment
    validation: RowRange

    @property
    def horizon(self) -> int:
        """Steps of every forecast."""
        return self.first.config.horizon

    @property
    def truth(self) -> Array:
        """`[origins, horizon, targets]`, what is forecast, in the series' units."""
        targets = len(self.table.targets)
        rows = self.origins[:, np.newaxis] + np.arange(self.horizon)
        return np.asarray(self.table.values[:, :targets][rows])

    @property
    def counted(self) -> Truths:
        """`[origins, horizon, targets]`, the values that are scored; see `counted_values`."""
        return counted_values(_observed(self.table), self.origins, self.horizon, len(self.table.targets))

    @property
    def decisions(self) -> tuple[str, ...]:
        """What was decided about the data and the origins, one sentence each."""
        return (*self.first.data_decisions, *self.about_origins)

    def task(self, fold: Fold) -> FoldTask:
        """All that is needed to compute a fold, wherever that is done."""
        end = int(self.origins[fold.slice][-1]) + self.horizon
        return FoldTask(
            number=fold.number,
            table=cut(self.table, fold.start, end),
            origins=self.origins[fold.slice] - fold.start,
            recipe=self.recipe,
            horizon=self.horizon,
            validation=self.validation,
        )

    def with_backends(self, backends: Sequence[str]) -> Backtest:
        """The same backtest with fewer backends."""
        return replace(self, recipe=replace(self.recipe, backends=tuple(backends)))

    @property
    def about_origins(self) -> tuple[str, ...]:
        """Which origins there are, and what models are fitted to, in sentences."""
        return tuple(self._about_origins())

    def _about_origins(self) -> Iterator[str]:
        table, rolling = self.table, self.rolling
        first, last = (table.row_text(int(self.origins[place])) for place in (0, -1))
        apart = f", {rolling.every} rows apart" if rolling.every > 1 else ""
        yield f"{counted(len(self.origins), 'origin')} from {first} to {last}{apart}."
        rows = int(self.origins[0])
        seen = f"the {rows:,} rows" if rolling.window == "sliding" else "all rows"
        if len(self.folds) == 1:
            yield f"Models are fitted once, to the {rows:,} rows before the first origin."
        else:
            every = "at every origin" if rolling.refit == 1 else f"every {rolling.refit} origins"
            yield f"Models are fitted {len(self.folds)} times, {every}, each time to {seen} before it."


@dataclass(frozen=True, eq=False)
class FoldTask:
    """A fold to be computed: a plain record that can be sent to another process or machine.

    Attributes:
        number: of the fold, from 0.
        table: the rows that it may see, and those of its forecasts.
        origins: `[origins]`, in rows of this table.
        recipe: how models are made.
        horizon: steps of every forecast.
        validation: the validation part of an experiment with the shares of the recipe.
        at_once: networks of a backend that are trained at the same time, which changes no result.
    """

    number: int
    table: SeriesTable
    origins: Integers
    recipe: Recipe
    horizon: int
    validation: RowRange
    at_once: int = 1

    def experiment(self) -> Experiment:
        """Plans its experiment, whose test part begins at its first origin.

        Raises:
            InputError: there are too few rows before it.
        """
        recipe = self.recipe
        return plan_experiment(
            self.table,
            recipe.backends,
            {**recipe.settings, "horizon": self.horizon},
            split=_split(self.table.rows, int(self.origins[0]), self.validation, recipe.fractions),
            threads=recipe.threads,
            preset=recipe.preset if recipe.trains else "classic",
            budget=recipe.budget,
            additions=recipe.additions,
        )


def plan_backtest(
    table: SeriesTable,
    backends: Sequence[str],
    settings: Mapping[str, Any] | None = None,
    *,
    models: Sequence[Entrant] = DEFAULT_ENTRANTS,
    rolling: Rolling = Rolling(),  # noqa: B008 - frozen
    fractions: tuple[float, float, float] = DEFAULT_FRACTIONS,
    threads: int = 1,
    preset: Preset = "classic",
    budget: float | None = None,
    additions: Collection[str] = ADDITIONS,
    levels: tuple[float, ...] = (),
) -> Backtest:
    """Finds the origins and folds of a backtest, and checks that the first fold has enough rows.

    Args:
        table: the series.
        backends: short names, for the LSTM.
        settings: `ForecasterConfig` fields that the user fixes; each fold infers the others.
        models: to compare.
        rolling: which origins, and what models are fitted to.
        fractions: shares of rows for training, validation and test. The first two also share out the rows
            before each origin.
        threads: threads of each backend.
        preset: which rules choose the networks.
        budget: seconds of each fold after which a backend trains no further network; None for no limit.
        additions: those of the contract that a preset may use.
        levels: nominal coverage of the prediction intervals, in percent; empty for 80 and 95, where there are
            enough errors.

    Raises:
        InputError: the series is too short for the settings and origins.
        OptionError: a setting is not allowed, or there are too few origins, or errors for one of the levels.
    """
    # How far ahead forecasts reach is the same for all folds.
    whole = plan_experiment(table, backends, settings, fractions=fractions, threads=threads)
    recipe = Recipe(
        models=tuple(dict.fromkeys(models)),
        backends=whole.backends,
        settings=dict(settings or {}),
        fractions=fractions,
        preset=preset,
        budget=budget,
        threads=threads,
        additions=tuple(additions),
        levels=levels,
    )
    horizon, test = whole.config.horizon, whole.split.test
    origins = find_origins(rolling, table.rows, horizon, test.start, _observed(table))
    folds = make_folds(rolling, origins)
    backtest = Backtest(table, recipe, rolling, origins, folds, whole, whole.split.validation)
    plain = replace(recipe, preset="classic")
    first = replace(backtest.task(folds[0]), recipe=plain).experiment()
    check_levels(levels, [first.counted("validation"), backtest.counted])
    return replace(backtest, first=first)


def _observed(table: SeriesTable) -> Truths | None:
    observed = ~table.filled[:, : len(table.targets)]
    return None if observed.all() else observed


def _split(rows: int, past: int, validation: RowRange, fractions: tuple[float, float, float]) -> Split:
    """The parts of a fold's table: as many validation rows as usual, or their share of a shorter past."""
    train_share, share, _ = fractions
    kept = len(validation) if past >= validation.stop else int(past * share / (train_share + share))
    return split_by_count(rows, past - kept, kept, rows - past)
