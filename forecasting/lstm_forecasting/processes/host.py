"""The host's end: one backend's process, its requests, its messages and its end."""

from __future__ import annotations

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

from lstm_forecasting.processes.environment import child_environment
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

NICENESS = 10
"""Of backends that let a screen go first."""

SECONDS_TO_TERMINATE = 2.0
"""How long a process may take to end in order before it is killed."""

MOST_NETWORKS = 50
"""That a process may have built before another takes its place.

XLA keeps what it compiled until the process ends: 35 MB for each further training (measured), and after some
hundreds of them more parts than the system maps.
"""

Deliver = Callable[[str, Message], None]


class BackendProcess:
    """A child of one backend, which does one job after another.

    A thread of its own reads what the child says, so that the child never waits for a busy host.

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
        self._end: Failed | None = None
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
    def idle(self) -> bool:
        """True when it does nothing and can be given a job."""
        with self._lock:
            return self._end is None and not self._waiting

    @property
    def free(self) -> bool:
        """True when a job that it is given begins at once, or as soon as its framework is imported."""
        with self._lock:
            warming = all(isinstance(request, Warm) for request, _ in self._waiting.values())
            return self._end is None and warming

    @property
    def worn(self) -> bool:
        """True when it holds on to so much that a new one should do the next job."""
        with self._lock:
            return self._networks >= MOST_NETWORKS

    @property
    def ending(self) -> bool:
        """True when it can be given nothing more."""
        with self._lock:
            return self._end is not None

    @property
    def gone(self) -> bool:
        """True when the process is no more and its last message is delivered."""
        return not self._reader.is_alive()

    def run(self, request: Request, deliver: Deliver) -> None:
        """Gives it a job, which begins when those before it are over.

        Args:
            request: the job.
            deliver: called from the reader thread with every message of the job; the last one is
                one of `messages.LAST`, `Failed` when the process dies.
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
        """Asks it to end the training of its last job and to forecast with what it learnt."""
        with self._lock:
            self._send(Stop())

    def log_lines(self) -> tuple[str, ...]:
        """The last lines it wrote during its present or last job."""
        return self._log.last_lines()

    def terminate(self) -> None:
        """Asks it to end in order, without an answer."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()

    def kill(self) -> None:
        """Ends it and all it may have started."""
        if not self.gone:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def wait(self, until: float) -> bool:
        """Whether it has ended; waits for it until `time.monotonic()` is `until`."""
        self._reader.join(max(until - time.monotonic(), 0.0))
        return self.gone

    def _send(self, message: Request | Stop) -> None:
        # When it is dead already, its reader tells; writing to it is then merely in vain.
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
            reason = f"its process does not keep to the protocol: {error}"
            self.kill()
        status = self._process.wait()
        with self._lock:
            waiting, self._waiting = self._waiting, {}
            if self._end is None or reason:
                self._end = Failed(reason or _how_it_ended(status), explained=False)
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
            if isinstance(message, Failed) and not message.explained:
                # What a library is like after such an error nobody knows; the process ends itself now.
                self._end = message
        deliver(self.backend, message)


def end_processes(processes: Iterable[BackendProcess]) -> None:
    """Ends all of them: asks them to, together, and kills those that have not ended a little later."""
    ending = list(processes)
    for process in ending:
        process.terminate()
    until = time.monotonic() + SECONDS_TO_TERMINATE
    for process in ending:
        if not process.wait(until):
            process.kill()
            process.wait(time.monotonic() + SECONDS_TO_TERMINATE)


def _greeting(events: IO[bytes]) -> Hello | None:
    """The hello, or None when the process ended before; passes over what start-up code may have printed."""
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
        return f"its process was told to end ({signal.Signals(status - 128).name})"
    return f"its process ended by itself, with exit status {status}"
