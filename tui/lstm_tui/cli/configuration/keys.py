"""The keys that a user has chosen in [keys]."""

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from lstm_tui.cli.configuration.reading import Entry
from lstm_tui.kit.actions import EVERYWHERE, Action, by_id, with_keys

LEAVES = "ctrl+q"
"""Always quits the program, so that no choice of keys locks the user in."""
_QUIT = "quit"
_RESERVED = {LEAVES: "it always quits the program", "ctrl+c": "it always shows how to quit the program"}
_MODIFIERS = ("ctrl", "alt", "shift", "super", "hyper", "meta")
_NAMES = frozenset(key.value.rpartition("+")[2] for key in Keys if not key.value.startswith("<"))


def chosen_keys(entries: Iterable[Entry], actions: Sequence[Action]) -> dict[str, str]:
    """Returns the keys that entries of [keys] give to actions, by action id, as Textual names them.

    Raises:
        InputError: there is no such action or key, or a key would have two meanings.
    """
    chosen = {entry.key: entry for entry in entries}
    known = by_id(actions)
    keys = {}
    for name, entry in chosen.items():
        if name not in known:
            begun = [one for one in known if one.startswith(f"{name}_")]
            close = begun or difflib.get_close_matches(name.lower(), known, n=1)
            hint = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(known)}"
            raise entry.error(f"there is no such action; {hint}")
        keys[name] = ",".join(_read(entry, name))
    changed = with_keys(actions, keys)
    for action in changed:
        if action.id in chosen:
            _refuse_second_meaning(chosen[action.id], action, changed)
    return keys


def _read(entry: Entry, action: str) -> Iterator[str]:
    read = list(dict.fromkeys(_textual_name(entry, key) for key in entry.value))
    for key in read:
        if key in _RESERVED and not (key == LEAVES and action == _QUIT):
            raise entry.error(f"{key} cannot be reassigned: {_RESERVED[key]}")
    yield from read
    if action == _QUIT and LEAVES not in read:
        yield LEAVES


def _textual_name(entry: Entry, key: str) -> str:
    """Textual's name of a key that a user writes as "?", "f5", or "Ctrl+T"."""
    *modifiers, name = [key] if len(key) == 1 else [part.strip() for part in key.split("+")]
    modifiers = [modifier.lower() for modifier in modifiers]
    if len(name) > 1 or modifiers:
        name = name.lower()
    if len(name) == 1 and not name.isalnum():
        name = _name_of_sign(name)
    known = name in _NAMES or name in _SIGNS or (len(name) == 1 and name.isalnum())
    if not known or not set(modifiers) <= set(_MODIFIERS):
        close = difflib.get_close_matches(key.lower(), [one.value for one in Keys], n=1)
        hint = f"did you mean {close[0]}?" if close else 'write a key as "t", "?", "f5", or "ctrl+t"'
        raise entry.error(f"{key!r} is not a key; {hint}")
    return "+".join((*modifiers, name))


def _name_of_sign(sign: str) -> str:
    name = unicodedata.name(sign, "").lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


_SIGNS = frozenset(map(_name_of_sign, "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"))


def _refuse_second_meaning(entry: Entry, action: Action, actions: Iterable[Action]) -> None:
    for other in actions:
        together = EVERYWHERE in (action.place, other.place) or action.place == other.place
        shared = set(action.keys.split(",")) & set(other.keys.split(","))
        if other.id != action.id and together and shared:
            raise entry.error(
                f'"{min(shared)}" is already the key of {other.id}; choose another key for one of them'
            )
