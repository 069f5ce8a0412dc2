import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.options import Decimal
from lstm_forecasting.data.raw_table import RawTable
from lstm_forecasting.data.values.text_numbers import MISSING_SIGNS, NumberColumn, read_numbers


def table(delimiter: str = ",", **columns: list[str | None]) -> RawTable:
    rows = len(next(iter(columns.values())))
    texts = {name: pl.Series(column, dtype=pl.String) for name, column in columns.items()}
    return RawTable("file.csv", texts, delimiter, "line", np.arange(2, rows + 2), ())


def read(*texts: str | None, delimiter: str = ",") -> NumberColumn:
    return read_numbers(table(delimiter, x=list(texts)))["x"]


def numbers(column: NumberColumn) -> list[float]:
    assert column.problem is None, column.problem
    assert column.values is not None
    return column.values.tolist()


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (("1", "-2", "+3"), [1, -2, 3]),
        (("1.5", ".5", "2.", "-1e-3", "1E5"), [1.5, 0.5, 2, -0.001, 100000]),
        (("1,5", ",5", "-2,", "1,5e3"), [1.5, 0.5, -2, 1500]),
        (("0,462", "1,234"), [0.462, 1.234]),
        (("1234,567", "1,234"), [1234.567, 1.234]),
        (("1,234.5", "999", "12,000"), [1234.5, 999, 12000]),
        (("1,234,567", "1,234"), [1234567, 1234]),
        (("1.234,5", "2.000"), [1234.5, 2000]),
        (("1.234.567", "2.000"), [1234567, 2000]),
        (("1'234.5", "12'000"), [1234.5, 12000]),
        (("\u22125", "1.5"), [-5, 1.5]),
        (("1’234",), [1234]),
        (("1 234,5", "1 234 567"), [1234.5, 1234567]),
        (("1\u00a0234,5",), [1234.5]),
        (("1\u202f234",), [1234]),
        (("1.234", "2.500"), [1.234, 2.5]),
        (("20.125", "0.250"), [20.125, 0.25]),
    ],
)
def test_the_ways_of_writing_numbers(texts: tuple[str, ...], values: list[float]) -> None:
    assert numbers(read(*texts)) == values


@pytest.mark.parametrize("sign", [*MISSING_SIGNS, "NA", "NaN", "N/A", "NULL", "", " ", None])
def test_signs_for_missing(sign: str | None) -> None:
    column = read("1.5", sign, "2.5")
    assert math.isnan(numbers(column)[1])
    assert column.missing == 1


def test_another_column_tells_the_decimal_mark() -> None:
    read_columns = read_numbers(table(";", a=["1,234", "5,678"], b=["0,5", "1,5"]))
    assert numbers(read_columns["a"]) == [1.234, 5.678]
    read_columns = read_numbers(table(";", a=["1,234", "5,678"], b=["0.5", "1.5"]))
    assert numbers(read_columns["a"]) == [1234, 5678]
    assert read_columns["a"].decisions == ("Thousands separators ',' in a are removed.",)
    read_columns = read_numbers(table(";", a=["1.234", "5.678"], b=["0,5", "1,5"]))
    assert numbers(read_columns["a"]) == [1234, 5678]


def test_what_was_decided_is_said() -> None:
    assert read("1,5").decisions == ("The decimal mark of x is a comma.",)
    assert read("1 234,5").decisions == (
        "Thousands separators in x are removed.",
        "The decimal mark of x is a comma.",
    )
    assert read("1.5").decisions == ()


@pytest.mark.parametrize(
    ("texts", "delimiter", "message"),
    [
        (("1,234", "5,678"), ";", "ambiguous: '1,234' in line 2 may be"),
        (("1,234", "999"), ",", "ambiguous: '1,234' in line 2"),
        (("999", "1.234"), ";", "ambiguous: '1.234' in line 3"),
        (("1,5", "2.5"), ";", "two decimal marks: line 3 has '2.5', line 2 has '1,5'"),
        (("1,234.5", "1.234,5"), ";", "two decimal marks: line 2 has '1,234.5', line 3 has '1.234,5'"),
        (("1", "err", "3"), ",", "line 3 has 'err'; correct it"),
        (("1", "12%"), ",", "line 3 has '12%'"),
        (("1", "$12"), ",", r"line 3 has '\$12'"),
        (("1", "1,23,4"), ",", "line 3 has '1,23,4'"),
        (("1", "1_000"), ",", "line 3 has '1_000'"),
        (("1", "0x10"), ",", "line 3 has '0x10'"),
        (("1", "١٢"), ",", "line 3 has '١٢'"),
        (("1", "inf"), ",", "infinite value in line 3"),
        (("1", "-Infinity"), ",", "infinite value in line 3"),
        (("1", "1e999"), ",", "infinite value in line 3"),
        (("rain", "x" * 100), ",", "line 2 has 'rain'"),
        (("x" * 100,), ",", r"line 2 has 'x{37}\.\.\.'"),
    ],
)
def test_what_is_no_number_or_not_surely_one_is_told(
    texts: tuple[str, ...], delimiter: str, message: str
) -> None:
    column = read(*texts, delimiter=delimiter)
    assert column.values is None
    assert column.problem is not None
    with pytest.raises(AssertionError, match=message):
        raise AssertionError(column.problem)
    assert "\n" not in column.problem


