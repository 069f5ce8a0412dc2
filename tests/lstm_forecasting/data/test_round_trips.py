"""A random table written in any form and order reads back equal."""

import csv
import datetime
import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_forecasting.data.options import DELIMITERS, ReadOptions
from lstm_forecasting.data.reading import read_table
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.durations import DAY, HOUR, MINUTE, WEEK

FORMS = ["csv", "jsonl", "json", "parquet"]
DATE_STYLES = {
    "%Y-%m-%d": None,
    "%d.%m.%Y": None,
    "%d/%m/%Y": "day-first",
    "%m/%d/%y": "month-first",
    "%y-%m-%d": "year-first",
}
FREQUENCIES = st.sampled_from(
    [
        Frequency("fixed", 5 * MINUTE),
        Frequency("fixed", HOUR),
        Frequency("fixed", DAY),
        Frequency("fixed", WEEK),
        Frequency("business days"),
        Frequency("months", 1, 31),
        Frequency("months", 3, 1),
    ]
)
VALUES = st.one_of(st.none(), st.floats(-1e9, 1e9, allow_subnormal=False))
NAMES = ["a", "größe", "x y", "sales (€)"]
RELAXED = settings(max_examples=settings.default.max_examples)


@dataclass(frozen=True)
class Written:
    """A table that was drawn.

    Attributes:
        frequency: of its times.
        times: of all rows of the calendar.
        kept: the rows that are in the file, in the order of the file.
        columns: values of all rows, by name.
    """

    frequency: Frequency
    times: list[datetime.datetime]
    kept: list[int]
    columns: dict[str, list[float | None]]


@st.composite
def tables(draw: st.DrawFn, daily: bool = False) -> Written:
    """Its ends are complete; rows inside may lack, and are in any order."""
    frequency = Frequency("fixed", DAY) if daily else draw(FREQUENCIES)
    rows = draw(st.integers(6, 25))
    start = draw(st.datetimes(datetime.datetime(1970, 1, 1), datetime.datetime(2050, 1, 1)))
    whole = np.datetime64(start.replace(hour=0, minute=0, second=0, microsecond=0), "us")
    times = frequency.times(frequency.times(whole, 0, 1)[0], 0, rows).tolist()
    lacking = draw(st.sets(st.integers(3, rows - 3), max_size=rows // 4))
    kept = draw(st.permutations([row for row in range(rows) if row not in lacking]))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    # A half tells the decimal mark: other tests are about what happens without.
    columns = {
        name: [0.5, *draw(st.lists(VALUES, min_size=rows - 2, max_size=rows - 2)), 1.5] for name in names
    }
    return Written(frequency, times, list(kept), columns)


def write(written: Written, form: str, path: Path) -> None:
    rows = [
        {"date": str(written.times[row]), **{name: values[row] for name, values in written.columns.items()}}
        for row in written.kept
    ]
    if form == "csv":
        pl.DataFrame(rows, infer_schema_length=None).write_csv(path)
    elif form == "parquet":
        pl.DataFrame(
            {
                "date": [written.times[row] for row in written.kept],
                **{
                    name: pl.Series([values[row] for row in written.kept], dtype=pl.Float64)
                    for name, values in written.columns.items()
                },
            }
        ).write_parquet(path)
    elif form == "jsonl":
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    else:
        path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")


def assert_equal(table: SeriesTable, written: Written, columns: dict[str, list[float | None]]) -> None:
    assert table.columns == tuple(columns)
    assert table.frequency == written.frequency
    assert table.times is not None
    assert table.times.tolist() == written.times
    for index, values in enumerate(columns.values()):
        for row, value in enumerate(values):
            known = value is not None and row in written.kept
            assert table.filled[row, index] != known
            if known:
                assert table.values[row, index] == value


@RELAXED
@given(written=tables(), form=st.sampled_from(FORMS))
def test_wide_tables_in_every_form(tmp_path: Path, written: Written, form: str) -> None:
    path = tmp_path / f"table.{form}"
    write(written, form, path)
    # Few rows with gaps may have the steps of another calendar: the frequency is given.
    table = read_table(path, list(written.columns), (), ReadOptions(frequency=written.frequency.name))
    assert_equal(table, written, written.columns)


@RELAXED
@given(
    written=tables(daily=True),
    delimiter=st.sampled_from([*DELIMITERS, "~"]),
    decimal=st.sampled_from(["point", "comma"]),
    style=st.sampled_from(sorted(DATE_STYLES)),
    encoding=st.sampled_from(["utf-8", "cp1252", "utf-16-le", "cp1140"]),
    told=st.booleans(),
)
def test_csv_in_every_dialect(
    tmp_path: Path, written: Written, delimiter: str, decimal: str, style: str, encoding: str, told: bool
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(["date", *written.columns])
    for row in written.kept:
        values = (values[row] for values in written.columns.values())
        shown = ("" if value is None else repr(value) for value in values)
        marks = (value.replace(".", "," if decimal == "comma" else ".") for value in shown)
        writer.writerow([written.times[row].strftime(style), *marks])
    path = tmp_path / "table.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    # What cannot be seen in the file has to be told; the rest is found, and may be told.
    told_always = {"date_order": DATE_STYLES[style], "frequency": "daily"}
    if encoding not in ("utf-8", "cp1252"):
        told_always["encoding"] = encoding
    if told or delimiter == "~" or encoding == "cp1140":
        told_always |= {"delimiter": delimiter, "decimal": decimal}
    table = read_table(path, list(written.columns), (), ReadOptions.from_dict(dict(told_always)))
    assert_equal(table, written, written.columns)


@RELAXED
@given(written=tables(), form=st.sampled_from(FORMS), joined=st.booleans())
def test_long_tables_in_every_form(tmp_path: Path, written: Written, form: str, joined: bool) -> None:
    """Each column of a wide table as a series of a long one."""
    cells = [
        {"unique_id": name, "ds": written.times[row], "y": values[row]}
        for row in written.kept
        for name, values in written.columns.items()
    ]
    path = tmp_path / f"table.{form}"
    frame = pl.DataFrame(cells, schema={"unique_id": pl.String, "ds": pl.Datetime("us"), "y": pl.Float64})
    texts = frame.with_columns(pl.col("ds").dt.to_string("%Y-%m-%d %H:%M:%S"))
    if form == "parquet":
        frame.write_parquet(path)
    elif form == "csv":
        texts.write_csv(path)
    elif form == "jsonl":
        texts.write_ndjson(path)
    else:
        texts.write_json(path)
    names = tuple(written.columns)
    for chosen in [names] if joined else [(name,) for name in names]:
        table = read_table(path, (), (), ReadOptions(series=chosen, frequency=written.frequency.name))
        columns = {name: written.columns[name] for name in chosen}
        if len(chosen) == 1:
            columns = {"y": columns[chosen[0]]}
        assert_equal(table, written, columns)
