"""The project file to begin with: everything that may stand in one, explained and commented out."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from lstm_forecasting.experiment.chosen import CHOSEN
from lstm_plugins import SETTINGS_BY_NAME
from lstm_plugins.errors import InputError
from lstm_tui.cli.configuration.configuration import Place
from lstm_tui.cli.configuration.files import shown
from lstm_tui.cli.configuration.tables import TABLES
from lstm_tui.kit.actions import Action, by_id

_HEAD = """\
What lstm-tui does in this folder and in those below it, unless a flag or an environment variable says
otherwise. Take away the # before a line to fix its value; lstm-tui settings shows what holds and why.
"""
_WIDTH = 100


def write_template(path: Path, options: Mapping[Place, click.Option], actions: Sequence[Action]) -> None:
    """Writes a new file.

    Raises:
        InputError: there is one already, or it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template(options, actions))
    except FileExistsError:
        raise InputError(f"{shown(path)} exists already and stays as it is; move it away first.") from None
    except OSError as error:
        raise InputError(f"{shown(path)} cannot be written: {error.strerror or error}.") from None


def template(options: Mapping[Place, click.Option], actions: Sequence[Action]) -> str:
    """The text of the file.

    Args:
        options: the app's, which may stand in it.
        actions: with their usual keys.
    """
    lines = [*_comment(_HEAD)]
    for table, about in TABLES.items():
        lines += ["", *_comment(about), f"[{table}]"]
        if table == "keys":
            for action in by_id(actions).values():
                where = "" if action.place == "Everywhere" else f"{action.place}: "
                lines += ["", *_comment(where + action.help)]
                lines.append(f"# {action.id} = {in_toml(_one_or_all(action.keys.split(',')))}")
            continue
        for (own, key), option in options.items():
            if own == table:
                lines += ["", *_comment(_explained(key, option))]
                lines.append(f"# {key} = {in_toml(_example(key, option))}")
    return "\n".join(lines) + "\n"


def in_toml(value: Any) -> str:
    """A value as it is written in a file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(in_toml, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _comment(text: str) -> Iterator[str]:
    return (f"# {line}" for line in textwrap.wrap(" ".join(text.split()), _WIDTH))


def _explained(key: str, option: click.Option) -> str:
    setting = SETTINGS_BY_NAME.get(key)
    if setting is None:
        told = re.sub(r"\s*\[default: .*\]$", "", option.help or "").rstrip(".")
        return f"{told}: one of {', '.join(_choices(option))}." if _choices(option) else f"{told}."
    follows = " Without it, the data decide." if key in CHOSEN else ""
    wanted = "true or false" if setting.kind is bool else setting.wanted
    return f"{setting.help[0].upper()}{setting.help[1:]}: {wanted}.{follows}"


def _example(key: str, option: click.Option) -> Any:
    """The default, or what kind of thing belongs there."""
    setting = SETTINGS_BY_NAME.get(key)
    if setting is not None:
        return setting.default
    if isinstance(option.default, str | int | float | tuple) and option.default != ():
        return option.default
    first = (_choices(option) or [option.metavar or _metavar(option)])[0].split()[0]
    return [first] if option.multiple else first


def _choices(option: click.Option) -> list[str]:
    """The words that an option takes, where they are listed."""
    words = _metavar(option).strip("[]").split("|")
    return words if len(words) > 1 else []


def _metavar(option: click.Option) -> str:
    """What the option's type calls its values."""
    context = click.Context(click.Command("lstm-tui"))
    return option.type.get_metavar(option, context) or "TEXT"


def _one_or_all(keys: Sequence[str]) -> str | Sequence[str]:
    return keys[0] if len(keys) == 1 else keys
