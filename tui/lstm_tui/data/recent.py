"""The list of recent files in the user's state folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from lstm_forecasting.data.catalogue import file_of
from lstm_plugins.errors import InputError
from lstm_plugins.files import replace_file

if TYPE_CHECKING:
    from lstm_forecasting.data.table import SeriesTable

MOST = 20


def recent_list() -> Path:
    """The path of the list, which need not exist."""
    from platformdirs import user_state_path

    return user_state_path("lstm-tui", appauthor=False) / "recent.json"


def recent_files() -> list[Path]:
    """The recent files that still exist, the latest first.

    Raises:
        InputError: the list cannot be read.
    """
    kept = recent_list()
    try:
        paths = json.loads(kept.read_bytes())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(f"The recent files in {kept} cannot be read: {error.strerror or error}.") from None
    except (ValueError, RecursionError):
        raise _damaged(kept) from None
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise _damaged(kept)
    return [path for path in map(Path, paths) if _is_there(path)][:MOST]


def remember(table: SeriesTable) -> None:
    """Puts the file of a table first on the list, unless it is a bundled data set or standard input.

    Raises:
        InputError: the list cannot be read or written; it stays unchanged.
    """
    path = file_of(table)
    if path is None:
        return
    before = recent_files()
    files = [path, *(other for other in before if other != path)][:MOST]
    if files == before:
        return
    kept = recent_list()
    text = json.dumps([str(file) for file in files], indent=1)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        replace_file(kept, text.encode() + b"\n")
    except OSError as error:
        raise InputError(
            f"{path.name} cannot be put on the list of recent files {kept}: {error.strerror or error}."
        ) from None


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        # It cannot be reached, or is not a path.
        return False


def _damaged(kept: Path) -> InputError:
    return InputError(f"The list of recent files {kept} is damaged; delete it.")
