"""The configuration files, read and checked; for each key, the most specific file wins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lstm_tui.cli.configuration.reading import Entry, read_entries
from lstm_tui.cli.configuration.tables import checked

Place = tuple[str, str]
"""Table and key."""


@dataclass(frozen=True)
class Configuration:
    """What the configuration files say.

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
