"""Time zones and clocks that change."""

import datetime
import zoneinfo

from .awkward import Awkward, aware, clocks, naive, parquet, table

BERLIN = "Europe/Berlin"
AUTUMN = clocks("2016-10-29T22:00", BERLIN, 60, 6)
SPRING = clocks("2016-03-26T23:00", BERLIN, 60, 5)
DAYLIGHT = [datetime.datetime(2016, 10, day, tzinfo=zoneinfo.ZoneInfo(BERLIN)) for day in (28, 29, 30, 31)]
OCTOBER = [datetime.datetime(2016, 10, day, tzinfo=zoneinfo.ZoneInfo(BERLIN)) for day in range(1, 32)]

ZONES = (
    Awkward(
        "offsets that change in autumn",
        "x.csv",
        table("t,x", aware(AUTUMN)),
        values={"x": [0, 1, 2.5, 4, 5]},
        start="2016-10-30 00:00",
        frequency="hourly",
        said=(
            "The offsets of the times are those of Europe/Berlin.",
            "Rows follow the clocks of Europe/Berlin.",
            "1 time that the clocks of Europe/Berlin show twice is averaged: 2016-10-30 02:00.",
        ),
    ),
    Awkward(
        "… shown in their zone",
        "x.csv",
        table("t,x", aware(AUTUMN)),
        {"time_zone": BERLIN},
        values={"x": [0, 1, 2.5, 4, 5]},
        start="2016-10-30 00:00",
        frequency="hourly",
        said=("Rows follow the clocks of Europe/Berlin.",),
    ),
    Awkward(
        "midnights with changing offsets",
        "x.csv",
        table("t,x", aware(DAYLIGHT)),
        values={"x": [0, 1, 2, 3]},
        start="2016-10-28",
        frequency="daily",
    ),
    Awkward(
        "midnights of a zone in UTC",
        "x.csv",
        table("t,x", aware(moment.astimezone(datetime.UTC) for moment in OCTOBER)),
        values={"x": list(range(31))},
        start="2016-10-01",
        frequency="daily",
        said=("Times are midnights of Europe/Berlin, written in UTC, and are shown on its clocks.",),
    ),
    Awkward(
        "a few midnights of a zone in UTC that nothing says",
        "x.csv",
        table("t,x", naive(moment.astimezone(datetime.UTC) for moment in DAYLIGHT)),
        refusal="set resample to merge rows into equal steps, or set time_column to none to number the rows, "
        "or set time_zone if clocks change",
    ),
    Awkward(
        "… of which the user gives the zone",
        "x.csv",
        table("t,x", naive(moment.astimezone(datetime.UTC) for moment in DAYLIGHT)),
        {"time_zone": BERLIN},
        values={"x": [0, 1, 2, 3]},
        start="2016-10-28",
        frequency="daily",
    ),
    Awkward(
        "… of which the user names the zone",
        "x.csv",
        table("t,x", aware(moment.astimezone(datetime.UTC) for moment in DAYLIGHT)),
        {"time_zone": BERLIN},
        values={"x": [0, 1, 2, 3]},
        start="2016-10-28",
        frequency="daily",
    ),
    Awkward(
        "clocks that show an hour twice",
        "x.csv",
        table("t,x", naive(AUTUMN)),
        refusal="'t' has 2016-10-30 02:00 twice, in line 4 and line 5; keep one row",
    ),
    Awkward(
        "… of which the user names the zone",
        "x.csv",
        table("t,x", naive(AUTUMN)),
        {"time_zone": BERLIN, "missing": "refuse"},
        values={"x": [0, 1, 2.5, 4, 5]},
        start="2016-10-30 00:00",
        frequency="hourly",
        said=("2 rows in hours that the clocks of Europe/Berlin show twice are told apart by their order.",),
    ),
    Awkward(
        "… newest first",
        "x.csv",
        table("t,x", naive(AUTUMN)[::-1]),
        {"time_zone": BERLIN},
        values={"x": [0, 1, 2.5, 4, 5]},
        start="2016-10-30 00:00",
        frequency="hourly",
    ),
    Awkward(
        "clocks that leave an hour out",
        "x.csv",
        table("t,x", naive(SPRING)),
        {"time_zone": BERLIN, "missing": "refuse"},
        values={"x": [0, 1, 1, 2, 3, 4]},
        start="2016-03-27 00:00",
        frequency="hourly",
        said=("1 time that the clocks of Europe/Berlin skip has no value: 2016-03-27 02:00.",),
    ),
    Awkward(
        "a time that clocks leave out",
        "x.csv",
        table("t,x", [f"2016-03-27 0{hour}:00,{hour}" for hour in range(5)]),
        {"time_zone": BERLIN},
        refusal="Column 't' has 2016-03-27 02:00 in line 4, a time that the clocks of Europe/Berlin skip",
    ),
    Awkward(
        "a zone in Parquet",
        "x.parquet",
        parquet(t=AUTUMN, x=[0, 1, 2, 3, 4, 5]),
        {"time_zone": "America/New_York"},
        values={"x": [0, 1, 2, 3, 4, 5]},
        start="2016-10-29 18:00",
        frequency="hourly",
        said=("Rows follow the clocks of America/New_York.",),
    ),
    Awkward(
        "an offset in some rows",
        "x.csv",
        table("t,x", ["2016-01-01 10:00Z,1", "2016-01-01 11:00,2"]),
        refusal="'t' of x.csv contains times, but '2016-01-01 11:00' in line 3 is not one",
    ),
    Awkward(
        "quarter hours with offsets that change in spring",
        "x.csv",
        table("t,x", aware(clocks("2016-03-27T00:30", BERLIN, 15, 6))),
        values={"x": [0, 1, *[1] * 4, 2, 3, 4, 5]},
        start="2016-03-27 01:30",
        frequency="every 15 minutes",
        said=(
            "4 times that the clocks of Europe/Berlin skip have no values: 2016-03-27 02:00 to "
            "2016-03-27 02:45.",
        ),
    ),
    Awkward(
        "offsets that no zone has",
        "x.csv",
        b"t,x\n2016-01-01 00:00+01:00,1\n2016-01-01 02:00+02:00,2\n2016-01-01 02:00+01:00,3\n",
        values={"x": [1, 2, 3]},
        start="2015-12-31 23:00",
        frequency="hourly",
        said=("Times are shown in UTC.",),
    ),
    Awkward(
        "three hours of UTC, which are no equal steps of the clocks",
        "x.csv",
        table(
            "t,x",
            aware(moment.astimezone(datetime.UTC) for moment in clocks("2016-10-29T00:00", BERLIN, 180, 12)),
        ),
        {"time_zone": BERLIN},
        values={"x": list(range(12))},
        start="2016-10-29 01:00",
        frequency="every 3 hours",
        said=("Times are shown in UTC+01:00, the standard time of Europe/Berlin.",),
    ),
    Awkward(
        "six hours of the clocks, which are no equal steps of UTC",
        "x.csv",
        table(
            "t,x", [f"2016-10-{day} {hour:02}:00,{day}" for day in (29, 30, 31) for hour in (0, 6, 12, 18)]
        ),
        {"time_zone": BERLIN},
        values={"x": [29] * 4 + [30] * 4 + [31] * 4},
        start="2016-10-29 00:00",
        frequency="every 6 hours",
        said=("Rows follow the clocks of Europe/Berlin.",),
    ),
    Awkward(
        "clocks whose zone is found by the hour that is there twice",
        "x.csv",
        table("t,x", naive(clocks("2016-10-29T00:00", "Europe/London", 60, 40))),
        values={"x": [*range(24), 24.5, *range(26, 40)]},
        start="2016-10-29 01:00",
        frequency="hourly",
        said=(
            "Times are read from the clocks of Europe/London, because they repeat only in hours that these "
            "show twice.",
            "1 time that the clocks of Europe/London show twice is averaged: 2016-10-30 01:00.",
        ),
    ),
    Awkward(
        "… in America",
        "x.csv",
        table("t,x", naive(clocks("2016-11-05T20:00", "America/New_York", 30, 60))),
        values={"x": [*range(18), 19, 20, *range(22, 60)]},
        start="2016-11-05 16:00",
        frequency="every 30 minutes",
        said=("Rows follow the clocks of America/New_York.",),
    ),
    Awkward(
        "a zone without times",
        "x.csv",
        b"x\n1\n2\n",
        {"time_zone": BERLIN},
        refusal="time_zone is set to Europe/Berlin, but x.csv has no times; set time_column, or remove",
    ),
)
