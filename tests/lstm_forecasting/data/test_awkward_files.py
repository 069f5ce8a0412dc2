"""Files that people really have: each is read rightly, or refused in one sentence that says what to do."""

import datetime
import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_forecasting.data.reading import read_table
from lstm_plugins.errors import InputError

GERMAN = "Datum;Wert (kWh, netto)\r\n01.02.2016;1.234,5\r\n02.02.2016;0,5\r\n"
DAYS = "".join(f"2016-01-{day:02},{day}\n" for day in range(1, 32))


def parquet(**columns: object) -> bytes:
    written = io.BytesIO()
    pl.DataFrame(columns).write_parquet(written)
    return written.getvalue()


WHOLE_PARQUET = parquet(date=[datetime.date(2016, 1, day) for day in range(1, 20)], x=[1.5] * 19)


@pytest.mark.parametrize(
    ("content", "values"),
    [
        pytest.param(GERMAN.encode("cp1252"), [1234.5, 0.5], id="Excel in Germany"),
        pytest.param(b"date,x\n2016-01-01,1\n2016-01-02,2", [1, 2], id="no line end at the end"),
        pytest.param(b"date,x\n2016-01-01,1\n2016-01-02,2\n\n\n", [1, 2], id="empty lines at the end"),
        pytest.param(
            b"\n\ndate,x\n2016-01-01,1\n\n2016-01-02,2\n", [1, 2], id="empty lines above and between"
        ),
        pytest.param(b"date,x\n2016-01-01,1\n,\n2016-01-02,2\n,\n", [1, 2], id="lines of commas"),
        pytest.param(
            b"date,x,\n2016-01-01,1,\n2016-01-02,2,\n", [1, 2], id="a comma at the end of every line"
        ),
        pytest.param(b",x\n0,5\n1,6\n", [5, 6], id="an untitled index"),
        pytest.param(b"date, x\n2016-01-01, 1\n2016-01-02, 2\n", [1, 2], id="spaces after commas"),
        pytest.param(
            b'"date", "x"\n"2016-01-01", "1"\n"2016-01-02", "2"\n', [1, 2], id="quotes after spaces"
        ),
        pytest.param(b'"date","x"\n"2016-01-01",1\n"2016-01-02",2\n', [1, 2], id="quotes around texts"),
        pytest.param(
            b'date,x,note\n2016-01-01,1,"a\nb"\n2016-01-02,2,"c, ""d"""\n', [1, 2], id="notes of two lines"
        ),
        pytest.param(
            b'date,x\n2016-01-01,"1,234.5"\n2016-01-02,"2,000.0"\n', [1234.5, 2000], id="quoted thousands"
        ),
        pytest.param(b"value\n1,5\n2,5\n", [1.5, 2.5], id="one column with decimal commas"),
        pytest.param(b"value\n5\n\n7\n", [5, 5, 7], id="one column with a hole"),
        pytest.param(b'"value"\n5\n\n7\n', [5, 5, 7], id="one quoted column with a hole"),
        pytest.param(b"value\n42\n", [42], id="one row"),
        pytest.param(
            "date,x\r2016-01-01,1\r2016-01-02,2\r".encode("utf-16"), [1, 2], id="UTF-16 from an old Mac"
        ),
        pytest.param(b"date,x\n1/31/2016,1\n2/29/2016,2\n", [1, 2], id="American dates"),
        pytest.param(b"date,x\n31/1/2016,1\n29/2/2016,2\n", [1, 2], id="British dates"),
        pytest.param(
            b"DATE,CO2\n1960-01-01,.\n1960-02-01,316\n1960-03-01,317\n", [316, 317], id="dots for missing"
        ),
        pytest.param(b"x,date\n1,2016-01-01\n2,2016-01-02\n", [1, 2], id="times in the last column"),
        pytest.param(b"date,x,y\n2016-01-01,1,\n2016-01-02,2,\n", [1, 2], id="a column without values"),
        pytest.param(b'"the\ndate","x"\n2016-01-01,1\n2016-01-02,2\n', [1, 2], id="a title of two lines"),
        pytest.param(parquet(x=[1.0, None, 3.0]), [1, 1, 3], id="Parquet without times"),
        pytest.param(parquet(x=[True, False]), [1, 0], id="truths"),
    ],
)
def test_read_rightly(tmp_path: Path, content: bytes, values: list[float]) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    assert read_table(path).values[:, 0].tolist() == values


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "table.csv is empty"),
        (b"  \n\n", "table.csv is empty"),
        (b"\xef\xbb\xbf", "table.csv is empty"),
        (b"date,x\n", "has a header but no rows"),
        (b"date,x\n,\n,\n", "only empty rows"),
        (b",\n1,2\n", "no titles"),
        (b"2016-01-01,1\n2016-01-02,2\n", r"begins with data \('2016-01-01'\)"),
        (b"1\n2\n3\n", r"begins with data \('1'\)"),
        (b"date,x,x\n2016-01-01,1,2\n", "two columns called 'x'"),
        (b"date,x\n2016-01-01,1\n2016-01-02,2,3\n", "line 3, has 3 fields, but the header has 2"),
        (b"date,x\n\n2016-01-01,1\n2016-01-02\n", "line 4, has 1 field, but the header has 2"),
        (b'date,x\n"2016-01-01",1\n"2016-01-02",2,3\n', "line 3, has 3 fields, but the header has 2"),
        (b'date,x,n\n2016-01-01,1,"a\nb"\n2016-01-02,2\n', "line 4, has 2 fields, but the header has 3"),
        (b'date,x\n2016-01-01,"1\n2016-01-02,2\n', "line 2, has a misplaced quote"),
        (b'date,x\n"2016-01-01"z,1\n', "line 2, has a misplaced quote"),
        (b"date,x\n2016-01-01,1\n2016-01-02,err\n2016-01-03,3\n", "line 3 has 'err'"),
        (b"date,x\n2016-01-01,rain\n2016-01-02,sun\n", "'x' of table.csv is not numeric: line 2"),
        (b"date,x\n2016-01-01,1\n2016-01-02,inf\n2016-01-03,1\n", "infinite value in line 3"),
        (b"date;x\n2016-01-01;1,234\n2016-01-02;5,678\n", "ambiguous: '1,234' in line 2"),
        (b"date\n2016-01-01\n2016-01-02\n", "only a time column"),
        (b"date,x\n2016-01-01,1\n2016-02-30,2\n2016-03-01,3\n", "'2016-02-30' in line 3 is not one"),
        (b"date,x\n2016-01-01,1\n,2\n2016-01-03,3\n", "no time in line 3"),
        (b"date,x\n2016-01-01,1\n2016-01-01,2\n", "2016-01-01 twice, in line 2 and line 3"),
        (b"date,x\n1/2/2016,1\n1/3/2016,2\n", "Day and month are ambiguous in column"),
        (("date,x\n" + DAYS + "2016-01-31 12:00,5\n").encode(), "12:00 in line 33 comes 12 hours after"),
        (b"date,x\n2016-01-01,1\n", "a single time"),
        (b"date,x\n2016-01-01,\n2016-01-02,\n", "Column 'x' of table.csv has no values"),
        (b"year,month,x\n2016,12,1\n2016,13,2\n", "line 3, has an impossible time: year 2016, month 13"),
        (b"\x00\x01\x02binary", "not a text file"),
        (b"PK\x03\x04sheet", "damaged and cannot be unpacked"),
        (b"PAR1 but not really", "damaged and cannot be read as Parquet"),
        (parquet(x=[1, 2, 3])[:-20], "damaged and cannot be read as Parquet"),
        (parquet(x=[], y=[]), "has no rows"),
        (
            parquet(d=pl.Series([0, 5_000_000], dtype=pl.Int32).cast(pl.Date), x=[1, 2]),
            "'d' of table.csv contains times, but a year outside 1 to 9999 in row 2 is not one",
        ),
        (parquet(d=[datetime.date(2016, 1, 1), None], x=[1, 2]), "'d' of table.csv has no time in row 2"),
        (parquet(x=[[1], [2]]), "not numeric but List"),
    ],
)
def test_refused_in_one_sentence(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as refusal:
        read_table(path)
    assert_one_sentence(str(refusal.value))


SIGNS = st.sampled_from(
    [
        "1",
        "2",
        "0",
        ",",
        ";",
        "\t",
        ".",
        "\n",
        "-",
        "/",
        ":",
        " ",
        '"',
        "x",
        "e",
        "Q",
        "W",
        "date",
        "\r",
        "NA",
        "é",
        "١",
        "2016-01-01",
    ]
)


@settings(max_examples=3 * settings.default.max_examples)
@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.lists(SIGNS, max_size=60).map(lambda signs: "".join(signs).encode()),
        st.lists(SIGNS, max_size=60).map(lambda signs: ("date,x\n" + "".join(signs)).encode()),
        st.integers(0, len(WHOLE_PARQUET) - 1).map(lambda length: WHOLE_PARQUET[:length]),
    )
)
def test_anything_else_is_read_or_refused_too(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    try:
        table = read_table(path)
    except InputError as refusal:
        assert_one_sentence(str(refusal))
    else:
        assert np.isfinite(table.values).all()
        assert not any("\n" in decision for decision in table.decisions)


def folder(path: Path) -> Path:
    return path


def absent(path: Path) -> Path:
    (path / "electricity.csv").write_text("x\n1\n")
    return path / "electrcity.csv"


def absent_folder(path: Path) -> Path:
    return path / "nowhere" / "x.csv"


def false_parquet(path: Path) -> Path:
    (path / "x.parquet").write_text("date,x\n2016-01-01,1\n")
    return path / "x.parquet"


def device(path: Path) -> Path:
    return Path("/dev/full")


def too_long(path: Path) -> Path:
    return path / ("x" * 300 + ".csv")


def unreadable(path: Path) -> Path:
    if os.geteuid() == 0:
        pytest.skip("nothing is unreadable for root")
    (path / "x.csv").write_text("x\n1\n")
    (path / "x.csv").chmod(0)
    return path / "x.csv"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (folder, "is a folder; give a file in it"),
        (absent, r"There is no file .*; did you mean .*electricity\.csv\?"),
        (absent_folder, "the folder"),
        (false_parquet, "is not Parquet; write it again"),
        (device, "is a device or a pipe"),
        (too_long, "cannot be reached .*; correct the path"),
        (unreadable, "may not be read; change its permissions"),
    ],
)
def test_paths_that_lead_to_no_table(tmp_path: Path, make: Callable[[Path], Path], message: str) -> None:
    with pytest.raises(InputError, match=message) as refusal:
        read_table(make(tmp_path))
    assert_one_sentence(str(refusal.value))


