import csv
import datetime
import io
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.errors import ColumnError
from lstm_forecasting.data.options import READ_OPTIONS_BY_NAME, ReadOptions
from lstm_forecasting.data.reading import read_table
from lstm_forecasting.data.table import FileColumn
from lstm_forecasting.data.times.calendar import COUNTED, Frequency
from lstm_forecasting.data.times.durations import DAY, HOUR
from lstm_plugins.errors import InputError

DAILY = "date,a,b,word\n2016-01-01,1,10,x\n2016-01-02,2,20,y\n2016-01-03,3,30,z\n"


def write(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def stamps(*texts: str) -> list[datetime.datetime]:
    return np.array(texts, dtype="datetime64[us]").tolist()


ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "utf-16"])
DIALECTS = st.sampled_from(
    [(",", "."), (";", "."), (";", ","), ("\t", "."), ("\t", ","), (",", ","), ("|", ".")]
)


@given(
    values=st.lists(
        st.tuples(*[st.one_of(st.none(), st.floats(-1e9, 1e9, allow_subnormal=False))] * 2),
        min_size=2,
        max_size=30,
    ),
    dialect=DIALECTS,
    encoding=ENCODINGS,
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    date_format=st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d 00:00:00"]),
    title=st.sampled_from(["Größe", "a b", "x;y", 'the "real" one', "Temp. (°C)", "a,b"]),
)
def test_a_written_csv_is_read_as_it_was(
    tmp_path: Path,
    values: list[tuple[float | None, float | None]],
    dialect: tuple[str, str],
    encoding: str,
    ending: str,
    quoting: int,
    date_format: str,
    title: str,
) -> None:
    delimiter, mark = dialect
    # The ends are complete, and 0.5 tells the decimal mark: other tests are about what happens without.
    values = [(0.5, 0.5), *values, (1.5, 2.5)]
    dates = [datetime.date(2016, 2, 20) + datetime.timedelta(days=row) for row in range(len(values))]
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator=ending, quoting=quoting)
    writer.writerow(["date", title, "other"])
    for date, pair in zip(dates, values, strict=True):
        texts = ["" if value is None else repr(value).replace(".", mark) for value in pair]
        writer.writerow([date.strftime(date_format), *texts])
    path = tmp_path / "table.csv"
    path.write_bytes(written.getvalue().encode(encoding))
    table = read_table(path, ["other"], [title])
    assert table.columns == ("other", title)
    assert table.times is not None
    assert [moment.date() for moment in table.times.tolist()] == dates
    assert table.frequency == Frequency("fixed", DAY)
    for index, column in enumerate(((pair[1] for pair in values), (pair[0] for pair in values))):
        for row, value in enumerate(column):
            assert table.filled[row, index] == (value is None)
            if value is not None:
                assert table.values[row, index] == value


@given(
    values=st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9)), min_size=1, max_size=30),
    unit=st.sampled_from(["ms", "us", "ns"]),
)
def test_a_written_parquet_file_is_read_as_it_was(
    tmp_path: Path, values: list[float | None], unit: str
) -> None:
    values = [0.0, *values, 1.0]
    start = datetime.datetime(2016, 10, 30)
    moments = [start + datetime.timedelta(hours=row) for row in range(len(values))]
    path = tmp_path / "table.parquet"
    pl.DataFrame(
        {"when": pl.Series(moments).cast(pl.Datetime(unit)), "x": pl.Series(values, dtype=pl.Float64)}
    ).write_parquet(path)
    table = read_table(path)
    assert table.times is not None
    assert table.times.tolist() == moments
    assert table.frequency == Frequency("fixed", HOUR)
    assert table.filled[:, 0].tolist() == [value is None for value in values]
    known = [row for row, value in enumerate(values) if value is not None]
    assert table.values[known, 0].tolist() == [values[row] for row in known]


def test_the_last_column_of_numbers_is_the_target_unless_another_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, DAILY)
    table = read_table(path)
    assert (table.name, table.source) == ("table", str(path))
    assert (table.targets, table.columns) == (("b",), ("b",))
    assert (
        "The target is b, the last of 2 numeric columns; name another one to forecast it." in table.decisions
    )
    table = read_table(path, ["a"])
    assert (table.targets, table.columns) == (("a",), ("a",))
    assert not any("target" in decision for decision in table.decisions)


