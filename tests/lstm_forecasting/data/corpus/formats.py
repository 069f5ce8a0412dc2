"""How files are written: encodings, delimiters, quotes, JSON, Parquet, and what is no table."""

import datetime
import gzip
import json

import polars as pl

from .awkward import Awkward, days, jsonl, parquet, table

FORMATS = (
    Awkward(
        "Excel in Germany",
        "export.csv",
        "Datum;Größe\r\n01.02.2016;1.234,5\r\n02.02.2016;0,5\r\n".encode("cp1252"),
        values={"Größe": [1234.5, 0.5]},
        start="2016-02-01",
        frequency="daily",
        said=(
            "export.csv is read as semicolon-separated text in Latin-1.",
            "Thousands separators '.' in Größe are removed.",
            "The decimal mark of Größe is a comma.",
        ),
    ),
    Awkward(
        "a byte order mark",
        "x.csv",
        b"\xef\xbb\xbf" + table("date,x", days(1, 2)),
        values={"x": [1, 2]},
        start="2016-01-01",
        frequency="daily",
        said=("x.csv is read as comma-separated text in UTF-8 with a byte order mark.",),
    ),
    Awkward(
        "Unicode text of Excel",
        "x.txt",
        table("date\tx", days(1, 2, sign="\t"), "\r\n").decode().encode("utf-16"),
        values={"x": [1, 2]},
        start="2016-01-01",
        frequency="daily",
        said=("x.txt is read as tab-separated text in UTF-16.",),
    ),
    Awkward(
        "UTF-16 that does not say so",
        "x.txt",
        table("date,x", days(1, 2)).decode().encode("utf-16-le"),
        refusal="x.txt is not a text file; give CSV, JSON lines or Parquet, or set the encoding",
    ),
    Awkward(
        "UTF-16 of which the user says so",
        "x.txt",
        table("date,x", days(1, 2)).decode().encode("utf-16-le"),
        {"encoding": "utf-16-le"},
        values={"x": [1, 2]},
        start="2016-01-01",
        frequency="daily",
    ),
    Awkward(
        "a mainframe's letters",
        "x.txt",
        "tag;gro\u00dfe\n2016-01-01;1\n2016-01-02;2\n".encode("cp500"),
        {"encoding": "cp500", "delimiter": ";"},
        values={"gro\u00dfe": [1, 2]},
        start="2016-01-01",
        frequency="daily",
    ),
    Awkward(
        "the wrong encoding",
        "x.csv",
        "date,é\n2016-01-01,1\n".encode("latin-1"),
        {"encoding": "utf-8"},
        refusal="x.csv is not written in utf-8 at byte 6; set another encoding",
    ),
    Awkward(
        "line ends of an old Mac",
        "x.csv",
        table("date,x", days(1, 2), "\r"),
        values={"x": [1, 2]},
        start="2016-01-01",
        frequency="daily",
    ),
    Awkward(
        "bars and spaces",
        "x.psv",
        table(" date | x ", [" 2016-01-01 |  1 ", " 2016-01-02 |  2 "]),
        values={"x": [1, 2]},
        start="2016-01-01",
        frequency="daily",
        said=("x.psv is read as bar-separated text in UTF-8.",),
    ),
    Awkward(
        "a delimiter that nobody expects",
        "x.txt",
        table("date~x", days(1, 2, sign="~")),
        {"delimiter": "~"},
        values={"x": [1, 2]},
        start="2016-01-01",
        frequency="daily",
        said=("x.txt is read as ~-separated text in UTF-8.",),
    ),
    Awkward(
        "a title and notes of several lines",
        "x.csv",
        b'"the\ndate",x,note\n2016-01-01,1,"a\nb"\n2016-01-02,2,"c, ""d"""\n',
        values={"x": [1, 2]},
        start="2016-01-01",
        frequency="daily",
    ),
    Awkward(
        "empty lines and lines of commas",
        "x.csv",
        b"\n\ndate,x\n2016-01-01,1\n,\n\n2016-01-02,2\n,\n\n",
        values={"x": [1, 2]},
        start="2016-01-01",
        frequency="daily",
        said=("2 empty lines left out.",),
    ),
    Awkward("nothing at all", "x.csv", b"", refusal="x.csv is empty; give a table with named columns"),
    Awkward("a header alone", "x.csv", b"date,x\n", refusal="x.csv has a header but no rows"),
    Awkward(
        "no header",
        "x.csv",
        table("2016-01-01,1", ["2016-01-02,2"]),
        refusal="x.csv begins with data ('2016-01-01') instead of a header",
    ),
    Awkward(
        "two columns of one name",
        "x.csv",
        table("date,x,x", ["2016-01-01,1,2"]),
        refusal="x.csv has two columns called 'x'; rename one of them",
    ),
    Awkward(
        "a line that is too long",
        "x.csv",
        table("date,x", ["2016-01-01,1", "2016-01-02,2,3"]),
        refusal="x.csv, line 3, has 3 fields, but the header has 2",
    ),
    Awkward(
        "decimal commas between commas",
        "x.csv",
        table("date,x", ["2016-01-01,1,5", "2016-01-02,2,5"]),
        refusal="x.csv, line 2, has 3 fields, but the header has 2",
    ),
    Awkward(
        "a quote that never ends",
        "x.csv",
        b'date,x\n2016-01-01,"1\n2016-01-02,2\n',
        refusal="x.csv, line 2, has a quote that is out of place",
    ),
    Awkward("a workbook", "x.csv", b"PK\x03\x04sheet", refusal="x.csv is an Excel workbook or a zip archive"),
    Awkward(
        "packed", "x.csv", gzip.compress(b"date,x\n"), refusal="x.csv is compressed with gzip; unpack it"
    ),
    Awkward("a web page", "x.csv", b"<!DOCTYPE html><table>", refusal="x.csv is a web page or XML"),
    Awkward("neither text nor table", "x.csv", bytes(range(256)), refusal="x.csv is not a text file"),
    Awkward(
        "JSON lines",
        "x.jsonl",
        jsonl({"date": "2016-01-01", "x": 1.5}, {"date": "2016-01-02", "x": 2}),
        values={"x": [1.5, 2]},
        start="2016-01-01",
        frequency="daily",
        said=("x.jsonl is read as JSON lines.",),
    ),
    Awkward(
        "JSON lines that are called CSV, with members left out",
        "x.csv",
        jsonl(
            {"t": "2016-01-01", "x": 1},
            {"x": None, "t": "2016-01-02"},
            {"t": "2016-01-03"},
            {"t": "2016-01-04", "x": 4},
        ),
        values={"x": [1, 2, 3, 4]},
        start="2016-01-01",
        frequency="daily",
        said=("2 missing values of x are filled by straight lines between the neighbours.",),
    ),
    Awkward(
        "an array of objects, with numbers as texts",
        "x.json",
        json.dumps(
            [{"date": "01.02.2016", "x": "1,5"}, {"date": "02.02.2016", "x": "2,5"}], indent=2
        ).encode(),
        values={"x": [1.5, 2.5]},
        start="2016-02-01",
        frequency="daily",
        said=("x.json is read as a JSON array of objects.", "The decimal mark of x is a comma."),
    ),
    Awkward(
        "nested JSON",
        "x.jsonl",
        jsonl({"x": 1}, {"x": {"mean": 2}}),
        refusal="x.jsonl, line 2, has an object in 'x'; give plain values",
    ),
    Awkward(
        "JSON of mixed kinds",
        "x.jsonl",
        jsonl({"x": 1}, {"x": "2"}),
        refusal="x.jsonl mixes kinds in 'x': a number in line 1, a text in line 2",
    ),
    Awkward("half an object", "x.jsonl", b'{"x": 1}\n{"x":', refusal="x.jsonl, line 2, is no JSON object"),
    Awkward(
        "columns in one object",
        "x.json",
        b'{"date": ["2016-01-01"], "x": [1]}',
        refusal="x.json, line 1, has an array in 'date'",
    ),
    Awkward(
        "CSV that is called JSON", "x.json", b"x\n1\n", refusal="x.json is called JSON but begins with 'x'"
    ),
    Awkward(
        "Parquet with words, holes and truths",
        "x.parquet",
        parquet(
            t=[datetime.date(2016, 1, day) for day in (1, 2, 3)],
            w=pl.Series(["a", "b", "a"]).cast(pl.Categorical),
            x=[1.0, None, 3.0],
            b=[True, False, True],
        ),
        targets=("x",),
        inputs=("b",),
        values={"x": [1, 2, 3], "b": [1, 0, 1]},
        start="2016-01-01",
        frequency="daily",
    ),
    Awkward(
        "half of a Parquet file", "x.parquet", parquet(x=[1, 2, 3])[:-20], refusal="x.parquet is damaged"
    ),
    Awkward(
        "CSV that is called Parquet",
        "x.parquet",
        b"x\n1\n",
        refusal="x.parquet is called Parquet but is none",
    ),
    Awkward(
        "lists in Parquet",
        "x.parquet",
        parquet(x=[[1], [2]]),
        refusal="'x' of x.parquet is not a column of numbers",
    ),
)
