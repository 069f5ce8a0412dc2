import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.known.future import with_future
from lstm_plugins.errors import InputError, OptionError


@settings(max_examples=settings.default.max_examples // 3)
@given(st.integers(20, 60), st.integers(1, 20), st.integers(0, 30))
def test_a_file_of_its_own_says_the_same_as_rows_of_the_same_file(shop, rows, ahead, overlap):
    overlap = min(overlap, rows)
    one = shop.open(shop.write(rows=rows, ahead=ahead))
    future = shop.future(rows=ahead + overlap, first=rows - overlap)
    other = shop.open(shop.write(rows=rows), future=str(future))
    assert other.known.names == one.known.names
    np.testing.assert_array_equal(other.known.values[:, 0], one.known.values[:, 0])
    texts = [
        [(*table.known.words[1], "")[int(code)] for code in table.known.values[:, 1]]
        for table in (one, other)
    ]
    assert texts[0] == texts[1]


def test_the_file_counts_more_than_the_rows_of_the_series(shop):
    table = shop.open(shop.write(ahead=5))
    path = shop.future(rows=2)
    path.write_text(path.read_text().replace(",10.0,", ",99,"))
    changed = with_future(table, str(path)).known.values[table.rows :, 0]
    assert changed.tolist() == [99, *table.known.values[table.rows + 1 :, 0]]


def test_rows_that_are_left_out_stay_unknown(shop):
    table = shop.open(shop.write(), future=str(shop.future(rows=14, without=(123,))))
    assert table.known.values.shape == (134, 2)
    assert table.known.known_rows(table.rows) == 3


def test_new_texts_come_after_those_of_the_series(shop):
    path = shop.future()
    path.write_text(path.read_text().replace("TV", "radio"))
    table = shop.open(shop.write(), future=str(path))
    assert table.known.words == ((), ("TV", "leaflet", "radio"))


def test_a_future_without_any_text_has_none(shop):
    path = shop.future(rows=7)
    path.write_text(path.read_text().replace("TV", "").replace("leaflet", ""))
    table = shop.open(shop.write(), future=str(path))
    assert (table.known.values[table.rows :, 1] == -1).all()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            ["day,price,promotion", "2023-01-05,10,"],
            "next.csv ends at 2023-01-05, but shop ends at 2023-04-30",
        ),
        (
            ["day,price,promotion", "2023-05-01 00:00,1,", "2023-05-01 06:00,1,"],
            "2023-05-01 06:00 in line 3 of next.csv does not continue shop, which is daily and ends at",
        ),
        (
            ["day,price,promotion", "2023-05-01,10,", "9023-05-02,10,"],
            "9023-05-02 in line 3 of next.csv does not continue shop",
        ),
        (["day,price", "2023-05-01,10"], "next.csv has no column 'promotion'"),
        (["date,price,promotion", "2023-05-01,10,"], "next.csv has no column 'day' to take as time_column"),
        (
            ["day,price,promotion", "2023-05-01,10,", "2023-05-01,11,"],
            "Column 'day' has 2023-05-01 twice, in line 2 and line 3",
        ),
        (
            ["day,price,promotion", "2023-05-01,high,TV", "2023-05-02,low,TV"],
            "Column 'price' has numbers in shop, but texts in next.csv; write both the same way",
        ),
    ],
)
def test_a_future_that_does_not_fit_is_refused(shop, lines, message):
    path = shop.folder / "next.csv"
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(InputError, match=message):
        shop.open(shop.write(), future=str(path))


def test_a_missing_file_is_named(shop):
    with pytest.raises(InputError, match=r"nowhere\.csv"):
        shop.open(shop.write(), future=str(shop.folder / "nowhere.csv"))


def test_a_future_needs_known_columns(shop):
    with pytest.raises(OptionError, match="no column of shop is known ahead; name one with known"):
        shop.open(shop.write(), known=(), future=str(shop.future()))


def test_numbered_rows_are_continued_in_their_order(tmp_path):
    path, future = tmp_path / "numbers.csv", tmp_path / "next.csv"
    path.write_text("y,price\n" + "".join(f"{n % 5}.5,{n % 3}\n" for n in range(50)))
    future.write_text("price\n7\n8\n9\n")
    table = open_data(path, ["y"], options=ReadOptions(known=("price",), future=str(future)))
    assert table.known.values[50:, 0].tolist() == [7, 8, 9]