def test_targets_come_first_and_inputs_after_them(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, DAILY), ["b"], ["a", "b"])
    assert (table.targets, table.columns) == (("b",), ("b", "a"))
    assert table.values.tolist() == [[10, 1], [20, 2], [30, 3]]
    assert "Forecasts use b, a." in table.decisions
    table = read_table(write(tmp_path, DAILY), ["b", "a"])
    assert (table.targets, table.columns) == (("b", "a"), ("b", "a"))


def test_an_input_is_not_taken_for_the_target(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, DAILY), inputs=["b"])
    assert (table.targets, table.columns) == (("a",), ("a", "b"))


def test_every_column_of_the_file_is_described(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, DAILY.replace("2,20,y", "2,,y")))
    assert table.file_columns == (
        FileColumn("date", "time", 0),
        FileColumn("a", "number", 0),
        FileColumn("b", "number", 1),
        FileColumn("word", "text", 0),
    )


def test_without_times_rows_are_counted(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "value\n3\n1\n2\n"))
    assert table.times is None
    assert table.frequency == COUNTED
    assert table.values.tolist() == [[3], [1], [2]]
    assert table.season_candidates == ()
    assert table.future_times(3) is None
    assert "There is no time column, so rows are numbered." in table.decisions


def test_missing_rows_are_put_in_and_filled(tmp_path: Path) -> None:
    text = "date,x\n2016-01-01,1\n2016-01-02,\n2016-01-03,3\n2016-01-06,6\n2016-01-07,8\n"
    table = read_table(write(tmp_path, text))
    assert table.values[:, 0].tolist() == [1, 1, 3, 3, 3, 6, 8]
    assert table.filled[:, 0].tolist() == [False, True, False, True, True, False, False]
    assert (table.missing_stamps, table.missing_values) == (2, (3,))
    assert "2 rows are missing from the file and inserted: 2016-01-04 to 2016-01-05." in table.decisions
    assert "3 missing values of x (43 %) are filled with the last observed value." in table.decisions
    table = read_table(write(tmp_path, text), options=ReadOptions(missing="interpolate"))
    # The default split has 4 training rows, so the second gap reaches behind them.
    assert table.values[:, 0].tolist() == [1, 2, 3, 3, 3, 6, 8]
    with pytest.raises(InputError, match="'x' has no value at line 3, and 3 values"):
        read_table(write(tmp_path, text), options=ReadOptions(missing="refuse"))
    with pytest.raises(InputError, match="'x' has no value at 2016-01-04, and 2 values"):
        read_table(
            write(tmp_path, text.replace("2016-01-02,", "2016-01-02,2")),
            options=ReadOptions(missing="refuse"),
        )


def test_the_ends_without_a_target_are_cut_with_their_times(tmp_path: Path) -> None:
    text = "date,x\n2016-01-01,\n2016-01-02,2\n2016-01-03,3\n2016-01-04,NA\n"
    table = read_table(write(tmp_path, text))
    assert table.times is not None
    assert table.times.tolist() == stamps("2016-01-02", "2016-01-03")
    assert table.values.tolist() == [[2], [3]]
    assert table.missing_values == (0,)
    assert "The first row is dropped, because x has no value there." in table.decisions
    assert (
        "The last row is dropped, because x has no value there; the forecast starts at the first of them."
        in (table.decisions)
    )


def test_rows_out_of_order_keep_their_values(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "date,x\n2016-01-03,3\n2016-01-02,2\n2016-01-01,1\n"))
    assert table.values[:, 0].tolist() == [1, 2, 3]
    assert "The rows are newest first and are reversed." in table.decisions


def test_the_future_follows_the_calendar(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "date,x\n2015-11-30,1\n2015-12-31,2\n2016-01-31,3\n"))
    future = table.future_times(3)
    assert future is not None
    assert future.tolist() == stamps("2016-02-29", "2016-03-31", "2016-04-30")
    assert [table.row_text(row) for row in (0, 3)] == ["2015-11-30", "2016-02-29"]
    assert table.season_candidates == (12,)


