"""Public holidays as columns of zeros and ones, from the package `holidays`, which needs no network."""

from __future__ import annotations

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers, Times
from lstm_plugins.suggesting import similar_names, suggestion

SATURDAY = 5
_PLACES = {"": 0, "before ": 1, "after ": -1}
"""How a column is called, and the days after a row on which there is a holiday."""
ANY_HOLIDAY = tuple(f"{word}holiday" for word in _PLACES)
"""The columns about all holidays."""
_OBSERVED = " (observed)"
"""Ends the name of a holiday on the weekday that replaces it."""


def check_country(text: str) -> str:
    """The code of a country, or of one of its parts, as the package writes it: "DE", "DE-BY".

    Raises:
        ValueError: there are no holidays for it.
    """
    from holidays import list_supported_countries
    from holidays.registry import COUNTRIES

    known = list_supported_countries()
    country, _, part = text.strip().upper().replace("_", "-").partition("-")
    if country not in known:
        names = {words[0].lower(): words[1] for words in COUNTRIES.values()}
        asked = "".join(filter(str.isalpha, text.lower()))
        similar = [asked] if asked in names else similar_names(asked, names)
        hint = suggestion((names[name] for name in similar), "write it like US, DE or DE-BY")
        raise ValueError(f"there are no holidays for {text!r}; {hint}")
    if part and part not in known[country]:
        parts = f"it has {', '.join(known[country])}" if known[country] else f"write only {country}"
        raise ValueError(f"{country} has no part {part!r} with holidays of its own; {parts}")
    return f"{country}-{part}" if part else country


def holiday_columns(times: Times, country: str) -> dict[str, Array]:
    """Columns of zeros and ones about the public holidays of a country; see `check_country`.

    There are "holiday", "before holiday" and "after holiday" for all of them, and the same three for each
    holiday by its name, apart for weekdays and weekends: a holiday changes much on a Monday, and little on a
    Sunday.
    """
    days = times.astype("datetime64[D]")
    weekend = weekdays_of(times) >= SATURDAY
    named = _days_by_name(days, country)
    columns = {}
    every = np.concatenate([*named.values(), np.empty(0, "datetime64[D]")])
    for name, place in zip(ANY_HOLIDAY, _PLACES.values(), strict=True):
        columns[name] = np.isin(days + place, every).astype(np.float64)
    for name, dates in named.items():
        for word, place in _PLACES.items():
            found = np.isin(days + place, dates)
            columns[f"{word}{name}"] = (found & ~weekend).astype(np.float64)
            columns[f"{word}{name}, weekend"] = (found & weekend).astype(np.float64)
    return columns


def weekdays_of(times: Times) -> Integers:
    """0 for Monday to 6 for Sunday; 1970-01-01 was a Thursday."""
    return (times.astype("datetime64[D]").astype(np.int64) + 3) % 7


def _days_by_name(days: Times, country: str) -> dict[str, Times]:
    """The dates of each holiday in the years of some days, and in those beside them."""
    from holidays import country_holidays

    first, last = (int(str(day)[:4]) for day in (days.min(), days.max()))
    code, _, part = country.partition("-")
    found: dict[str, list[np.datetime64]] = {}
    for date, names in country_holidays(code, subdiv=part or None, years=range(first - 1, last + 2)).items():
        for name in names.split("; "):
            found.setdefault(name.removesuffix(_OBSERVED), []).append(np.datetime64(date))
    return {name: np.array(found[name], dtype="datetime64[D]") for name in sorted(found)}
