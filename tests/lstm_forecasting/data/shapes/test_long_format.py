import datetime
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.data.reading import read_table
from lstm_forecasting.data.table import FileColumn, SeriesTable
from lstm_plugins.errors import InputError

START = datetime.date(2016, 1, 1)
STANDARD = "unique_id,ds,y,temp\nA,2016-01-01,1,5\nA,2016-01-02,2,6\nB,2016-01-01,10,5\nB,2016-01-02,20,6\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text)
    return path


def shops(lengths: Mapping[str, int], title: str = "store") -> str:
    """Series below each other; the values of the first begin with 1, of the second with 101, and so on."""
    lines = [
        f"{name},{START + datetime.timedelta(days=row)},{100 * place + row + 1},{row % 2}"
        for place, (name, length) in enumerate(lengths.items())
        for row in range(length)
    ]
    return "\n".join([f"{title},date,sales,price", *lines]) + "\n"


def read(
    folder: Path, text: str, *targets: str, inputs: tuple[str, ...] = (), **options: object
) -> SeriesTable:
    return read_table(write(folder, text), targets, inputs, ReadOptions.from_dict(options))


def test_standard_titles_are_a_long_file_about_y(tmp_path: Path) -> None:
    table = read(tmp_path, STANDARD)
    assert (table.columns, table.values.tolist()) == (("y",), [[1], [2]])
    assert [line for line in table.decisions if "series" in line or "target" in line] == [
        "Column unique_id names 2 series: A, B.",
        "The series is A, the first of the longest; set series to read another.",
        "The target is y, by the titles of the file.",
    ]
    assert table.file_columns[0] == FileColumn("unique_id", "text", 0)


def test_the_other_columns_of_a_series_are_inputs(tmp_path: Path) -> None:
    table = read(tmp_path, STANDARD, "y", inputs=("temp",), series=["B"])
    assert table.values.tolist() == [[10, 5], [20, 6]]
    assert "The series is B." in table.decisions


@pytest.mark.parametrize("title", ["store", "Store name", "what", "store_nbr"])
def test_a_column_that_divides_the_times_names_series(tmp_path: Path, title: str) -> None:
    names = {"1": 5, "2": 9, "3": 5} if title == "store_nbr" else {"a": 5, "b": 9, "c": 5}
    table = read(tmp_path, shops(names, title), "sales")
    assert table.values[:, 0].tolist() == list(range(101, 110))
    longest = list(names)[1]
    assert f"The series is {longest}, the longest; set series to read another." in table.decisions


def test_two_columns_may_name_series_together(tmp_path: Path) -> None:
    lines = ["date,store,item,sales"]
    for row in range(6):
        for place, (store, item) in enumerate((("a", "x"), ("a", "y"), ("b", "x"), ("b", "y"))):
            lines.append(f"{START + datetime.timedelta(days=row)},{store},{item},{10 * place + row}")
    text = "\n".join(lines)
    table = read(tmp_path, text, series=["b / x"])
    assert table.values[:, 0].tolist() == [20, 21, 22, 23, 24, 25]
    assert "Columns store, item name 4 series: a / x, a / y, b / x, b / y." in table.decisions
    table = read(tmp_path, text, series_column=["item", "store"], series=["y / a"])
    assert table.values[:, 0].tolist() == [10, 11, 12, 13, 14, 15]


def test_a_single_series_is_that(tmp_path: Path) -> None:
    table = read(tmp_path, "unique_id,ds,y\nA,2016-01-01,1\nA,2016-01-02,2\n")
    assert "Column unique_id names a single series, A." in table.decisions
    assert table.rows == 2


def test_a_column_of_words_beside_one_series_names_none(tmp_path: Path) -> None:
    text = "date,x,weather\n" + "".join(
        f"{START + datetime.timedelta(days=row)},{row},{'sun' if row % 3 else 'rain'}\n" for row in range(30)
    )
    table = read(tmp_path, text)
    assert table.rows == 30
    with pytest.raises(InputError, match="2016-01-30 twice, in line 31 and line 32"):
        read(tmp_path, text + "2016-01-30,4,sun\n")


def test_words_that_divide_repeated_times_by_chance_name_no_series(tmp_path: Path) -> None:
    text = "date,x,weather\n" + "".join(
        f"{START + datetime.timedelta(days=row // 2)},{row},{word}\n"
        for row, word in enumerate(
            ["sun", "rain", "fog", "sun", "rain", "hail", "snow", "sun", "fog", "wind"] * 4
        )
    )
    with pytest.raises(InputError, match=r"twice, .* series_column if a column names several series"):
        read(tmp_path, text.replace("2016-01-02", "2016-01-01"))


def test_all_rows_may_be_one_series(tmp_path: Path) -> None:
    table = read(tmp_path, shops({"a": 3, "b": 3}), "sales", series_column=["none"], duplicates="sum")
    assert table.values[:, 0].tolist() == [102, 104, 106]
    assert "All rows are one series, as requested." in table.decisions


def test_several_series_stand_beside_each_other(tmp_path: Path) -> None:
    table = read(tmp_path, shops({"a": 4, "b": 6, "c": 5}), "sales", series=["c", "a"])
    assert (table.columns, table.targets) == (("c", "a"), ("c", "a"))
    assert table.values.tolist() == [[201, 1], [202, 2], [203, 3], [204, 4], [205, 4]]
    assert table.filled.sum(axis=0).tolist() == [0, 1]
    assert any(line.startswith("The columns are the sales of 2 series") for line in table.decisions)
    assert table.file_columns == (
        FileColumn("date", "time", 0),
        FileColumn("c", "number", 0),
        FileColumn("a", "number", 1),
    )


