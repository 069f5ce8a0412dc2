"""Frequencies, gaps, order and duplicates."""

import datetime

from .awkward import Awkward, days, table

NEW_YEAR = datetime.datetime(2024, 1, 1)

CALENDARS = (
    Awkward(
        "ten times a second",
        "x.csv",
        table("t,x", [f"2016-01-01 00:00:00.{tenth},{tenth}" for tenth in range(4)]),
        values={"x": [0, 1, 2, 3]},
        start="2016-01-01 00:00:00.000000",
        frequency="every 0.1 seconds",
    ),
    Awkward(
        "every quarter of an hour, with one missing",
        "x.csv",
        table("t,x", [f"2016-01-01 00:{minute},{minute}" for minute in ("00", "15", "45")]),
        {"frequency": "15min"},
        values={"x": [0, 15, 30, 45]},
        start="2016-01-01 00:00",
        frequency="every 15 minutes",
        said=("1 row is missing from the file and inserted.",),
    ),
    Awkward(
        "Sundays",
        "x.csv",
        table("week,x", ["2016-01-03,1", "2016-01-10,2", "2016-01-24,4"]),
        values={"x": [1, 2, 3, 4]},
        start="2016-01-03",
        frequency="weekly",
    ),
    Awkward(
        "ISO weeks over a new year",
        "x.csv",
        table("week,x", ["2015-W52,1", "2015-W53,2", "2016-W01,3"]),
        values={"x": [1, 2, 3]},
        start="2015-12-21",
        frequency="weekly",
    ),
    Awkward(
        "business days with a holiday",
        "x.csv",
        table("date,x", [f"2016-12-{day},{day}" for day in (19, 20, 21, 22, 23, 27, 28, 29, 30)]),
        values={"x": [19, 20, 21, 22, 23, 25, 27, 28, 29, 30]},
        start="2016-12-19",
        frequency="business-daily",
        said=("1 row is missing from the file and inserted.",),
    ),
    Awkward(
        "business days that are to be days",
        "x.csv",
        table("date,x", ["2016-07-01,1", "2016-07-04,4", "2016-07-05,5"]),
        {"frequency": "daily"},
        values={"x": [1, 2, 3, 4, 5]},
        start="2016-07-01",
        frequency="daily",
        said=("2 rows are missing from the file and inserted.",),
    ),
    Awkward(
        "a weekend among business days",
        "x.csv",
        table("date,x", ["2016-07-01,1", "2016-07-02,4", "2016-07-04,5"]),
        {"frequency": "business days"},
        refusal="'date' is not business-daily as requested: 2016-07-02 in line 3 is not on that calendar",
    ),
    Awkward(
        "month ends with a leap day",
        "x.csv",
        table("date,x", ["2015-12-31,1", "2016-01-31,2", "2016-02-29,3", "2016-04-30,5"]),
        values={"x": [1, 2, 3, 4, 5]},
        start="2015-12-31",
        frequency="monthly (month ends)",
    ),
    Awkward(
        "last business days",
        "x.csv",
        table("date,x", ["2016-01-29,1", "2016-02-29,2", "2016-03-31,3", "2016-04-29,4", "2016-05-31,5"]),
        values={"x": [1, 2, 3, 4, 5]},
        start="2016-01-29",
        frequency="monthly (last business days)",
    ),
    Awkward(
        "two month ends far apart",
        "x.csv",
        table("date,x", ["2016-01-31,1", "2016-04-30,4"]),
        {"frequency": "monthly"},
        values={"x": [1, 2, 3, 4]},
        start="2016-01-31",
        frequency="monthly (month ends)",
    ),
    Awkward(
        "quarters",
        "x.csv",
        table("quarter,x", ["1959Q3,1", "1959Q4,2", "1960Q1,3"]),
        values={"x": [1, 2, 3]},
        start="1959Q3",
        frequency="quarterly",
    ),
    Awkward(
        "years as numbers",
        "x.csv",
        table("year,x", ["1700,1", "1701,2", "1703,4"]),
        values={"x": [1, 2, 3, 4]},
        start="1700",
        frequency="yearly",
    ),
    Awkward(
        "years that are no times",
        "x.csv",
        table("year,x", ["1700,1", "1701,2", "1703,4"]),
        {"time_column": "none"},
        values={"x": [1, 2, 4]},
        said=("Rows are numbered, as requested.",),
    ),
    Awkward(
        "newest first",
        "x.csv",
        table("date,x", days(1, 2, 3)[::-1]),
        values={"x": [1, 2, 3]},
        start="2016-01-01",
        frequency="daily",
        said=("The rows are newest first and are reversed.",),
    ),
    Awkward(
        "rows out of order",
        "x.csv",
        table("date,x", [days(1, 2, 3, 4)[place] for place in (0, 2, 1, 3)]),
        values={"x": [1, 2, 3, 4]},
        start="2016-01-01",
        frequency="daily",
        said=("1 row is earlier than the row above; rows are sorted by date.",),
    ),
    Awkward(
        "a time twice",
        "x.csv",
        table("date,x", [*days(1, 2, 3), "2016-01-02,4"]),
        refusal="Column 'date' has 2016-01-02 twice, in line 3 and line 5; keep one row for each time",
    ),
    *(
        Awkward(
            f"a time twice, of which the {policy} counts",
            "x.csv",
            table("date,x", [*days(1, 2, 3), "2016-01-02,4"]),
            {"duplicates": policy},
            values={"x": [1, value, 3]},
            start="2016-01-01",
            frequency="daily",
            said=(f"1 time occurs in several rows; the {policy} of their values is used.",),
        )
        for policy, value in (
            ("first", 2),
            ("last", 4),
            ("mean", 3),
            ("sum", 6),
        )
    ),
    Awkward(
        "a time that is not on the calendar",
        "x.csv",
        table("date,x", [*days(1, 2, 3), "2016-01-03 12:00,4"]),
        refusal="'date' is not equally spaced: 2016-01-03 12:00 in line 5 comes 12 hours after",
    ),
    Awkward(
        "a calendar with more holes than rows",
        "x.csv",
        table("date,x", ["2016-01-01,1", "2016-01-02,2", "2016-01-20,20"]),
        refusal="covers only 15 % of the times of its calendar (daily from 2016-01-01 to 2016-01-20)",
    ),
    Awkward(
        "… that is meant so",
        "x.csv",
        table("date,x", ["2016-01-01,1", "2016-01-02,2", "2016-01-20,20"]),
        {"frequency": "daily"},
        values={"x": [float(day) for day in range(1, 21)]},
        start="2016-01-01",
        frequency="daily",
        said=("17 rows are missing from the file and inserted.",),
    ),
    Awkward(
        "a single time",
        "x.csv",
        table("date,x", days(1)),
        refusal="Column 'date' has a single time, 2016-01-01, which does not show the step",
    ),
    Awkward(
        "a slip in a year",
        "x.csv",
        table("t,x", ["1016-01-01 00:00,1", "2016-01-01 00:01,2"]),
        {"frequency": "minutely"},
        refusal="rows at frequency minutely, but the file has 2; set a longer frequency",
    ),
    Awkward(
        "a logger that is some seconds early or late",
        "x.csv",
        table("time,x", [f"2024-01-01 0{row // 6}:{row % 6}0:0{row % 4},{row}" for row in range(12)]),
        values={"x": list(range(12))},
        start="2024-01-01 00:00",
        frequency="every 10 minutes",
    ),
    Awkward(
        "hours that are a minute early or late, with holes",
        "x.csv",
        table(
            "time,x",
            [
                f"{NEW_YEAR + datetime.timedelta(hours=row, seconds=(-80, 30, 75)[row % 3])},{row}"
                for row in range(24)
                if row % 5 != 4
            ],
        ),
        {"missing": "refuse"},
        refusal="Column 'x' has no value at 2024-01-01 04:00",
    ),
    Awkward(
        "a wobble of which the user gives the step",
        "x.csv",
        table("time,x", ["2024-01-01 00:02,1", "2024-01-01 00:55,2", "2024-01-01 02:01,3"]),
        {"frequency": "hourly"},
        values={"x": [1, 2, 3]},
        start="2024-01-01 00:00",
        frequency="hourly",
        said=(
            "Times are snapped to steps of 1 hour, as requested: 3 times moved, by at most 5 minutes "
            "(2024-01-01 00:55 in line 3).",
        ),
    ),
    Awkward(
        "two rows that fall on one step",
        "x.csv",
        table("time,x", ["2024-01-01 00:02,1", "2024-01-01 00:05,2", "2024-01-01 02:01,3"]),
        {"frequency": "hourly"},
        refusal="Column 'time' has 2024-01-01 twice, in line 2 and line 3",
    ),
)