@pytest.mark.parametrize(
    ("targets", "inputs", "message"),
    [
        (["tmp_max"], [], r"no column 'tmp_max'; did you mean temp_max( or temp_min)?\?"),
        (["TEMP_MIN"], [], "did you mean temp_min"),
        (["q"], [], "no column 'q'; it has temp_max, temp_min, weather"),
        (["temp_max"], ["temp_mn"], "no column 'temp_mn'"),
        (["weather"], [], "'weather' of .* is not numeric: line 2 has 'sun'"),
        (["temp_max"], ["weather"], "'weather' of .* is not numeric"),
        (["date"], [], "'date' of .* contains times"),
        (["temp_max", "temp_max"], [], "'temp_max' is named twice"),
    ],
)
def test_columns_that_cannot_be_used(
    tmp_path: Path, targets: list[str], inputs: list[str], message: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_text("date,temp_max,temp_min,weather\n2016-01-01,5,1,sun\n2016-01-02,6,2,rain\n")
    with pytest.raises(InputError, match=message) as refusal:
        read_table(path, targets, inputs)
    assert_one_sentence(str(refusal.value))


def assert_one_sentence(text: str) -> None:
    assert "\n" not in text
    assert text[0].isupper() or text.startswith(("table.csv", "x.", "/"))
    assert text.endswith((".", "?"))
