"""What is to be computed, decided and checked before any backend starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lstm_forecasting.data.scaling import Scaler
from lstm_forecasting.data.splits import Split
from lstm_forecasting.data.table import SeriesTable
from lstm_plugins import ForecasterConfig


@dataclass(frozen=True)
class Experiment:
    """A table, how it is split and scaled, and one config for all backends.

    Attributes:
        table: the series with its targets and inputs.
        split: its training, validation and test rows.
        scaler: fitted on the training rows.
        config: complete settings.
        season: the season length in rows of seasonal naive and MASE; 1 for none.
        backends: short names, in the order they are shown.
        steps: rows to forecast after the last one.
        threads: of each backend's arithmetic.
        decisions: one sentence for everything that was chosen and not asked for, data and settings.
    """

    table: SeriesTable
    split: Split
    scaler: Scaler
    config: ForecasterConfig
    season: int
    backends: tuple[str, ...]
    steps: int
    threads: int
    decisions: tuple[str, ...]


def plan_experiment(
    table: SeriesTable,
    backends: Sequence[str],
    settings: Mapping[str, Any] | None = None,
    *,
    fractions: tuple[float, float, float] = (0.7, 0.1, 0.2),
    steps: int | None = None,
    threads: int = 1,
) -> Experiment:
    """Decides what was left open and checks that it fits together.

    Args:
        table: the series.
        backends: short names.
        settings: `ForecasterConfig` fields that the user fixed; the rest comes from the data.
        fractions: shares of rows for training, validation and test.
        steps: rows to forecast after the last one; None forecasts the horizon. More than the horizon
            feeds forecasts back, which needs every input column to be a target.
        threads: of each backend.

    Raises:
        InputError: the series is too short for the settings, or steps cannot be fed back.
        ConfigError: a setting is not allowed.
    """
