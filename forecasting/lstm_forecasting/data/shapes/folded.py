"""Tables folded into two directions, such as years by months, unfolded into one series."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Times
from lstm_forecasting.data.raw_table import RawTable, title_words
from lstm_forecasting.data.times.text_times import parse_times, whole_numbers

TIME, VALUE = "time", "value"
"""Titles of the columns of an unfolded table."""
_MONTHS = (
    *(("january", "jan", "januar", "jän", "janvier", "janv", "enero", "ene", "gennaio", "gen"),),
    *(("february", "feb", "februar", "février", "févr", "fév", "febrero", "febbraio"),),
    *(("march", "mar", "märz", "mär", "mrz", "mars", "marzo"),),
    *(("april", "apr", "avril", "avr", "abril", "abr", "aprile"),),
    *(("may", "mai", "mayo", "maggio", "mag"),),
    *(("june", "jun", "juni", "juin", "junio", "giugno", "giu"),),
    *(("july", "jul", "juli", "juillet", "juil", "julio", "luglio", "lug"),),
    *(("august", "aug", "août", "agosto", "ago"),),
    *(("september", "sep", "sept", "septembre", "septiembre", "settembre", "set"),),
    *(("october", "oct", "oktober", "okt", "octobre", "octubre", "ottobre", "ott"),),
    *(("november", "nov", "novembre", "noviembre"),),
    *(("december", "dec", "dezember", "dez", "décembre", "déc", "diciembre", "dic", "dicembre"),),
)
_WEEKDAYS = (
    ("monday", "mon", "montag", "mo", "lundi", "lun", "lunes"),
    ("tuesday", "tue", "tues", "dienstag", "di", "mardi", "mar", "martes"),
    ("wednesday", "wed", "mittwoch", "mi", "mercredi", "mer", "miércoles"),
    ("thursday", "thu", "thur", "thurs", "donnerstag", "do", "jeudi", "jeu", "jueves"),
    ("friday", "fri", "freitag", "fr", "vendredi", "ven", "viernes"),
    ("saturday", "sat", "samstag", "sa", "samedi", "sam", "sábado"),
    ("sunday", "sun", "sonntag", "so", "dimanche", "dim", "domingo"),
)


@dataclass(frozen=True)
class Fold:
    """A way to fold a series.

    Attributes:
        rows: what a row of the table is, for messages.
        columns: what its columns are, for messages.
        part: the place in the row, from 0, of a column with a title; None if the title names no place.
        count: number of places.
        starts: the times at which the rows begin, from the column that names them; None for other columns.
        step: the distance of two places, as a NumPy unit.
    """

    rows: str
    columns: str
    part: Callable[[str], int | None]
    count: int
    starts: Callable[[str, pl.Series], Times | None]
    step: str


def _among(names: tuple[tuple[str, ...], ...]) -> Callable[[str], int | None]:
    places = {name: place for place, own in enumerate(names) for name in own}
    return lambda title: places.get(title.lower().rstrip("."))


def _hour(title: str) -> int | None:
    """The hour of "H0", "h 23", "00:00", "Hour 7" or "7"."""
    text = title.lower().removesuffix(":00").removesuffix(":00")
    digits = text.removeprefix("hour").removeprefix("h").strip(" _")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 2 else None


def _years(title: str, column: pl.Series) -> Times | None:
    years = whole_numbers(column.cast(pl.String))
    if years is None or years.min() < 1 or years.max() > 9999:
        return None
    return (years - 1970).astype("datetime64[Y]").astype("datetime64[M]")


def _dates(title: str, column: pl.Series) -> Times | None:
    if column.dtype == pl.Date:
        return None if column.null_count() else column.to_numpy().astype("datetime64[D]")
    parsed = parse_times(column, None, title_words(title)) if column.dtype == pl.String else None
    if parsed is None or parsed.wrong is not None or parsed.ambiguous or np.isnat(parsed.times).any():
        return None
    return parsed.times.astype("datetime64[D]")


FOLDS = (
    Fold("years", "months", _among(_MONTHS), 12, _years, "M"),
    Fold("weeks", "days", _among(_WEEKDAYS), 7, _dates, "D"),
    Fold("days", "hours", _hour, 24, _dates, "h"),
)


def unfold(raw: RawTable) -> RawTable:
    """Unfolds years by months, weeks by days or days by hours into columns of times and values.

    Other tables are returned as they are. Columns that name series stay.
    """
    for fold in FOLDS:
        places = _places(raw, fold)
        if places is None:
            continue
        others = [name for name in raw.columns if name not in places.values()]
        for name in others:
            starts = fold.starts(name, raw.columns[name])
            if starts is not None and _follow(starts, raw, others, name):
                return _unfolded(raw, fold, places, name, starts, [one for one in others if one != name])
    return raw


def _places(raw: RawTable, fold: Fold) -> Mapping[int, str] | None:
    """The column of each place, if each has one."""
    found = [(fold.part(name), name) for name in raw.columns]
    places = {place: name for place, name in found if place is not None}
    count = sum(place is not None for place, _ in found)
    first = min(places, default=0)
    # Hours from 1 to 24 name the end of each hour.
    complete = first <= 1 and sorted(places) == list(range(first, first + fold.count))
    return dict(sorted(places.items())) if complete and count == fold.count and raw.rows > 1 else None


def _follow(starts: Times, raw: RawTable, others: list[str], own: str) -> bool:
    """Whether rows are told apart by where they begin, together with the texts beside them."""
    texts = [raw.columns[name] for name in others if name != own and raw.columns[name].dtype == pl.String]
    frame = pl.DataFrame([pl.Series("start", starts.astype("datetime64[us]")), *texts])
    return frame.n_unique() == len(frame)


def _unfolded(
    raw: RawTable, fold: Fold, places: Mapping[int, str], own: str, starts: Times, others: list[str]
) -> RawTable:
    count = fold.count
    steps = np.array(list(places), dtype=np.int64)
    times = (starts[:, np.newaxis].astype(f"datetime64[{fold.step}]") + steps).ravel()
    kept = [name for name in others if _names_series(raw.columns[name], starts)]
    rows = np.repeat(np.arange(raw.rows), count)
    folded = pl.DataFrame({str(place): raw.columns[name] for place, name in places.items()})
    values = folded.select(pl.concat_list(pl.all())).to_series().explode()
    value = VALUE if VALUE not in kept else next(f"{VALUE} {n}" for n in itertools.count(2))
    columns = {name: raw.columns[name].gather(pl.Series(rows)) for name in kept}
    columns[TIME] = pl.Series(TIME, times.astype("datetime64[us]"))
    columns[value] = values.alias(value)
    decision = f"The table has {fold.rows} by {fold.columns} and is unfolded into one column, {value}."
    left_out = [name for name in others if name not in kept]
    more = [f"Columns beside the {fold.columns} are left out: {', '.join(left_out)}."] if left_out else []
    return replace(raw, columns=columns, places=raw.places[rows], decisions=(*raw.decisions, decision, *more))


def _names_series(column: pl.Series, starts: Times) -> bool:
    """Whether a column repeats its texts, as names of series do."""
    return column.dtype == pl.String and len(np.unique(starts)) < len(starts) and not column.null_count()
