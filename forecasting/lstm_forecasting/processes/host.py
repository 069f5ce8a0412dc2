"""The host's side of a backend's process: starts it, sends requests, reads messages and ends it."""

import contextlib
import importlib.metadata
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, cast

from lstm_forecasting.processes.events import BackendFailed
from lstm_forecasting.processes.log import Log
from lstm_forecasting.processes.messages import (
    LAST,
    Failed,
    Hello,
    Message,
    Observe,
    Request,
    Run,
    Stop,
    Warm,
)
from lstm_forecasting.processes.protocol import (
    PROTOCOL,
    Envelope,
    ProtocolError,
    decode,
    encode,
    read_envelopes,
)
from lstm_forecasting.processes.system import child_environment

NICENESS = 10
"""Niceness of backends that run beside a screen, which has to stay responsive."""

SECONDS_TO_TERMINATE = 2.0
"""Time for a terminated process to end before it is killed."""

SECONDS_TO_DIE = 30.0
"""Time for the system to remove a killed process and its memory; usually milliseconds."""

MOST_NETWORKS = 50
"""Networks that a process may build before a new process replaces it.

XLA keeps everything it compiles until the process ends: 35 MB for each training (measured), and after some
hundred trainings more memory maps than the system allows.
"""

Deliver = Callable[[str, Message], None]


