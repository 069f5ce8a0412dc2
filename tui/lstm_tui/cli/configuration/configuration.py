"""The files that count, read and checked: of several values of a key the nearest one holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from lstm_tui.cli.configuration.reading import Entry, read_entries
from lstm_tui.cli.configuration.tables import checked, places

Place = tuple[str, str]
"""Table and key."""


@dataclass(frozen=True)
class Configuration:
    """What files say.

    Attributes:
        files: that were read, the nearest first.
        entries: the nearest one of every key, with its value as the program takes it.
    """

    files: tuple[Path, ...] = ()
    entries: Mapping[Place, Entry] = field(default_factory=dict)

    def defaults(self, command: click.Command) -> dict[str, Any]:
        """The values for a command's options, by parameter name, as click's `default_map`."""
        return {
            option.name: self.entries[place].value
            for place, option in places(command).items()
            if place in self.entries and option.name is not None
        }

    def key_entries(self) -> list[Entry]:
        """The entries of [keys]."""
        return [entry for (table, _), entry in self.entries.items() if table == "keys"]


def read_configuration(
    files: Sequence[Path], options: Mapping[Place, click.Option], context: click.Context
) -> Configuration:
    """Reads files, the nearest first.

    Args:
        files: that are there.
        options: the app's, which may stand in them.
        context: of the command that runs.

    Raises:
        InputError: one cannot be read, or holds something that means nothing.
    """
    nearest: dict[Place, Entry] = {}
    for path in files:
        for entry in read_entries(path):
            value = checked(entry, options, context)
            if entry.key:
                good = Entry(entry.path, entry.line, entry.table, entry.key, value)
                nearest.setdefault((entry.table, entry.key), good)
    return Configuration(tuple(files), nearest)
