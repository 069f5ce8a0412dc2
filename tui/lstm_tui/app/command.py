"""`lstm-tui [FILE|NAME]`: opens the app."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import Any

import click

from lstm_forecasting.data.sources import STANDARD_INPUT, read_standard_input
from lstm_tui.app import garbage
from lstm_tui.app.terminal import take_keyboard
from lstm_tui.cli.app_options import AppOptions
from lstm_tui.cli.configured import configuration_of
from lstm_tui.cli.options import (
    ListsBackends,
    backend_option,
    input_option,
    plugin_options,
    split_option,
    target_option,
    theme_option,
    threads_option,
)
from lstm_tui.cli.reading import ReadsData, take_read_options
from lstm_tui.cli.run_options import app_runs_option
from lstm_tui.cli.settings import TakesSettings, fixed_settings
from lstm_tui.registry import COMMANDS


class _Program(ListsBackends, TakesSettings, ReadsData):
    """The app's command, whose help also lists the others."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, and the commands after them."""
        super().format_options(ctx, formatter)
        with formatter.section("Commands (lstm-tui COMMAND --help tells more)"):
            formatter.write_dl([(name, one.summary) for name, one in COMMANDS.items()])


@click.command(
    cls=_Program,
    context_settings={"token_normalize_func": lambda text: text.replace("_", "-")},
    help="Opens the workbench on a series: a CSV, JSON or Parquet file, - for standard input, or the name "
    "of a bundled data set. Without one it asks. A first word that is a command runs that command; "
    "./forecast opens a file of that name.",
)
@click.argument("source", metavar="[FILE|NAME|-]", nargs=-1)
@backend_option("to choose at the start; without it, all that are ready")
@target_option
@input_option
@split_option
@threads_option
@theme_option
@app_runs_option
@plugin_options
@click.version_option(package_name="lstm-tui", prog_name="lstm-tui")
def command(
    source: tuple[str, ...],
    backends: tuple[str, ...],
    targets: tuple[str, ...],
    inputs: tuple[str, ...],
    fractions: tuple[float, float, float],
    threads: int,
    theme: str,
    parent: Path | None,
    no_plugins: bool,
    without: tuple[str, ...],
    **declared: Any,
) -> int:
    """Opens the app and gives its exit code."""
    if len(source) > 1 or (source and source[0] in COMMANDS and not Path(source[0]).exists()):
        raise click.UsageError(_misplaced(source))
    reading = take_read_options(declared)
    piped = source == (STANDARD_INPUT,)
    if not ((piped or sys.stdin.isatty()) and sys.stdout.isatty()):
        example = source[0] if source else "FILE"
        raise click.UsageError(
            f"The workbench needs a terminal; without one, use: lstm-tui forecast {example}"
        )
    if piped:
        read_standard_input()
        take_keyboard()
    garbage.put_off()
    from lstm_tui.app.actions import ACTIONS
    from lstm_tui.app.app import run_app
    from lstm_tui.cli.configuration.keys import chosen_keys

    return run_app(
        AppOptions(
            source=source[0] if source else None,
            backends=backends,
            targets=targets,
            inputs=inputs,
            reading=reading,
            settings=fixed_settings(declared),
            fractions=fractions,
            threads=threads,
            runs=parent,
            theme=theme,
            keys=chosen_keys(configuration_of(click.get_current_context()).key_entries(), ACTIONS),
            plugins=not no_plugins,
            without=without,
        )
    )


def _misplaced(words: tuple[str, ...]) -> str:
    for word in words:
        if word in COMMANDS:
            return f"A command comes first: lstm-tui {word} ..."
    close = difflib.get_close_matches(words[0], COMMANDS, n=1)
    if close:
        return f"There is no command {words[0]!r}; did you mean {close[0]}?"
    return f"The workbench opens one series at a time; {words[1]!r} is one too many."
