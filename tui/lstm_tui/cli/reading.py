"""A flag for every option of reading, made from the one place where they are declared."""

from __future__ import annotations

from typing import Any

import click

from lstm_forecasting.data.errors import OptionError
from lstm_forecasting.data.options import READ_OPTIONS, ReadOption, ReadOptions
from lstm_tui.cli.sections import InSections, SectionOption

PREFIX = "reading_"
"""Of the flags' parameter names, so that none is taken for an option of the command itself."""


class ReadType(click.ParamType[Any]):
    """What may be written after an option's flag."""

    def __init__(self, option: ReadOption) -> None:
        self.name = option.name
        self._option = option

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Its choices, or what kind of text it is."""
        return "|".join(self._option.choices) or self._option.metavar

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value that is meant."""
        try:
            return self._option.checked_text(value)
        except OptionError as error:
            self.fail(f"{error.message}.", param, ctx)


class ReadOptionFlag(SectionOption):
    """The flag of an option of reading."""

    section = "Reading the data"


class ReadsData(InSections):
    """A command with a flag for every option of reading, which its help lists apart from its own options."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(_flag(option) for option in READ_OPTIONS)


def take_read_options(values: dict[str, Any]) -> ReadOptions:
    """The options that were given on the command line; they are taken out of `values`.

    Raises:
        OptionError: two of them do not go together.
    """
    given = {name: values.pop(name) for name in list(values) if name.startswith(PREFIX)}
    return ReadOptions.from_dict(
        {name.removeprefix(PREFIX): value for name, value in given.items() if value not in (None, ())}
    )


def _name(option: ReadOption) -> str:
    return f"--{option.name.replace('_', '-')}"


def _flag(option: ReadOption) -> ReadOptionFlag:
    more = "; may be given several times" if option.several else ""
    default = f" [default: {option.default or 'found in the data'}]"
    return ReadOptionFlag(
        [_name(option), PREFIX + option.name],
        type=ReadType(option),
        multiple=option.several,
        default=None,
        help=f"{option.help[0].upper()}{option.help[1:]}{more}.{default}",
    )
