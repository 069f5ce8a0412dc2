"""Asks several backends' processes at once, for a reader who may leave early, and words their state."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lstm_course.course import Page
from lstm_course.figures import Cell, word
from lstm_forecasting.figures.looks import in_order
from lstm_forecasting.processes.events import BackendFailed
from lstm_forecasting.processes.inbox import Inbox
from lstm_forecasting.processes.messages import LAST, Message, Request
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_plugins.discovery import Found, discover

Said = Mapping[str, tuple[Message, ...]]
"""All messages of each backend that has finished; the last one is one of `messages.LAST`."""
SECONDS_BETWEEN_LOOKS = 0.5
"""A reader can leave at these intervals."""
THREADS = 1


class Frameworks:
    """The backends' processes, each handling one request at a time.

    The caller may leave before all have answered. The next request to a backend then waits for its last
    answer, so that leaving early never starts a second process.
    """

    def __init__(self, processes: BackendProcesses) -> None:
        self.processes = processes
        self._inbox = Inbox[str]()
        self._busy: set[str] = set()

    def ask(self, requests: Mapping[str, Request]) -> Iterator[Said]:
        """Sends a request to each backend; yields all answers so far at each message and twice a second."""
        said: dict[str, list[Message]] = {}
        while True:
            for backend in requests:
                if backend not in said and backend not in self._busy:
                    said[backend] = []
                    self._send(backend, requests[backend])
            answered = {
                backend: tuple(messages)
                for backend, messages in said.items()
                if messages and isinstance(messages[-1], LAST)
            }
            yield answered
            if len(answered) == len(requests):
                return
            arrived = self._inbox.get(time.monotonic() + SECONDS_BETWEEN_LOOKS)
            if arrived is None:
                continue
            backend, message = arrived
            if backend in said:
                said[backend].append(message)
            if isinstance(message, LAST):
                self._busy.discard(backend)

    def _send(self, backend: str, request: Request) -> None:
        self._busy.add(backend)
        self.processes.submit(backend, THREADS, request, self._inbox.put)


def built_in() -> tuple[Found, ...]:
    """The built-in backends, in the order of all lists of the program."""
    found = {one.name: one for one in discover(plugins=False) if one.built_in}
    return tuple(found[name] for name in in_order(list(found)))


def title(found: Found) -> str:
    """The backend's name as shown to readers."""
    return found.backend.title if found.backend else found.name


def absent(backends: Sequence[Found]) -> Iterator[str]:
    """A sentence about each backend that is not available."""
    for found in backends:
        if found.state != "available":
            reason = f": {found.reason}" if found.state in ("broken", "incompatible") else ""
            hint = f" Run {found.install} to add it." if found.state == "not installed" else ""
            yield f"{title(found)} is {found.state}{reason}.{hint}"


def pages_of_answers(
    frameworks: Frameworks,
    request: Callable[[Path], Request],
    page: Callable[[Sequence[Found], Said], Page],
) -> Iterator[Page]:
    """Asks all available built-in backends and yields a page whenever one answers; the last one is final.

    `request` makes a backend's request, given a folder for its arrays; `page` makes the page of the answers
    so far, to which a sentence about each missing backend is added.
    """
    backends = built_in()
    # If the reader leaves early, it is deleted with the folder of the processes.
    folder = Path(tempfile.mkdtemp(dir=frameworks.processes.folder))
    requests = {}
    for found in backends:
        if found.state == "available":
            (folder / found.name).mkdir()
            requests[found.name] = request(folder / found.name)
    for said in frameworks.ask(requests):
        made = page(backends, said)
        text = (*made.text, *absent(backends), *failures(backends, said))
        yield replace(made, text=text, under_way=waiting(backends, said))
    shutil.rmtree(folder)


def tiny(value: float) -> Cell:
    """A cell with the order of magnitude of a difference."""
    return Cell("0" if value == 0 else f"{value:.0e}".replace("e-0", "e-"), value)


def failures(backends: Sequence[Found], said: Said) -> Iterator[str]:
    """A sentence about each backend that failed."""
    for backend in backends:
        for message in said.get(backend.name, ()):
            if isinstance(message, BackendFailed):
                yield f"{title(backend)} failed: {message.reason}."


def pending(found: Found) -> Cell:
    """Placeholder for a number that a backend has not computed yet, or cannot compute."""
    return word("…" if found.state == "available" else "—", "quiet")


def waiting(backends: Sequence[Found], said: Said) -> str:
    """Names the backends that have not answered yet; "" if all have."""
    names = [title(one) for one in backends if one.state == "available" and one.name not in said]
    listed = " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
    return f"Waiting for {listed} …" if names else ""
