"""Tables inside of something: compressed, in archives, in workbooks, in Arrow files."""

import bz2
import datetime
import gzip
import io
import lzma
import sqlite3
import zipfile

import polars as pl
import xlsxwriter
import zstandard

from .awkward import Awkward, days, table

TABLE = table("date,x", days(1, 2, 3, 4))
FEBRUARY = [datetime.date(2016, 2, day) for day in (1, 2, 3)]


def zipped(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def workbook(**sheets: list[list[object]]) -> bytes:
    """An Excel workbook; dates are cells with a date."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"default_date_format": "dd.mm.yyyy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return written.getvalue()


def arrow(compression: str) -> bytes:
    written = io.BytesIO()
    pl.DataFrame({"date": FEBRUARY, "x": [1.0, None, 3.0]}).write_ipc(written, compression=compression)
    return written.getvalue()


def database(**tables: list[tuple[object, ...]]) -> bytes:
    """An SQLite database; the first row of a table has its titles."""
    made = sqlite3.connect(":memory:")
    for name, (titles, *rows) in tables.items():
        made.execute(f"CREATE TABLE {name} ({', '.join(map(str, titles))})")
        made.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(titles))})", rows)
    made.commit()
    return made.serialize()


STORED = [("Day", "Units"), *((str(day), units) for day, units in zip(FEBRUARY, (5, 6.5, 8), strict=True))]
SALES = [["Day", "Units"], *([day, units] for day, units in zip(FEBRUARY, (5, 6.5, 8), strict=True))]
IN_JANUARY = {"values": {"x": [1, 2, 3, 4]}, "start": "2016-01-01", "frequency": "daily"}
IN_FEBRUARY = {"values": {"Units": [5, 6.5, 8]}, "start": "2016-02-01", "frequency": "daily"}

CONTAINERS = (
    *(
        Awkward(name, name, packed, **IN_JANUARY, said=(f"{name} is unpacked with {by}.",))
        for name, packed, by in (
            ("x.csv.gz", gzip.compress(TABLE), "gzip"),
            ("X.TXT.BZ2", bz2.compress(TABLE), "bzip2"),
            ("x.csv.xz", lzma.compress(TABLE), "xz"),
            ("x.csv.zst", zstandard.compress(TABLE), "zstd"),
            ("no-ending", zstandard.compress(TABLE[:9]) + zstandard.compress(TABLE[9:]), "zstd"),
        )
    ),
    Awkward(
        "JSON lines in gzip",
        "x.jsonl.gz",
        gzip.compress(b'{"date": "2016-01-01", "x": 1}\n{"date": "2016-01-02", "x": 2}\n'),
        values={"x": [1, 2]},
        start="2016-01-01",
        frequency="daily",
        said=("x.jsonl.gz is read as JSON lines.",),
    ),
    Awkward(
        "a zip archive of one file, with what a Mac adds",
        "download.zip",
        zipped(
            {"data/": b"", "data/sales.csv": TABLE, "__MACOSX/data/._sales.csv": b"", "data/.DS_Store": b""}
        ),
        **IN_JANUARY,
        said=("download.zip is unpacked: sales.csv is the file in it.",),
    ),
    Awkward(
        "a zip archive of several files",
        "download.zip",
        zipped({"a.csv": TABLE, "b.csv": TABLE}),
        refusal="download.zip is a zip archive of 2 files (a.csv, b.csv); only one file can be read",
    ),
    Awkward("an empty zip archive", "x.zip", zipped({}), refusal="x.zip is a zip archive of 0 files"),
    Awkward(
        "a damaged zip archive",
        "x.zip",
        zipped({"a.csv": TABLE})[:60],
        refusal="x.zip is damaged",
    ),
    *(
        Awkward(
            f"half of a file packed with {by}",
            "x.csv.packed",
            packed[: len(packed) * 2 // 3],
            refusal=f"x.csv.packed is damaged and cannot be unpacked with {by} (",
        )
        for by, packed in (
            ("gzip", gzip.compress(TABLE)),
            ("bzip2", bz2.compress(TABLE)),
            ("xz", lzma.compress(TABLE)),
            ("zstd", zstandard.compress(TABLE)),
        )
    ),
    Awkward(
        "a workbook",
        "sales.xlsx",
        workbook(Sales=SALES),
        **IN_FEBRUARY,
        said=("sales.xlsx is read as a workbook; the sheet is Sales.",),
    ),
    Awkward(
        "a workbook with a title above the table, an empty sheet and a text for a missing number",
        "sales.xlsx",
        workbook(
            Sheet1=[],
            Report=[["Sales of our shop"], [], *SALES[:2], [FEBRUARY[1], "n/a"], SALES[3], [], [None, None]],
        ),
        **{**IN_FEBRUARY, "values": {"Units": [5, 5, 8]}},
        said=(
            "sales.xlsx is read as a workbook; the sheet is Report.",
            "Notes above the header in row 3 are skipped.",
        ),
    ),
    Awkward(
        "a workbook with several sheets",
        "sales.xlsx",
        workbook(North=SALES, South=SALES),
        refusal="sales.xlsx has several sheets: North, South; set sheet to one of them",
    ),
    Awkward(
        "a sheet by name",
        "sales.xlsx",
        workbook(North=[["Day", "Units"], [FEBRUARY[0], 1]], South=SALES),
        {"sheet": "South"},
        **IN_FEBRUARY,
    ),
    Awkward(
        "a sheet that is not there",
        "sales.xlsx",
        workbook(North=SALES, South=SALES),
        {"sheet": "Suth"},
        refusal="sales.xlsx has no sheet 'Suth'; did you mean South?",
    ),
    Awkward("a workbook without cells", "x.xlsx", workbook(A=[], B=[]), refusal="x.xlsx has no cells"),
    Awkward(
        "a damaged workbook",
        "x.xlsx",
        b"\xd0\xcf\x11\xe0" + bytes(600),
        refusal="x.xlsx is damaged or",
    ),
    Awkward(
        "the sheet of a text file",
        "x.csv",
        TABLE,
        {"sheet": "A"},
        refusal="sheet is set to A, but x.csv",
    ),
    *(
        Awkward(
            f"an Arrow file, {compression}",
            "x.feather",
            arrow(compression),
            values={"x": [1, 1, 3]},
            start="2016-02-01",
            frequency="daily",
            said=("x.feather is read as Arrow.",),
        )
        for compression in ("uncompressed", "zstd", "lz4")
    ),
    Awkward("a damaged Arrow file", "x.arrow", b"ARROW1\x00\x00", refusal="x.arrow is damaged"),
    Awkward(
        "an SQLite database",
        "shop.db",
        database(sales=STORED, empty=[("a",)]),
        **IN_FEBRUARY,
        said=("shop.db is read as an SQLite database.", "The table is sales."),
    ),
    Awkward(
        "… with two tables",
        "shop.db",
        database(sales=STORED, stock=STORED),
        refusal="shop.db has several tables: sales, stock; set sheet to one of them, or set query.",
    ),
    Awkward(
        "… of which the user names one",
        "shop.db",
        database(sales=STORED, stock=STORED),
        {"sheet": "stock"},
        **IN_FEBRUARY,
    ),
    Awkward(
        "… which the user asks",
        "shop.db",
        gzip.compress(database(sales=STORED)),
        {"query": "SELECT Day, Units * 2 AS twice FROM sales"},
        values={"twice": [10, 13, 16]},
        start="2016-02-01",
        frequency="daily",
    ),
    Awkward("a damaged SQLite database", "x.db", database(a=STORED)[:300], refusal="x.db is damaged"),
)
