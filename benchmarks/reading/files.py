"""Files of the kinds that people have, as large as one likes, always with the same content."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

HOLES = 0.02
"""The share of rows that are missing, half of them scattered, half in outages."""
OUTAGE = 50
"""Rows."""

Times = NDArray[np.datetime64]


def minutes_with_holes(path: Path, rows: int) -> int:
    """A row every minute, without those that are missing."""
    return _write(path, np.datetime64("2020-01-01", "s") + 60 * np.arange(rows))


def sessions_with_holes(path: Path, rows: int) -> int:
    """A row every minute from 9:30 to 16:00 on weekdays, with holidays."""
    days = np.arange("1990-01-01", "2060-01-01", dtype="datetime64[D]")
    days = days[np.is_busday(days)]
    draw = np.random.default_rng(2)
    days = days[draw.random(len(days)) > 0.03][: -(-rows // 390)]
    opened = days.astype("datetime64[s]") + np.timedelta64(9 * 3600 + 1800, "s")
    return _write(path, (opened[:, np.newaxis] + 60 * np.arange(390)).reshape(-1)[:rows], holes=HOLES / 10)


def jitter_with_holes(path: Path, rows: int) -> int:
    """A row every ten minutes, up to four seconds early or late."""
    draw = np.random.default_rng(3)
    exact = np.datetime64("2000-01-01", "s") + 600 * np.arange(rows)
    return _write(path, exact + draw.integers(-4, 5, rows))


def clocks_with_offsets(path: Path, rows: int) -> int:
    """A row every five minutes on the clocks of Berlin, with offsets."""
    times = pl.Series(np.datetime64("2015-01-01", "us") + np.timedelta64(300, "s") * np.arange(rows))
    local = times.dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/Berlin")
    return _write_table(path, local.dt.strftime("%Y-%m-%dT%H:%M:%S%:z"), rows)


FILES: dict[str, Callable[[Path, int], int]] = {
    "every minute, holes": minutes_with_holes,
    "sessions, holidays, holes": sessions_with_holes,
    "jitter, holes": jitter_with_holes,
    "local clocks with offsets": clocks_with_offsets,
}
"""What writes each file; it returns the number of rows written."""


def _write(path: Path, times: Times, holes: float = HOLES) -> int:
    draw = np.random.default_rng(1)
    kept = draw.random(len(times)) > holes / 2
    for first in draw.integers(0, len(times), int(holes / 2 * len(times) / OUTAGE)):
        kept[first : first + OUTAGE] = False
    shown = pl.Series(times[kept].astype("datetime64[us]")).dt.strftime("%Y-%m-%d %H:%M:%S")
    return _write_table(path, shown, int(kept.sum()))


def _write_table(path: Path, times: pl.Series, rows: int) -> int:
    draw = np.random.default_rng(4)
    walk = np.round(100 + np.cumsum(draw.normal(0, 0.1, rows)), 3)
    other = np.round(draw.normal(20, 5, rows), 2)
    pl.DataFrame({"time": times, "load": walk, "temperature": other}).write_csv(path)
    return rows
