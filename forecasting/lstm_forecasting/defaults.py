"""Settings that nobody fixed, chosen from the data: its rhythm, its season and how many rows there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lstm_forecasting.data.calendar import DAY, HOUR, WEEK, Frequency
from lstm_plugins import SETTINGS_BY_NAME

CHOSEN = (
    "look_back",
    "horizon",
    "attention",
    "patch",
    "normalisation",
    "learning_rate",
    "batch_size",
    "epochs",
)
"""The settings that come from the data unless they are fixed."""

_FEWEST_STEPS = 8
"""Steps that patching leaves the LSTM at least, where look_back was fixed."""


@dataclass(frozen=True)
class Chosen:
    """Complete settings and the reasons for those that were chosen.

    Attributes:
        settings: what `ForecasterConfig.from_dict` takes; settings left out have their defaults.
        decisions: one sentence for each thing chosen.
    """

    settings: dict[str, Any]
    decisions: tuple[str, ...]


@dataclass(frozen=True)
class _Rhythm:
    """What a frequency suggests.

    Attributes:
        horizon: steps ahead that are of use.
        span: the horizon in words.
        look_back: steps that hold enough of the past.
        patch: steps that belong together, a divisor of look_back.
    """

    horizon: int
    span: str
    look_back: int
    patch: int


def choose_settings(
    frequency: Frequency, season: int, training_rows: int, later_rows: int, fixed: Mapping[str, Any]
) -> Chosen:
    """Fills in what the user left open.

    Args:
        frequency: of the series.
        season: its season in rows, 1 for none.
        training_rows: rows of the training part.
        later_rows: rows of the shorter one of the parts after it, which has to hold a horizon.
        fixed: settings that the user chose; they are kept as they are.
    """
    rhythm = _rhythm(frequency, season)
    decisions = []
    horizon = fixed.get("horizon")
    if horizon is None:
        horizon = max(1, min(rhythm.horizon, later_rows // 2, training_rows // 3))
        reason = rhythm.span if horizon == rhythm.horizon else "as far as so few rows allow to be tested"
        decisions.append(f"horizon {horizon}: {reason}.")
    look_back, patch, reason = _window(rhythm, horizon, training_rows, fixed)
    if reason:
        decisions.append(reason)
    windows = max(1, (training_rows - look_back - horizon) // fixed.get("stride", 1) + 1)
    batch_size = fixed.get("batch_size", _batch_size(windows))
    chosen: dict[str, Any] = {
        "look_back": look_back,
        "horizon": horizon,
        "patch": patch,
        "attention": "dot" if look_back // patch >= _FEWEST_STEPS else "none",
        "normalisation": "last",
        "batch_size": batch_size,
        "learning_rate": 0.01 if fixed.get("optimizer") == "sgd" else 0.002,
        "epochs": _epochs(windows, batch_size),
    }
    reasons = {
        "normalisation": "each window's last value is its zero, so that forecasts continue from it",
        "attention": "the readout weighs all steps of a long window",
        "learning_rate": "a rate that training bears well with this optimizer",
        "batch_size": f"for {windows:,} training windows",
        "epochs": "at most; training stops when validation no longer gets better",
    }
    for name, reason in reasons.items():
        if name not in fixed and chosen[name] != SETTINGS_BY_NAME[name].default:
            decisions.append(f"{name} {chosen[name]}: {reason}.")
    return Chosen({**chosen, **fixed}, tuple(decisions))


def _rhythm(frequency: Frequency, season: int) -> _Rhythm:
    if frequency.kind == "fixed":
        if frequency.size == HOUR:
            return _Rhythm(24, "a day", 336, 24)
        if frequency.size == DAY:
            return _Rhythm(7, "a week", 56, 7)
        if frequency.size == WEEK:
            return _Rhythm(13, "a quarter of a year", 104, 4)
    if frequency.kind == "business days" and frequency.size == 1:
        return _Rhythm(5, "a week of business days", 40, 5)
    if frequency.kind == "months":
        if frequency.size == 1:
            return _Rhythm(12, "a year", 36, 1)
        if frequency.size == 3:
            return _Rhythm(4, "a year", 16, 1)
        if frequency.size == 12:
            return _Rhythm(5, "five years", 22, 1)
    if season > 1:
        horizon = season if season <= 48 else min(season // 4, 96)
        patch = next(size for size in (24, 12, 8, 6, 5, 4, 3, 2, 1) if season % size == 0)
        patch = patch if season > 24 else 1
        return _Rhythm(horizon, "up to a season", 3 * season, patch)
    return _Rhythm(12, "twelve steps, as the rows have no known rhythm", 48, 1)


def _window(
    rhythm: _Rhythm, horizon: int, training_rows: int, fixed: Mapping[str, Any]
) -> tuple[int, int, str]:
    if "look_back" in fixed:
        look_back = int(fixed["look_back"])
        if "patch" in fixed:
            return look_back, int(fixed["patch"]), ""
        most = min(rhythm.patch, max(1, look_back // _FEWEST_STEPS))
        patch = next(size for size in range(most, 0, -1) if look_back % size == 0)
        return look_back, patch, _patch_reason(look_back, patch)
    patch = int(fixed.get("patch", rhythm.patch))
    wanted = max(rhythm.look_back, horizon)
    # A third of the training rows as history leaves about as many windows as rows.
    room = max((training_rows - horizon) // 3, 1)
    if "patch" not in fixed and room < 4 * patch:
        patch = 1
    look_back = max(min(wanted, room) // patch, 1) * patch
    why = (
        f"the past {look_back} rows"
        if look_back >= wanted
        else f"as much as {training_rows} training rows allow"
    )
    reason = f"look_back {look_back}: {why}"
    if patch > 1:
        reason += f", read in {look_back // patch} patches of {patch}"
    return look_back, patch, reason + "."


def _patch_reason(look_back: int, patch: int) -> str:
    return f"patch {patch}: {look_back // patch} steps for the LSTM." if patch > 1 else ""


def _batch_size(windows: int) -> int:
    for size, enough in ((256, 100_000), (64, 4_000), (32, 500)):
        if windows >= enough:
            return size
    return 16


def _epochs(windows: int, batch_size: int) -> int:
    updates = -(-windows // batch_size)
    return max(5, min(100, 4000 // updates))
