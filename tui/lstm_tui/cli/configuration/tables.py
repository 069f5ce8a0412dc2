"""The configuration files with their tables, and the values that each key may have."""

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lstm_plugins.errors import OptionError
from lstm_plugins.options import Option, by_name
from lstm_tui.cli.configuration.reading import Entry, read_entries
from lstm_tui.cli.options import IN_FILES, RUNS

TABLES = {
    "settings": "The network and its training.",
    "data": "How a series is read and divided.",
    "app": "The program itself.",
    "keys": "The keys of the app's actions: one key, or a list of them.",
}
"""The tables of a file, with what they are about."""


Place = tuple[str, str]
"""Table and key."""


@dataclass(frozen=True)
class Configuration:
    """The content of the configuration files.

    Attributes:
        files: the files that were read, the most specific first.
        entries: the most specific entry of every key, with its checked value.
    """

    files: tuple[Path, ...] = ()
    entries: Mapping[Place, Entry] = field(default_factory=dict)

    def key_entries(self) -> list[Entry]:
        """Returns the entries of [keys]."""
        return [entry for (table, _), entry in self.entries.items() if table == "keys"]


def read_configuration(files: Sequence[Path]) -> Configuration:
    """Reads configuration files, the most specific first.

    Raises:
        InputError: a file cannot be read, or has an entry that is not allowed.
    """
    entries: dict[Place, Entry] = {}
    for path in files:
        for entry in read_entries(path):
            value = checked(entry)
            if entry.key:
                entries.setdefault((entry.table, entry.key), replace(entry, value=value))
    return Configuration(tuple(files), entries)


def checked(entry: Entry) -> Any:
    """Returns the value of an entry in its option's type; the value of a key in [keys] as a tuple of names.

    Raises:
        InputError: there is no such table or key, or the value is not allowed.
    """
    if not entry.table:
        raise entry.error(_outside(entry.key))
    if entry.table not in TABLES:
        raise replace(entry, key="").error(f"there is no such table; {_choice(entry.table, TABLES)}")
    if not entry.key:
        return None
    if entry.table == "keys":
        return _keys(entry)
    known = by_name(IN_FILES[entry.table])
    if entry.key not in known:
        elsewhere = _tables_with(entry.key)
        raise entry.error(
            f"this belongs below [{elsewhere[0]}]"
            if elsewhere
            else f"there is no such key; {_choice(entry.key, known)}"
        )
    return _value(entry, known[entry.key])


def allowed(option: Option) -> str:
    """Returns what a value in a file has to be, in words."""
    return "true or false" if option.kind is bool else option.wanted


def in_toml(value: Any) -> str:
    """Returns a value as a configuration file has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(in_toml, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _value(entry: Entry, option: Option) -> Any:
    value = entry.value
    if option is RUNS and isinstance(value, str):
        # As in any file that names others; a folder further down would find another one otherwise.
        return str(entry.path.parent / Path(value).expanduser())
    if option.several and isinstance(value, str):
        value = [value]
    try:
        return option.check(value)
    except OptionError as error:
        message = f"{value!r} is not {allowed(option)}" if option.kind is bool else error.message
        raise entry.error(message) from None


def _outside(key: str) -> str:
    if key in TABLES:
        return f"this is a table; write [{key}] above its keys"
    tables = _tables_with(key)
    if tables:
        return f"this is outside a table; write it below [{tables[0]}]"
    return f"this is outside a table; the tables are {', '.join(f'[{name}]' for name in TABLES)}"


def _tables_with(key: str) -> list[str]:
    return [table for table, options in IN_FILES.items() if key in by_name(options)]


def _choice(name: str, known: Iterable[str]) -> str:
    """The close match, or all that there are."""
    names = list(known)
    close = difflib.get_close_matches(name.replace("-", "_").lower(), names, n=1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(names)}"


def _keys(entry: Entry) -> tuple[str, ...]:
    names = [entry.value] if isinstance(entry.value, str) else entry.value
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise entry.error('write a key in quotes, such as "f5", or a list of keys')
    return tuple(names)
