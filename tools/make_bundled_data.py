"""Rebuilds the bundled data sets: `python tools/make_bundled_data.py`.

Needs statsmodels 0.15 and vega_datasets 0.9, preferably in a separate environment. The script only reads the
data files inside these packages and never imports them. LICENSES.md beside the data lists the sources.
"""

import csv
import datetime
import importlib.util
import math
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

BUNDLED = Path(__file__).parents[1] / "forecasting" / "lstm_forecasting" / "data" / "bundled"


def main() -> None:
    """Writes every bundled CSV."""
    statsmodels = _package_folder("statsmodels") / "datasets"
    vega = _package_folder("vega_datasets") / "_data"
    _write("co2", ("date", "co2"), co2(_rows(statsmodels / "co2" / "co2.csv")))
    _write("sunspots", ("year", "sunspots"), _rows(statsmodels / "sunspots" / "sunspots.csv")[1:])
    header, *quarters = _rows(statsmodels / "macrodata" / "macrodata.csv")
    _write("macrodata", ("quarter", *header[2:]), macrodata(quarters))
    header, *days = _rows(vega / "seattle-weather.csv")
    _write("seattle-weather", header, ([day[0].replace("/", "-"), *day[1:]] for day in days))
    _write("synthetic-stock", ("date", "close"), synthetic_stock())


def co2(rows: Sequence[Sequence[str]]) -> Iterable[Sequence[str]]:
    """Yields rows with ISO dates; weeks without a measurement keep an empty field."""
    for date, value in rows[1:]:
        yield f"{date[:4]}-{date[4:6]}-{date[6:]}", value


def macrodata(rows: Sequence[Sequence[str]]) -> Iterable[Sequence[str]]:
    """Yields rows with year and quarter joined into one column, such as 1959Q1."""
    for year, quarter, *values in rows:
        yield f"{year}Q{quarter}", *values


def synthetic_stock(seed: int = 20180101, days: int = 1560) -> Iterable[Sequence[str]]:
    """Yields a geometric random walk over business days, on which only luck beats the last value."""
    generator = random.Random(seed)  # noqa: S311 - a data set, not a secret
    date = datetime.date(2018, 1, 1)
    price = 100.0
    for _ in range(days):
        yield date.isoformat(), f"{price:.2f}"
        price *= math.exp(generator.gauss(0.0, 0.012))
        date += datetime.timedelta(days=3 if date.weekday() == 4 else 1)


def _package_folder(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise SystemExit(f"{name} is not installed: pip install {name}")
    return Path(found.origin).parent


def _rows(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def _write(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with (BUNDLED / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
