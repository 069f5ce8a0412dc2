"""`lstm-tui learn [CHAPTER]`: the course, in the app or printed."""

import sys
from pathlib import Path

import click

from lstm_course.chapters import chapter_number
from lstm_course.progress import forget_progress
from lstm_tui.cli.app_options import AppOptions
from lstm_tui.cli.command import Command
from lstm_tui.cli.flags import flags
from lstm_tui.cli.options import app_runs_flag, json_option, theme_flag


@click.command(
    cls=Command,
    help="Read the course, which explains an LSTM on eleven days of lemonade sales. Every number is computed "
    "while you read, and most can be changed. CHAPTER is a number or a name, such as windows. Without a "
    "terminal, or with --print, the chapter, or all of them, is printed.",
)
@click.argument("chapter", required=False)
@click.option("--print", "printed", is_flag=True, help="Print the chapter instead of opening the app.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Print the chapter with a changed value, such as look_back=4; may be repeated.",
)
@json_option
@click.option("--restart", is_flag=True, help="First reset your progress in the course.")
@flags(theme_flag, app_runs_flag)
def command(
    chapter: str | None,
    printed: bool,
    settings: tuple[str, ...],
    as_json: bool,
    restart: bool,
    theme: str,
    parent: Path | None,
) -> AppOptions | int:
    """Returns the options that open the app at the course, or prints it and returns the exit code."""
    number = None if chapter is None else chapter_number(chapter)
    if restart:
        forget_progress()
    if printed or settings or as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        _print(number, settings, as_json)
        return 0
    return AppOptions(chapter=number or 0, runs=parent, theme=theme)


def _print(number: int | None, settings: tuple[str, ...], as_json: bool) -> None:
    """Prints a chapter, or all of them if `number` is None."""
    # Here and not above: the app shows its first screen before NumPy is imported.
    from lstm_course.chapters import chapters
    from lstm_course.course import choose
    from lstm_forecasting.figures.looks import looks
    from lstm_forecasting.processes.pool import BackendProcesses
    from lstm_plugins.discovery import discover_names
    from lstm_tui.cli import console
    from lstm_tui.learn.ink import terminal_ink
    from lstm_tui.learn.printed import chapter_fields, print_chapter

    with BackendProcesses() as processes:
        numbered = list(enumerate(chapters(processes), 1))
        if number is not None:
            numbered = numbered[number - 1 : number]
        chosen = choose([chapter for _, chapter in numbered], settings)
        if as_json:
            console.print_json([chapter_fields(at, chapter, chosen) for at, chapter in numbered])
            return
        out, ink = console.results(), terminal_ink(looks(discover_names()))
        for at, chapter in numbered:
            if at != numbered[0][0]:
                out.print()
            print_chapter(out, at, chapter, chosen, ink)
