"""Infers settings from the data: from its frequency, its season and its number of rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.durations import DAY, HOUR, WEEK
from lstm_plugins import SETTINGS_BY_NAME

FEWEST_STEPS = 8
"""Fewest steps of the LSTM after patching, if look_back is fixed."""
MANY_WINDOWS = 4_000
"""Number of training windows from which attention is worth its cost and larger batches train as well."""


_MOST_KNOWN = 4
"""A horizon follows the rows whose future is known, up to so many times the usual one."""


@dataclass(frozen=True)
class Chosen:
    """Settings and the reasons for those that were inferred.

    Attributes:
        settings: for `ForecasterConfig.from_dict`; missing settings have their defaults.
        decisions: one sentence for each inferred setting.
    """

    settings: dict[str, Any]
    decisions: tuple[str, ...]


@dataclass(frozen=True)
class _Rhythm:
    """Settings that suit a frequency.

    `span` and `past` are the horizon and look_back in words; patch divides look_back.
    """

    horizon: int
    span: str
    look_back: int
    past: str
    patch: int


def choose_settings(
    frequency: Frequency,
    season: int,
    training_rows: int,
    later_rows: int,
    fixed: Mapping[str, Any],
    count_windows: Callable[[int, int, int], int] | None = None,
    known_rows: int | None = None,
    known_gap: str = "",
) -> Chosen:
    """Infers the settings that the user did not fix.

    Args:
        frequency: frequency of the series.
        season: season in rows; 1 for none.
        training_rows: number of training rows.
        later_rows: number of rows of the shortest later part, which has to contain a horizon.
        fixed: settings that the user fixed; they are kept.
        count_windows: the number of training windows for a look_back, a horizon and a stride; None without
            missing values.
        known_rows: rows after the end of the series in which the user's known columns are known; None
            without such columns.
        known_gap: the row after them, as text, if later rows are known again; empty otherwise.
    """
    rhythm = _rhythm(frequency, season)
    decisions = []
    horizon = fixed.get("horizon")
    if horizon is None:
        longest = max(1, min(later_rows // 2, training_rows // 3))
        horizon = min(rhythm.horizon, longest)
        reason = rhythm.span if horizon == rhythm.horizon else "the longest that so few rows can test"
        # Whoever gives the prices of a fortnight wants its forecast; those of a year ask for no such thing.
        most = min(_MOST_KNOWN * rhythm.horizon, longest)
        if known_rows and known_rows != horizon and known_rows <= most:
            horizon, reason = known_rows, "as far as the known columns are known"
            if known_gap:
                reason += f"; they have a gap at {known_gap}"
        decisions.append(f"horizon {horizon}: {reason}.")
    look_back, patch, reason = _window(rhythm, horizon, training_rows, fixed)
    if reason:
        decisions.append(reason)
    stride = fixed.get("stride", 1)
    windows = (training_rows - look_back - horizon) // stride + 1
    windows = max(1, windows if count_windows is None else count_windows(look_back, horizon, stride))
    many = windows >= MANY_WINDOWS
    sizes = ((256, 100_000), (64, MANY_WINDOWS), (32, 500), (16, 0))
    batch_size = fixed.get("batch_size", next(size for size, enough in sizes if windows >= enough))
    updates = -(-windows // batch_size)
    rate = 0.01 if fixed.get("optimizer") == "sgd" else 0.001 if many else 0.003
    chosen: dict[str, Any] = {
        "look_back": look_back,
        "horizon": horizon,
        "attention": "dot" if many else "none",
        "patch": patch,
        "normalisation": "last",
        "learning_rate": rate,
        "batch_size": batch_size,
        "epochs": max(5, min(100, 4000 // updates)),
    }
    suits = f"suits {windows:,} training windows"
    reasons = {
        "attention": f"{windows:,} training windows are enough to learn which steps matter",
        "normalisation": "forecasts start from the window's last value",
        "learning_rate": suits,
        "batch_size": suits,
        "epochs": "at most; training ends earlier when the validation loss stops improving",
    }
    for name, why in reasons.items():
        if name not in fixed and (name == "normalisation" or chosen[name] != SETTINGS_BY_NAME[name].default):
            decisions.append(f"{name} {chosen[name]}: {why}.")
    return Chosen({**chosen, **fixed}, tuple(decisions))


def _rhythm(frequency: Frequency, season: int) -> _Rhythm:
    known = _KNOWN.get((frequency.kind, frequency.size))
    if known is not None:
        return known
    if season == 1:
        return _Rhythm(12, "twelve rows, as no season is known", 48, "four times the horizon", 1)
    if season <= 48:
        horizon, span = season, "a season"
    else:
        horizon, span = min(season // 4, 96), "part of a season"
    patch = season if season <= 24 else next(size for size in range(24, 0, -1) if season % size == 0)
    seasons = min(max(672 // season, 2), 14)
    look_back = min(seasons * season, _LONGEST) // patch * patch
    return _Rhythm(horizon, span, look_back, f"{look_back / season:.3g} seasons", patch)


_LONGEST = 1008
_KNOWN = {
    ("fixed", HOUR): _Rhythm(24, "a day", 336, "two weeks", 24),
    ("fixed", DAY): _Rhythm(7, "a week", 91, "thirteen weeks", 7),
    ("fixed", WEEK): _Rhythm(13, "a quarter of a year", 104, "two years", 4),
    ("business days", 1): _Rhythm(5, "a week of business days", 40, "eight weeks", 5),
    ("months", 1): _Rhythm(12, "a year", 36, "three years", 1),
    ("months", 3): _Rhythm(4, "a year", 16, "four years", 1),
    ("months", 12): _Rhythm(5, "five years", 33, "33 years", 1),
}


def _window(
    rhythm: _Rhythm, horizon: int, training_rows: int, fixed: Mapping[str, Any]
) -> tuple[int, int, str]:
    if "look_back" in fixed:
        look_back = int(fixed["look_back"])
        if "patch" in fixed:
            return look_back, int(fixed["patch"]), ""
        most = min(rhythm.patch, max(1, look_back // FEWEST_STEPS))
        patch = next(size for size in range(most, 0, -1) if look_back % size == 0)
        reason = f"patch {patch}: the LSTM sees {look_back // patch} steps."
        return look_back, patch, reason if patch > 1 else ""
    patch = int(fixed.get("patch", rhythm.patch))
    wanted = max(rhythm.look_back, horizon)
    # A third of the rows as history leaves about twice as many windows as a window has rows.
    room = max((training_rows - horizon) // 3, 1)
    if "patch" not in fixed and room < 4 * patch:
        patch = 1
    look_back = max(min(wanted, room) // patch, 1) * patch
    if look_back == rhythm.look_back:
        why = rhythm.past
    elif look_back < wanted:
        why = f"the most that {training_rows:,} training rows allow"
    else:
        why = "as long as the horizon"
    reason = f"look_back {look_back}: {why}"
    if patch > 1:
        reason += f", in {look_back // patch} patches of {patch}"
    return look_back, patch, reason + "."
