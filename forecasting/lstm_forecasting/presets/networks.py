"""Chooses the networks of a preset from the data.

Networks correct a ridge regression. Where a calendar or a look-back of a year helps, it is the one that reads
them. Elsewhere networks correct regressions of two look-backs. A long series has networks without regression
beside them. Half of the forecast is then the mean of ridge regressions. A backend without linear part has
networks of several look-backs and losses instead.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.durations import DAY, HOUR, WEEK
from lstm_forecasting.linear.look_backs import LONGEST_WINDOW
from lstm_forecasting.presets.options import EXTENTS, Preset
from lstm_plugins.config import Loss
from lstm_plugins.counting import counted, joined

RIDGE_SHARE = 0.5
"""Share of the mean of ridge regressions in a forecast without calendar and without a look-back of a year."""
LOOK_BACKS = 2
"""Look-backs of networks that correct regressions, the longest ones."""
LONGEST_SHARE = 0.05
"""Share of the training rows that the longest look-back of a network without regression may have."""
MOST_STEPS = 360_000
"""Most steps of the LSTM in an epoch, over its windows. Long series have more windows than that: each epoch
draws some of them anew, so that it takes no longer."""
_LAGS = {DAY: (364, 365, 371), WEEK: (52, 104), HOUR: (168,)}
_YEARS_FOR_LAGS = 2


@dataclass(frozen=True)
class Networks:
    """The networks of a forecast.

    Attributes:
        members: for each network, the settings in which it differs from the experiment's.
        ridge_share: share of the ridge regressions in the forecast; the networks have the rest.
        decisions: the reasons, one sentence each.
    """

    members: tuple[dict[str, Any], ...]
    ridge_share: float
    decisions: tuple[str, ...]


def choose_networks(
    preset: Preset,
    settings: Mapping[str, Any],
    fixed: Mapping[str, Any],
    *,
    look_backs: tuple[int, ...],
    corrects: int,
    linear: bool,
    columns: int,
    own: int,
    training_rows: int,
    frequency: Frequency,
    patch: int,
) -> Networks:
    """The networks of a preset other than `classic`.

    Args:
        preset: `quick` or `best`.
        settings: of the experiment; they have a horizon.
        fixed: settings that the user has fixed; they are kept in every network.
        look_backs: those that suit the series, in rows, shortest first; they may be shorter than the horizon.
        corrects: the look_back of the ridge regression that has a calendar or sees a year; 0 for none.
        linear: whether backends can correct a regression.
        columns: number of inputs of the network in each row.
        own: number of known columns that a regression also reads in every row to be forecast.
        training_rows: number of training rows.
        frequency: distance between rows.
        patch: rows that a network reads at once, if look_back is a multiple of it.
    """
    extent, seed = EXTENTS[preset], settings.get("seed", 0)
    common = {"epochs": extent.epochs, "patience": extent.patience}
    # The time of a regression is cubic in its inputs.
    few = linear and own * settings["horizon"] <= LONGEST_WINDOW
    affordable = [one for one in look_backs if few and one * columns <= LONGEST_WINDOW]
    corrected, share = affordable[-LOOK_BACKS:], RIDGE_SHARE
    if corrects not in affordable:
        corrects = max(affordable, default=0) if corrects else 0
    if corrects:
        lags = _lags(corrects, settings["horizon"], training_rows, frequency)
        kinds, share = [_correcting(corrects, patch, lags)], 0.0
    elif corrected:
        kinds = [_correcting(look_back, patch) for look_back in corrected]
        kinds += [_alone(look_back, patch) for look_back in _short(look_backs, training_rows)[-1:]]
    else:
        kinds = list(_all_alone(look_backs, training_rows, patch))
    # All kinds with one seed before the next seed, so that a budget cuts off the least.
    members = [
        {**common, **_drawn(kind, training_rows), **kind, **fixed, "seed": (seed + number) % 2**63}
        for number in range(extent.seeds)
        for kind in kinds[: extent.kinds]
    ]
    unique = tuple(one for place, one in enumerate(members) if one not in members[:place])
    return Networks(unique, share, tuple(_in_words(unique, share)))


def _correcting(look_back: int, patch: int, lags: tuple[int, ...] = ()) -> dict[str, Any]:
    return {
        "look_back": look_back,
        "patch": _patch(look_back, patch),
        "linear": "ridge",
        "lags": lags,
        "loss": "mae",
        "learning_rate": 0.0005,
    }


def _drawn(kind: Mapping[str, Any], training_rows: int) -> dict[str, Any]:
    """The windows of an epoch of a long series; nothing if all of them are used."""
    windows = MOST_STEPS * kind["patch"] // kind["look_back"]
    return {"windows_per_epoch": windows} if windows < training_rows else {}


def _lags(look_back: int, horizon: int, training_rows: int, frequency: Frequency) -> tuple[int, ...]:
    """The lags that suit a frequency, if there are years to learn from."""
    step = frequency.size if frequency.kind == "fixed" else 0
    lags = tuple(lag for lag in _LAGS.get(step, ()) if lag >= horizon)
    enough = bool(lags) and training_rows >= _YEARS_FOR_LAGS * lags[-1] + look_back
    return lags if enough else ()


def _short(look_backs: tuple[int, ...], training_rows: int) -> list[int]:
    """The look_backs that networks without regression may have."""
    return [one for one in look_backs if one <= LONGEST_SHARE * training_rows]


def _alone(look_back: int, patch: int, loss: Loss = "mae") -> dict[str, Any]:
    return {
        "look_back": look_back,
        "patch": _patch(look_back, patch),
        "loss": loss,
        "learning_rate": 0.001,
    }


def _all_alone(look_backs: tuple[int, ...], training_rows: int, patch: int) -> Iterator[dict[str, Any]]:
    """Kinds of networks without regression, the most useful ones first."""
    *shorter, longest = _short(look_backs, training_rows) or [min(look_backs)]
    yield _alone(longest, patch)
    yield _alone(longest, patch, "mse")
    for look_back in reversed(shorter):
        yield _alone(look_back, patch)


def _patch(look_back: int, patch: int) -> int:
    """The largest divisor of the look_back that is at most `patch`."""
    return next(size for size in range(min(patch, look_back), 0, -1) if look_back % size == 0)


def _in_words(members: tuple[dict[str, Any], ...], share: float) -> Iterator[str]:
    correcting = [member for member in members if member.get("linear") == "ridge"]
    alone = [member for member in members if member not in correcting]
    if correcting:
        yield (
            f"{counted(len(correcting), 'network')}: each corrects a ridge regression over "
            f"{_look_backs(correcting)} rows, which training does not change."
        )
    if alone:
        losses = joined(sorted({member["loss"] for member in alone}), "or")
        named = f"look_back {_look_backs(alone)}, loss {losses}"
        if correcting:
            yield f"{counted(len(alone), 'network')} without regression: {named}."
        else:
            yield f"{counted(len(alone), 'network')}: {named}, averaged with equal weights."
    if share:
        yield f"{share:.0%} of the forecast is the mean of ridge regressions, which makes it steadier."


def _look_backs(members: list[dict[str, Any]]) -> str:
    return joined([str(one) for one in sorted({member["look_back"] for member in members})], "or")
