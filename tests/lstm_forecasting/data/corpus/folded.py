"""Tables folded into two directions."""

from .awkward import Awkward, table

ENGLISH = "Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec"
GERMAN = "Januar;Februar;März;April;Mai;Juni;Juli;August;September;Oktober;November;Dezember"
HOURS = range(24)


def line(*parts: object, sign: str = ",") -> str:
    return sign.join(map(str, parts))


FOLDED = (
    Awkward(
        "years by months, of which the last is not over",
        "x.csv",
        table(f"Year,{ENGLISH}", [line(2015, *range(12)), line(2016, *range(12, 18), *[""] * 6)]),
        values={"value": list(range(18))},
        start="2015-01",
        frequency="monthly",
        said=("The table has years by months and is unfolded into one column, value.",),
    ),
    Awkward(
        "German years by months with decimal commas, newest first, and a total",
        "x.csv",
        table(
            f"Jahr;{GERMAN};Summe",
            [
                line(year, *(f"{12 * (year - 2015) + month},5" for month in range(12)), 0, sign=";")
                for year in (2017, 2016, 2015)
            ],
        ),
        values={"value": [number + 0.5 for number in range(36)]},
        start="2015-01",
        frequency="monthly",
        said=("Columns beside the months are left out: Summe.",),
    ),
    Awkward(
        "dates by hours",
        "x.csv",
        table(
            line("date", *(f"H{hour}" for hour in HOURS)),
            [line(f"2016-01-{day:02}", *(24 * day + hour for hour in HOURS)) for day in (1, 2)],
        ),
        values={"value": list(range(24, 72))},
        start="2016-01-01 00:00",
        frequency="hourly",
        said=("The table has days by hours and is unfolded into one column, value.",),
    ),
    Awkward(
        "dates by hours from 1 to 24, with a hole",
        "x.csv",
        table(
            line("Date", *(f"Hour {hour + 1}" for hour in HOURS)),
            [line(f"{day}.1.2016", *("" if hour == 5 else hour for hour in HOURS)) for day in (1, 2, 3)],
        ),
        {"missing": "carry"},
        values={"value": [4 if hour == 5 else hour for hour in HOURS] * 3},
        start="2016-01-01 01:00",
        frequency="hourly",
    ),
    Awkward(
        "weeks by days",
        "x.csv",
        table("Week,Mon,Tue,Wed,Thu,Fri,Sat,Sun", ["2016-W01,1,2,3,4,5,6,7", "2016-W02,8,9,10,11,12,13,14"]),
        values={"value": list(range(1, 15))},
        start="2016-01-04",
        frequency="daily",
        said=("The table has weeks by days and is unfolded into one column, value.",),
    ),
    Awkward(
        "stations with years by months",
        "x.csv",
        table(
            f"station,year,{ENGLISH}",
            [line(name, 2015 + year, *range(12)) for name in ("north", "south") for year in (0, 1)],
        ),
        {"series": ["south"]},
        targets=("value",),
        values={"value": list(range(12)) * 2},
        start="2015-01",
        frequency="monthly",
        said=("The series is south.",),
    ),
    Awkward(
        "months that are columns of something else",
        "x.csv",
        table(f"day,{ENGLISH}", [line(f"2016-01-0{day}", *range(day, day + 12)) for day in (1, 2, 3)]),
        targets=("Jan",),
        values={"Jan": [1, 2, 3]},
        start="2016-01-01",
        frequency="daily",
    ),
)
