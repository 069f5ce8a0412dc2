"""The environment variable of every option, named after its flag."""

from __future__ import annotations

import os
from collections.abc import Iterator

import click

VARIABLE_PREFIX = "LSTM_TUI_"


def flag(option: click.Option) -> str:
    """The option's long flag, without the dashes: "look-back"."""
    return max(option.opts, key=len).lstrip("-")


def variable(option: click.Option) -> str:
    """The environment variable of an option: "LSTM_TUI_LOOK_BACK"."""
    return VARIABLE_PREFIX + flag(option).replace("-", "_").upper()


def has_variable(option: click.Option) -> bool:
    """Whether the option can be given by a variable; those that only tell something cannot."""
    return flag(option) not in ("help", "version")


def name_variables(command: click.Command) -> None:
    """Gives every option of a command, and of the commands in it, its variable."""
    for option in options_of(command):
        if has_variable(option):
            option.envvar = variable(option)


def options_of(command: click.Command) -> Iterator[click.Option]:
    """The options of a command, and of the commands in it."""
    yield from (parameter for parameter in command.params if isinstance(parameter, click.Option))
    if isinstance(command, click.Group):
        for one in command.commands.values():
            yield from options_of(one)


def came_from_variable(error: click.BadParameter) -> str | None:
    """The sentence that names the variable, where a bad value came from one."""
    option, context = error.param, error.ctx
    if not isinstance(option, click.Option) or context is None or option.name is None:
        return None
    if context.get_parameter_source(option.name) is not click.core.ParameterSource.ENVIRONMENT:
        return None
    return f"{option.envvar}: {error.message.rstrip('.')}."


def unknown_variables(known: set[str]) -> tuple[str, ...]:
    """Variables that look like ours and mean nothing, in the order of their names."""
    return tuple(
        sorted(name for name in os.environ if name.startswith(VARIABLE_PREFIX) and name not in known)
    )
