"""Keeps native output off the screen while the app draws on it.

Textual draws on `sys.__stderr__`. Output of a native library to the file descriptors 1 and 2 would paint over
it. So the screen gets duplicates of both descriptors, and 1 and 2 themselves are redirected to a log.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import IO, TextIO

from lstm_plugins.errors import InputError

LOG_LINES = 20


@contextmanager
def guarded_terminal() -> Iterator[Callable[[], list[str]]]:
    """Reserves the terminal for Python's own streams until the block ends.

    Yields a function that returns the last lines of the log. If the block raises, they are printed on
    stderr, because they may contain the reason.
    """
    streams = (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__)
    for stream in streams:
        if stream is not None:
            stream.flush()
    kept = os.dup(1), os.dup(2)
    # With 2>file, drawing on 2 would write the screen to that file.
    drawn_on = 1 if os.isatty(1) and not os.isatty(2) else 2
    screen_out, screen_error = _text(os.dup(1)), _text(os.dup(drawn_on))
    with tempfile.TemporaryFile(prefix="lstm-tui-") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        sys.stdout = sys.__stdout__ = screen_out  # type: ignore[misc, assignment]
        sys.stderr = sys.__stderr__ = screen_error  # type: ignore[misc, assignment]
        failed = True
        try:
            yield partial(_last_lines, file)
            failed = False
        finally:
            for screen in (screen_out, screen_error):
                with suppress(OSError, ValueError):
                    screen.flush()
            for descriptor, number in zip(kept, (1, 2), strict=True):
                os.dup2(descriptor, number)
                os.close(descriptor)
            sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__ = streams  # type: ignore[misc]
            if failed:
                for line in _last_lines(file):
                    print(line, file=sys.stderr)  # noqa: T201 - the terminal is the user's again


def take_keyboard() -> None:
    """Makes the terminal standard input again after piped input was read.

    Raises:
        InputError: the process has no terminal.
    """
    try:
        keyboard = os.open("/dev/tty", os.O_RDWR)
    except OSError as error:
        raise InputError(
            f"The app reads keys from the terminal, but there is none ({error.strerror}); name a file "
            "instead of -."
        ) from None
    os.dup2(keyboard, 0)
    os.close(keyboard)


def _last_lines(file: IO[bytes]) -> list[str]:
    size = os.fstat(file.fileno()).st_size
    start = max(0, size - 64 * 1024)
    text = os.pread(file.fileno(), size - start, start).decode("utf-8", "replace")
    return text.splitlines()[-LOG_LINES:]


def _text(descriptor: int) -> TextIO:
    return os.fdopen(descriptor, "w", buffering=1, encoding="utf-8", errors="replace")