def test_a_constant_column_is_said(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "date,x\n2016-01-01,1\n2016-01-02,1\n"))
    assert "Column x is constant." in table.decisions


def test_the_arrays_cannot_be_changed(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, DAILY))
    for array in (table.values, table.filled, table.times):
        assert array is not None
        assert not array.flags.writeable


def test_the_fingerprint_tells_numbers_times_and_columns(tmp_path: Path) -> None:
    fingerprints = {
        read_table(write(tmp_path, text), targets).fingerprint()
        for text, targets in (
            (DAILY, ["a"]),
            (DAILY, ["b"]),
            (DAILY, ["a", "b"]),
            (DAILY, ["b", "a"]),
            (DAILY.replace("3,30", "3,31"), ["b"]),
            (DAILY.replace("2016", "2015"), ["b"]),
            ("a\n1\n2\n3\n", ["a"]),
        )
    }
    assert len(fingerprints) == 7
    again = read_table(write(tmp_path, DAILY.replace(",", ";"), "renamed.csv"), ["a"])
    assert again.fingerprint() == read_table(write(tmp_path, DAILY), ["a"]).fingerprint()


@pytest.mark.parametrize(
    ("rows", "times", "name"),
    [
        (["1700,5", "1701,11"], ("1700-01-01", "1701-01-01"), "yearly"),
        (["1959Q1,5", "1959Q2,11"], ("1959-01-01", "1959-04-01"), "quarterly"),
        (["1959-01,5", "1959-02,11"], ("1959-01-01", "1959-02-01"), "monthly"),
        (["20160701,5", "20160702,11"], ("2016-07-01", "2016-07-02"), "daily"),
        (["1467331200,5", "1467334800,11"], ("2016-07-01", "2016-07-01T01:00"), "hourly"),
        (["2016-W01,5", "2016-W02,11"], ("2016-01-04", "2016-01-11"), "weekly"),
    ],
)
def test_kinds_of_times(tmp_path: Path, rows: list[str], times: tuple[str, ...], name: str) -> None:
    table = read_table(write(tmp_path, "\n".join(["time,x", *rows])))
    assert table.times is not None
    assert table.times.tolist() == stamps(*times)
    assert table.frequency.name == name


def test_times_in_parts(tmp_path: Path) -> None:
    rows = [f"{row + 1},2010,1,{1 + row // 24},{row % 24},{row / 2}" for row in range(48)]
    table = read_table(write(tmp_path, "\n".join(["No,year,month,day,hour,pm2.5", *rows])))
    assert table.frequency == Frequency("fixed", HOUR)
    assert table.times is not None
    assert table.times.tolist()[0] == datetime.datetime(2010, 1, 1)
    assert "Times are taken from columns year, month, day, hour." in table.decisions
    assert [column.kind for column in table.file_columns] == ["number", *["time"] * 4, "number"]
    rows = [f"{1959 + row // 4},{1 + row % 4},{row}" for row in range(8)]
    table = read_table(write(tmp_path, "\n".join(["year,quarter,gdp", *rows])))
    assert table.frequency.name == "quarterly"


def test_a_first_column_of_consecutive_years_needs_no_title(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "a,b\n1999,5\n2000,6\n2001,7\n"))
    assert table.frequency.name == "yearly"
    table = read_table(write(tmp_path, "a,b\n1999,5\n2003,6\n2001,7\n"))
    assert table.frequency == COUNTED


def test_of_two_columns_of_times_the_titled_one_counts(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "made,date,x\n2020-01-01,2016-01-01,1\n2020-01-01,2016-01-02,2\n"))
    assert table.times is not None
    assert table.times.tolist() == stamps("2016-01-01", "2016-01-02")
    assert "Other time columns are ignored: made." in table.decisions


