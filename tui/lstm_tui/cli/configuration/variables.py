"""The environment variable of every option, named after its flag."""

import os
from collections.abc import Iterator

import click

from lstm_tui.cli.flags import long_name

VARIABLE_PREFIX = "LSTM_TUI_"


def variable(option: click.Option) -> str:
    """Returns the environment variable of an option: "LSTM_TUI_LOOK_BACK"."""
    return VARIABLE_PREFIX + long_name(option).replace("-", "_").upper()


def has_variable(option: click.Option) -> bool:
    """True if a variable can set the option; only --help and --version have none."""
    return long_name(option) not in ("help", "version")


def options_of(command: click.Command) -> Iterator[click.Option]:
    """Yields the options of a command and of the commands in it."""
    yield from (parameter for parameter in command.params if isinstance(parameter, click.Option))
    if isinstance(command, click.Group):
        for one in command.commands.values():
            yield from options_of(one)


def came_from_variable(error: click.BadParameter) -> str | None:
    """Returns the sentence that names the variable if a bad value came from one."""
    option, context = error.param, error.ctx
    if not isinstance(option, click.Option) or context is None or option.name is None:
        return None
    if context.get_parameter_source(option.name) is not click.core.ParameterSource.ENVIRONMENT:
        return None
    return f"{option.envvar}: {error.message}"


def unknown_variables(known: set[str]) -> tuple[str, ...]:
    """Returns the variables that begin like ours but belong to no option, sorted."""
    return tuple(
        sorted(name for name in os.environ if name.startswith(VARIABLE_PREFIX) and name not in known)
    )
