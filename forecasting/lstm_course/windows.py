"""Chapter 2: how a series becomes training examples."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lstm_course.course import Chapter, Exercise, Page, Step, Values, change
from lstm_course.figures import Cell, Table, decimal, number, single_equation, word
from lstm_course.network import course_config, course_network, starts
from lstm_course.series import DAYS, TRAINING_DAYS, UNIT, day_name, day_names, in_glasses
from lstm_plugins.forecaster import Forecaster

_WINDOW = change("window", "Window that is shown", 1, 1, 8)
_LOOK_BACK = change("look_back", "Days in the look-back window", 3, 1, 10)
_HORIZON = change("horizon", "Days forecast at once", 1, 1, 5)
_TRAINING_DAYS = change("training_days", "Days used for training", TRAINING_DAYS, 4, 10)
_NUMBERS = tuple(str(day + 1) for day in range(len(DAYS)))


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
            "An LSTM learns from examples, but a series is one long row. A *window* cuts an example out of "
            f"it: some days as input and the next ones as target. Window {first + 1} sees "
            f"{day_names(inputs)} and must forecast {day_names(targets)}: {_listed(glasses, inputs)} → "
            f"{_listed(glasses, targets)}.",
            "The number of input days is called *look_back*, here 3. The number of days to forecast is "
            "called *horizon*, here 1. Move the window along the series.",
        ),
        figures=(
            Table(
                f"Window {first + 1} of days 1 to {len(DAYS)}", ("day", *_NUMBERS), ((word(UNIT), *glasses),)
            ),
        ),
        facts={"first_day": inputs[0] + 1.0, "target": float(glasses[targets[0]].value or 0.0)},
    )


def _show_all(values: Values) -> Iterator[Page]:
    network = _network(values)
    config, days = network.config, len(DAYS)
    found = network.window_starts(((0, days),), 1)
    count = len(found)
    reason = (
        f"The target of the last one is {day_name(days - 1)}."
        if count
        else f"A window needs {config.look_back + config.horizon} days in a row, and there are only {days}."
    )
    yield Page(
        text=(
            f"Each window starts one day after the one before. With look_back {config.look_back} and horizon "
            f"{config.horizon}, the {days} days give {_windows(count)}. {reason}",
            "Longer windows show the network more, but there are fewer of them. A day belongs to several "
            "windows, yet it is stored only once: a window is just the number of its first day.",
        ),
        figures=(
            single_equation(
                "Number of windows",
                "windows",
                "days − look_back − horizon + 1",
                f"{days} − {config.look_back} − {config.horizon} + 1",
                number(count, 0, "strong"),
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
    lost = f" With targets on both sides, {_windows(rest)} belong{'s' if rest == 1 else ''} to neither."
    yield Page(
        text=(
            "Repeating what was learned by heart proves nothing. So the days are split once, in order: the "
            f"first {cut} are for training, the rest for the *test*. A window belongs to the part that "
            f"contains all of its targets: {_windows(len(training))} for training, {len(test)} for the "
            f"test.{lost if rest else ''}",
            "A test window may look back into the training days, as a forecaster would in practice. "
            f"{_windows(len(new)).capitalize()} of the test {'sees' if len(new) == 1 else 'see'} only new "
            "days.",
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
    head = ("window", *_NUMBERS, *(() if parts is None else ("part",)))
    return Table(f"{title}: {UNIT} on days 1 to {len(DAYS)}, input → target", head, tuple(rows))


def _cells(network: Forecaster, first: int, outside: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """One cell per day: the backend's values inside the window that starts at a row, `outside` elsewhere."""
    seen, wanted, _ = network.raw_windows(starts(first))
    inputs, targets = _days_of(network, first)
    cells = list(outside)
    for row, value in zip(inputs, seen[0, :, 0], strict=True):
        cells[row] = number(in_glasses(float(value)), 0, "input")
    for row, value in zip(targets, wanted[0, :, 0], strict=True):
        glasses = in_glasses(float(value))
        cells[row] = Cell(f"→{decimal(glasses, 0)}", glasses, "target")
    return tuple(cells)


def _days_of(network: Forecaster, first: int) -> tuple[range, range]:
    """Input rows and target rows of the window that starts at a row."""
    middle = first + network.config.look_back
    return range(first, middle), range(middle, middle + network.config.horizon)


def _listed(cells: tuple[Cell, ...], rows: range) -> str:
    return ", ".join(cells[row].text.removeprefix("→") for row in rows)


def _windows(count: int) -> str:
    return {0: "no windows", 1: "one window"}.get(count, f"{count} windows")


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
            exercises=(
                Exercise(
                    "four",
                    "Choose look_back and horizon so that there are exactly 4 windows.",
                    "Each extra input or target day costs one window.",
                    lambda _, page: page.facts["windows"] == 4,
                    "look_back and horizon count the same: only their sum decides how many windows there "
                    "are.",
                ),
            ),
        ),
        Step(
            "parts",
            "Training and test",
            (_LOOK_BACK, _HORIZON, _TRAINING_DAYS),
            _show_parts,
            exercises=(
                Exercise(
                    "last",
                    "Leave exactly one window for training.",
                    "Increase look_back, or give training fewer days.",
                    lambda _, page: page.facts["training"] == 1,
                    "A long look_back has a price: a short series then has hardly any training examples.",
                ),
            ),
        ),
    ),
)
