"""Options that several commands share, and the way a list of backends is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, TypeVar

import click

from lstm_forecasting.data.splits import DEFAULT_FRACTIONS, split_by_fraction
from lstm_plugins.errors import InputError
from lstm_tui.kit.theme_names import SHORT, find_theme

ALL = "all"

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class NameType(click.ParamType[str]):
    """A short name; several in one environment variable are separated by spaces or commas."""

    name = "name"

    def split_envvar_value(self, rv: str) -> list[str]:
        """Each of the names."""
        return [part for part in re.split(r"[\s,]+", rv) if part]


class ColumnType(click.ParamType[str]):
    """The title of a column; several in one environment variable are separated by commas."""

    name = "column"

    def split_envvar_value(self, rv: str) -> list[str]:
        """Each of the titles, which may have spaces in them."""
        return [part for part in map(str.strip, rv.split(",")) if part]


class ThemeType(click.ParamType[str]):
    """The name of a theme."""

    name = "theme"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name, if there is such a theme."""
        try:
            find_theme(value)
        except InputError as error:
            self.fail(str(error), param, ctx)
        return str(value)


def backend_option(help: str) -> Callable[[Decorated], Decorated]:  # noqa: A002 - click's own word
    """`--backend NAME …`: one or more short names, or all."""
    return click.option(
        "--backend",
        "backends",
        type=NameType(),
        multiple=True,
        metavar="NAME ...|all",
        help=f"Backends {help}.",
    )


target_option = click.option(
    "--target",
    "targets",
    type=ColumnType(),
    multiple=True,
    metavar="COLUMN",
    help="Column to forecast; may be given several times. [default: chosen from the data]",
)
input_option = click.option(
    "--input",
    "inputs",
    type=ColumnType(),
    multiple=True,
    metavar="COLUMN",
    help="Further column that a forecast sees; may be given several times.",
)


def _fractions_that_add_up(
    _context: click.Context, _option: click.Parameter, fractions: tuple[float, float, float]
) -> tuple[float, float, float]:
    try:
        split_by_fraction(1000, *fractions)
    except InputError as error:
        raise click.BadParameter(str(error)) from None
    return fractions


split_option = click.option(
    "--split",
    "fractions",
    nargs=3,
    type=float,
    metavar="TRAIN VALIDATION TEST",
    default=DEFAULT_FRACTIONS,
    show_default=True,
    callback=_fractions_that_add_up,
    help="Shares of the rows, in this order of time.",
)
threads_option = click.option(
    "--threads",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Threads of each backend.",
)


theme_option = click.option(
    "--theme",
    type=ThemeType(),
    default=next(iter(SHORT)),
    show_default=True,
    metavar="NAME",
    help="Colours: dark, light, ansi (those of the terminal), or a theme of Textual.",
)


def plugin_options(decorated: Decorated) -> Decorated:
    """`--no-plugins` and `--without NAME`."""
    decorated = click.option(
        "--without",
        type=NameType(),
        multiple=True,
        metavar="NAME",
        help="Leave a backend alone, or all of a distribution; may be given several times.",
    )(decorated)
    return click.option(
        "--no-plugins", is_flag=True, help="Leave all backends of other distributions alone."
    )(decorated)


class ListsBackends(click.Command):
    """A command whose `--backend` takes all names that follow it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As any command does, with one `--backend` for each name."""
        return super().parse_args(ctx, list(spread(args, _known)))


def spread(arguments: Sequence[str], known: Callable[[], Collection[str]]) -> Iterator[str]:
    """`--backend numpy torch` and `--backend numpy,torch` as `--backend numpy --backend torch`.

    Args:
        arguments: of a command line.
        known: gives the words that mean a backend right after one; any other word there is another argument.
            Only asked when there is such a word, since finding out takes time.
    """
    option = "--backend"
    inside = False
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            yield argument
            yield from rest
            return
        if argument == option or argument.startswith(f"{option}="):
            value = argument[len(option) + 1 :] or next(rest, None)
            if value is None:
                yield option
                return
            yield from _each(value)
            inside = True
        elif inside and not argument.startswith("-") and set(argument.split(",")) <= set(known()):
            yield from _each(argument)
        else:
            inside = False
            yield argument


def _each(value: str) -> Iterator[str]:
    for part in value.split(","):
        yield "--backend"
        yield part


def _known() -> tuple[str, ...]:
    from lstm_plugins.discovery import discover_names

    return (*discover_names(), ALL)
