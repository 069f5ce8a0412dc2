"""The additions of docs/specification.md that a backend may implement beyond the original contract."""

from lstm_plugins.records import SeriesSet

MASKS = "masks"
"""Target values that were not observed, and indicator columns of missing values."""

ADDITIONS = (MASKS,)
"""All names that a backend may list in `Backend.additions`."""


def needed_additions(series: SeriesSet, indicators: int = 0) -> tuple[str, ...]:
    """The additions that a backend has to implement for this series.

    Args:
        series: the series.
        indicators: how many of its last columns are indicators of missing values.
    """
    return (MASKS,) if series.observed is not None or indicators else ()
