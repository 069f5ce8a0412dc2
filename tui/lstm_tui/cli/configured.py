"""Commands that take their defaults from files: flag before variable before project before user."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from lstm_tui.cli.configuration.configuration import Configuration, read_configuration
from lstm_tui.cli.configuration.files import PROJECT_FILE, USER_FILE, files_here
from lstm_tui.cli.configuration.reading import Entry
from lstm_tui.cli.configuration.tables import place_of, places
from lstm_tui.cli.configuration.variables import flag
from lstm_tui.cli.program import load_command

_META = "lstm_tui.cli.configuration"


class Configured(click.Command):
    """A command whose options have their defaults from the files that count here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(_file_options())


def configuration_of(context: click.Context) -> Configuration:
    """What the files say for the command that runs; nothing for one that reads none."""
    found = context.meta.get(_META)
    return found if isinstance(found, Configuration) else Configuration()


def on_command_line(context: click.Context, name: str) -> bool:
    """Whether a parameter was given as a flag of this call."""
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def origin(context: click.Context, option: click.Option) -> Entry | str | None:
    """Where the value in effect comes from: an entry of a file, a variable, a flag; None for the default."""
    match context.get_parameter_source(option.name or ""):
        case click.core.ParameterSource.COMMANDLINE:
            return option.opts[0]
        case click.core.ParameterSource.ENVIRONMENT:
            return str(option.envvar)
        case click.core.ParameterSource.DEFAULT_MAP:
            place = place_of(option)
            return configuration_of(context).entries[place] if place is not None else None
    return None


def remark(context: click.Context, sentence: str) -> str:
    """Where the options that a sentence names have their values from, if not from this command line."""
    origins = []
    for (_, key), option in places(context.command).items():
        where = origin(context, option)
        named = re.search(rf"\b({key}|{flag(option)})\b", sentence)
        if named and where is not None and not on_command_line(context, option.name or ""):
            origins.append(f"{key}: {where.place if isinstance(where, Entry) else where}")
    return f" ({'; '.join(origins)})" if origins else ""


def _file_options() -> list[click.Option]:
    # Both are looked at before the other options. `--no-config` comes first: unless both are written, its
    # callback runs first.
    return [
        click.Option(
            ["--no-config"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_ignore_files,
            help="Ignore all configuration files.",
        ),
        click.Option(
            ["--config"],
            type=click.Path(path_type=Path),
            is_eager=True,
            expose_value=False,
            metavar="PATH",
            callback=_read_files,
            help=f"Configuration file to read in place of the project's. [default: {PROJECT_FILE} here or in "
            f"a folder above; then {USER_FILE} in the user's configuration folder]",
        ),
    ]


def _ignore_files(context: click.Context, _option: click.Parameter, ignored: bool) -> None:
    if ignored and _META in context.meta:
        raise click.UsageError("--config and --no-config contradict each other; leave one out.", context)
    if ignored:
        context.meta[_META] = Configuration()


def _read_files(context: click.Context, _option: click.Parameter, named: Path | None) -> None:
    if _META in context.meta:
        if named is not None and on_command_line(context, "config"):
            raise click.UsageError("--config and --no-config contradict each other; leave one out.", context)
        return
    configuration = read_configuration(files_here(named), places(load_command()), context)
    context.meta[_META] = configuration
    context.default_map = configuration.defaults(context.command)
