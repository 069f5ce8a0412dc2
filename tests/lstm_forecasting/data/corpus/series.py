"""Several series in a file."""

from .awkward import Awkward, days, jsonl, table

LONG = table(
    "store,date,sales",
    [
        f"{store},2016-01-0{day},{10 * place + day}"
        for place, store in enumerate("abc")
        for day in range(1, 5 + place)
    ],
)

SERIES = (
    Awkward(
        "the standard titles of a long file",
        "x.csv",
        table("unique_id,ds,y,temp", ["A,2016-01-01,1,5", "A,2016-01-02,2,6", "B,2016-01-01,3,7"]),
        values={"y": [1, 2]},
        start="2016-01-01",
        frequency="daily",
        said=(
            "Column unique_id names 2 series: A, B.",
            "The series is A, the longest; set series to read another.",
            "The target is y, by the titles of the file.",
        ),
    ),
    Awkward(
        "shops below each other",
        "x.csv",
        LONG,
        values={"sales": [21, 22, 23, 24, 25, 26]},
        start="2016-01-01",
        frequency="daily",
        said=(
            "Column store names 3 series: a, b, c.",
            "The series is c, the longest; set series to read another.",
        ),
    ),
    Awkward(
        "a shop by its name",
        "x.csv",
        LONG,
        {"series": ["b"]},
        values={"sales": [11, 12, 13, 14, 15]},
        start="2016-01-01",
        frequency="daily",
        said=("The series is b.",),
    ),
    Awkward(
        "shops beside each other",
        "x.csv",
        LONG,
        {"series": ["c", "a"]},
        values={"c": [21, 22, 23, 24, 25, 26], "a": [1, 2, 3, 4, 4, 4]},
        start="2016-01-01",
        frequency="daily",
        said=(
            "2 missing values of a (33 %) are filled with the last observed value.",
            "The last 2 values of a are missing, so its forecast starts 2 rows after its last observed "
            "value.",
        ),
    ),
    Awkward(
        "all shops together",
        "x.csv",
        LONG,
        {"series_column": ["none"], "duplicates": "sum"},
        values={"sales": [33, 36, 39, 42, 40, 26]},
        start="2016-01-01",
        frequency="daily",
        said=("All rows are one series, as requested.",),
    ),
    Awkward(
        "a shop that is not there",
        "x.csv",
        LONG,
        {"series": ["d"]},
        refusal="x.csv has no series 'd'; it has a, b, c.",
    ),
    Awkward(
        "shops by number, sorted by date",
        "x.csv",
        table(
            "date,store_nbr,x",
            [f"2016-01-0{day},{store},{10 * store + day}" for day in (1, 2, 3) for store in (1, 2)],
        ),
        {"series": ["2"]},
        values={"x": [21, 22, 23]},
        start="2016-01-01",
        frequency="daily",
    ),
    Awkward(
        "long JSON",
        "x.jsonl",
        jsonl(
            *(
                {"unique_id": name, "ds": f"2016-0{month}-01", "y": month}
                for name in "AB"
                for month in (1, 2, 3)
            )
        ),
        {"series": ["A", "B"]},
        values={"A": [1, 2, 3], "B": [1, 2, 3]},
        start="2016-01",
        frequency="monthly",
    ),
    Awkward(
        "a row of no shop",
        "x.csv",
        table("unique_id,ds,y", ["A,2016-01-01,1", ",2016-01-02,2"]),
        refusal="x.csv has no series name in line 3 (unique_id); fill it in, remove the row",
    ),
    Awkward(
        "series where there are none",
        "x.csv",
        table("date,x", days(1, 2)),
        {"series": ["a"]},
        refusal="x.csv has no column that obviously names series; set series_column",
    ),
    Awkward(
        "a stock of which the volume stands last",
        "x.csv",
        table("date,close,volume", [f"2016-01-0{day},{day}.5,{1000 * day % 77}" for day in range(1, 8)]),
        values={"close": [day + 0.5 for day in range(1, 8)]},
        start="2016-01-01",
        frequency="daily",
        said=("The target is close, by its title; name another column to forecast it.",),
    ),
    Awkward(
        "a row number, a constant and a volume behind what is measured",
        "x.csv",
        table(
            "date,height,n,unit,Vol",
            [f"2016-01-0{day},{day * day},{day},7,{9 - day * day}" for day in range(1, 8)],
        ),
        values={"height": [day * day for day in range(1, 8)]},
        start="2016-01-01",
        frequency="daily",
        said=(
            "The target is height, the only numeric column (n, unit, Vol: row number, time, volume or "
            "constant); name another one to forecast it.",
        ),
    ),
    Awkward(
        "whole numbers as times, with a hole, in a long file",
        "x.csv",
        table(
            "unique_id,ds,y",
            [f"{name},{row},{row}" for name in "ab" for row in range(1, 21) if row not in (5, 6)],
        ),
        {"series": ["b"]},
        values={"y": [1, 2, 3, 4, 4, 4, *range(7, 21)]},
        said=(
            "Rows are numbered by column ds.",
            "The numbers go from 1 to 20 in steps of 1.",
            "2 rows are missing from the file and inserted: 5 to 6.",
        ),
    ),
    Awkward(
        "every fifth number, newest first",
        "x.csv",
        table("t,load", [f"{row},{row * row}" for row in range(50, 0, -5)]),
        values={"load": [row * row for row in range(5, 55, 5)]},
        said=("The rows are newest first and are reversed.", "The numbers go from 5 to 50 in steps of 5."),
    ),
    Awkward(
        "numbers of a column that the user names",
        "x.csv",
        table("visit,x", [f"{row},{row}" for row in (10, 12, 14, 18)]),
        {"time_column": "visit"},
        values={"x": [10, 12, 14, 14, 18]},
        said=("Rows are numbered by column visit.", "1 row is missing from the file and inserted: 16."),
    ),
    Awkward(
        "a number that is there twice",
        "x.csv",
        table("ds,x", ["1,1", "2,2", "2,3", "3,4"]),
        refusal="Column 'ds' has 2 twice, in line 3 and line 4",
    ),
    Awkward(
        "a step for whole numbers",
        "x.csv",
        table("ds,x", ["1,1", "2,2", "3,4"]),
        {"frequency": "daily"},
        refusal="frequency is set to daily, but x.csv has no times",
    ),
    Awkward(
        "series of which some are there twice",
        "x.csv",
        table(
            "item_id,timestamp,x",
            [
                *(f"{name},2016-01-0{day},{day}" for name in ("a", "b", "c") for day in range(1, 6)),
                *(f"c,2016-01-0{day},{day}" for day in range(1, 6)),
            ],
        ),
        values={"x": [1, 2, 3, 4, 5]},
        start="2016-01-01",
        frequency="daily",
        said=(
            "Column item_id names 3 series: a, b, c.",
            "1 of them has each time twice: c; set duplicates to read these.",
            "The series is a, the first of the longest; set series to read another.",
        ),
    ),
)
