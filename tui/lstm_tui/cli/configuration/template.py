"""A configuration file to begin with: everything that it may have, explained and commented out."""

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lstm_plugins.errors import InputError
from lstm_plugins.options import Option
from lstm_tui.cli.configuration.files import shown
from lstm_tui.cli.configuration.tables import TABLES, allowed, in_toml
from lstm_tui.cli.options import IN_FILES
from lstm_tui.kit.actions import EVERYWHERE, Action, by_id

_HEAD = """\
Settings of lstm-tui for this folder and the folders below it, unless a flag or an environment variable says
otherwise. Remove the # before a line to set its value; lstm-tui settings shows every value and its source.
"""
_WIDTH = 100


def write_template(path: Path, actions: Sequence[Action]) -> None:
    """Writes a new file.

    Raises:
        InputError: the file exists already, or cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template(actions))
    except FileExistsError:
        raise InputError(f"{shown(path)} exists already and is left unchanged; move it away first.") from None
    except OSError as error:
        raise InputError(f"{shown(path)} cannot be written: {error.strerror or error}.") from None


def template(actions: Sequence[Action]) -> str:
    """Returns the text of the file; `actions` have their usual keys."""
    lines = [*_comment(_HEAD)]
    for table, about in TABLES.items():
        lines += ["", *_comment(about), f"[{table}]"]
        for option in IN_FILES.get(table, ()):
            lines += ["", *_comment(_explained(option)), f"# {option.name} = {in_toml(_example(option))}"]
    for action in by_id(actions).values():
        where = "" if action.place == EVERYWHERE else f"{action.place}: "
        keys = action.keys.split(",")
        lines += ["", *_comment(where + action.help)]
        lines.append(f"# {action.id} = {in_toml(keys[0] if len(keys) == 1 else keys)}")
    return "\n".join(lines) + "\n"


def _comment(text: str) -> Iterator[str]:
    return (f"# {line}" for line in textwrap.wrap(" ".join(text.split()), _WIDTH))


def _explained(option: Option) -> str:
    free_text = option.kind is str and not option.choices
    limits = "" if free_text else f": {allowed(option)}"
    return f"{option.help}{limits}.{' By default, it is inferred from the data.' if option.inferred else ''}"


def _example(option: Option) -> Any:
    """The default, or what kind of value belongs there."""
    if option.default not in (None, ()):
        return option.default
    if option.several and option.kind is not str:
        return []
    example = (*option.choices, option.metavar)[0]
    return [example] if option.several else example
