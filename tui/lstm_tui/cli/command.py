"""The commands: help in sections, defaults from files and variables, and several backends after one flag."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from lstm_plugins.errors import ForecasterError, InputError
from lstm_tui.cli.configuration.files import PROJECT_FILE, USER_FILE, files_here
from lstm_tui.cli.configuration.reading import Entry
from lstm_tui.cli.configuration.tables import Configuration, read_configuration
from lstm_tui.cli.configuration.variables import has_variable, variable
from lstm_tui.cli.flags import OWN, Flag, long_name
from lstm_tui.cli.options import ALL

_META = "lstm_tui.cli.configuration"


class Command(click.Command):
    """A command of the program.

    The most specific source of an option wins: flag, environment variable, file of the project, file of the
    user. A command none of whose options a file may have reads no file.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        # Options may be written as Python has them, too: --look_back.
        named.setdefault("context_settings", {"token_normalize_func": lambda text: text.replace("_", "-")})
        super().__init__(*arguments, **named)
        if any(isinstance(one, Flag) and one.table for one in self.params):
            self.params.extend(_file_options())
        for option in self.params:
            if isinstance(option, click.Option) and has_variable(option):
                option.envvar = variable(option)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parses the arguments, of which a repeatable `--backend` takes all names that follow it."""
        if any("--backend" in one.opts and one.multiple for one in self.params if isinstance(one, Flag)):
            args = list(spread(args, _known))
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes a list of options for each section, the command's own first."""
        sections: dict[str, list[tuple[str, str]]] = {OWN: []}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                title = parameter.section if isinstance(parameter, Flag) else OWN
                sections.setdefault(title, []).append(record)
        for title, records in sections.items():
            with formatter.section(title):
                formatter.write_dl(records)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; an error about a value from a file or a variable names the place."""
        try:
            return super().invoke(ctx)
        except (InputError, ForecasterError) as error:
            where = _remark(ctx, str(error))
            if not where:
                raise
            raise InputError(f"{error}{where}") from error


class Group(Command, click.Group):
    """A command with commands of its own."""

    command_class = Command


def configuration_of(context: click.Context) -> Configuration:
    """Returns what the files say for the command that runs; nothing for one that reads none."""
    found = context.meta.get(_META)
    return found if isinstance(found, Configuration) else Configuration()


def on_command_line(context: click.Context, name: str) -> bool:
    """True if a parameter was given as a flag of this call."""
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def origin(context: click.Context, option: click.Option) -> Entry | str | None:
    """Returns where an option's value comes from: an entry of a file, a variable, a flag, or None."""
    match context.get_parameter_source(option.name or ""):
        case click.core.ParameterSource.COMMANDLINE:
            return option.opts[0]
        case click.core.ParameterSource.ENVIRONMENT:
            return str(option.envvar)
        case click.core.ParameterSource.DEFAULT_MAP if isinstance(option, Flag):
            return configuration_of(context).entries[option.place]
    return None


def spread(arguments: Sequence[str], known: Callable[[], Collection[str]]) -> Iterator[str]:
    """Yields the arguments with one `--backend` for each name that follows one.

    `known` returns the words that mean a backend there; any other word is another argument. It is slow and is
    called only if it is needed.
    """
    option, expecting, inside = "--backend", False, False
    for place, argument in enumerate(arguments):
        if argument == "--" and not expecting:
            yield from arguments[place:]
            return
        if argument == option and not expecting:
            expecting = True
            continue
        if argument.startswith(f"{option}="):
            argument, expecting = argument.removeprefix(f"{option}="), True
        follows = inside and not argument.startswith("-") and set(argument.split(",")) <= set(known())
        inside = expecting or follows
        expecting = False
        if inside:
            for name in argument.split(","):
                yield from (option, name)
        else:
            yield argument
    if expecting:
        yield option


def _known() -> tuple[str, ...]:
    from lstm_plugins.discovery import discover_names

    return (*discover_names(), ALL)


def _remark(context: click.Context, sentence: str) -> str:
    """Where the options that a sentence names have their values from, if not from this command line."""
    origins = []
    for flag in context.command.params:
        if not isinstance(flag, Flag) or not flag.table or on_command_line(context, flag.name or ""):
            continue
        where, key = origin(context, flag), flag.option.name
        if where is not None and re.search(rf"\b({key}|{long_name(flag)})\b", sentence):
            origins.append(f"{key}: {where.place if isinstance(where, Entry) else where}")
    return f" ({'; '.join(origins)})" if origins else ""


def _file_options() -> list[click.Option]:
    # Both are processed before the other options. `--no-config` comes first: unless both are written, its
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
    configuration = read_configuration(files_here(named))
    context.meta[_META] = configuration
    context.default_map = {
        option.name: configuration.entries[option.place].value
        for option in context.command.params
        if isinstance(option, Flag) and option.name and option.place in configuration.entries
    }
