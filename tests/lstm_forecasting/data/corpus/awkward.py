"""What an awkward file is, and the ways in which the corpus writes tables."""

from __future__ import annotations

import datetime
import io
import json
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True)
class Awkward:
    """A file, and what becomes of it.

    Attributes:
        name: what is awkward about it.
        file: its name.
        content: its bytes.
        options: how it is to be read.
        targets: the columns asked for.
        inputs: further ones.
        values: what is read, by column; empty when it is refused.
        start: the first time, "" when rows are counted.
        frequency: in words.
        said: decisions that are among those of the table.
        refusal: words of the sentence that refuses it; they name the place.
    """

    name: str
    file: str
    content: bytes
    options: Mapping[str, object] = field(default_factory=dict)
    targets: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    values: Mapping[str, list[float]] = field(default_factory=dict)
    start: str = ""
    frequency: str = "numbered rows"
    said: tuple[str, ...] = ()
    refusal: str = ""


def table(header: str, rows: Iterable[str], end: str = "\n") -> bytes:
    return (end.join([header, *rows]) + end).encode()


def days(*values: object, start: str = "2016-01-01", form: str = "%Y-%m-%d", sign: str = ",") -> list[str]:
    first = datetime.date.fromisoformat(start)
    return [
        f"{(first + datetime.timedelta(days=day)).strftime(form)}{sign}{value}"
        for day, value in enumerate(values)
    ]


def clocks(start: str, zone: str, minutes: int, count: int) -> list[datetime.datetime]:
    """Times of equal steps on the clocks of a zone; `start` is in UTC."""
    first = datetime.datetime.fromisoformat(start).replace(tzinfo=datetime.UTC)
    moments = (first + datetime.timedelta(minutes=minutes * step) for step in range(count))
    return [moment.astimezone(zoneinfo.ZoneInfo(zone)) for moment in moments]


def parquet(**columns: object) -> bytes:
    written = io.BytesIO()
    pl.DataFrame(columns).write_parquet(written)
    return written.getvalue()


def jsonl(*records: object) -> bytes:
    return "".join(f"{json.dumps(record)}\n" for record in records).encode()


def naive(moments: Iterable[datetime.datetime]) -> list[str]:
    return [f"{moment.replace(tzinfo=None)},{row}" for row, moment in enumerate(moments)]


def aware(moments: Iterable[datetime.datetime]) -> list[str]:
    return [f"{moment.isoformat()},{row}" for row, moment in enumerate(moments)]
