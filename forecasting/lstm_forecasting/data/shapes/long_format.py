"""Long files: several series one below the other, identified by a column."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Integers, Times
from lstm_forecasting.data.close_names import hint_at
from lstm_forecasting.data.finding import Finding, as_findings
from lstm_forecasting.data.options import NONE, ReadOptions
from lstm_forecasting.data.raw_table import RawTable, tidy_title, title_words
from lstm_forecasting.data.times.spacing import are_spaced
from lstm_forecasting.data.times.text_times import parse_times
from lstm_forecasting.data.times.time_columns import FoundTimes
from lstm_plugins.counting import counted, listed
from lstm_plugins.errors import InputError

STANDARD = ("unique_id", "ds", "y")
"""Titles of the columns of names, times and values in forecasting libraries."""

_TITLES = {
    *("id", "series", "store", "shop", "item", "sku", "product", "sensor", "station", "meter", "device"),
    *("ticker", "symbol", "region", "country", "city", "location", "customer", "group", "entity", "family"),
}
_MOST_NAMES = 5
# In a long file most times occur several times; a few repeats are errors, or an hour that clocks repeat.
_LEAST_REPEATED = 0.05
_MOST_REPEATED_IN_A_SERIES = 0.01
# Of the series; where more have doubled times, the column does not name series.
_MOST_DOUBLED = 0.5
_LOOKED_AT = 3
_SAMPLE = 100
# Trying all pairs of many text columns would take long.
_MOST_IN_PAIRS = 6


@dataclass(frozen=True, eq=False)
class FoundSeries:
    """The series of a file.

    Attributes:
        columns: the columns that name them; empty if all rows are one series.
        names: names of the series, in the order of the file; one empty name if all rows are one series.
        codes: `[rows]`, index in `names` of each row's series.
        chosen: indices in `names` of the series to read, in the requested order.
        decisions: what was found, one sentence each.
        findings: what the user should know about the series.
        rows: number of different times of each series, or of its rows without times.
    """

    columns: tuple[str, ...]
    names: tuple[str, ...]
    codes: Integers
    chosen: tuple[int, ...]
    decisions: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    rows: tuple[int, ...] = ()

    @property
    def chosen_names(self) -> tuple[str, ...]:
        """Names of the series to read."""
        return tuple(self.names[code] for code in self.chosen)


def find_series(raw: RawTable, found: FoundTimes, options: ReadOptions) -> FoundSeries:
    """Detects whether a file is long, and selects the series to read.

    It is long if its titles are `unique_id, ds, y`, or if times repeat and one or two text columns divide the
    rows into series whose times do not repeat.

    Raises:
        InputError: a column or a series does not exist, or a row belongs to no series.
    """
    if options.series_column == (NONE,):
        return _one(raw, ("All rows are one series, as requested.",))
    columns = _asked_columns(raw, found, options.series_column) or _found_columns(raw, found)
    if not columns:
        if options.series:
            raise InputError(
                f"{raw.file} has no column that obviously names series; set series_column, or remove the "
                "option series."
            )
        return _one(raw)
    keys = _keys(raw, columns)
    if keys.null_count():
        row = int(keys.is_null().arg_max() or 0)
        raise InputError(
            f"{raw.file} has no series name in {raw.where(row)} ({', '.join(columns)}); fill it in, remove "
            f"the row, or set series_column to another column or to {NONE}."
        )
    names, codes = _coded(keys)
    distinct = _distinct(codes, found.times)
    return _chosen(raw.file, columns, names, codes, distinct, options.series)


def _one(raw: RawTable, decisions: tuple[str, ...] = ()) -> FoundSeries:
    return FoundSeries((), ("",), np.zeros(raw.rows, dtype=np.int64), (0,), decisions)


def _chosen(
    file: str,
    columns: tuple[str, ...],
    names: tuple[str, ...],
    codes: Integers,
    distinct: Integers,
    asked: Sequence[str],
) -> FoundSeries:
    one = len(columns) == 1
    title = f"{'Column' if one else 'Columns'} {', '.join(columns)} {'names' if one else 'name'}"
    for name in asked:
        if name not in names:
            raise InputError(f"{file} has no series {name!r}; {hint_at(name, names, _MOST_NAMES)}")
    if len(names) == 1:
        return FoundSeries(columns, names, codes, (0,), (f"{title} a single series, {names[0]}.",))
    doubled = tuple(_doubled(names, np.bincount(codes), distinct))
    about_doubled = as_findings("doubled series", doubled, option="duplicates")
    decisions = [f"{title} {len(names)} series: {listed(names, _MOST_NAMES)}.", *doubled]
    if asked:
        chosen = tuple(names.index(name) for name in asked)
        decisions.append(f"The series {'is' if len(asked) == 1 else 'are'} {', '.join(asked)}.")
        done = "Only the series that you named are read."
    else:
        chosen = (int(distinct.argmax()),)
        which = "the longest" if (distinct == distinct.max()).sum() == 1 else "the first of the longest"
        decisions.append(f"The series is {names[chosen[0]]}, {which}; set series to read another.")
        done = f"{names[chosen[0]]} is read, {which}."
    lengths = Finding("series lengths", _lengths(names, distinct, decisions[0]), done=done, option="series")
    return FoundSeries(
        columns,
        names,
        codes,
        chosen,
        tuple(decisions),
        (lengths, *about_doubled),
        tuple(int(count) for count in distinct),
    )


def _distinct(codes: Integers, times: Times | None) -> Integers:
    """The number of different times of each series; of rows if they have no times."""
    if times is None:
        return np.bincount(codes)
    order = np.lexsort((times, codes))
    new = (np.diff(codes[order]) != 0) | (times[order][1:] != times[order][:-1])
    return np.bincount(codes[order][np.append(True, new)])


def _lengths(names: Sequence[str], distinct: Integers, otherwise: str) -> str:
    """Which series are shorter than the longest ones; `otherwise` if all are equally long."""
    shorter = np.flatnonzero(distinct < distinct.max())
    if not len(shorter):
        return otherwise
    least, most = int(distinct.argmin()), int(distinct.argmax())
    verb = "is" if len(shorter) == 1 else "are"
    return (
        f"{len(shorter)} of {len(names)} series {verb} shorter than the longest: from "
        f"{counted(int(distinct[least]), 'row')} ({names[least]}) to {int(distinct[most]):,} ({names[most]})."
    )


def _doubled(names: Sequence[str], lengths: Integers, distinct: Integers) -> Iterator[str]:
    """Which series have every time several times, as when a file was appended to itself."""
    for count, word in ((2, "twice"), (3, "three times")):
        doubled = [
            names[int(code)] for code in np.flatnonzero((lengths == count * distinct) & (distinct > 1))
        ]
        if doubled:
            verb = "has" if len(doubled) == 1 else "have"
            named = listed(doubled, _MOST_NAMES)
            yield f"{len(doubled)} of them {verb} each time {word}: {named}; set duplicates to read these."


def _asked_columns(raw: RawTable, found: FoundTimes, asked: tuple[str, ...]) -> tuple[str, ...]:
    for name in asked:
        if name not in raw.columns:
            raise InputError(
                f"{raw.file} has no column {name!r} to take as series_column; "
                f"{hint_at(name, list(raw.columns))}"
            )
        if name in found.columns:
            raise InputError(
                f"Column {name!r} of {raw.file} contains the times and cannot name series; set series_column "
                "to another column, or set time_column."
            )
        dtype = raw.columns[name].dtype
        if not (dtype in (pl.String, pl.Boolean) or dtype.is_numeric() or dtype.is_temporal()):
            raise InputError(
                f"Column {name!r} of {raw.file} has type {dtype} and cannot name series; set series_column "
                "to another column."
            )
    return asked


def _found_columns(raw: RawTable, found: FoundTimes) -> tuple[str, ...]:
    lowered = {name.lower(): name for name in raw.columns}
    if lowered.keys() >= set(STANDARD):
        return (lowered[STANDARD[0]],)
    if found.times is None:
        return ()
    times = found.times
    repeated = _repeated(times)
    if repeated == 0 or repeated < _LEAST_REPEATED * len(times):
        return ()
    return next((columns for columns in _candidates(raw, found) if _divides(raw, columns, times)), ())


def _repeated(times: Times) -> int:
    """Number of times that also occur in an earlier row."""
    if (times[1:] > times[:-1]).all():
        return 0
    ordered = np.sort(times)
    return int((ordered[1:] == ordered[:-1]).sum())


def _candidates(raw: RawTable, found: FoundTimes) -> Iterator[tuple[str, ...]]:
    """Single columns, those with a typical title first, then pairs of columns."""
    names = [name for name in raw.columns if name not in found.columns and _may_name(name, raw.columns[name])]
    names.sort(key=_is_titled, reverse=True)
    yield from ((name,) for name in names)
    yield from itertools.combinations(names[:_MOST_IN_PAIRS], 2)


def _may_name(name: str, column: pl.Series) -> bool:
    if column.null_count() or not (column.dtype == pl.String or column.dtype.is_integer()):
        return False
    sample = column.head(_SAMPLE)
    if column.dtype != pl.String or not sample.cast(pl.Float64, strict=False).null_count():
        return _is_titled(name)
    return parse_times(sample) is None


def _is_titled(name: str) -> bool:
    return not _TITLES.isdisjoint(title_words(name))


def _divides(raw: RawTable, columns: tuple[str, ...], times: Times) -> bool:
    """Whether the rows of each name are a series; only the longest ones are checked."""
    keys = _keys(raw, columns)
    count = keys.n_unique()
    if count < 2 or 2 * count > len(times):
        return False
    _, codes = _coded(keys)
    order = np.lexsort((times, codes))
    again = (np.diff(codes[order]) == 0) & (times[order][1:] == times[order][:-1])
    repeats = np.bincount(codes[order][1:][again], minlength=count)
    if (repeats > _MOST_REPEATED_IN_A_SERIES * np.bincount(codes)).sum() > _MOST_DOUBLED * count:
        return False
    longest = np.argsort(-np.bincount(codes), kind="stable")[:_LOOKED_AT]
    return all(are_spaced(times[codes == code]) for code in longest)


def _keys(raw: RawTable, columns: tuple[str, ...]) -> pl.Series:
    parts = [raw.columns[name].cast(pl.String) for name in columns]
    if len(parts) == 1:
        return parts[0]
    frame = pl.DataFrame({str(place): part for place, part in enumerate(parts)})
    return frame.select(pl.concat_str(pl.all(), separator=" / ")).to_series()


def _coded(keys: pl.Series) -> tuple[tuple[str, ...], Integers]:
    """The names in the order of the file, and the index of each row's name."""
    found = keys.unique(maintain_order=True)
    tidy = [tidy_title(name) for name in found]
    names = {name: code for code, name in enumerate(dict.fromkeys(tidy))}
    codes = keys.cast(pl.Enum(found)).to_physical().to_numpy()
    return tuple(names), np.array([names[name] for name in tidy], dtype=np.int64)[codes]
