"""Generates the reference pages of the manual from the code: commands, settings and keys.

MkDocs calls `on_files` while it builds the manual, so these pages are always up to date.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from lstm_plugins import SETTINGS, Option
from lstm_tui.app.actions import ACTIONS
from lstm_tui.cli.configuration.tables import allowed, in_toml
from lstm_tui.cli.configuration.variables import VARIABLE_PREFIX, has_variable, variable
from lstm_tui.cli.flags import Flag
from lstm_tui.cli.options import setting_flags
from lstm_tui.cli.program import load_command
from lstm_tui.kit.actions import CHART_HELP, CHARTS
from lstm_tui.registry import COMMANDS

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the generated pages to the hand-written ones."""
    from mkdocs.structure.files import File

    for name, text in pages().items():
        files.append(File.generated(config, name, content=text))
    return files


def pages() -> dict[str, str]:
    """Returns the Markdown of every generated page, by path."""
    made = {"commands": _commands(), "settings": _settings(), "keys": _keys()}
    return {f"reference/{name}.md": "\n".join(lines) + "\n" for name, lines in made.items()}


def _commands() -> Iterator[str]:
    yield "# Commands"
    yield ""
    yield (
        "If the first word after `lstm-tui` is one of these names, it is the command. Otherwise the app "
        "opens it as a series. Options that name a variable can also be set by that environment variable, "
        "and those that name a table in a configuration file ([Settings](../settings.md)). The exit code "
        "is 0 on success, 1 if the work failed, 2 for bad input, and 130 after Ctrl+C."
    )
    yield from _command("lstm-tui", load_command())
    for name in COMMANDS:
        command = load_command(name)
        yield from _command(f"lstm-tui {name}", command)
        for inner, one in command.commands.items() if isinstance(command, click.Group) else ():
            yield from _command(f"lstm-tui {name} {inner}", one)


def _command(title: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=title)
    options = [one for one in command.get_params(context) if isinstance(one, click.Option)]
    own = [one for one in options if one not in setting_flags]
    yield from ("", f"## {title}", "")
    yield from ("```text", " ".join([title, *command.collect_usage_pieces(context)]), "```", "")
    yield _escaped(command.help or "")
    if len(own) < len(options):
        yield from ("", "Every [setting](settings.md) is also an option.")
    yield ""
    rows = []
    for option in own:
        written, meaning = option.get_help_record(context) or ("", "")
        place = "[{}] {}".format(*option.place) if isinstance(option, Flag) and option.table else ""
        rows.append(
            (
                _code(written),
                _code(variable(option)) if has_variable(option) else "",
                _code(place),
                _escaped(meaning),
            )
        )
    yield from _table(("option", "variable", "in a file", "meaning"), rows)


def _settings() -> Iterator[str]:
    yield "# Settings"
    yield ""
    yield (
        "Every setting of the network and its training; [the specification](../specification.md) defines "
        "each of them. The flag for `look_back` is `--look-back`, the environment variable is "
        f"`{VARIABLE_PREFIX}LOOK_BACK`, and in a configuration file it belongs in the table `[settings]`. "
        "Where the default is *from the data*, the program infers a value and reports it with the reason."
    )
    for group, settings in itertools.groupby(SETTINGS, lambda setting: setting.group):
        yield from ("", f"## {group}", "")
        yield from _table(
            ("setting", "meaning", "allowed values", "default"),
            (
                (
                    f'<a id="{setting.name}"></a>{_code(setting.name)}',
                    _escaped(_meaning(setting)),
                    _escaped(allowed(setting)),
                    "*from the data*" if setting.inferred else _code(in_toml(setting.default)),
                )
                for setting in settings
            ),
        )


def _meaning(setting: Option) -> str:
    if setting.matters_when is None:
        return setting.help
    other, values = setting.matters_when
    return f"{setting.help}; used with {other} {' or '.join(values)}"


def _keys() -> Iterator[str]:
    yield "# Keys"
    yield ""
    yield (
        "The footer of the app shows the keys that work right now; `?` shows all of them. The last column is "
        "the action's name in the table `[keys]` of a [configuration file](../settings.md#keys)."
    )
    for place in dict.fromkeys(action.place for action in ACTIONS):
        yield from ("", f"## {place}", "")
        yield from _table(
            ("key", "what it does", "name"),
            (
                (_code(action.keys_for_people), _escaped(action.help), _code(action.id))
                for action in ACTIONS
                if action.place == place
            ),
        )
    yield from ("", f"## {CHARTS}", "")
    yield from _table(("key", "what it does"), ((_code(keys), _escaped(text)) for keys, text in CHART_HELP))


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    titles = list(head)
    for row in (titles, ["---"] * len(titles), *rows):
        yield f"| {' | '.join(row)} |"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _escaped(text: str) -> str:
    """Returns Markdown that renders as exactly this text."""
    return re.sub(r"([\\`*_<>\[\]|#])", r"\\\1", text)