def test_a_column_of_row_numbers_is_continued(tmp_path):
    path, future = tmp_path / "numbers.csv", tmp_path / "next.csv"
    path.write_text("index,y,price\n" + "".join(f"{10 * n},{n % 5}.5,{n % 3}\n" for n in range(50)))
    future.write_text("index,price\n" + "".join(f"{10 * n},{n}\n" for n in range(48, 60) if n != 52))
    table = open_data(path, ["y"], options=ReadOptions(known=("price",), future=str(future)))
    assert table.known.values[50:52, 0].tolist() == [50, 51]
    assert table.known.known_rows(50) == 2


@pytest.mark.parametrize("has_stores", [True, False])
def test_the_same_series_of_a_long_file_is_continued(tmp_path, has_stores):
    def write(name, days, stores, sales):
        titles = ["day", *["store"] * bool(stores), "price", *["sales"] * sales]
        rows = [
            [str(np.datetime64("2023-01-01") + day), *[store] * bool(stores), f"{day}{n}", *["1.5"] * sales]
            for day in days
            for n, store in enumerate(stores or ["b"], start=0 if stores else 1)
        ]
        (tmp_path / name).write_text("\n".join(map(",".join, [titles, *rows])) + "\n")
        return str(tmp_path / name)

    path = write("long.csv", range(30), "ab", True)
    future = write("next.csv", range(30, 35), "ab" if has_stores else "", False)
    options = ReadOptions(known=("price",), series=("b",), future=future)
    table = open_data(path, ["sales"], options=options)
    assert table.known.values[:, 0].tolist() == [10 * day + 1 for day in range(35)]


def test_rows_on_the_clocks_of_a_zone_are_continued_on_them(tmp_path):
    def write(name, first, hours, y):
        start = np.datetime64(first)
        rows = [f"{start + h}:00Z,{h % 24}{',1' * y}" for h in np.arange(hours)]
        (tmp_path / name).write_text("\n".join(["time,price,y" if y else "time,price", *rows]) + "\n")
        return str(tmp_path / name)

    path = write("load.csv", "2023-02-01T00", 24 * 60, True)
    future = write("next.csv", "2023-04-02T00", 48, False)
    options = ReadOptions(known=("price",), time_zone="Europe/Berlin", future=future)
    table = open_data(path, ["y"], options=options)
    assert table.zone == "Europe/Berlin"
    assert table.row_text(table.rows) == "2023-04-02 02:00"
    assert table.known.values[table.rows :, 0].tolist() == [*range(24), *range(24)]


def test_hours_that_the_clocks_skip_are_not_missing(tmp_path):
    def write(name, first, hours, y):
        start = np.datetime64(first)
        rows = [f"{start + h}:00Z,{h}{',1' * y}" for h in np.arange(hours)]
        (tmp_path / name).write_text("\n".join(["time,price,y" if y else "time,price", *rows]) + "\n")
        return str(tmp_path / name)

    path, future = (
        write("load.csv", "2023-02-01T00", 24 * 53, True),
        write("next.csv", "2023-03-26T00", 6, False),
    )
    options = ReadOptions(known=("price",), time_zone="Europe/Berlin", future=future)
    table = open_data(path, ["y"], options=options)
    assert [table.row_text(table.rows + step)[-5:] for step in (0, 1, 2)] == ["01:00", "02:00", "03:00"]
    assert table.known.values[table.rows :, 0].tolist() == [0, 0, 1, 2, 3, 4, 5]


def test_weekends_in_the_future_of_business_days_are_left_out(tmp_path):
    days = np.datetime64("2023-01-02") + np.arange(70)
    path, future = tmp_path / "prices.csv", tmp_path / "next.csv"
    open_days = days[np.is_busday(days)]
    path.write_text("day,y,price\n" + "".join(f"{day},{n % 5}.5,{n}\n" for n, day in enumerate(open_days)))
    later = days[-1] + np.arange(1, 9)
    future.write_text("day,price\n" + "".join(f"{day},{n}\n" for n, day in enumerate(later)))
    table = open_data(path, ["y"], options=ReadOptions(known=("price",), future=str(future)))
    assert table.frequency.kind == "business days"
    assert table.known.values[table.rows :, 0].tolist() == [0, 1, 2, 3, 4, 7]
    assert table.decisions[-1] == "2 rows on closed days or hours are left out."
