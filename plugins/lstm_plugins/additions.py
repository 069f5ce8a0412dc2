"""The additions of docs/specification.md that a backend may implement beyond the original contract."""

from typing import Any

from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import SeriesSet

MASKS = "masks"
"""Target values that were not observed, and indicator columns of missing values."""
KNOWN = "known columns"
"""Columns known ahead of time and lags: in the window's inputs, and in the step part."""
LINEAR = "linear part"
"""A ridge regression that the network corrects; without training it is as good as that."""
NORMALISATIONS = "normalisations"
"""The normalisations last-deviation and seasonal."""
LOSS_SCALE = "loss scale"
"""Errors divided by the scale of their window."""

ADDITIONS = (MASKS, KNOWN, LINEAR, NORMALISATIONS, LOSS_SCALE)
"""All names that a backend may list in `Backend.additions`."""

LACKS = {
    MASKS: "cannot tell filled values from observed ones, but values of the series are missing",
    KNOWN: "has no use for columns that are known ahead of time, or for lags",
    LINEAR: "has no linear part, but linear is ridge",
    NORMALISATIONS: "does not know this normalisation",
    LOSS_SCALE: "cannot measure errors in the window, but loss_scale is window",
}
"""For each addition, what a backend without it cannot do, to follow its title."""


def extra_columns(series: SeriesSet, indicators: int = 0) -> dict[str, Any]:
    """The arguments of a `Forecaster` for columns that backends without additions do not know.

    Only those that are not 0, so that such a backend can be made without them.
    """
    columns = {"indicators": indicators, "known": series.known_columns, "own_known": series.own_known}
    return {name: count for name, count in columns.items() if count}


def needed_additions(config: ForecasterConfig, series: SeriesSet, indicators: int = 0) -> tuple[str, ...]:
    """The additions that a backend has to implement for these settings and this series.

    Args:
        config: all settings.
        series: the series.
        indicators: how many of its last columns are indicators of missing values.
    """
    needed = {
        MASKS: series.observed is not None or indicators > 0,
        KNOWN: series.known is not None or bool(config.lags),
        LINEAR: config.linear != "none",
        NORMALISATIONS: config.normalisation in ("last-deviation", "seasonal"),
        LOSS_SCALE: config.measured_in_window,
    }
    return tuple(name for name, is_needed in needed.items() if is_needed)
