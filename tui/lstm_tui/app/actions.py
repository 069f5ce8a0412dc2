"""Everything a key can do, in one list: key bindings, command palette and help screen are made from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from textual.binding import Binding
from textual.keys import key_to_character

EVERYWHERE = "Everywhere"
DATA = "Data"
TRAIN = "Train"
FORECAST = "Forecast"
CROSSCHECK = "Cross-check"
INSPECT = "Inspect"
BACKENDS = "Backends"
LEARN = "Learn"
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

    @cached_property
    def id(self) -> str:
        """What a user calls it: "train", "show_train"; where several places have it, "show_half_train".

        Actions of one key, of which one takes back what the other did, have one name together.
        """
        several = len({other.place for other in ACTIONS if other._stem == self._stem}) > 1
        return f"{self._stem}_{re.sub(r'[^a-z]', '', self.place.lower())}" if several else self._stem

    @cached_property
    def _stem(self) -> str:
        base = self.name.partition("(")[0]
        alike = [one for one in ACTIONS if one.place == self.place and one.name.partition("(")[0] == base]
        one_key = len(alike) > 1 and len({one.keys for one in alike}) == 1
        return base if one_key else re.sub(r"\W+", "_", self.name).strip("_")

    @property
    def keys_for_people(self) -> str:
        """Such as "t or Ctrl+T"."""
        return " or ".join(map(key_for_people, self.keys.split(",")))


@dataclass(frozen=True)
class Tab:
    """A screen that has a place among the tabs; its number is its place in `TABS`."""

    name: str
    title: str
    help: str


TABS = (
    Tab("data", "Data", "The series as it was read, its columns, and how to read it otherwise."),
    Tab("train", "Train", "Choose settings and backends, train, and watch the loss."),
    Tab("forecast", "Forecast", "The verdict, the test part, the future, and the scores."),
    Tab("crosscheck", "Cross-check", "Which step of a backend differs from the reference, and why."),
    Tab("inspect", "Inspect", "Gates, states, gradients and weights of a trained network, in numbers."),
    Tab("backends", "Backends", "Where each backend comes from, how it is, and whether it is right."),
    Tab("learn", "Learn", "A course: what an LSTM is, computed before your eyes."),
)

ACTIONS = (
    *(
        Action(f"show('{tab.name}')", str(number), tab.title, tab.help, footer=False)
        for number, tab in enumerate(TABS, 1)
    ),
    Action("train", "t,ctrl+t", "Train", "Train the chosen backends with these settings."),
    Action("stop", "x,ctrl+x", "Stop", "Stop training, where what was learnt is evaluated, or checking."),
    Action("open", "o,ctrl+o", "Open", "Open a file or a bundled data set."),
    Action("runs", "R,ctrl+r", "Runs", "Open, resume, compare or delete a run that is kept."),
    Action(
        "log", "l", "Log", "What the backends' processes wrote, with the reason of a failure.", footer=False
    ),
    Action("copy", "C", "Copy", "Copy a table to the clipboard, for a spreadsheet.", footer=False),
    Action(
        "toggle_theme", "d", "Dark or light", "Change between the dark and the light theme.", footer=False
    ),
    Action("keys", "question_mark,f1", "Help", "All keys and what they do."),
    Action("quit", "q,ctrl+q", "Quit", "Stop everything and leave."),
    Action("suspend_process", "ctrl+z", "Suspend", "Go back to the shell; fg returns.", footer=False),
    Action("leave_field", "escape", "Leave field", "Leave a field, so that single keys work.", footer=False),
    Action("show_half('about')", "s", "Columns", "Show the columns and how the data were read.", DATA),
    Action("show_half('seen')", "s", "Plot", "Show plot and rows again.", DATA),
    Action(
        "use('target')",
        "g",
        "Target",
        "Forecast the column, or no longer; Enter takes the next use.",
        DATA,
    ),
    Action("use('input')", "i", "Input", "Let forecasts see the column, or no longer.", DATA),
    Action("zoom", "z", "Zoom", "Give the chart the keys that zoom and move it.", DATA),
    Action("as_found", "u", "As found", "Leave every decision of reading to the program again.", DATA, False),
    Action("show_half('watch')", "s", "Curves", "Show the curves, where there is no room for both.", TRAIN),
    Action("show_half('setup')", "s", "Settings", "Show the settings again.", TRAIN),
    Action("show_quantity('learning rate')", "v", "Rate", "Draw the learning rate.", TRAIN),
    Action("show_quantity('gradient norm')", "v", "Gradient", "Draw the gradient norm.", TRAIN),
    Action("show_quantity('loss')", "v", "Loss", "Draw the loss again.", TRAIN),
    Action("show_scale('linear')", "y", "Linear y", "Make the y axis a linear one.", TRAIN),
    Action("show_scale('log')", "y", "Log y", "Make the y axis a log one again.", TRAIN),
    Action("zoom", "z", "Zoom", "Give the chart the keys that zoom and move it.", TRAIN),
    Action("defaults", "u", "Defaults", "Take all settings back to what the data suggests.", TRAIN, False),
    Action("next_view('single')", "v", "Single", "See any one forecast of the test part.", FORECAST),
    Action("next_view('residuals')", "v", "Residuals", "See what the forecasts left over.", FORECAST),
    Action("next_view('series')", "v", "Series", "See the whole: test part, future, scores.", FORECAST),
    Action(
        "show_half('numbers')", "s", "Numbers", "Show the numbers, where there is no room for both.", FORECAST
    ),
    Action("show_half('main')", "s", "Plot", "Show the plot again.", FORECAST),
    Action(
        "next_reach",
        "e",
        "Extent",
        "Show the end of the series, the test part, or all of it.",
        FORECAST,
        False,
    ),
    Action(
        "forward",
        "n",
        "Next",
        "Go to the next single forecast, or horizon step of residuals.",
        FORECAST,
        False,
    ),
    Action("back", "p", "Previous", "Go to the previous one.", FORECAST, False),
    Action("far_forward", "N", "10 on", "Go 10 single forecasts or steps on.", FORECAST, False),
    Action("far_back", "P", "10 back", "Go 10 single forecasts or steps back.", FORECAST, False),
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
    Action(
        "check", "c", "Check", "Compare the chosen backends with the reference, level by level.", CROSSCHECK
    ),
    Action("open_cell", "enter", "Look inside", "Show the tensors of the chosen cell.", CROSSCHECK),
    Action("report", "w", "Save report", "Save what was found as HTML, Markdown or JSON.", CROSSCHECK),
    Action(
        "show_half('found')", "s", "Matrix", "Show the matrix, where there is no room for both.", CROSSCHECK
    ),
    Action("show_half('asked')", "s", "Options", "Show the options again.", CROSSCHECK),
    Action("next_look('unit')", "v", "Unit", "Draw one unit as lines over the window.", INSPECT),
    Action("next_look('gradients')", "v", "Gradients", "See where the gradient comes from.", INSPECT),
    Action(
        "next_look('batch')", "v", "Batch", "See what each window of a batch gives to the update.", INSPECT
    ),
    Action("next_look('backends')", "v", "Backends", "Hold two backends against each other.", INSPECT),
    Action("next_look('weights')", "v", "Weights", "See the weights and what training changed.", INSPECT),
    Action("next_look('gates')", "v", "Gates", "See the gates and states again.", INSPECT),
    Action("view_before", "V", "View before", "Go back to the view before.", INSPECT, False),
    Action(
        "show_half('numbers')",
        "s",
        "Numbers",
        "Show the numbers, where there is no room for both.",
        INSPECT,
    ),
    Action("show_half('inside')", "s", "Picture", "Show the picture again.", INSPECT),
    Action("look_into('lines')", "enter", "Lines", "Draw the unit as lines over the window.", INSPECT, False),
    Action("look_into('heatmaps')", "enter", "Heatmaps", "See all units again.", INSPECT, False),
    Action("look_into('window')", "enter", "Window", "See inside this window of the batch.", INSPECT, False),
    Action(
        "move_cursor('right')",
        "right",
        "Next step",
        "Go to the next step, or window of a batch.",
        INSPECT,
        False,
    ),
    Action("move_cursor('left')", "left", "Step before", "Go to the one before.", INSPECT, False),
    Action(
        "move_cursor('down')", "down", "Next unit", "Go to the next unit, or weight array.", INSPECT, False
    ),
    Action("move_cursor('up')", "up", "Unit before", "Go to the one before.", INSPECT, False),
    Action("scroll_numbers('down')", "pagedown", "Numbers on", "Scroll the numbers on.", INSPECT, False),
    Action("scroll_numbers('up')", "pageup", "Numbers back", "Scroll the numbers back.", INSPECT, False),
    Action(
        "move_window('next')",
        "n",
        "Next window",
        "Go to the next window of the part, or batch.",
        INSPECT,
        False,
    ),
    Action("move_window('previous')", "p", "Window before", "Go to the one before.", INSPECT, False),
    Action("move_window('next 10')", "N", "10 windows on", "Go 10 windows or batches on.", INSPECT, False),
    Action(
        "move_window('previous 10')", "P", "10 windows back", "Go 10 windows or batches back.", INSPECT, False
    ),
    Action("worst", "W", "Worst window", "Go to the window with the largest error.", INSPECT, False),
    Action("go_to_window", "g", "Go to", "Go to the window of a date or a number.", INSPECT, False),
    Action(
        "next_part", "k", "Part", "Go to the worst window of the next part of the series.", INSPECT, False
    ),
    Action("next_weights", "e", "Epoch", "Take the weights of the next snapshot, or the best.", INSPECT),
    Action("next_since", "E", "Since", "Count changes from the next snapshot.", INSPECT),
    Action("next_backend", "b", "Backend", "Have the next backend compute.", INSPECT),
    Action("next_layer", "y", "Layer", "Show the next layer or direction.", INSPECT),
    Action("next_order", "u", "Sort", "Sort the units by index, activity or correlation.", INSPECT, False),
    Action("next_choice", "c", "Choose", "Show the next of the six values, or the next array.", INSPECT),
    Action("save_look", "w", "Save", "Save the view as SVG or PNG, or its arrays as NPZ.", INSPECT),
    Action("open_backend", "enter", "Details", "Show all about a backend, and its traceback.", BACKENDS),
    Action("switch('off')", "space", "Switch off", "Leave a backend alone in this session.", BACKENDS),
    Action("switch('on')", "space", "Switch on", "Use a backend again.", BACKENDS),
    Action("warm_up", "w", "Warm up", "Start a backend's process ahead of need.", BACKENDS),
    Action("turn('next')", "n", "Next", "Go to the next step.", LEARN),
    Action("turn('back')", "p", "Back", "Go to the step before.", LEARN),
    Action("turn_chapter('next')", "N", "Next chapter", "Go to the next chapter.", LEARN, False),
    Action("turn_chapter('back')", "P", "Chapter before", "Go to the chapter before.", LEARN, False),
    Action("pick_change('next')", "down", "Next value", "Give the arrows the next value.", LEARN, False),
    Action("pick_change('back')", "up", "Value before", "Give them the value before.", LEARN, False),
    Action("alter('less')", "left", "Less", "Make the value smaller.", LEARN),
    Action("alter('more')", "right", "More", "Make the value larger.", LEARN),
    Action("alter('much less')", "shift+left", "Much less", "Make it smaller by ten strides.", LEARN, False),
    Action("alter('much more')", "shift+right", "Much more", "Make it larger by ten strides.", LEARN, False),
    Action("type_value", "enter", "Type", "Type the value.", LEARN, False),
    Action("run_change('on')", "space", "Run", "Let the value run by itself.", LEARN),
    Action("run_change('off')", "space", "Halt", "Halt it where it is.", LEARN),
    Action("restore", "u", "As it was", "Take all values of the step back to what they were.", LEARN),
    Action("show_hint", "h", "Hint", "Say how one might begin with the question.", LEARN),
    Action("scroll_figures('down')", "pagedown", "Figures down", "Scroll the figures down.", LEARN, False),
    Action("scroll_figures('up')", "pageup", "Figures up", "Scroll the figures up.", LEARN, False),
    Action("next_source", "v", "Next source", "Show the source of the next backend.", LEARN),
    Action(
        "show_half('chapters')", "s", "Chapters", "Show the chapters, where there is no room for both.", LEARN
    ),
    Action("show_half('step')", "s", "Step", "Show the step again.", LEARN),
)

LEAVE = Binding("ctrl+q", "app.quit", "Quit")
"""Dialogs cover all keys but their own; this one has to work everywhere."""

CHART_HELP = (
    ("+ and -, mouse wheel", "Zoom in and out."),
    ("arrow keys, mouse", "Move the part that is shown."),
    ("r", "Show everything again."),
)
"""The keys that a focused chart has from textual-plot."""

_KEY_NAMES = {"question_mark": "?", "escape": "Esc", "pagedown": "Page Down", "pageup": "Page Up"}


def key_for_people(key: str) -> str:
    """A key as it is written on a keyboard: "Ctrl+T", "F5", "?"."""
    *modifiers, name = key.split("+")
    shown = _KEY_NAMES.get(name) or (key_to_character(name) if len(name) > 1 else name)
    if shown is None or not shown.isprintable() or shown.isspace():
        shown = name.capitalize()
    if modifiers:
        shown = shown.upper() if len(shown) == 1 else shown
    return "+".join((*(modifier.capitalize() for modifier in modifiers), shown))


def with_keys(keys: Mapping[str, str]) -> tuple[Action, ...]:
    """All actions, some of them with other keys.

    Args:
        keys: Textual's names, separated by commas, by the id of the action.
    """
    return tuple(replace(action, keys=keys.get(action.id, action.keys)) for action in ACTIONS)


def by_id(actions: Iterable[Action]) -> dict[str, Action]:
    """The actions by what a user calls them; of several with one name the first."""
    found: dict[str, Action] = {}
    for action in actions:
        found.setdefault(action.id, action)
    return found


def key_of(actions: Iterable[Action], id: str) -> str:  # noqa: A002 - the field's own name
    """The key of an action that a text should name."""
    return key_for_people(by_id(actions)[id].keys.split(",")[0])


def actions(place: str) -> Iterator[Action]:
    """The actions of a place, in the order they are shown."""
    return (action for action in ACTIONS if action.place == place)


def names_of(place: str) -> frozenset[str]:
    """What Textual calls the actions of a place, without their parameters."""
    return frozenset(action.name.partition("(")[0] for action in actions(place))


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
            id=action.id,
        )
        for action in actions(place)
        for key in action.keys.split(",")
        if key
    ]
