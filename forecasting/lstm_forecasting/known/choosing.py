"""Which known columns a model reads: chosen for a training, and computed again for any later series."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.known.calendar_columns import (
    calendar_columns,
    calendar_values,
    has_days,
    names_holidays,
    with_future,
)
from lstm_forecasting.known.categories import category_columns, find_categories
from lstm_forecasting.known.choice import NOTHING_KNOWN, KnownChoice
from lstm_forecasting.known.columns import KnownColumns
from lstm_forecasting.known.countries import country_of
from lstm_forecasting.known.own_columns import OwnColumns
from lstm_plugins.counting import counted, joined
from lstm_plugins.errors import InputError, OptionError

_MOST_NAMED = 4
_CYCLES = {"hour ": "the hour", "weekday ": "the weekday", "year ": "the time of the year"}
"""Beginnings of the names of calendar columns, in words."""


def choose_known(table: SeriesTable, training_rows: int) -> tuple[KnownChoice, tuple[str, ...]]:
    """The known columns for a training with so many rows, and the reasons, one sentence each.

    The calendar is used if the user asks for it, names columns or a country.

    Raises:
        InputError: a column has no value in the training rows, or the rows have no times for a calendar.
    """
    options, own = table.reading.options, table.known
    asked = options.calendar == "always" or options.country is not None
    wanted = options.calendar != "never" and (asked or own is not None)
    if asked and table.times is None:
        option = "calendar" if options.country is None else "country"
        raise OptionError(
            option, f"{table.name} has no times; name their column with time_column, or remove it"
        )
    choice, decisions = NOTHING_KNOWN, list[str]()
    if own is not None:
        choice = KnownChoice(own=own.names, categories=tuple(_categories(own, training_rows)))
    if wanted and table.times is not None:
        country, found = _country(table)
        calendar = calendar_columns(table.times, table.frequency, training_rows, 0, country)
        used = country if names_holidays(calendar.names) else ""
        choice = replace(choice, calendar=calendar.names, country=used)
        decisions += _calendar_in_words(table, choice, country, found)
    if not choice.names:
        return NOTHING_KNOWN, tuple(decisions)
    scaler = _columns(choice, table, 0, training_rows).scaler(training_rows)
    mean, deviation = (tuple(one.tolist()) for one in (scaler.mean, scaler.deviation))
    return replace(choice, mean=mean, deviation=deviation), tuple(decisions)


def known_columns(choice: KnownChoice, table: SeriesTable, ahead: int) -> KnownColumns | None:
    """The known columns of a series and of `ahead` rows after its end; None if the choice has none.

    Rows before the first value of a column have its mean over the training rows of the choice.

    Raises:
        InputError: as `check_known`.
    """
    check_known(choice, table, ahead)
    return _columns(choice, table, ahead) if choice.names else None


def check_known(choice: KnownChoice, table: SeriesTable, ahead: int) -> None:
    """Checks that a series has the columns of a choice, known for its rows and `ahead` rows after its end.

    Raises:
        InputError: a column is missing, or not known for all rows ahead; the message names the times.
    """
    own = table.known
    if choice.calendar and table.times is None:
        raise InputError(f"{table.name} has no times, but the model was trained with a calendar.")
    if not choice.own:
        return
    if own is None or own.names != choice.own:
        raise InputError(
            f"The model was trained with {joined(choice.own)} known ahead; open {table.name} with the same "
            "columns."
        )
    values = np.full((ahead, len(own.names)), np.nan)
    given = own.values[table.rows : table.rows + ahead]
    values[: len(given)] = given
    for index, (name, unknown) in enumerate(zip(own.names, np.isnan(values).T, strict=True)):
        rows = np.flatnonzero(unknown)
        if len(rows):
            shown = [table.row_text(table.rows + int(row)) for row in rows[:_MOST_NAMED]]
            left = len(rows) - len(shown)
            which = f"{', '.join(shown)} and {left} more" if left else joined(shown)
            known = own.known_rows(table.rows)
            later = np.flatnonzero(~np.isnan(own.values[table.rows :, index]))
            begins = len(later) and later[0] > 0
            since = f" and known only from {table.row_text(table.rows + int(later[0]))} on" if begins else ""
            file = table.reading.options.future
            remedies = ["add these rows to the file", "set future to a file that has them"]
            if file is not None:
                remedies = [f"add these rows to {Path(file).name}"]
            remedies += [f"set horizon to {known}"] if known else []
            raise InputError(
                f"The future of {name!r} is missing for {which} ({len(rows)} of {counted(ahead, 'row')} to "
                f"forecast){since}; {joined(remedies, 'or')}."
            )


def _columns(
    choice: KnownChoice, table: SeriesTable, ahead: int, training_rows: int | None = None
) -> KnownColumns:
    """As `known_columns`, without the check; with means of training rows in place of those of the choice."""
    end, parts = table.rows + ahead, []
    if table.known is not None and choice.own:
        parts += list(_own_values(choice, table.known, end, training_rows))
    if table.times is not None and choice.calendar:
        times = with_future(table.times, table.frequency, ahead)
        parts.append(calendar_values(times, table.frequency, choice.calendar, choice.country))
    return KnownColumns(choice.names, np.concatenate(parts, axis=1), len(choice.own_names))


def rows_ahead(horizon: int, steps: int) -> int:
    """Rows after the end of a series in which known columns are needed: whole horizons, for `steps` rows."""
    return -(-steps // horizon) * horizon


def _categories(own: OwnColumns, training_rows: int) -> Iterator[tuple[str, ...]]:
    for name, words, values in zip(own.names, own.words, own.values[:training_rows].T, strict=True):
        found = find_categories(values, words) if words else ()
        if (words and not found) or np.isnan(values).all():
            raise InputError(
                f"Column {name!r}, which is known ahead, has no value in the training rows; choose another "
                "column, or a larger training part."
            )
        yield found


def _own_values(choice: KnownChoice, own: OwnColumns, end: int, training_rows: int | None) -> Iterator[Array]:
    place = 0
    for values, words, categories in zip(own.values[:end].T, own.words, choice.categories, strict=True):
        if categories:
            yield category_columns(values, words, categories)
        else:
            mean = choice.mean[place] if training_rows is None else np.nanmean(values[:training_rows])
            yield np.where(np.isnan(values), mean, values)[:, np.newaxis]
        place += len(categories) or 1


def _country(table: SeriesTable) -> tuple[str, str]:
    """The country whose holidays count, and how it was found, a sentence; both may be empty."""
    options = table.reading.options
    if options.country is not None:
        return options.country, ""
    # A zone that was found has the clocks of several countries.
    country = country_of(options.time_zone) if options.time_zone is not None else ""
    return country, f"The country is {country}, that of {options.time_zone}." if country else ""


def _calendar_in_words(table: SeriesTable, choice: KnownChoice, country: str, found: str) -> Iterator[str]:
    words = [
        word for cycle, word in _CYCLES.items() if any(name.startswith(cycle) for name in choice.calendar)
    ]
    if choice.country:
        words.append(f"holidays ({choice.country})")
    if words:
        yield f"Known from the calendar: {joined(words)}."
    elif table.reading.options.calendar == "always":
        yield "The calendar has nothing that varies from row to row."
    if found and choice.country:
        yield found
    if country and not choice.country:
        why = "rows are longer than a day" if not has_days(table.frequency) else "the training rows have none"
        yield f"Holidays are not used, because {why}."
