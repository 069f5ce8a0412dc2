"""Measures how long the app takes to respond to a key, at rest and while backends train."""

import itertools
import random
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.responsiveness.opening import Line, Size, opened, shows, usable
from tests.terminal.terminal import Terminal

from lstm_plugins import SETTINGS_BY_NAME

SHORTEST, LONGEST = 0.05, 0.25
"""Shortest and longest time in seconds from one key to the next."""
SECONDS_OF_REST = 5.0
"""Period in which the bytes that the app writes without keys are counted."""
LONG = "90000"
"""Number of epochs, so large that the training does not end."""
FIELD, NEXT_FIELD = "hidden_units", "layers"


@dataclass(frozen=True)
class Press:
    """One key, whether backends were training, its kind, and the seconds until its effect was visible."""

    training: bool
    kind: str
    seconds: float


@dataclass(frozen=True)
class Beat:
    """One beat of the program's event loop, and by how many seconds it was late."""

    training: bool
    late: float


@dataclass(frozen=True)
class Answers:
    """The measurements of one session.

    Attributes:
        presses: all keys.
        beats: beats of the loop while keys were pressed.
        written: by tab, bytes per second while no key was pressed and backends trained.
    """

    presses: list[Press]
    beats: list[Beat]
    written: dict[str, float]


@dataclass(frozen=True)
class _Key:
    key: str
    done: Callable[[Line], bool]


def measure_answers(presses: int, backends: Sequence[str], size: Size) -> Answers:
    """Presses about `presses` keys before the backends train, and as many while they train.

    There are pairs of keys of three kinds, so the smallest number is six.
    """
    arguments = ["co2", "--backend", *backends, "--epochs", LONG, "--patience", "0"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "heartbeat"
        driver = "benchmarks.responsiveness.heartbeat"
        with opened(arguments, size, driver, {"HEARTBEAT": str(file)}) as (terminal, _began):
            terminal.moment(usable(size), "the form")
            _wait_until_warm(terminal, size, len(backends))
            began = time.perf_counter()
            quiet = _press_all(terminal, size, presses, training=False)
            between = time.perf_counter()
            terminal.press("t")
            training = _lines_with(size, rf"\b[1-9]\d*/{LONG}\b", len(backends))
            terminal.moment(training, "an epoch of every backend")
            started = time.perf_counter()
            busy = _press_all(terminal, size, presses, training=True)
            ended = time.perf_counter()
            written = {tab: _written(terminal, size, tab) for tab in ("Forecast", "Train")}
        moments = [tuple(map(float, line.split())) for line in file.read_text().splitlines()]
    beats = [Beat(False, late) for moment, late in moments if began <= moment <= between]
    beats += [Beat(True, late) for moment, late in moments if started <= moment <= ended]
    return Answers(quiet + busy, beats, written)


def _press_all(terminal: Terminal, size: Size, presses: int, *, training: bool) -> list[Press]:
    draw = random.Random(1)  # noqa: S311 - pauses, not secrets
    kinds = {
        "tab": [_tab(terminal, size, "Forecast"), _tab(terminal, size, "Train")],
        "field": [
            _Key("tab", shows(size, _help(NEXT_FIELD))),
            _Key("shift+tab", shows(size, _help(FIELD))),
        ],
        "character": [
            # Entering by key selects the content; an empty field has the value inferred from the data.
            _Key("7", shows(size, rf"{FIELD} +7 ")),
            _Key("backspace", shows(size, rf"{FIELD} +(?![ 7])")),
        ],
    }
    done = []
    for kind, keys in kinds.items():
        if kind == "field":
            column, line = terminal.find(rf"{FIELD} +\d")
            terminal.click(column + 20, line)
            terminal.moment(shows(size, _help(FIELD)), "the field")
        for key in itertools.islice(itertools.cycle(keys), max(2, presses // len(kinds) // 2 * 2)):
            pressed = time.perf_counter()
            terminal.press(key.key)
            answered = terminal.moment(key.done, f"the answer to {key.key}, {kind}")
            if answered < pressed:
                raise AssertionError(f"the effect of {key.key} was visible before ({kind})")
            done.append(Press(training, kind, answered - pressed))
            time.sleep(max(0.0, pressed + draw.uniform(SHORTEST, LONGEST) - time.perf_counter()))
    terminal.press("escape")
    terminal.moment(shows(size, "Tab moves through"), "single keys again")
    return done


def _tab(terminal: Terminal, size: Size, title: str) -> _Key:
    form = shows(size, r"│ +Train +Stop +│")
    content = {
        "Train": form,
        "Forecast": shows(size, "There is no forecast yet|The backends are training"),
        "Backends": shows(size, "Enter shows all of one"),
    }
    column, line = terminal.find(rf"\d {title}")

    def done(text: Line) -> bool:
        # The form's last line is the last one that is drawn, or overdrawn.
        return content[title](text) and (title == "Train") == form(text)

    return _Key(terminal.text().split("\n")[line][column], done)


def _help(setting: str) -> str:
    return re.escape(SETTINGS_BY_NAME[setting].help[:20])


def _wait_until_warm(terminal: Terminal, size: Size, backends: int) -> None:
    there, back = (_tab(terminal, size, title) for title in ("Backends", "Train"))
    terminal.press(there.key)
    terminal.moment(_lines_with(size, r"lstm-tui .*ready · warm(?!ing)", backends), "all processes")
    terminal.press(back.key)
    terminal.moment(back.done, "the form again")


def _lines_with(size: Size, pattern: str, times: int) -> Callable[[Line], bool]:
    return lambda line: sum(bool(re.search(pattern, line(row))) for row in range(size.lines)) == times


def _written(terminal: Terminal, size: Size, title: str) -> float:
    tab = _tab(terminal, size, title)
    terminal.press(tab.key)
    terminal.moment(tab.done, title)
    time.sleep(1)
    before = sum(len(data) for _moment, data in terminal.received)
    time.sleep(SECONDS_OF_REST)
    return (sum(len(data) for _moment, data in terminal.received) - before) / SECONDS_OF_REST
