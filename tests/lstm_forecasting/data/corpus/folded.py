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
    Awkward(
        "a series in each row, with dates as titles",
        "covid.csv",
        table(
            "Province,Country,Lat,1/22/20,1/23/20,1/24/20,1/25/20,1/26/20",
            [",Austria,47.5,1,2,3,4,5", ",Chad,15.4,6,7,,9,10"],
        ),
        {"series": ["Chad"]},
        values={"value": [6, 7, 7, 9, 10]},
        start="2020-01-22",
        frequency="daily",
        said=(
            "The titles 1/22/20 to 1/26/20 are times, so each row is a series; they are unfolded into one "
            "column, value.",
            "Columns beside the times are left out: Province, Lat.",
        ),
    ),
    Awkward(
        "… of years, newest first, and a total",
        "x.csv",
        table("Region,2020,2019,2018,2017,2016,Total", ["North,5,4,3,2,1,15", "South,9,8,7,6,5,35"]),
        {"series": ["North", "South"]},
        values={"North": [1, 2, 3, 4, 5], "South": [5, 6, 7, 8, 9]},
        start="2016",
        frequency="yearly",
    ),
    Awkward(
        "days in rows and years of delivery as titles",
        "x.csv",
        table("date,2021,2022,2023,2024,2025", [f"2020-01-{day:02},1,2,3,4,{day}" for day in range(1, 7)]),
        values={"2025": list(range(1, 7))},
        start="2020-01-01",
        frequency="daily",
    ),
    Awkward(
        "months by years",
        "x.csv",
        table(
            "Month,2018,2019,2020,2021,2022",
            [
                line(month, *(12 * year + place for year in range(5)))
                for place, month in enumerate(ENGLISH.split(","))
            ],
        ),
        values={"value": list(range(60))},
        start="2018-01",
        frequency="monthly",
        said=("The table has months by years and is unfolded into one column, value.",),
    ),
)
