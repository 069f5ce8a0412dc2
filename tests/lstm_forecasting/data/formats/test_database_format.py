"""Tables and queries of SQLite databases."""

import sqlite3
from pathlib import Path

import pytest

from lstm_forecasting.data.errors import SheetError
from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.data.reading import read_table
from lstm_forecasting.data.table import SeriesTable
from lstm_plugins.errors import InputError

SALES = (
    "CREATE TABLE sales (day TEXT, shop TEXT, units INTEGER, photo BLOB)",
    *(
        f"INSERT INTO sales VALUES ('2024-01-{day:02}', 'shop {shop}', {day * shop}, x'00ff')"
        for day in range(1, 15)
        for shop in (1, 2)
    ),
)
WEATHER = (
    'CREATE TABLE "weather ""here""" (day TEXT, degrees REAL)',
    *('INSERT INTO "weather ""here""" ' + f"VALUES ('2024-01-{day:02}', {day}.5)" for day in range(1, 15)),
)


def database(tmp_path: Path, *statements: str, ahead: bool = False) -> Path:
    path = tmp_path / "shop.db"
    connection = sqlite3.connect(path)
    if ahead:
        connection.execute("PRAGMA journal_mode=WAL")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path


def read(path: Path, **options: str) -> SeriesTable:
    return read_table(path, options=ReadOptions(**options))  # type: ignore[arg-type]


def test_the_only_table_with_rows_is_read(tmp_path: Path) -> None:
    table = read(database(tmp_path, "CREATE TABLE empty (a)", *WEATHER))
    assert table.columns == ("degrees",)
    assert table.values[:, 0].tolist() == [day + 0.5 for day in range(1, 15)]
    assert table.frequency.name == "daily"
    assert "shop.db is read as an SQLite database." in table.decisions
    assert table.reading.held["sheet"] == 'weather "here"'


def test_several_tables_are_named_and_one_can_be_chosen(tmp_path: Path) -> None:
    path = database(tmp_path, *SALES, *WEATHER)
    with pytest.raises(
        SheetError, match=r"several tables: sales, weather .* set sheet to one of them, or"
    ) as e:
        read(path)
    assert [(sheet.name, sheet.rows, sheet.first[:2]) for sheet in e.value.sheets] == [
        ("sales", 28, ("day", "shop")),
        ('weather "here"', 14, ("day", "degrees")),
    ]
    assert read(path, sheet='weather "here"').columns == ("degrees",)
    with pytest.raises(InputError, match="no table 'sale'; did you mean sales"):
        read(path, sheet="sale")


def test_a_query_may_join_and_add_up(tmp_path: Path) -> None:
    query = "SELECT day, sum(units) AS units FROM sales GROUP BY day ORDER BY day"
    table = read(database(tmp_path, *SALES, *WEATHER), query=query)
    assert table.values[:, 0].tolist() == [3.0 * day for day in range(1, 15)]
    assert "The rows are the result of the query." in table.decisions


def test_binary_columns_are_left_out(tmp_path: Path) -> None:
    table = read(database(tmp_path, *SALES), query="SELECT * FROM sales WHERE shop = 'shop 2'")
    assert "Column photo holds binary data and is left out." in table.decisions
    assert table.values[:, 0].tolist() == [2.0 * day for day in range(1, 15)]


def test_a_view_and_text_among_numbers(tmp_path: Path) -> None:
    statements = (
        "CREATE TABLE raw (day TEXT, x)",
        *(f"INSERT INTO raw VALUES ('2024-01-{day:02}', {day})" for day in range(1, 10)),
        "INSERT INTO raw VALUES ('2024-01-10', '10.5')",
        "CREATE VIEW doubled AS SELECT day, x FROM raw",
    )
    assert read(database(tmp_path, *statements), sheet="doubled").values[-1, 0] == 10.5


def test_a_database_that_writes_ahead(tmp_path: Path) -> None:
    table = read(database(tmp_path, *WEATHER, ahead=True))
    assert table.rows == 14
    assert "Changes that are still in a file beside it (-wal) are not read." in table.decisions


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT absent FROM sales", r"query: shop\.db cannot answer it \(no such column: absent\)"),
        ("SELECT 1; SELECT 2", "query: .* one statement at a time"),
        ("DELETE FROM sales", "query: it gives no table; use a SELECT"),
        ("SELECT * FROM sales WHERE 0", "no rows in the result of the query"),
    ],
)
def test_queries_that_give_no_table(tmp_path: Path, query: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(database(tmp_path, *SALES), query=query)


def test_a_query_opens_no_other_file(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with pytest.raises(InputError, match="not authorized"):
        read(database(tmp_path, *SALES), query=f"ATTACH '{other}' AS other")
    assert not other.exists()


def test_a_damaged_database(tmp_path: Path) -> None:
    path = database(tmp_path, *SALES)
    content = path.read_bytes()
    for damaged in (content[:20], content[:5000], content[:100] + b"\xff" * (len(content) - 100)):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match=r"shop\.db (is damaged|has no)"):
            read(path)


def test_options_of_databases_for_other_files(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("day,x\n2024-01-01,1\n2024-01-02,2\n")
    with pytest.raises(InputError, match=r"query is set, but x\.csv is not an SQLite database"):
        read(path, query="SELECT 1")
    with pytest.raises(InputError, match="sheet and query are both set"):
        read(database(tmp_path, *SALES), sheet="sales", query="SELECT 1")


def test_duckdb_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    path.write_bytes(b"\x01" * 8 + b"DUCK" + bytes(50))
    with pytest.raises(InputError, match=r"x\.duckdb is a DuckDB database; .* COPY \(SELECT"):
        read(path)