def test_some_of_the_series_may_be_targets_and_others_inputs(tmp_path: Path) -> None:
    text = shops({"a": 4, "b": 4, "c": 4}).replace("price", "zone")
    table = read(tmp_path, text.replace(",zone", ",other"), "b", inputs=("c",), series=["c", "a", "b"])
    assert (table.columns, table.targets) == (("b", "c"), ("b",))


def test_duplicates_are_merged_in_each_series(tmp_path: Path) -> None:
    text = shops({"a": 200, "b": 200}) + "b,2016-01-01,5,0\n"
    with pytest.raises(InputError, match="2016-01-01 twice, in line 202 and line 402"):
        read(tmp_path, text, "sales", series=["a", "b"])
    table = read(tmp_path, text, "sales", series=["a", "b"], duplicates="last")
    assert table.values[0].tolist() == [1, 5]
    assert "1 time occurs in several rows of a series; the last of their values is used." in table.decisions


def test_local_clocks_of_several_series(tmp_path: Path) -> None:
    hours = ["00:00", "01:00", "02:00", "02:00", "03:00", "04:00"]
    lines = [f"2016-10-30 {hour},{name},{place}" for place, hour in enumerate(hours) for name in "ab"]
    table = read(
        tmp_path,
        "\n".join(["time,sensor,x", *lines]),
        series=["a", "b"],
        time_zone="Europe/Berlin",
        series_column=["sensor"],
    )
    assert table.values.tolist() == [[place, place] for place in (0, 1, 2.5, 4, 5)]


@pytest.mark.parametrize(
    ("options", "targets", "message"),
    [
        ({"series": ["Shop 1"]}, [], r"table\.csv has no series 'Shop 1'; did you mean shop 1"),
        (
            {"series": ["x"]},
            [],
            r"no series 'x'; it has shop 0, .*, shop 4 and [0-9]+ more\.",
        ),
        ({"series_column": ["shop"]}, [], "no column 'shop' to take as series_column; it has store, date"),
        ({"series_column": ["date"]}, [], "'date' .* contains the times and cannot name series"),
        ({"series": ["shop 1", "shop 2"]}, ["sale"], "'sale'; did you mean sales"),
        (
            {"series": ["shop 1", "shop 2"]},
            ["shop 1", "sales"],
            "'sales' is not one of the series shop 1, shop 2",
        ),
        (
            {"series": ["shop 1", "shop 2"], "time_column": "none", "series_column": ["store"]},
            [],
            "no times to join series on",
        ),
        ({}, ["store"], "'store' of table.csv contains series names"),
    ],
)
def test_what_cannot_be_chosen_is_told(
    tmp_path: Path, options: dict[str, object], targets: list[str], message: str
) -> None:
    text = shops({f"shop {place}": 4 for place in range(7)})
    with pytest.raises(InputError, match=message) as refusal:
        read(tmp_path, text, *targets, **options)
    assert "\n" not in str(refusal.value)


def test_series_of_a_file_that_shows_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no column that obviously names series; set series_column"):
        read(tmp_path, "date,x\n2016-01-01,1\n2016-01-02,2\n", series=["a"])


def test_a_row_of_no_series_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no series name in line 4 \(unique_id\)"):
        read(tmp_path, STANDARD.replace("B,2016-01-01", ",2016-01-01"))


def test_mistakes_in_other_series_do_not_matter(tmp_path: Path) -> None:
    table = read(tmp_path, STANDARD.replace("20,6", "oops,6"))
    assert table.values.tolist() == [[1], [2]]
    with pytest.raises(InputError, match="line 5 has 'oops'"):
        read(tmp_path, STANDARD.replace("20,6", "oops,6"), series=["B"])


@settings(max_examples=50 * settings.default.max_examples // 100)
@given(
    lengths=st.lists(st.integers(4, 12), min_size=2, max_size=5),
    randomness=st.randoms(use_true_random=False),
    form=st.sampled_from(["csv", "parquet", "jsonl"]),
)
def test_a_long_file_in_any_order_holds_the_same_series_as_a_wide_one(
    tmp_path: Path, lengths: list[int], randomness: object, form: str
) -> None:
    rows = [
        (f"s{place}", START + datetime.timedelta(days=row), place * 100.0 + row + 0.5)
        for place, length in enumerate(lengths)
        for row in range(length)
    ]
    randomness.shuffle(rows)  # type: ignore[attr-defined]
    frame = pl.DataFrame(rows, schema=["unique_id", "ds", "y"], orient="row")
    path = tmp_path / f"table.{form}"
    {"csv": frame.write_csv, "parquet": frame.write_parquet, "jsonl": frame.write_ndjson}[form](path)
    for place, length in enumerate(lengths):
        one = read_table(path, options=ReadOptions(series=(f"s{place}",)))
        assert one.values[:, 0].tolist() == [place * 100.0 + row + 0.5 for row in range(length)]
    names = tuple(f"s{place}" for place in range(len(lengths)))
    joined = read_table(path, options=ReadOptions(series=names))
    assert joined.columns == names
    assert joined.values.tolist() == [
        [place * 100.0 + min(row, length - 1) + 0.5 for place, length in enumerate(lengths)]
        for row in range(max(lengths))
    ]
    assert joined.filled.tolist() == [[row >= length for length in lengths] for row in range(max(lengths))]
