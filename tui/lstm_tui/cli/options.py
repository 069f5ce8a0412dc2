"""Options that several commands share, and the way a list of backends is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, TypeVar

import click

ALL = "all"

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def backend_option(help: str) -> Callable[[Decorated], Decorated]:  # noqa: A002 - click's own word
    """`--backend NAME …`: one or more short names, or all."""
    return click.option(
        "--backend", "backends", multiple=True, metavar="NAME ...|all", help=f"Backends {help}."
    )


target_option = click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="COLUMN",
    help="Column to forecast; may be given several times. [default: chosen from the data]",
)
input_option = click.option(
    "--input",
    "inputs",
    multiple=True,
    metavar="COLUMN",
    help="Further column that a forecast sees; may be given several times.",
)


def plugin_options(decorated: Decorated) -> Decorated:
    """`--no-plugins` and `--without NAME`."""
    decorated = click.option(
        "--without",
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
