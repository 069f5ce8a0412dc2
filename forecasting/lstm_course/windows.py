"""Chapter 2: how a series becomes examples to learn from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lstm_course.course import Change, Chapter, Page, Question, Step, Values
from lstm_course.figures import Cell, Equation, Equations, Table, decimal, number, word
from lstm_course.network import course_config, course_network, starts
from lstm_course.series import DAYS, TRAINING_DAYS, UNIT, day_name, day_names, in_glasses
from lstm_plugins.forecaster import Forecaster

_WINDOW = Change("window", "which window", 1, 1, 8)
_LOOK_BACK = Change("look_back", "days that a window sees", 3, 1, 10)
_HORIZON = Change("horizon", "days that it is to tell", 1, 1, 5)
_TRAINING_DAYS = Change("training_days", "days that training sees", TRAINING_DAYS, 4, 10)


def _network(values: Values) -> Forecaster:
    chosen = {name: int(values[name]) for name in ("look_back", "horizon") if name in values}
    return course_network(course_config(**chosen))


def _show_one(values: Values) -> Iterator[Page]:
    network, first = _network(values), int(values["window"]) - 1
    inputs, targets = _days_of(network, first)
    quiet = tuple(word(decimal(glasses, 0), "quiet") for glasses in DAYS)
    glasses = _cells(network, first, quiet)
    yield Page(
        text=(
            "An LSTM learns from examples, and a series is one long row. A *window* cuts an example out of "
            f"it: some days to see, and what came next. Window {first + 1} sees {day_names(inputs)} and is "
            f"to tell {day_names(targets)}: {_in_words(glasses, inputs)} → {_in_words(glasses, targets)}.",
            "How many days it sees is called *look_back*, here 3. How many it is to tell is called "
            "*horizon*, here 1. Move the window on.",
        ),
        figures=(
            Table(
                f"Window {first + 1}, days 1 to {len(DAYS)}",
                ("day", *(str(day + 1) for day in range(len(DAYS)))),
                ((word(UNIT), *glasses),),
            ),
        ),
        facts={"first_day": inputs[0] + 1.0, "target": float(glasses[targets[0]].value or 0.0)},
    )


def _show_all(values: Values) -> Iterator[Page]:
    network = _network(values)
    config, days = network.config, len(DAYS)
    found = network.window_starts(((0, days),), 1)
    count = len(found)
    sliding = (
        f"Each window begins one day after the one before. With look_back {config.look_back} and horizon "
        f"{config.horizon} the {days} days give {_windows(count)}."
    )
    needed = config.look_back + config.horizon
    reason = (
        f"The last one is full when its target is {day_name(days - 1)}."
        if count
        else f"A window needs {needed} days in a row, and there are {days}."
    )
    yield Page(
        text=(
            f"{sliding} {reason}",
            "The longer a window, the more it sees and the fewer there are. A day stands in several windows; "
            "it is kept in memory once, and a window is only the number of its first day.",
        ),
        figures=(
            Equations(
                "How many",
                (
                    Equation(
                        "windows",
                        "days − look_back − horizon + 1",
                        f"{days} − {config.look_back} − {config.horizon} + 1",
                        number(count, 0, "strong"),
                    ),
                ),
            ),
            _staircase(network, found, "All windows"),
        ),
        facts={"windows": float(count)},
    )


def _show_parts(values: Values) -> Iterator[Page]:
    network, cut = _network(values), int(values["training_days"])
    days = len(DAYS)
    everywhere = network.window_starts(((0, days),), 1)
    training = network.window_starts(((0, cut),), 1)
    test = network.window_starts(((cut, days),), 1)
    new = test[test >= cut]
    parts = {**dict.fromkeys(training.tolist(), "training"), **dict.fromkeys(test.tolist(), "test")}
    rest = len(everywhere) - len(training) - len(test)
    lost = f" {_windows(rest).capitalize()} with targets on both sides belong to neither." if rest else ""
    yield Page(
        text=(
            "What was learnt by heart proves nothing. So the days are cut once, in their order: training "
            f"sees the first {cut}, and the others are kept for the *test*. A window belongs to the part "
            f"that holds all of its targets: {_windows(len(training))} for training, {len(test)} for the "
            f"test.{lost}",
            "A test window may look back into the days before, as a forecaster would. "
            f"{_windows(len(new)).capitalize()} of the test {'sees' if len(new) == 1 else 'see'} new days "
            "only.",
        ),
        figures=(_staircase(network, everywhere, "Training and test", parts),),
        facts={"training": float(len(training)), "test": float(len(test)), "new": float(len(new))},
    )


def _staircase(
    network: Forecaster, found: NDArray[np.int64], title: str, parts: dict[int, str] | None = None
) -> Table:
    """A row for every window, a column for every day."""
    empty = tuple(word("") for _ in DAYS)
    rows = []
    for first in found.tolist():
        part = () if parts is None else (word(parts.get(first, "neither"), "quiet"),)
        rows.append((word(str(first + 1)), *_cells(network, first, empty), *part))
    head = ("window", *(str(day + 1) for day in range(len(DAYS))), *(() if parts is None else ("part",)))
    return Table(f"{title}: days 1 to {len(DAYS)}, {UNIT} seen → told", head, tuple(rows))


def _cells(network: Forecaster, first: int, around: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """A cell for every day: in the window that begins at a row what the backend cuts, else what is around."""
    seen, told = network.raw_windows(starts(first))
    inputs, targets = _days_of(network, first)
    cells = list(around)
    for row, value in zip(inputs, seen[0, :, 0], strict=True):
        cells[row] = number(in_glasses(float(value)), 0, "input")
    for row, value in zip(targets, told[0, :, 0], strict=True):
        glasses = in_glasses(float(value))
        cells[row] = Cell(f"→{decimal(glasses, 0)}", glasses, "target")
    return tuple(cells)


def _days_of(network: Forecaster, first: int) -> tuple[range, range]:
    """Rows that a window sees, and rows that it is to tell."""
    middle = first + network.config.look_back
    return range(first, middle), range(middle, middle + network.config.horizon)


def _in_words(cells: tuple[Cell, ...], rows: range) -> str:
    return ", ".join(cells[row].text.removeprefix("→") for row in rows)


def _windows(count: int) -> str:
    return {0: "no window", 1: "one window"}.get(count, f"{count} windows")


CHAPTER = Chapter(
    name="windows",
    title="Sliding windows",
    summary="How one series becomes many examples.",
    steps=(
        Step("one", "One window", (_WINDOW,), _show_one, plays="window"),
        Step(
            "all",
            "All windows",
            (_LOOK_BACK, _HORIZON),
            _show_all,
            questions=(
                Question(
                    "four",
                    "Choose look_back and horizon so that there are exactly 4 windows.",
                    "Every day more that a window sees or tells costs one window.",
                    lambda _, page: page.facts["windows"] == 4,
                    "look_back and horizon count alike: only their sum decides how many windows there are.",
                ),
            ),
        ),
        Step(
            "parts",
            "Training and test",
            (_LOOK_BACK, _HORIZON, _TRAINING_DAYS),
            _show_parts,
            questions=(
                Question(
                    "last",
                    "Let training have exactly one window left.",
                    "Stretch look_back, or give training fewer days.",
                    lambda _, page: page.facts["training"] == 1,
                    "A long look_back has its price: few days then give hardly an example to learn from.",
                ),
            ),
        ),
    ),
)
