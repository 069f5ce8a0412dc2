"""The country of a time zone, from the table that comes with every copy of the time zones."""

import importlib.resources
import zoneinfo
from collections.abc import Iterator
from pathlib import Path


def country_of(zone: str) -> str:
    """The code of the country whose clocks a zone has, such as "DE"; empty if the zone names no country."""
    for table in _tables():
        for line in table.splitlines():
            fields = line.split("\t")
            if len(fields) > 2 and not line.startswith("#") and fields[2] == zone:
                return fields[0]
    return ""


def _tables() -> Iterator[str]:
    """The text of each table `zone.tab` on this machine: of the system, or of the package `tzdata`."""
    for folder in zoneinfo.TZPATH:
        path = Path(folder, "zone.tab")
        if path.is_file():
            yield path.read_text(encoding="utf-8")
    try:
        packaged = importlib.resources.files("tzdata").joinpath("zoneinfo", "zone.tab")
    except ModuleNotFoundError:
        return
    if packaged.is_file():
        yield packaged.read_text(encoding="utf-8")
