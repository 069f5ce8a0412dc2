"""What people write around a table: comments, titles, units, totals, notes, and words among numbers."""

from .awkward import Awkward, days, table

ROWS = days(1, 2, 3, 4, 5, 6)
SIX = {"values": {"x": [1, 2, 3, 4, 5, 6]}, "start": "2016-01-01", "frequency": "daily"}
SEMICOLONS = [f"{row};0" for row in days(1, 2, 3, 4, 5, 6, sign=";")]
RIDES = [f"2016-01-01 {n // 3:02}:{n * 19 % 60:02}:{n * 7 % 60:02},{n}" for n in range(60)]

SURROUNDINGS = (
    Awkward(
        "comments above the header",
        "x.csv",
        b"# station 4711; level in cm\n# made by hand\n" + table("date,x", ROWS),
        **SIX,
        said=("2 lines of comments above the table are skipped.",),
    ),
    Awkward(
        "… of which the last is the header",
        "x.txt",
        b"// logger 7\n" + table("#date\tx", days(1, 2, 3, 4, 5, 6, sign="\t")),
        **SIX,
        said=("2 lines of comments above the table are skipped.",),
    ),
    Awkward(
        "a title above the header",
        "x.csv",
        b"Rainfall at station X\n\n" + table("date,x,y", [f"{row},0" for row in ROWS]),
        targets=("x",),
        **SIX,
        said=("Notes above the header in line 3 are skipped.",),
    ),
    Awkward(
        "titles with a date and semicolons",
        "x.csv",
        b"Umsatz;2016\nerstellt am;3.1.2017\n"
        + table("Datum;x;y", [f"{row};0" for row in days(*range(1, 7), sign=";")]),
        targets=("x",),
        **SIX,
        said=("Notes above the header in line 3 are skipped.",),
    ),
    Awkward(
        "notes below the table",
        "x.csv",
        table("date,x", ROWS) + b"\nSource: a ministry\nRevised in May\n",
        **SIX,
        said=("2 lines of notes below the table are skipped.",),
    ),
    Awkward(
        "a note in a line of delimiters",
        "x.csv",
        table("date;x;y", SEMICOLONS) + b";;\nQuelle: Amt\n",
        targets=("x",),
        **SIX,
        said=("1 line of notes below the table is skipped.",),
    ),
    Awkward(
        "a total",
        "x.csv",
        table("date,x", [*ROWS, "Total,21"]),
        **SIX,
        said=("1 line of totals at the end ('Total') is skipped.",),
    ),
    Awkward(
        "a sum and a mean in German",
        "x.csv",
        table("Datum;x", [*days(*range(1, 7), sign=";"), "Summe:;21", "Mittelwert;3,5"]),
        **SIX,
        said=("2 lines of totals at the end ('Summe:') are skipped.",),
    ),
    Awkward(
        "units below the titles",
        "x.csv",
        table("time,x,y", ["(s),(mV),(mA)", *(f"{number},{number}.5,1" for number in range(5))]),
        targets=("x",),
        values={"x": [0.5, 1.5, 2.5, 3.5, 4.5]},
        start="",
        said=("The units in line 2 are skipped.",),
    ),
    Awkward(
        "units without brackets",
        "x.csv",
        table("date,x", [",W/m²", *ROWS]),
        **SIX,
        said=("The units in line 2 are skipped.",),
    ),
    Awkward(
        "a word that stands for missing values",
        "x.csv",
        table("date,x", days(*[*range(20), "M", "M", 22, "M", 24])),
        values={"x": [*range(20), 19, 19, 22, 22, 24]},
        start="2016-01-01",
        frequency="daily",
        said=("3 values of x are 'M' and count as missing.",),
    ),
    Awkward(
        "… once, which the user names",
        "x.csv",
        table("date,x", days(*[*range(5), "broken", 6])),
        {"missing_mark": ["broken"]},
        values={"x": [0, 1, 2, 3, 4, 4, 6]},
        start="2016-01-01",
        frequency="daily",
        said=("1 value of x is 'broken' and counts as missing.",),
    ),
    Awkward(
        "… once, which nothing says",
        "x.csv",
        table("date,x", days(*[*range(5), "broken", 6])),
        refusal="line 7 has 'broken'; correct it, choose another column, or set missing_mark if",
    ),
    Awkward(
        "months by name in a column of their own",
        "x.csv",
        table("Year,Month,Day,x", [f"2016,{month},1,{x}" for x, month in enumerate(("Jan", "Feb", "March"))]),
        values={"x": [0, 1, 2]},
        start="2016-01",
        frequency="monthly",
        said=("Times are taken from columns Year, Month, Day.",),
    ),
    Awkward(
        "events at any time",
        "rides.csv",
        table("at,minutes", [*RIDES, "2016-01-01 19:41:53,9"]),
        refusal="the times are not equally spaced: if the rows are events, set resample to a step such as 1h",
    ),
    Awkward(
        "… of which the number is counted",
        "rides.csv",
        table("at,minutes", ["2016-01-01 00:10:00,5", "2016-01-01 00:40:00,7", "2016-01-01 03:05:09,4"]),
        {"resample": "1h", "aggregate": "count"},
        values={"minutes": [2, 0, 0, 1]},
        start="2016-01-01 00:00",
        frequency="hourly",
        said=("Steps without rows have the number 0.",),
    ),
    Awkward(
        "payments, several a day and none on others",
        "bank.csv",
        table(
            "day;amount", ["01.01.16;-5,5", "01.01.16;2", "02.01.16;1", "05.01.16;-3", "05.01.16;-4"], "\r\n"
        ),
        {"resample": "1d", "aggregate": "sum"},
        values={"amount": [-3.5, 1, 0, 0, -7]},
        start="2016-01-01",
        frequency="daily",
        said=("Steps without rows have the sum 0.",),
    ),
    Awkward(
        "orders late in the evening, in summer and in winter",
        "orders.csv",
        table(
            "Created at,total",
            [
                "2016-07-01 23:50:00 -0400,1",
                "2016-07-02 00:10:00 -0400,2",
                *[
                    f"2016-{month:02}-15 12:00:0{month % 10} -0{4 if month < 11 else 5}00,0"
                    for month in range(8, 13)
                ],
                "2016-12-16 23:50:00 -0500,4",
                "2016-12-17 00:10:00 -0500,8",
            ],
        ),
        {"resample": "1d", "aggregate": "sum"},
        values={"total": [1, 2, *[0] * 166, 4, 8]},
        start="2016-07-01",
        frequency="daily",
        said=("Days begin at midnight in America/New_York.",),
    ),
)
