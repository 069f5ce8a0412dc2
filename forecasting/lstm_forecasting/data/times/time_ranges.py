"""Columns of periods, such as 08:00-08:30, of which the beginning is the time."""

import polars as pl

_DASH = r"(?:-|–|—|to|bis|until|à|\u2192)"
_SPACED = rf"^(.*\S)\s+{_DASH}\s+(\S.*)$"
_CLOCKS = (
    r"^([0-9]{1,2}(?:[:.][0-9]{2}){0,2}(?:\s?[AaPp][Mm])?)\s*[-–—]\s*([0-9]{1,2}(?:[:.][0-9]{2}){1,2}.*)$"
)
_ISO = r"^([0-9]{4}-[0-9]{2}-[0-9]{2}T[^/]+)/([^/]+)$"
_SAMPLE = 20


def beginnings(column: pl.Series) -> pl.Series | None:
    """The first part of each text, such as 08:00 of "08:00 - 08:30"; None if a row has no period."""
    sample = column.head(5 * _SAMPLE).drop_nulls().head(_SAMPLE)
    for pattern in (_CLOCKS, _SPACED, _ISO):
        if len(sample) and sample.str.contains(pattern).all():
            first = column.str.extract(pattern, 1)
            return first if first.null_count() == column.null_count() else None
    return None
