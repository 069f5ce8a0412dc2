"""Flags of the command line, made from the declarations of options."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from lstm_plugins.errors import OptionError
from lstm_plugins.options import Option

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_YES = "yes"
OWN = "Options"
"""The section of help for the options of one command."""


class OptionType(click.ParamType[Any]):
    """The values of an option. An option of several names is a flag that can be repeated."""

    def __init__(self, option: Option) -> None:
        self.name = option.name
        self.option = option

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Returns the choices, or one word for a value."""
        option = self.option
        return "|".join(option.choices) or option.metavar or {int: "N", float: "X"}.get(option.kind, "TEXT")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Returns the checked value."""
        if not isinstance(value, str):
            return value
        try:
            return self.option.check((value,))[0] if _repeats(self.option) else self.option.parse(value)
        except OptionError as error:
            self.fail(str(error).removeprefix(f"{error.option}: "), param, ctx)

    def split_envvar_value(self, rv: str) -> list[str]:
        """Returns the names of one environment variable, which are separated by commas."""
        return [part for part in map(str.strip, rv.split(",")) if part]


class ListType(OptionType):
    """All names of an option in one text, separated by commas."""

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Returns one word for the list."""
        return self.option.metavar

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Returns the checked names."""
        if not isinstance(value, str):
            return value
        try:
            return self.option.parse(value)
        except OptionError as error:
            self.fail(str(error).removeprefix(f"{error.option}: "), param, ctx)


class NameType(click.ParamType[str]):
    """The short name of a backend; one environment variable separates several by spaces or commas."""

    name = "name"

    def split_envvar_value(self, rv: str) -> list[str]:
        """Returns each of the names."""
        return [part for part in re.split(r"[\s,]+", rv) if part]


class Flag(click.Option):
    """The flag of a declared option.

    Args:
        option: the option.
        names: flag and parameter name in place of the option's own.
        table: of configuration files that contains the option; empty if none does.
        section: heading in the help.
        prefix: of the parameter's name, to avoid a conflict with another option of the command.
        named: further arguments of click's `Option`.
    """

    def __init__(
        self, option: Option, *names: str, table: str = "", section: str = OWN, prefix: str = "", **named: Any
    ) -> None:
        self.option = option
        self.table = table
        self.section = section
        flag = option.name.replace("_", "-")
        if option.kind is bool:
            flag = f"{flag}/--no-{flag}"
        repeats = _repeats(option)
        derived = {
            "type": None if option.kind is bool else OptionType(option),
            "multiple": repeats,
            "default": None,
            "help": f"{option.help}{'; may be repeated' if repeats else ''}.",
        }
        if _YES in option.choices:
            # The flag alone means yes.
            derived |= {"is_flag": False, "flag_value": _YES}
        super().__init__(names or (f"--{flag}", prefix + option.name), **{**derived, **named})

    @property
    def place(self) -> tuple[str, str]:
        """The table and the key in configuration files."""
        return self.table, self.option.name

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Returns the flag and its help, with the default and the range."""
        record = super().get_help_record(ctx)
        return record and (record[0], f"{record[1]} {_default(self.option)}".rstrip())


def flags(*given: Flag) -> Callable[[Decorated], Decorated]:
    """Returns a decorator that gives flags to a command, in this order."""

    def decorate(decorated: Decorated) -> Decorated:
        # Where click's own decorators keep the parameters, the last one first.
        decorated.__dict__.setdefault("__click_params__", []).extend(reversed(given))
        return decorated

    return decorate


def long_name(option: click.Parameter) -> str:
    """Returns an option's long flag without its dashes: "look-back"."""
    return max(option.opts, key=len).lstrip("-")


def _repeats(option: Option) -> bool:
    return option.several and option.kind is str


def _default(option: Option) -> str:
    default = "inferred from the data" if option.inferred else option.text(option.default)
    limits = str(option.range) if option.range and not option.several else ""
    words = "; ".join(filter(None, (default, limits)))
    return f"[default: {words}]" if default else ""
