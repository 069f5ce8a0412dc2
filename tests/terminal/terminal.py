"""A terminal without a window: runs a program in it, types, and reads what a person would see."""

import codecs
import contextlib
import copy
import os
import re
import select
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pexpect
import pyte

PATIENCE = 600.0
"""Seconds that a busy machine may take for anything; a quiet one takes a few."""

_MARK = "LSTM_TUI_TERMINAL_TEST"
_KEYS = {"enter": "\r", "escape": "\x1b", "tab": "\t", "backspace": "\x7f", "shift+tab": "\x1b[Z"}
_KEYS |= {"right": "\x1b[C", "left": "\x1b[D"}
_KEYS |= {f"ctrl+{letter}": chr(ord(letter) - ord("a") + 1) for letter in "cz"}
_ALTERNATE = 1049 << 5


class Terminal:
    """A program in a terminal of its own, which ends with everything it started when the terminal is closed.

    Args:
        arguments: the program and what follows it.
        columns: of the window.
        lines: of the window.
        environment: variables beside those of this process.
        folder: the current folder of the program.

    Attributes:
        received: what the program has sent so far, with the moments (`time.perf_counter`) of its arrival.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        columns: int = 80,
        lines: int = 24,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        mark = uuid.uuid4().hex
        self._mark = f"{_MARK}={mark}"
        self._screen = _Screen(columns, lines)
        self._stream = pyte.Stream(self._screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._news = threading.Condition()
        self._over = False
        self._fed = 0
        self.received: list[tuple[float, bytes]] = []
        kept = {
            name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")
        }
        plain = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", _MARK: mark}
        self._child = pexpect.spawn(
            arguments[0],
            list(arguments[1:]),
            dimensions=(lines, columns),
            env={**kept, **plain, **(environment or {})},
            cwd=folder,
        )
        self._wake_reader, self._wake = os.pipe()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    # What a person sees and does.

    def text(self) -> str:
        """The screen as it is now."""
        with self._news:
            self._catch_up()
            return self._text()

    @property
    def output(self) -> str:
        """Everything the program has sent so far, with its control sequences."""
        with self._news:
            return b"".join(data for _moment, data in self.received).decode("utf-8", "replace")

    @property
    def full_screen(self) -> bool:
        """Whether the program has taken the whole screen, and not yet given it back."""
        with self._news:
            self._catch_up()
            return _ALTERNATE in self._screen.mode

    @property
    def cursor_shown(self) -> bool:
        """Whether the cursor is visible."""
        with self._news:
            self._catch_up()
            return not self._screen.cursor.hidden

    def press(self, *keys: str) -> None:
        """Presses keys one after the other: a name such as "enter" or "ctrl+c", or text to type."""
        for key in keys:
            os.write(self._child.child_fd, _KEYS.get(key, key).encode())

    def find(self, pattern: str) -> tuple[int, int]:
        """Column and line, from 0, at which what matches the regular expression begins on the screen."""
        text = self.text()
        for number, line in enumerate(text.split("\n")):
            if found := re.search(pattern, line):
                return found.start(), number
        raise AssertionError(f"{pattern!r} is not on the screen\n{_framed(text)}")

    def click(self, column: int, line: int) -> None:
        """Clicks with the left button; counts from 0."""
        for end in "Mm":
            self.press(f"\x1b[<0;{column + 1};{line + 1}{end}")

    def resize(self, columns: int, lines: int) -> None:
        """Makes the window larger or smaller; the program is told by SIGWINCH."""
        with self._news:
            self._catch_up()
            self._screen.resize(lines, columns)
        self._child.setwinsize(lines, columns)

    def hang_up(self) -> None:
        """Closes the window."""
        self._stop_reading()
        self._child.ptyproc.fileobj.close()

    # Waiting.

    def moment(self, condition: Callable[[Callable[[int], str]], object], what: str) -> float:
        """Waits until the screen fulfils a condition.

        Args:
            condition: gets what tells the text of a line by its number, counted from 0.
            what: is waited for, in words.

        Returns:
            when that had arrived which made it so, in `time.perf_counter` of this process.
        """
        until = time.monotonic() + PATIENCE
        while True:
            with self._news:
                if condition(self._line):
                    return self.received[self._fed - 1][0] if self._fed else time.perf_counter()
                if self._feed():
                    continue
                left = until - time.monotonic()
                if left > 0 and not self._over:
                    self._news.wait(min(left, 0.5))
                    continue
                why = "the program ended" if self._over else f"{PATIENCE:.0f} s were not enough"
                raise AssertionError(f"waited in vain for {what}: {why}\n{_framed(self._text())}")

    def wait_until(self, condition: Callable[[str], object], what: str) -> str:
        """Waits until the screen's text fulfils a condition, and gives the text."""
        seen = ""

        def fulfilled(_line: object) -> object:
            nonlocal seen
            seen = self._text()
            return condition(seen)

        self.moment(fulfilled, what)
        return seen

    def wait_for(self, *words: str) -> str:
        """Waits until all of these stand on the screen together, and gives its text."""
        return self.wait_until(
            lambda text: all(word in text for word in words), " and ".join(map(repr, words))
        )

    def wait_for_output(self, *words: str) -> None:
        """Waits until all of these have been sent, whether they still stand on the screen or not."""
        self.wait_until(
            lambda _text: all(word in self.output for word in words), " and ".join(map(repr, words))
        )

    def wait_for_end(self) -> int:
        """Waits for the program and its last output; the exit code, or minus the signal that ended it."""
        until = time.monotonic() + PATIENCE
        while self._child.isalive():
            if time.monotonic() > until:
                raise AssertionError(f"the program still runs after {PATIENCE:.0f} s\n{_framed(self.text())}")
            time.sleep(0.02)
        if self._reader.is_alive():
            # What is left in the terminal, unless a process that was left behind keeps it open.
            self._reader.join(PATIENCE)
        if self._child.signalstatus is not None:
            return -self._child.signalstatus
        return self._child.exitstatus

    # Processes.

    @property
    def pid(self) -> int:
        """Of the program."""
        return self._child.pid

    def processes(self) -> dict[int, str]:
        """Command lines of the program and all it started that still run, whoever their parents are now."""
        return dict(_marked_with(self._mark))

    def children(self) -> dict[int, str]:
        """Those without the program itself."""
        return {pid: command for pid, command in self.processes().items() if pid != self.pid}

    def backends(self) -> dict[str, int]:
        """The processes of backends, by name."""
        found = {}
        for pid, command in self.children().items():
            _, module, rest = command.partition("lstm_forecasting.processes.child ")
            if module:
                found[rest.split()[0]] = pid
        return found

    def wait_until_alone(self) -> None:
        """Waits until nothing that the program started runs any more."""
        until = time.monotonic() + PATIENCE
        while left := self.children():
            assert time.monotonic() < until, f"still there after {PATIENCE:.0f} s: {left}"
            time.sleep(0.05)

    def close(self) -> None:
        """Ends the program and everything it started."""
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.hang_up()
        os.close(self._wake)
        os.close(self._wake_reader)
        self._child.wait() if self._child.isalive() else None

    def _read(self) -> None:
        terminal = self._child.child_fd
        while True:
            ready, _, _ = select.select([terminal, self._wake_reader], [], [])
            data = b""
            if terminal in ready:
                # Linux says so with an error when the last program has closed the terminal.
                with contextlib.suppress(OSError):
                    data = os.read(terminal, 65536)
            moment = time.perf_counter()
            with self._news:
                if data:
                    self.received.append((moment, data))
                else:
                    self._over = True
                self._news.notify_all()
                if self._over:
                    return

    # The screen is drawn by those who look at it: the reader would note later what waits for it meanwhile.

    def _feed(self) -> bool:
        """Draws what arrived next, if anything did."""
        if self._fed == len(self.received):
            return False
        _moment, data = self.received[self._fed]
        self._fed += 1
        self._stream.feed(self._decoder.decode(data))
        return True

    def _catch_up(self) -> None:
        while self._feed():
            pass

    def _line(self, number: int) -> str:
        line = self._screen.buffer[number]
        return "".join(line[column].data for column in range(self._screen.columns)).rstrip()

    def _text(self) -> str:
        return "\n".join(line.rstrip() for line in self._screen.display)

    def _stop_reading(self) -> None:
        os.write(self._wake, b".")
        self._reader.join()