def test_a_column_with_a_slip_is_nearly_one_of_numbers() -> None:
    assert read("1", "2", "err").nearly
    assert not read("rain", "sun", "3").nearly


FLOATS = st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1)


@given(FLOATS)
def test_floats_as_python_writes_them_survive(values: list[float]) -> None:
    assert numbers(read(*map(repr, values))) == values


@given(FLOATS.map(lambda values: [0.5, *values]))
def test_floats_with_a_decimal_comma_survive(values: list[float]) -> None:
    assert numbers(read(*(repr(value).replace(".", ",") for value in values), delimiter=";")) == values


@given(
    st.lists(st.decimals(-(10**12), 10**12, places=2), min_size=1), st.sampled_from([",.", ".,", "'.", " ,"])
)
def test_numbers_with_thousands_separators_survive(values: list[float], marks: str) -> None:
    thousands, decimal = marks
    signs = {",": thousands, ".": decimal}
    texts = ["".join(signs.get(sign, sign) for sign in f"{value:,.2f}") for value in values]
    assert numbers(read(*texts, delimiter=";")) == [float(value) for value in values]


def test_typed_columns_of_parquet(tmp_path: Path) -> None:
    columns = {
        "integers": pl.Series([1, None, 3]),
        "floats": pl.Series([1.5, float("nan"), 2.5], dtype=pl.Float32),
        "truths": pl.Series([True, False, None]),
        "decimals": pl.Series(["1.25", "2.50", None]).cast(pl.Decimal(10, 2)),
        "lists": pl.Series([[1], [2], [3]]),
        "infinite": pl.Series([1.0, float("inf"), 2.0]),
    }
    read_columns = read_numbers(RawTable("file.parquet", columns, None, "row", np.arange(1, 4), ()))
    assert numbers(read_columns["integers"])[::2] == [1, 3]
    assert numbers(read_columns["floats"])[::2] == [1.5, 2.5]
    assert numbers(read_columns["truths"])[:2] == [1, 0]
    assert numbers(read_columns["decimals"])[:2] == [1.25, 2.5]
    assert [read_columns[name].missing for name in ("integers", "floats", "truths", "decimals")] == [
        1,
        1,
        1,
        1,
    ]
    assert read_columns["lists"].problem is not None
    assert "row 2" in (read_columns["infinite"].problem or "")


@pytest.mark.parametrize(
    ("texts", "decimal", "values"),
    [
        (("1,234", "5,678"), "point", [1234, 5678]),
        (("1,234", "5,678"), "comma", [1.234, 5.678]),
        (("1.234", "5.678"), "comma", [1234, 5678]),
        (("1.234", "5.678"), "point", [1.234, 5.678]),
        (("1.234,5", "7"), "comma", [1234.5, 7]),
        (("1", "2"), "comma", [1, 2]),
    ],
)
def test_the_decimal_mark_may_be_told(texts: tuple[str, ...], decimal: Decimal, values: list[float]) -> None:
    assert numbers(read_numbers(table(";", x=list(texts)), decimal)["x"]) == values


@pytest.mark.parametrize(
    ("texts", "decimal", "shown"),
    [(("7", "1.5"), "comma", "1.5"), (("1", "1,5"), "point", "1,5"), (("1", "1.234,5"), "point", "1.234,5")],
)
def test_a_decimal_mark_that_the_column_disproves_is_refused(
    texts: tuple[str, ...], decimal: Decimal, shown: str
) -> None:
    problem = read_numbers(table(";", x=list(texts)), decimal)["x"].problem
    assert problem is not None
    assert f"has '{shown}' in line 3, which is not a number with decimal {decimal}; change" in problem


def test_a_point_far_below_is_not_taken_for_a_thousands_separator() -> None:
    column = read_numbers(table(";", x=["1.234"] * 200 + ["1.5"], y=["0,5"] * 201))["x"]
    assert numbers(column)[-1] == 1.5
