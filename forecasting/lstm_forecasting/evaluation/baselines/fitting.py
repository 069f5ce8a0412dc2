"""All baselines for which a series has enough history, fitted to its training rows."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.series.seasons import supported_seasons
from lstm_forecasting.data.series.splits import Split
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.durations import WEEK
from lstm_forecasting.evaluation.baselines.baseline import Baseline, History
from lstm_forecasting.evaluation.baselines.drift import drift_baseline
from lstm_forecasting.evaluation.baselines.kinds import KINDS, Kind
from lstm_forecasting.evaluation.baselines.last_value import last_value_baseline
from lstm_forecasting.evaluation.baselines.last_year import last_year_baseline, rows_of_a_year
from lstm_forecasting.evaluation.baselines.local_fits import local_baselines
from lstm_forecasting.evaluation.baselines.ridge import ridge_baseline
from lstm_forecasting.evaluation.baselines.seasonal_naive import seasonal_naive_baseline
from lstm_forecasting.known.choice import NOTHING_KNOWN, KnownChoice
from lstm_forecasting.known.choosing import known_columns, rows_ahead

_ABOUT_A_YEAR = 0.95
"""A season of this many years or more is a year."""


@dataclass(frozen=True)
class FittedBaselines:
    """Baselines, and sentences about those that there are not."""

    baselines: tuple[Baseline, ...]
    notes: tuple[str, ...] = ()


def history_of(
    table: SeriesTable,
    steps: int,
    horizon: int,
    choice: KnownChoice = NOTHING_KNOWN,
    *,
    counts_filled: bool = False,
) -> History:
    """What baselines see of a table to forecast `steps` rows after its end, a horizon at a time.

    `choice` names what the user knows ahead. `counts_filled` takes filled values for observed ones.

    Raises:
        InputError: what is known ahead is missing.
    """
    ahead = rows_ahead(horizon, steps)
    known = known_columns(choice, table, ahead)
    own = None if known is None or not known.own else choice.scaler.transform(known.values)[:, : known.own]
    targets = list(table.target_indices)
    filled = table.filled[:, targets]
    future = table.future_times(ahead)
    return History(
        values=table.values[:, targets],
        observed=np.ones_like(filled) if counts_filled else ~filled,
        times=None if table.times is None or future is None else np.concatenate([table.times, future]),
        frequency=table.frequency,
        ahead=ahead,
        own=own,
        country=choice.country,
    )


def fit_baselines(
    history: History,
    split: Split,
    *,
    horizon: int,
    season: int = 1,
    season_candidates: Sequence[int] = (),
    kinds: Collection[Kind] = KINDS,
) -> FittedBaselines:
    """The baselines for a series, the simplest first; the last value is always possible.

    Args:
        history: the series.
        split: only training rows are fitted; validation rows choose between variants of a baseline.
        horizon: steps forecast at once.
        season: rows of the season that was found; 1 for none.
        season_candidates: season lengths that the frequency suggests.
        kinds: the kinds to fit.
    """
    seasons = _seasons(history, split, season, season_candidates)
    found = _fitted(history, split, horizon, seasons, kinds)
    local, notes = local_baselines(history, split, seasons, kinds)
    return FittedBaselines((*(one for one in found if one.kind in kinds), *local), notes)


def _fitted(
    history: History, split: Split, horizon: int, every_season: tuple[int, ...], kinds: Collection[Kind]
) -> Iterator[Baseline]:
    yield last_value_baseline()
    yield drift_baseline()
    seasons = every_season
    weekdays = _has_weekdays(history.frequency, seasons)
    last_year = last_year_baseline(history, weekdays=weekdays)
    if last_year is not None:
        rows = rows_of_a_year(history, weekdays=weekdays)
        if len(rows) == 1 and int(rows[0]) in seasons:
            last_year = None
        else:
            seasons = tuple(length for length in seasons if length < _ABOUT_A_YEAR * rows[0])
    for length in seasons:
        yield seasonal_naive_baseline(length)
    if last_year is not None:
        yield last_year
    ridge = ridge_baseline(history, split, horizon, every_season) if "ridge" in kinds else None
    if ridge is not None:
        yield ridge


def _seasons(history: History, split: Split, season: int, candidates: Sequence[int]) -> tuple[int, ...]:
    """The seasons of any target, in rows and in ascending order."""
    found = {
        length
        for values in history.values[split.train.slice].T
        for length in supported_seasons(values, candidates)
    }
    return tuple(sorted(found | ({season} if season > 1 else set())))


def _has_weekdays(frequency: Frequency, seasons: Sequence[int]) -> bool:
    """Whether the same weekday says more than the same date."""
    if frequency.kind in ("business days", "sessions"):
        return True
    return frequency.kind == "fixed" and (
        frequency.size % WEEK == 0 or any(length * frequency.size == WEEK for length in seasons)
    )