def test_parquet_with_zones_dates_words_and_years(tmp_path: Path) -> None:
    path = tmp_path / "zoned.parquet"
    moments = pl.Series([datetime.datetime(2016, 7, 1, hour) for hour in range(3)])
    zoned = moments.dt.replace_time_zone("Europe/Berlin")
    pl.DataFrame({"t": zoned, "x": [1, 2, 3]}).write_parquet(path)
    table = read_table(path)
    assert table.times is not None
    assert table.times.tolist()[0] == datetime.datetime(2016, 6, 30, 22)
    assert "Times are shown in UTC." in table.decisions
    pl.DataFrame(
        {
            "t": moments.dt.date() + pl.Series([datetime.timedelta(days=day) for day in range(3)]),
            "x": [1, 2, 3],
        }
    ).write_parquet(path)
    assert read_table(path).frequency.name == "daily"
    words = pl.Series(["1.5", "x", "y"]).cast(pl.Categorical)
    pl.DataFrame({"year": [2001, 2002, 2003], "x": [1, 2, 3], "w": words}).write_parquet(path)
    assert read_table(path).frequency.name == "yearly"
    with pytest.raises(InputError, match="row 2 has 'x'"):
        read_table(path, ["w"])


def test_the_suffix_does_not_matter_for_parquet(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    pl.DataFrame({"x": [1, 2, 3]}).write_parquet(path)
    assert read_table(path).values[:, 0].tolist() == [1, 2, 3]


def test_what_held_is_told_for_every_option(tmp_path: Path) -> None:
    text = "shop;day;price\n" + "".join(
        f"{shop};{day}/1/2016;{day},5\n" for day in (29, 30, 31) for shop in "ab"
    )
    table = read_table(write(tmp_path, text), options=ReadOptions(series=("b",), missing="season"))
    assert table.reading.options == ReadOptions(series=("b",), missing="season")
    assert table.reading.held == {
        "missing": "season",
        "missing_indicator": "auto",
        "duplicates": "refuse",
        "time_column": "day",
        "time_zone": "",
        "date_order": "day-first",
        "frequency": "daily",
        "series_column": "shop",
        "series": "b",
        "delimiter": "semicolon",
        "decimal": "comma",
        "sheet": "",
        "query": "",
        "missing_mark": "",
        "resample": "",
        "aggregate": "mean",
        "encoding": "UTF-8",
        "difference": "none",
        "unit_change": "keep",
        "minimum": "auto",
        "whole": "auto",
        "transform": "none",
        "known": "",
        "future": "",
        "calendar": "auto",
        "country": "",
    }
    assert table.reading.held.keys() == READ_OPTIONS_BY_NAME.keys()


def test_what_there_is_nothing_to_decide_about_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    pl.DataFrame({"n": [1, 2, 3]}).write_parquet(path)
    held = read_table(path).reading.held
    assert {name: value for name, value in held.items() if value} == {
        "missing": "carry",
        "missing_indicator": "auto",
        "duplicates": "refuse",
        "aggregate": "mean",
        "time_column": "none",
        "series_column": "none",
        "difference": "none",
        "unit_change": "keep",
        "minimum": "auto",
        "whole": "auto",
        "transform": "none",
        "calendar": "auto",
    }


@pytest.mark.parametrize(
    ("stamps", "zone", "held"),
    [
        (("00:00+02:00", "01:00+02:00", "02:00+02:00"), None, "UTC"),
        (("00:00+02:00", "01:00+02:00", "02:00+02:00"), "Europe/Berlin", "Europe/Berlin"),
        (("00:00", "01:00", "02:00"), "Europe/Berlin", "Europe/Berlin"),
    ],
)
def test_the_zone_that_times_are_shown_in_is_told(
    tmp_path: Path, stamps: tuple[str, ...], zone: str | None, held: str
) -> None:
    text = "time,load\n" + "".join(f"2020-07-01T{stamp},1\n" for stamp in stamps)
    assert (
        read_table(write(tmp_path, text), options=ReadOptions(time_zone=zone)).reading.held["time_zone"]
        == held
    )


@pytest.mark.parametrize("name", ["nothing", "date"])
def test_a_column_that_cannot_be_chosen_is_told_apart_from_other_problems(tmp_path: Path, name: str) -> None:
    with pytest.raises(ColumnError):
        read_table(write(tmp_path, DAILY), [name])
