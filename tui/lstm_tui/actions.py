"""Everything a key can do, in one list: key bindings, command palette and help screen are made from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.binding import Binding

EVERYWHERE = "Everywhere"
TRAIN = "Train"
FORECAST = "Forecast"
CROSSCHECK = "Cross-check"
CHARTS = "On a chart"


@dataclass(frozen=True)
class Action:
    """One thing a user can do.

    Attributes:
        name: of the Textual action, with its parameters: "show('train')".
        keys: that do it, the one to show first, separated by commas; empty when only the palette has it.
        title: two or three words for the footer and the palette.
        help: one sentence.
        place: where it works: everywhere, or the title of a screen.
        footer: whether the footer has room for it.
    """

    name: str
    keys: str
    title: str
    help: str
    place: str = EVERYWHERE
    footer: bool = True

    @property
    def keys_for_people(self) -> str:
        """Such as "t or Ctrl+T"."""
        return " or ".join(_KEY_NAMES.get(key, key.replace("ctrl+", "Ctrl+")) for key in self.keys.split(","))


@dataclass(frozen=True)
class Tab:
    """A screen that has a place among the tabs; its number is its place in `TABS`."""

    name: str
    title: str
    help: str


TABS = (
    Tab("train", "Train", "Choose settings and backends, train, and watch the loss."),
    Tab("forecast", "Forecast", "The verdict, the test part, the future, and the scores."),
    Tab("crosscheck", "Cross-check", "Which step of a backend differs from the reference, and why."),
)

ACTIONS = (
    *(
        Action(f"show('{tab.name}')", str(number), tab.title, tab.help, footer=False)
        for number, tab in enumerate(TABS, 1)
    ),
    Action("train", "t,ctrl+t", "Train", "Train the chosen backends with these settings."),
    Action("stop", "x,ctrl+x", "Stop", "Stop training, where what was learnt is evaluated, or checking."),
    Action("open", "o,ctrl+o", "Open", "Open a file or a bundled data set."),
    Action(
        "log", "l", "Log", "What the backends' processes wrote, with the reason of a failure.", footer=False
    ),
    Action(
        "toggle_theme", "d", "Dark or light", "Change between the dark and the light theme.", footer=False
    ),
    Action("keys", "question_mark,f1", "Help", "All keys and what they do."),
    Action("quit", "q,ctrl+q", "Quit", "Stop everything and leave."),
    Action("suspend_process", "ctrl+z", "Suspend", "Go back to the shell; fg returns.", footer=False),
    Action("leave_field", "escape", "Leave field", "Leave a field, so that single keys work.", footer=False),
    Action("fold", "s", "Curves", "Show the other half, where there is no room for both.", TRAIN),
    Action("defaults", "u", "Defaults", "Take all settings back to what the data suggests.", TRAIN, False),
    Action("next_view('single')", "v", "Single", "See any one forecast of the test part.", FORECAST),
    Action("next_view('residuals')", "v", "Residuals", "See what the forecasts left over.", FORECAST),
    Action("next_view('series')", "v", "Series", "See the whole: test part, future, scores.", FORECAST),
    Action("fold", "s", "Other", "Show the other half, where there is no room for both.", FORECAST),
    Action(
        "next_reach",
        "e",
        "Extent",
        "Show the end of the series, the test part, or all of it.",
        FORECAST,
        False,
    ),
    Action(
        "move(1)",
        "n",
        "Next",
        "Go to the next single forecast, or horizon step of residuals.",
        FORECAST,
        False,
    ),
    Action("move(-1)", "p", "Previous", "Go to the previous one.", FORECAST, False),
    Action("move(10)", "N", "10 on", "Go 10 single forecasts or steps on.", FORECAST, False),
    Action("move(-10)", "P", "10 back", "Go 10 single forecasts or steps back.", FORECAST, False),
    Action("jump('first')", "home", "First forecast", "Go to the first single forecast.", FORECAST, False),
    Action("jump('last')", "end", "Last forecast", "Go to the last single forecast.", FORECAST, False),
    Action("jump('worst')", "W", "Worst forecast", "Go to that with the largest error.", FORECAST, False),
    Action("jump('best')", "B", "Best forecast", "Go to that with the smallest error.", FORECAST, False),
    Action("go_to", "g", "Date", "Go to the single forecast of a date.", FORECAST, False),
    Action("baseline", "b", "Baseline", "Show the best baseline beside a single forecast.", FORECAST, False),
    Action(
        "next_model", "m", "Model", "Show the residuals of the next backend or baseline.", FORECAST, False
    ),
    Action("next_target", "y", "Next target", "Show the next of several targets.", FORECAST, False),
    Action("save", "w", "Save", "Save the forecast as CSV, Parquet, JSON, SVG or PNG.", FORECAST),
    Action("copy", "c", "Copy", "Copy a table to the clipboard, for a spreadsheet.", FORECAST, False),
    Action(
        "check", "c", "Check", "Compare the chosen backends with the reference, level by level.", CROSSCHECK
    ),
    Action("open_cell", "enter", "Look inside", "Show the tensors of the chosen cell.", CROSSCHECK),
    Action("report", "w", "Save report", "Save what was found as HTML, Markdown or JSON.", CROSSCHECK),
    Action("fold", "s", "Options", "Show the other half, where there is no room for both.", CROSSCHECK),
)

LEAVE = Binding("ctrl+q", "app.quit", "Quit")
"""Dialogs cover all keys but their own; this one has to work everywhere."""

CHART_HELP = (
    ("+ and -, mouse wheel", "Zoom in and out."),
    ("arrow keys, mouse", "Move the part that is shown."),
    ("r", "Show everything again."),
)
"""The keys that a focused chart has from textual-plot."""

_KEY_NAMES = {"question_mark": "?", "escape": "Esc", "f1": "F1", "home": "Home", "end": "End"}


def actions(place: str) -> Iterator[Action]:
    """The actions of a place, in the order they are shown."""
    return (action for action in ACTIONS if action.place == place)


def bindings(place: str) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """The key bindings of a place."""
    return [
        Binding(
            key,
            action.name,
            action.title,
            show=action.footer,
            key_display=_KEY_NAMES.get(key),
            tooltip=action.help,
        )
        for action in actions(place)
        for key in action.keys.split(",")
        if key
    ]
