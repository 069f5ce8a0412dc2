"""`lstm-tui [FILE|NAME]`: opens the app."""

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from lstm_forecasting.data.formats.sources import STANDARD_INPUT, read_standard_input
from lstm_forecasting.evaluation.baselines.kinds import Wanted
from lstm_forecasting.presets.options import Preset
from lstm_plugins.suggesting import similar_names, suggestion
from lstm_tui.app.terminal import take_keyboard
from lstm_tui.cli import options
from lstm_tui.cli.app_options import AppOptions
from lstm_tui.cli.command import Command
from lstm_tui.cli.configuration.reading import Entry
from lstm_tui.cli.flags import flags
from lstm_tui.registry import COMMANDS


class _AppCommand(Command):
    """The app's command, whose help also lists the other commands."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the options, then the commands."""
        super().format_options(ctx, formatter)
        with formatter.section("Commands (lstm-tui COMMAND --help explains each)"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=_AppCommand,
    help="Open the app on a series: a CSV, JSON or Parquet file, - for standard input, or the name of a "
    "bundled data set. Without one, the app asks. If the first word is a command, that command runs; "
    "./forecast opens a file of that name.",
)
@click.argument("source", metavar="[FILE|NAME|-]", nargs=-1)
@flags(
    options.backend_flag("Backends to select at the start; by default, all that are ready."),
    *(
        options.target_flag,
        options.input_flag,
        options.split_flag,
        options.threads_flag,
        options.preset_flag,
        options.budget_flag,
        options.model_flag,
        options.level_flag,
        options.theme_flag,
        options.app_runs_flag,
    ),
)
@options.plugin_options
@click.version_option(package_name="lstm-tui", prog_name="lstm-tui")
@flags(*options.reading_flags, *options.setting_flags)
def command(
    source: tuple[str, ...],
    backends: tuple[str, ...],
    targets: tuple[str, ...],
    inputs: tuple[str, ...],
    fractions: tuple[float, float, float],
    threads: int,
    preset: Preset | None,
    budget: str | None,
    offer: Wanted,
    levels: tuple[float, ...],
    theme: str,
    parent: Path | None,
    no_plugins: bool,
    without: tuple[str, ...],
    **declared: Any,
) -> AppOptions:
    """Returns the options with which the app opens."""
    if len(source) > 1 or (source and source[0] in COMMANDS and not Path(source[0]).exists()):
        raise click.UsageError(_misplaced(source))
    reading = options.take_read_options(declared)
    piped = source == (STANDARD_INPUT,)
    if not ((piped or sys.stdin.isatty()) and sys.stdout.isatty()):
        example = source[0] if source else "FILE"
        raise click.UsageError(f"The app needs a terminal; without one, use: lstm-tui forecast {example}")
    if piped:
        read_standard_input()
        take_keyboard()
    return AppOptions(
        source=source[0] if source else None,
        backends=backends,
        targets=targets,
        inputs=inputs,
        reading=reading,
        settings=options.given_settings(declared),
        fractions=fractions,
        threads=threads,
        preset=preset,
        budget=budget,
        offer=offer,
        levels=levels,
        runs=parent,
        theme=theme,
        plugins=not no_plugins,
        without=without,
    )


def open_app(options: AppOptions, key_entries: Iterable[Entry]) -> int:
    """Opens the app, waits until the user leaves it, and returns its exit code.

    Raises:
        InputError: an entry for a key names no action or no key, or a key would do two things.
    """
    from lstm_tui.app.app import run_app

    entries = tuple(key_entries)
    if entries:
        from lstm_tui.app.actions import ACTIONS
        from lstm_tui.cli.configuration.keys import chosen_keys

        options = replace(options, keys=chosen_keys(entries, ACTIONS))
    return run_app(options)


def _misplaced(words: tuple[str, ...]) -> str:
    for word in words:
        if word in COMMANDS:
            return f"Put the command first: lstm-tui {word} ..."
    close = similar_names(words[0], COMMANDS, 1)
    if close:
        return f"There is no command {words[0]!r}; {suggestion(close, '')}"
    return f"The app opens one series at a time; {words[1]!r} is one too many."
