import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.errors import ColumnError
from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.findings.looking import find_findings
from lstm_forecasting.known.own_columns import NO_WORD
from lstm_plugins.errors import InputError

from .conftest import promotion


def texts(table, column=1):
    words = (*table.known.words[column], "")
    return [words[int(code)] if code != NO_WORD else "" for code in table.known.values[:, column]]


def test_rows_without_a_target_are_the_future(shop):
    table = shop.open(shop.write(rows=100, ahead=14))
    assert table.targets == table.columns == ("sales",)
    assert table.rows == 100
    assert table.known.names == ("price", "promotion")
    assert table.known.values.shape == (114, 2)
    np.testing.assert_array_equal(table.known.values[:, 0], 10 + np.arange(114) % 3 / 2)
    assert texts(table) == [promotion(day) for day in range(114)]
    assert table.known.known_rows(table.rows) == 14
    assert "Known ahead: price, promotion (2 texts)." in table.decisions
    assert "The last 14 rows have no value of sales; forecasts start at the first of them." in table.decisions


@given(st.integers(20, 60), st.integers(0, 20), st.integers(1, 20))
def test_a_longer_file_has_the_same_known_columns_in_common_rows(shop, rows, ahead, more):
    short = shop.open(shop.write("short.csv", rows=rows, ahead=ahead))
    long = shop.open(shop.write("long.csv", rows=rows + more, ahead=ahead))
    common = rows + ahead
    np.testing.assert_array_equal(short.known.values[:, 0], long.known.values[:common, 0])
    assert texts(short) == texts(long)[:common]


def test_the_default_target_is_not_a_known_column(tmp_path):
    path = tmp_path / "shop.csv"
    path.write_text("day,visits,price\n" + "".join(f"2023-01-{d:02},{d},{d % 3}\n" for d in range(1, 20)))
    assert open_data(path).targets == ("price",)
    table = open_data(path, options=ReadOptions(known=("price",)))
    assert table.targets == ("visits",)
    assert "The target is visits, the only numeric column that is not known ahead." in table.decisions
    with pytest.raises(InputError, match="has only a time column and columns known ahead"):
        open_data(path, options=ReadOptions(known=("price", "visits")))


def test_rows_before_the_first_target_are_dropped_from_known_columns_too(tmp_path):
    path = tmp_path / "shop.csv"
    rows = [f"2023-01-{d:02},{d if d > 3 else ''},{d}" for d in range(1, 20)]
    path.write_text("day,sales,price\n" + "\n".join(rows) + "\n")
    table = open_data(path, options=ReadOptions(known=("price",)))
    assert table.known.values[:, 0].tolist() == list(range(4, 20))


def test_gaps_are_filled_with_earlier_values_and_told(tmp_path):
    path = tmp_path / "shop.csv"
    prices = {1: "", 2: "", 3: "7", 5: "", 6: "", 7: "8"}
    rows = [f"2023-01-{d:02},{d},{prices.get(d, '9')}" for d in range(1, 21) if d != 10]
    path.write_text("day,sales,price\n" + "\n".join(rows) + "\n")
    table = open_data(path, options=ReadOptions(known=("price",)))
    values = table.known.values[:, 0]
    assert np.isnan(values[:2]).all()
    assert values[2:10].tolist() == [7, 9, 9, 9, 8, 9, 9, 9]
    told = " ".join(table.decisions)
    assert "The first 2 values of price are missing; they are filled with its mean over the training" in told
    assert "3 missing values of price (15 %) are filled with the last observed value." in told
    with pytest.raises(InputError, match="Column 'sales' has no value at 2023-01-10"):
        open_data(path, options=ReadOptions(known=("price",), missing="refuse"))


def test_a_missing_price_is_refused_on_request(tmp_path):
    path = tmp_path / "shop.csv"
    path.write_text(
        "day,sales,price\n" + "".join(f"2023-01-{d:02},{d},{'' if d == 5 else d}\n" for d in range(1, 20))
    )
    with pytest.raises(
        InputError, match="Column 'price' has no value at line 6; fill it in the file, or set"
    ):
        open_data(path, options=ReadOptions(known=("price",), missing="refuse"))


def test_refused_gaps_are_not_those_of_the_future(shop):
    table = shop.open(shop.write(ahead=7), missing="refuse")
    assert table.known.known_rows(table.rows) == 7


@pytest.mark.parametrize(
    ("known", "message"),
    [
        (("prise",), r"shop.csv has no column 'prise'; did you mean price\?"),
        (("day",), "Column 'day' of shop.csv contains times"),
        (("sales",), "Column 'sales' of shop.csv cannot be both known ahead and a target; name it once"),
    ],
)
def test_a_column_that_cannot_be_known_is_named(shop, known, message):
    with pytest.raises(ColumnError, match=message):
        shop.open(shop.write(), known=known)


def test_a_column_has_one_role(shop):
    with pytest.raises(ColumnError, match="both known ahead and an input"):
        open_data(shop.write(), ["sales"], ["price"], ReadOptions(known=("price",)))


def test_too_many_texts_are_no_categories(tmp_path):
    path = tmp_path / "shop.csv"
    day = np.datetime64("2023-01-01")
    path.write_text("day,note,sales\n" + "".join(f"{day + n},note {n},{n % 5}\n" for n in range(60)))
    with pytest.raises(
        InputError, match=r"'note' of shop.csv has 60 different texts, but only columns with at"
    ):
        open_data(path, options=ReadOptions(known=("note",)))


def test_a_column_of_numbers_with_a_slip_is_not_taken_for_texts(tmp_path):
    path = tmp_path / "shop.csv"
    path.write_text(
        "day,price,sales\n" + "".join(f"2023-01-{d:02},{'1O' if d == 9 else d},{d}\n" for d in range(1, 20))
    )
    with pytest.raises(InputError, match=r"Column 'price' of shop.csv is not numeric: line 10 has '1O'"):
        open_data(path, options=ReadOptions(known=("price",)))


def test_texts_of_merged_rows_are_those_of_the_first(tmp_path):
    path = tmp_path / "shop.csv"
    rows = [f"2023-01-{d:02} {h:02}:00,{d}.5,{'TV' if d % 2 else ''}" for d in range(1, 20) for h in (9, 15)]
    path.write_text("time,sales,promotion\n" + "\n".join(rows) + "\n")
    table = open_data(path, options=ReadOptions(known=("promotion",), resample="daily"))
    assert texts(table, 0) == ["TV" if d % 2 else "" for d in range(1, 20)]


def test_several_series_have_no_known_columns(tmp_path):
    path = tmp_path / "long.csv"
    rows = [f"2023-01-{d:02},{store},{d},{d % 3}" for d in range(1, 20) for store in "ab"]
    path.write_text("day,store,sales,price\n" + "\n".join(rows) + "\n")
    one = open_data(path, ["sales"], options=ReadOptions(known=("price",), series=("b",)))
    assert one.known.names == ("price",)
    with pytest.raises(ColumnError, match="'price' cannot be known ahead where several series are read"):
        open_data(path, options=ReadOptions(known=("price",), series=("a", "b")))


def test_known_columns_are_no_candidates_and_need_no_findings(shop):
    table = shop.open(shop.write(ahead=5))
    assert table.candidates == ()
    assert not [one for one in find_findings(table) if one.column in table.known.names]


def test_the_fingerprint_covers_known_columns(shop):
    one, other = (shop.open(shop.write(ahead=ahead)) for ahead in (5, 6))
    plain = open_data(shop.write(), ["sales"])
    assert len({table.fingerprint() for table in (one, other, plain)}) == 3
