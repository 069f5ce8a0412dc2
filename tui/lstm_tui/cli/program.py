"""Finds the command of a command line, runs it, and turns its end into an exit code.

Exit codes: 0; 1 if the work failed; 2 for bad input; 130 after Ctrl+C; 141 if nobody reads the output any
more; 128 plus the signal's number after SIGTERM and SIGHUP.

A click group is not used here. The first word decides: it is a command, or belongs to the app. A group would
need an override for this, and would save no lines.
"""

import contextlib
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import click

from lstm_plugins.errors import ForecasterError, InputError
from lstm_tui.cli import garbage
from lstm_tui.cli.app_options import AppOptions
from lstm_tui.cli.command import configuration_of
from lstm_tui.cli.configuration.variables import came_from_variable
from lstm_tui.registry import APP, COMMANDS, MODULES

FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 128 + signal.SIGINT
UNREAD = 128 + signal.SIGPIPE


def load_command(name: str = "") -> click.Command:
    """Imports a command of the registry; the one that opens the app has no name."""
    command: click.Command = importlib.import_module(MODULES[name] if name else APP).command
    return command


def run(arguments: Sequence[str]) -> int:
    """Runs a command line and returns the exit code. Errors are one sentence on stderr."""
    ended_by: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        ended_by.append(number)
        sys.exit(128 + number)

    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, end)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows a question mark instead of a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        _give_up_stdout()
        return UNREAD
    except OSError:
        if not ended_by:
            raise
        # The terminal is gone and cannot be restored.
        _give_up_stdout()
        return 128 + ended_by[0]
    return code


def _run(arguments: Sequence[str]) -> int:
    name, rest = "", list(arguments)
    if rest and rest[0] in COMMANDS:
        name, rest = rest[0], rest[1:]
    command = load_command(name)
    if name:
        garbage.as_usual()
    try:
        with command.make_context(f"lstm-tui {name}".strip(), rest) as context:
            result = command.invoke(context)
            if isinstance(result, AppOptions):
                result = importlib.import_module(APP).open_app(
                    result, configuration_of(context).key_entries()
                )
            return int(result or 0)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        sentence = came_from_variable(error) if isinstance(error, click.BadParameter) else None
        if sentence is None:
            error.show()
        else:
            click.echo(f"Error: {sentence}", err=True)
    except (InputError, ForecasterError) as error:
        click.echo(f"Error: {error}", err=True)
    return BAD_INPUT


def _give_up_stdout() -> None:
    """Redirects stdout to nowhere, so that Python's last flush raises no error."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
