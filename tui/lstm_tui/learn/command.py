"""`lstm-tui learn [CHAPTER]`: the course, in the app or printed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from lstm_course.chapters import chapter_number
from lstm_course.progress import forget_progress
from lstm_tui.app import garbage
from lstm_tui.cli.app_options import AppOptions
from lstm_tui.cli.configured import Configured, configuration_of
from lstm_tui.cli.options import theme_option
from lstm_tui.cli.run_options import app_runs_option


@click.command(
    cls=Configured,
    help="Opens the course that explains an LSTM on eleven days of lemonade; every number is computed while "
    "you read, and most can be changed. CHAPTER is a number or a name, such as windows. Where there is no "
    "terminal, or with --print, that chapter is printed, or all of them.",
)
@click.argument("chapter", required=False)
@click.option("--print", "printed", is_flag=True, help="Print it instead of opening the app.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Print it with a value changed, such as look_back=4; may be given several times.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array instead, with unrounded numbers.")
@click.option("--restart", is_flag=True, help="Forget first what was read and solved.")
@theme_option
@app_runs_option
def command(
    chapter: str | None,
    printed: bool,
    settings: tuple[str, ...],
    as_json: bool,
    restart: bool,
    theme: str,
    parent: Path | None,
) -> int:
    """Opens or prints it and gives the exit code."""
    number = None if chapter is None else chapter_number(chapter)
    if restart:
        forget_progress()
    if printed or settings or as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        _print(number, settings, as_json)
        return 0
    garbage.put_off()
    from lstm_tui.app.actions import ACTIONS
    from lstm_tui.app.app import run_app
    from lstm_tui.cli.configuration.keys import chosen_keys

    keys = chosen_keys(configuration_of(click.get_current_context()).key_entries(), ACTIONS)
    return run_app(AppOptions(chapter=number or 0, runs=parent, theme=theme, keys=keys))


def _print(number: int | None, settings: tuple[str, ...], as_json: bool) -> None:
    """Prints a chapter, or all of them."""
    # Here and not above: the app shows its first screen before NumPy is imported.
    from lstm_course.chapters import chapters
    from lstm_course.course import choose
    from lstm_forecasting.figures.looks import looks
    from lstm_forecasting.processes.pool import BackendProcesses
    from lstm_plugins.discovery import discover_names
    from lstm_tui.cli import console
    from lstm_tui.learn.ink import terminal_ink
    from lstm_tui.learn.printed.fields import chapter_fields
    from lstm_tui.learn.printed.text import print_chapter

    with BackendProcesses() as processes:
        numbered = list(enumerate(chapters(processes), 1))
        if number is not None:
            numbered = numbered[number - 1 : number]
        chosen = choose([chapter for _, chapter in numbered], settings)
        if as_json:
            fields = [chapter_fields(at, chapter, chosen) for at, chapter in numbered]
            click.echo(json.dumps(fields, indent=2, ensure_ascii=False))
            return
        out, ink = console.results(), terminal_ink(looks(discover_names()))
        for at, chapter in numbered:
            if at != numbered[0][0]:
                out.print()
            print_chapter(out, at, chapter, chosen, ink)
