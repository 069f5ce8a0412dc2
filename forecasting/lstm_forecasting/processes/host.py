"""The host's end: one backend's process, its requests, its messages and its end."""

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
"""Of backends beside a screen, which has to stay responsive."""

SECONDS_TO_TERMINATE = 2.0
"""How long a process may take to end by itself before it is killed."""

SECONDS_TO_DIE = 30.0
"""How long the system may take to remove a killed process and its memory; usually milliseconds."""

MOST_NETWORKS = 50
"""Networks that a process may build before another process replaces it.

XLA keeps what it compiled until the process ends: 35 MB for each further training (measured), and after some
hundreds of them more memory maps than the system allows.
"""

Deliver = Callable[[str, Message], None]


class BackendProcess:
    """A child of one backend, which answers one request after another.

    A thread reads the child's messages, so that the child never waits for a busy host.

    Attributes:
        backend: short name.
        threads: of its arithmetic.
    """

    def __init__(self, backend: str, folder: Path, *, threads: int, niceness: int) -> None:
        """Starts it.

        Args:
            backend: short name.
            folder: where its log goes.
            threads: of its arithmetic.
            niceness: 0 for the host's own priority.

        Raises:
            OSError: the system starts no more processes.
        """
        self.backend = backend
        self.threads = threads
        # A signal handler may ask for a stop in the middle of anything the main thread does here.
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
                # A session of its own keeps Ctrl+C, Ctrl+Z and the terminal itself away from it.
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
        """True when a new request begins at once, or as soon as the framework is imported."""
        with self._lock:
            warming = all(isinstance(request, Warm) for request, _ in self._waiting.values())
            return self._end is None and warming

    @property
    def worn(self) -> bool:
        """True when it holds so much memory that a new process should take the next request."""
        with self._lock:
            return self._networks >= MOST_NETWORKS

    @property
    def ending(self) -> bool:
        """True when it can be given nothing more, because it is ending."""
        with self._lock:
            return self._end is not None

    @property
    def gone(self) -> bool:
        """True when the process has ended and its last message is delivered."""
        return not self._reader.is_alive()

    def run(self, request: Request, deliver: Deliver) -> None:
        """Gives it a request, which begins when those before it are answered.

        Args:
            request: what to do.
            deliver: called from the reader thread with every message of the request; the last one is one of
                `messages.LAST`, `BackendFailed` when the process dies.
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
        """Asks it to end the training of its last request and to forecast with the best epoch so far."""
        with self._lock:
            self._send(Stop())

    def log_lines(self) -> tuple[str, ...]:
        """The last lines it wrote during its present or last request."""
        return self._log.last_lines()

    def terminate(self) -> None:
        """Asks it to end, without an answer."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()

    def kill(self) -> None:
        """Kills it and everything it may have started."""
        if not self.gone:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def wait(self, until: float) -> bool:
        """Waits until `time.monotonic()` is `until`, and returns whether it has ended."""
        self._reader.join(max(until - time.monotonic(), 0.0))
        return self.gone

    def _send(self, message: Request | Stop) -> None:
        # If it is dead already, its reader reports that, and writing does no harm.
        requests = self._requests
        with contextlib.suppress(BrokenPipeError):
            if not requests.closed:
                requests.write(encode(Envelope(self._job, (message,))))
                requests.flush()

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
                    # The state of its libraries is unknown after such an error; the process ends itself now.
                    self._end = failed
                message = failed
        deliver(self.backend, message)


def end_processes(processes: Iterable[BackendProcess]) -> None:
    """Asks all of them to end, and kills those that have not ended a little later."""
    ending = list(processes)
    for process in ending:
        process.terminate()
    until = time.monotonic() + SECONDS_TO_TERMINATE
    for process in ending:
        if not process.wait(until):
            process.kill()
            process.wait(time.monotonic() + SECONDS_TO_DIE)


def _greeting(events: IO[bytes]) -> Hello | None:
    """Skips what start-up code may have printed and returns the hello; None when the process ended before."""
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
            f"it speaks protocol {hello.protocol} of lstm-tui {hello.package}, and this is protocol "
            f"{PROTOCOL} of lstm-tui {package}; start the program again"
        )


def _how_it_ended(status: int) -> str:
    if status == -signal.SIGKILL:
        return "its process was killed (SIGKILL): by hand, or by the system because memory ran out"
    if status < 0:
        return f"its process crashed ({signal.Signals(-status).name})"
    if status in (128 + signal.SIGTERM, 128 + signal.SIGHUP):
        return f"its process was terminated ({signal.Signals(status - 128).name})"
    return f"its process ended by itself, with exit status {status}"
