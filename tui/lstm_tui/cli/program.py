"""Which command a command line means, and what its end means to the shell.

Exit codes: 0; 1 when the work failed; 2 for bad input; 130 after Ctrl+C; 141 when nobody reads the output any
more; 128 and the signal's number after SIGTERM and SIGHUP.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any

import click

from lstm_tui.cli.configuration.variables import came_from_variable, name_variables
from lstm_tui.registry import COMMANDS, MODULES

FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 128 + signal.SIGINT
UNREAD = 128 + signal.SIGPIPE


def load_command(name: str = "") -> click.Command:
    """Imports a command of the registry and names the environment variables of its options.

    Args:
        name: of the command; the one that opens the app has none.
    """
    module = MODULES[name] if name else "lstm_tui.app.command"
    command: click.Command = importlib.import_module(module).command
    name_variables(command)
    return command


def run(arguments: Sequence[str]) -> int:
    """Runs a command line and gives the exit code; errors are one sentence on stderr."""
    ended_by: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        ended_by.append(number)
        sys.exit(128 + number)

    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, end)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a sign shows a question mark instead of a traceback.
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
        # The terminal is gone, so that nothing could be put in order on it.
        _give_up_stdout()
        return 128 + ended_by[0]
    return code


def _run(arguments: Sequence[str]) -> int:
    name, rest = "", list(arguments)
    if rest and rest[0] in COMMANDS:
        name, rest = rest[0], rest[1:]
    command = load_command(name)
    try:
        with command.make_context(f"lstm-tui {name}".strip(), rest) as context:
            return int(_invoke(command, context) or 0)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        sentence = came_from_variable(error) if isinstance(error, click.BadParameter) else None
        if sentence is None:
            error.show()
        else:
            click.echo(f"Error: {sentence}", err=True)
        return BAD_INPUT
    except Exception as error:
        if not _is_bad_input(error):
            raise
        click.echo(f"Error: {error}", err=True)
        return BAD_INPUT


def _invoke(command: click.Command, context: click.Context) -> Any:
    """Runs a command; bad input that comes from a file or a variable is told with its place."""
    try:
        return command.invoke(context)
    except Exception as error:
        if not _is_bad_input(error):
            raise
        from lstm_plugins.errors import InputError
        from lstm_tui.cli.configured import remark

        raise InputError(f"{error}{remark(context, str(error))}") from error


def _is_bad_input(error: Exception) -> bool:
    """Whether the sentence says all; asked only now, because the contract imports NumPy."""
    from lstm_plugins import ForecasterError
    from lstm_plugins.errors import InputError

    return isinstance(error, InputError | ForecasterError)


def _give_up_stdout() -> None:
    """Lets Python's own last flush go nowhere instead of complaining."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
