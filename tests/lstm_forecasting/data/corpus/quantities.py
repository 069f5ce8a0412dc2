"""Quantities as devices write them: readings of meters, and units that change."""

from __future__ import annotations

from .awkward import Awkward, days, table

USED = [3.0 + step % 4 + 0.25 * (step % 3) for step in range(60)]
"""What is used from row to row."""
WEIGHTS = [80.0 + step % 5 * 0.5 + step % 3 * 0.25 for step in range(80)]


def meter(begins: float, wraps: float) -> list[float]:
    """Readings before each use, on a display that begins at 0 again."""
    readings, now = [], begins
    for used in USED:
        readings.append(now)
        now = (now + used) % wraps
    return readings


def reset(at: int) -> list[float]:
    """Readings of a meter that was set to 0 in a row."""
    readings, now = [], 500.0
    for step, used in enumerate(USED):
        now = 0.0 if step == at else now
        readings.append(now)
        now += used
    return readings


QUANTITIES = (
    Awkward(
        "a meter whose display wraps at 1000",
        "x.csv",
        table("date,kwh", days(*meter(900.0, 1000.0))),
        {"difference": "counter"},
        values={"kwh": USED[:-1]},
        start="2016-01-02",
        frequency="daily",
        said=(
            "kwh is a counter and is replaced by its changes from row to row, as requested; it begins at 0 "
            "again once.",
        ),
    ),
    Awkward(
        "a register of 16 bits that wraps",
        "x.csv",
        table("date,pulses", days(*meter(65500.0, 65536.0))),
        {"difference": "counter"},
        values={"pulses": USED[:-1]},
        start="2016-01-02",
        frequency="daily",
    ),
    Awkward(
        "a meter that was reset to 0",
        "x.csv",
        table("date,kwh", days(*reset(30))),
        {"difference": "counter", "missing": "refuse"},
        refusal="Column 'kwh' has no value at",
    ),
    Awkward(
        "a meter that never begins again",
        "x.csv",
        table("date,kwh", days(*meter(5.0, 1e9))),
        {"difference": "counter"},
        values={"kwh": USED[:-1]},
        start="2016-01-02",
        frequency="daily",
        said=("kwh is a counter and is replaced by its changes from row to row, as requested.",),
    ),
    Awkward(
        "no meter",
        "x.csv",
        table("date,price", days(*[5.5, 3.25, 4.0] * 20)),
        {"difference": "counter"},
        refusal="difference is set to counter, but price often falls; choose a column",
    ),
    Awkward(
        "kilograms, then pounds",
        "x.csv",
        table("date,weight", days(*WEIGHTS, *(2.20462 * one for one in WEIGHTS))),
        {"unit_change": "convert"},
        values={"weight": [2.20462 * one for one in (*WEIGHTS, *WEIGHTS)]},
        start="2016-01-01",
        frequency="daily",
        said=("The first 80 values of weight are multiplied by 2.20462, as requested.",),
    ),
    Awkward(
        "watt hours, then kilowatt hours",
        "x.csv",
        table("date,load", days(*(1000 * one for one in WEIGHTS), *WEIGHTS)),
        {"unit_change": "convert"},
        values={"load": [*WEIGHTS, *WEIGHTS]},
        start="2016-01-01",
        frequency="daily",
        said=("The first 80 values of load are multiplied by 0.001, as requested.",),
    ),
)