class _Screen(pyte.Screen):
    """Knows the alternate screen, which pyte does not: full-screen programs leave what was there before."""

    def set_mode(self, *modes, **kwargs):
        before = _ALTERNATE in self.mode
        super().set_mode(*modes, **kwargs)
        if _ALTERNATE in self.mode and not before:
            self._kept = {number: copy.copy(line) for number, line in self.buffer.items()}
            self.save_cursor()
            self.erase_in_display(2)

    def reset_mode(self, *modes, **kwargs):
        before = _ALTERNATE in self.mode
        super().reset_mode(*modes, **kwargs)
        if before and _ALTERNATE not in self.mode:
            self.buffer.clear()
            self.buffer.update(self._kept)
            self.restore_cursor()


def _marked_with(mark):
    """Process ids and command lines of all processes with this environment variable."""
    if sys.platform == "linux":
        for folder in Path("/proc").glob("[0-9]*"):
            # A process that ends meanwhile, or is somebody else's; of one that is a zombie both are empty.
            with contextlib.suppress(OSError):
                if mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    yield int(folder.name), command
        return
    listed = subprocess.run(
        ["ps", "-A", "-E", "-ww", "-o", "pid=,command="], capture_output=True, text=True, check=True
    )
    for line in listed.stdout.splitlines():
        pid, _, command = line.strip().partition(" ")
        if mark in command:
            yield int(pid), command


def _framed(text):
    return "\n".join(f"│ {line}" for line in text.split("\n"))
