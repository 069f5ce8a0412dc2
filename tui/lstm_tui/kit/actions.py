"""Actions of the user. Key bindings, command palette and help are made from these records."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from textual.actions import parse
from textual.binding import Binding
from textual.keys import key_to_character

EVERYWHERE = "Everywhere"
SHARED = ("show_half", "zoom")
"""Actions that several places have. Their ids contain the place, such as "zoom_train"."""

CHARTS = "On a chart"
CHART_HELP = (
    ("+ and -, mouse wheel", "Zoom in and out."),
    ("arrow keys, mouse", "Move the visible part."),
    ("r", "Show everything again."),
)
"""The keys that a focused chart has from textual-plot."""

_KEY_NAMES = {"question_mark": "?", "escape": "Esc", "pagedown": "Page Down", "pageup": "Page Up"}


@dataclass(frozen=True)
class Action:
    """One action of the user.

    Attributes:
        name: Textual's action with its parameters, such as "show('train')".
        keys: separated by commas, the one to show first; empty for the palette alone.
        title: two or three words for the footer and the palette.
        help: one sentence.
        footer: whether the footer shows it.
        place: `EVERYWHERE` or the title of a screen; set by `declared`.
        id: its name in configuration files, such as "train" or "show_half_train"; set by `declared` if empty.
    """

    name: str
    keys: str
    title: str
    help: str
    footer: bool = True
    place: str = EVERYWHERE
    id: str = ""

    @property
    def base(self) -> str:
        """The name without its parameters."""
        return self.name.partition("(")[0]

    @property
    def parameters(self) -> tuple[object, ...]:
        """The parameters in the name."""
        return parse(self.name)[2]

    @property
    def keys_for_people(self) -> str:
        """The keys as text, such as "t or Ctrl+T"."""
        return " or ".join(map(key_for_people, self.keys.split(",")))


def declared(place: str, *actions: Action) -> tuple[Action, ...]:
    """The actions of one place, with `place` and `id` filled in.

    Actions that have the same key and differ only in their parameters share one id.
    """
    return tuple(replace(action, place=place, id=_id(action, place, actions)) for action in actions)


def _id(action: Action, place: str, actions: Iterable[Action]) -> str:
    if action.id:
        return action.id
    alike = [one for one in actions if one.base == action.base]
    one_key = len(alike) > 1 and len({one.keys for one in alike}) == 1
    stem = action.base if one_key else re.sub(r"\W+", "_", action.name).strip("_")
    return f"{stem}_{re.sub(r'[^a-z]', '', place.lower())}" if action.base in SHARED else stem


def key_for_people(key: str) -> str:
    """A key as it is written on keyboards: "Ctrl+T", "F5", "?"."""
    *modifiers, name = key.split("+")
    shown = _KEY_NAMES.get(name) or (key_to_character(name) if len(name) > 1 else name)
    if shown is None or not shown.isprintable() or shown.isspace():
        shown = name.capitalize()
    if modifiers:
        shown = shown.upper() if len(shown) == 1 else shown
    return "+".join((*(modifier.capitalize() for modifier in modifiers), shown))


def with_keys(actions: Iterable[Action], keys: Mapping[str, str]) -> tuple[Action, ...]:
    """The actions with the user's keys, by action id, as Textual names them, separated by commas."""
    return tuple(replace(action, keys=keys.get(action.id, action.keys)) for action in actions)


def by_id(actions: Iterable[Action]) -> dict[str, Action]:
    """The actions by id; the first one where several share an id."""
    found: dict[str, Action] = {}
    for action in actions:
        found.setdefault(action.id, action)
    return found


def key_of(actions: Iterable[Action], id: str) -> str:  # noqa: A002 - the field's own name
    """The key of an action for people, such as "Ctrl+T"."""
    return key_for_people(by_id(actions)[id].keys.split(",")[0])


def names_of(actions: Iterable[Action]) -> frozenset[str]:
    """The names of the actions without their parameters."""
    return frozenset(action.base for action in actions)


def bindings(actions: Iterable[Action]) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """The key bindings of the actions."""
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
        for action in actions
        for key in action.keys.split(",")
        if key
    ]