class BackendProcess:
    """A child process of one backend, which answers one request after another.

    A thread reads the child's messages, so that the child never waits for a busy host.
    """

    def __init__(self, backend: str, folder: Path, *, threads: int, niceness: int) -> None:
        """Starts the process, with its log in `folder`; niceness 0 is the host's own priority.

        Raises:
            OSError: the system cannot start another process.
        """
        self.backend = backend
        self.threads = threads
        # A signal handler may call `stop` while the main thread is anywhere in this class.
        self._lock = threading.RLock()
        self._job, self._networks = 0, 0
        self._waiting: dict[int, tuple[Request, Deliver]] = {}
        self._end: BackendFailed | None = None
        self._log = Log(folder)
        child_lifeline, self._lifeline = os.pipe()
        module = "lstm_forecasting.processes.child"
        arguments = ["-P", "-u", "-X", "faulthandler", "-m", module, backend, child_lifeline, niceness]
        try:
            with self._log.open() as output:
                # In a session of its own, it does not receive Ctrl+C, Ctrl+Z or the terminal's hang-up.
                self._process = subprocess.Popen(
                    [sys.executable, *map(str, arguments)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=output,
                    env=child_environment(os.environ, threads),
                    pass_fds=(child_lifeline,),
                    start_new_session=True,
                )
        except BaseException:
            os.close(self._lifeline)
            raise
        finally:
            os.close(child_lifeline)
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._events = cast("IO[bytes]", self._process.stdout)
        self._reader = threading.Thread(target=self._read, name=f"{backend} reader", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def free(self) -> bool:
        """True if a new request would begin at once, or as soon as the framework is imported."""
        with self._lock:
            warming = all(isinstance(request, Warm) for request, _ in self._waiting.values())
            return self._end is None and warming

    @property
    def worn(self) -> bool:
        """True if it occupies so much memory that a new process should take the next request."""
        with self._lock:
            return self._networks >= MOST_NETWORKS

    @property
    def ending(self) -> bool:
        """True if it is ending and accepts no more requests."""
        with self._lock:
            return self._end is not None

    @property
    def gone(self) -> bool:
        """True once the process has ended and its last message is delivered."""
        return not self._reader.is_alive()

    def run(self, request: Request, deliver: Deliver) -> None:
        """Submits a request, which begins when all earlier ones are answered.

        `deliver` is called from the reader thread with every message of the answer. The last one is one of
        `messages.LAST`: `BackendFailed` if the process dies.
        """
        with self._lock:
            self._job += 1
            self._networks += isinstance(request, Run | Observe)
            if self._job > 1:
                self._log.mark()
            end = self._end
            if end is None:
                self._waiting[self._job] = (request, deliver)
                self._send(request)
        if end is not None:
            deliver(self.backend, end)

    def stop(self) -> None:
        """Asks it to stop the training of its last request and to forecast with the best epoch so far."""
        with self._lock:
            self._send(Stop())

    def log_lines(self) -> tuple[str, ...]:
        """The last lines that it wrote during its current or last request."""
        return self._log.last_lines()

    def terminate(self) -> None:
        """Sends it SIGTERM."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()

    def kill(self) -> None:
        """Kills it and all processes that it has started."""
        if not self.gone:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def wait(self, until: float) -> bool:
        """Waits for its end, at most until `time.monotonic()` is `until`; returns whether it has ended."""
        self._reader.join(max(until - time.monotonic(), 0.0))
        return self.gone

    def _send(self, message: Request | Stop) -> None:
        # If it is already dead, its reader reports that, and writing does no harm.
        with contextlib.suppress(BrokenPipeError):
            if not self._requests.closed:
                self._requests.write(encode(Envelope(self._job, (message,))))
                self._requests.flush()

    def _read(self) -> None:
        reason = ""
        try:
            _check(_greeting(self._events))
            for envelope in read_envelopes(self._events):
                for message in envelope.messages:
                    self._pass_on(envelope.job, message)
                self._log.trim()
        except ProtocolError as error:
            reason = f"its process broke the protocol: {error}"
            self.kill()
        status = self._process.wait()
        with self._lock:
            waiting, self._waiting = self._waiting, {}
            if self._end is None or reason:
                self._end = BackendFailed(self.backend, reason or _how_it_ended(status), self.log_lines())
            end = self._end
            with contextlib.suppress(BrokenPipeError):
                self._requests.close()
        self._events.close()
        os.close(self._lifeline)
        for _, deliver in waiting.values():
            deliver(self.backend, end)

    def _pass_on(self, job: int, message: Message) -> None:
        with self._lock:
            if job not in self._waiting:
                return
            _, deliver = self._waiting[job]
            if isinstance(message, LAST):
                del self._waiting[job]
            if isinstance(message, Failed):
                log = () if message.explained else self.log_lines()
                failed = BackendFailed(self.backend, message.reason, log)
                if not message.explained:
                    # After such an error the state of its libraries is unknown, so the process ends itself.
                    self._end = failed
                message = failed
        deliver(self.backend, message)


def end_processes(processes: Iterable[BackendProcess]) -> None:
    """Terminates all processes, and kills those that do not end in time."""
    ending = list(processes)
    for process in ending:
        process.terminate()
    until = time.monotonic() + SECONDS_TO_TERMINATE
    for process in ending:
        if not process.wait(until):
            process.kill()
            process.wait(time.monotonic() + SECONDS_TO_DIE)


def _greeting(events: IO[bytes]) -> Hello | None:
    """Skips anything that start-up code prints and returns the hello; None if the process ends before."""
    for line in events:
        with contextlib.suppress(ProtocolError):
            messages = decode(line).messages
            if messages and isinstance(messages[0], Hello):
                return messages[0]
    return None


def _check(hello: Hello | None) -> None:
    package = importlib.metadata.version("lstm-tui")
    if hello is not None and (hello.protocol, hello.package) != (PROTOCOL, package):
        raise ProtocolError(
            f"it uses protocol {hello.protocol} of lstm-tui {hello.package}, but this program uses protocol "
            f"{PROTOCOL} of lstm-tui {package}; restart the program"
        )


def _how_it_ended(status: int) -> str:
    if status == -signal.SIGKILL:
        return "its process was killed (SIGKILL), by a user or because the system ran out of memory"
    if status < 0:
        return f"its process crashed ({signal.Signals(-status).name})"
    if status in (128 + signal.SIGTERM, 128 + signal.SIGHUP):
        return f"its process was terminated ({signal.Signals(status - 128).name})"
    return f"its process ended by itself, with exit status {status}"
