"""Public holidays as columns of zeros and ones, from the package `holidays`, which needs no network."""

from __future__ import annotations

import difflib

import numpy as np

from lstm_forecasting.data.arrays import Array, Times


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
        similar = [asked] if asked in names else difflib.get_close_matches(asked, names, n=2)
        close = [names[name] for name in similar]
        hint = f"did you mean {' or '.join(close)}" if close else "write it like US, DE or DE-BY"
        raise ValueError(f"there are no holidays for {text!r}; {hint}")
    if part and part not in known[country]:
        parts = f"it has {', '.join(known[country])}" if known[country] else f"write only {country}"
        raise ValueError(f"{country} has no part {part!r} with holidays of its own; {parts}")
    return f"{country}-{part}" if part else country


def holiday_values(times: Times, country: str) -> Array:
    """1 on each public holiday of a country (see `check_country`), else 0; float64 `[rows]`."""
    from holidays import country_holidays

    days = times.astype("datetime64[D]")
    years = range(int(str(days.min())[:4]), int(str(days.max())[:4]) + 1)
    code, _, part = country.partition("-")
    found = country_holidays(code, subdiv=part or None, years=years)
    dates = np.array(sorted(found), dtype="datetime64[D]")
    return np.isin(days, dates).astype(np.float64)
