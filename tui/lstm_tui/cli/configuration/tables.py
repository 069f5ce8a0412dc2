"""What may stand in a configuration file: the tables, and in which of them each option of the program stands.

The options are the app's own, which has all that are about series and settings. So whatever gets a flag there
can stand in a file as well.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from lstm_plugins import SETTINGS_BY_NAME, ConfigError
from lstm_tui.cli.configuration.reading import Entry
from lstm_tui.cli.configuration.variables import flag

SETTING = "setting_"
"""Begins the parameter names of the settings' flags, so that none is taken for a command's own option."""

TABLES = {
    "settings": "The network and its training.",
    "data": "How a series is read and divided.",
    "app": "The program itself.",
    "keys": "Which keys do what in the app: one key, or a list of them.",
}
"""The tables of a file, with what they are about."""

_APP = {"theme": "theme", "backend": "backends", "threads": "threads", "runs": "runs"}
"""The key of each option that stands in [app], by its flag."""
_ONE_CALL = frozenset({"config", "no-config", "help", "version", "no-plugins", "without"})
"""Flags of the app that are about one call, not about how one works."""


def place_of(option: click.Parameter) -> tuple[str, str] | None:
    """Table and key of an option; None for one that is about a single call."""
    if not isinstance(option, click.Option) or option.name is None:
        return None
    if option.name.startswith(SETTING):
        return "settings", option.name.removeprefix(SETTING)
    name = flag(option)
    if name == "backend" and not option.multiple:
        # The one that computes here, not those that are trained.
        return None
    if name in _APP:
        return "app", _APP[name]
    return None if name in _ONE_CALL else ("data", name.replace("-", "_"))


def places(command: click.Command) -> dict[tuple[str, str], click.Option]:
    """The options of a command that can stand in a file."""
    return {
        place: option
        for option in command.params
        if isinstance(option, click.Option) and (place := place_of(option)) is not None
    }


def checked(entry: Entry, options: Mapping[tuple[str, str], click.Option], context: click.Context) -> Any:
    """The value of an entry as its option takes it; that of a key, for [keys], as a tuple of names.

    Args:
        entry: of a file.
        options: the app's.
        context: of the command that runs.

    Raises:
        InputError: there is no such table or key, or the value is none that it may have.
    """
    if not entry.table:
        raise entry.error(_outside(entry.key, options))
    if entry.table not in TABLES:
        raise replace(entry, key="").error(f"there is no such table; {_choice(entry.table, TABLES)}")
    if not entry.key:
        return None
    if entry.table == "keys":
        return _keys(entry)
    option = options.get((entry.table, entry.key))
    if option is None:
        raise entry.error(_unknown(entry, options))
    if entry.table == "settings":
        return _setting(entry)
    return _converted(entry, option, context)


def _outside(key: str, options: Iterable[tuple[str, str]]) -> str:
    if key in TABLES:
        return f"this is a table; write [{key}] above its keys"
    tables = [table for table, name in options if name == key]
    if tables:
        return f"this stands outside a table; write it below [{tables[0]}]"
    return f"this stands outside a table; the tables are {', '.join(f'[{name}]' for name in TABLES)}"


def _unknown(entry: Entry, options: Iterable[tuple[str, str]]) -> str:
    elsewhere = [table for table, key in options if key == entry.key]
    if elsewhere:
        return f"this belongs below [{elsewhere[0]}]"
    known = [key for table, key in options if table == entry.table]
    return f"there is no such key; {_choice(entry.key, known)}"


def _choice(name: str, known: Iterable[str]) -> str:
    """The close match, or all that there are."""
    names = list(known)
    close = difflib.get_close_matches(name.replace("-", "_").lower(), names, n=1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(names)}"


def _setting(entry: Entry) -> Any:
    setting = SETTINGS_BY_NAME[entry.key]
    try:
        return setting.checked(entry.value)
    except ConfigError as error:
        if setting.kind is bool:
            raise entry.error(f"{entry.value!r} is not true or false") from None
        raise entry.error(error.message) from None


def _keys(entry: Entry) -> tuple[str, ...]:
    names = [entry.value] if isinstance(entry.value, str) else entry.value
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise entry.error('this needs a key in quotes, such as "f5", or a list of them')
    return tuple(names)


def _converted(entry: Entry, option: click.Option, context: click.Context) -> Any:
    several = option.multiple or option.nargs != 1
    values = [entry.value] if option.multiple and not isinstance(entry.value, list) else entry.value
    kind, words = _kind(option)
    if several:
        good = isinstance(values, list) and all(_is(value, kind) for value in values)
        good = good and option.nargs in (1, len(values))
    else:
        good = _is(values, kind)
    if not good:
        wanted = words
        if option.nargs != 1:
            wanted = f"a list of {option.nargs}, each {words}"
        elif option.multiple:
            wanted = f"{words}, or a list of such"
        raise entry.error(f"{_in_toml(entry.value)} is not {wanted}")
    if isinstance(option.type, click.Path):
        # As in any file that names others; a folder further down would find another one otherwise.
        values = str(entry.path.parent / Path(str(values)).expanduser())
    try:
        value = option.type_cast_value(context, tuple(values) if several else values)
        return value if option.callback is None else option.callback(context, option, value)
    except click.BadParameter as error:
        message = error.message.rstrip(".")
        raise entry.error(message[:1].lower() + message[1:]) from None


def _kind(option: click.Option) -> tuple[Sequence[type], str]:
    """The TOML types that an option takes, and their name."""
    if option.is_flag:
        return (bool,), "true or false"
    if isinstance(option.type, click.types.IntParamType):
        return (int,), "a whole number"
    if isinstance(option.type, click.types.FloatParamType):
        return (int, float), "a number"
    return (str,), "a text in quotes"


def _is(value: Any, kinds: Sequence[type]) -> bool:
    # True is an int, but not to those who write it.
    return type(value) in kinds


def _in_toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)
