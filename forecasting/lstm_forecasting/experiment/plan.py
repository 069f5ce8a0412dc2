"""Plans an experiment: decides and checks everything before any backend starts."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lstm_forecasting.data.bounds import NO_BOUNDS, Bounds, find_bounds
from lstm_forecasting.data.scaling import Scaler, fit_scaler
from lstm_forecasting.data.seasons import find_season
from lstm_forecasting.data.splits import DEFAULT_FRACTIONS, Split, split_by_fraction, window_starts
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.experiment.defaults import choose_settings
from lstm_plugins import ForecasterConfig
from lstm_plugins.config import checked_settings
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError

_MOST_ROWS = 1 << 62
"""More than any series has."""


@dataclass(frozen=True)
class Experiment:
    """A table, its split and scaler, and one config for all backends.

    Attributes:
        table: the series with its targets and inputs.
        split: its training, validation and test rows.
        scaler: fitted on the training rows.
        config: the complete settings.
        season: season length in rows for seasonal naive and MASE; 1 for none.
        backends: short names, in display order.
        steps: number of rows to forecast after the last one.
        threads: threads of each backend.
        fixed: names of the settings that the user fixed.
        decisions: one sentence for everything that was inferred about data and settings.
        bounds: what forecasts of the targets are held to.
    """

    table: SeriesTable
    split: Split
    scaler: Scaler
    config: ForecasterConfig
    season: int
    backends: tuple[str, ...]
    steps: int
    threads: int
    fixed: frozenset[str]
    decisions: tuple[str, ...]
    bounds: Bounds = NO_BOUNDS

    @property
    def data_decisions(self) -> tuple[str, ...]:
        """The decisions about the data: how they were read, their season, and the bounds of forecasts."""
        return self.decisions[: len(self.table.decisions) + 1 + len(self.bounds.decisions)]


def plan_experiment(
    table: SeriesTable,
    backends: Sequence[str],
    settings: Mapping[str, Any] | None = None,
    *,
    fractions: tuple[float, float, float] = DEFAULT_FRACTIONS,
    steps: int | None = None,
    threads: int = 1,
) -> Experiment:
    """Infers missing settings and checks that everything fits together.

    Args:
        table: the series.
        backends: short names.
        settings: `ForecasterConfig` fields that the user fixes; the others are inferred from the data.
        fractions: shares of rows for training, validation and test.
        steps: rows to forecast after the last one; None for the horizon. Beyond the horizon, forecasts are
            fed back as inputs, so every input column has to be a target.
        threads: threads of each backend.

    Raises:
        InputError: the series is too short for the settings, or steps cannot be fed back.
        OptionError: a setting is not allowed.
    """
    if not backends:
        raise InputError("An experiment needs at least one backend; name one.")
    if threads < 1:
        raise InputError(f"threads must be at least 1, but is {threads}.")
    if steps is not None and steps < 1:
        raise InputError(f"steps must be at least 1, but is {steps}.")
    fixed = checked_settings(settings or {})
    split = split_by_fraction(table.rows, *fractions)
    training = table.values[split.train.slice, table.target_indices[0]]
    season = find_season(training, table.season_candidates, table.frequency.step)
    later = [len(part) for part in (split.validation, split.test) if len(part)]
    chosen = choose_settings(table.frequency, season.length, len(split.train), min(later, default=1), fixed)
    config = ForecasterConfig.from_dict(chosen.settings)
    _check_length(table, split, config, fractions)
    steps = config.horizon if steps is None else steps
    check_feedback(table, config.horizon, steps)
    bounds = find_bounds(table, split.train)
    decisions = (*table.decisions, season.decision, *bounds.decisions, *chosen.decisions)
    if not window_starts(split.validation, config.look_back, config.horizon):
        decisions += (
            f"The {len(split.validation)} validation rows are too few for a window of horizon "
            f"{config.horizon}, so training does not stop early and forecasts use the last epoch.",
        )
    if steps > config.horizon:
        decisions += (
            f"Beyond horizon {config.horizon}, forecasts are fed back as inputs, which makes them less "
            "certain.",
        )
    return Experiment(
        table=table,
        split=split,
        scaler=fit_scaler(table.values, table.columns, split.train),
        config=config,
        season=season.length,
        backends=tuple(dict.fromkeys(backends)),
        steps=steps,
        threads=threads,
        fixed=frozenset(fixed),
        decisions=decisions,
        bounds=bounds,
    )


def check_feedback(table: SeriesTable, horizon: int, steps: int) -> None:
    """Checks that this many steps can be forecast; beyond the horizon, forecasts are fed back as inputs.

    Raises:
        InputError: they cannot, because an input is not a target.
    """
    inputs = [column for column in table.columns if column not in table.targets]
    if steps > horizon and inputs:
        raise InputError(
            f"{steps} steps go beyond horizon {horizon}, where forecasts are fed back as inputs, but the "
            f"input {inputs[0]!r} is not forecast; raise horizon to {steps}, make every input a target, or "
            "drop the inputs."
        )


def _check_length(
    table: SeriesTable, split: Split, config: ForecasterConfig, fractions: tuple[float, float, float]
) -> None:
    if _has_windows(split, config):
        return
    have = f"{table.name} has {counted(table.rows, 'row')}"
    settings = f"look_back {config.look_back} and horizon {config.horizon}"
    if not fractions[2]:
        raise InputError("The test fraction is 0, but experiments are evaluated on test rows; raise it.")
    rows = range(table.rows, _MOST_ROWS)
    needed = rows[
        bisect_left(rows, True, key=lambda n: _has_windows(split_by_fraction(n, *fractions), config))
    ]
    raise InputError(
        f"{have}, but {settings} need at least {needed} for one training and one test window; "
        "lower them, or give a longer series."
    )


def _has_windows(split: Split, config: ForecasterConfig) -> bool:
    parts = (split.train, split.test)
    return all(window_starts(part, config.look_back, config.horizon) for part in parts)
