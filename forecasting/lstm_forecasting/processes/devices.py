"""Finds the devices that backends can use on this machine, in processes that import the frameworks."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from lstm_forecasting.processes.events import BackendFailed
from lstm_forecasting.processes.inbox import Inbox
from lstm_forecasting.processes.messages import FindDevices, FoundDevices
from lstm_forecasting.processes.pool import BackendProcesses

SECONDS = 60.0
"""Time to import a framework on a slow and busy machine."""


@dataclass(frozen=True)
class Devices:
    """A backend's devices.

    Attributes:
        names: empty if the backend did not answer.
        problem: why there is no answer, in one sentence; empty if there is one.
    """

    names: tuple[str, ...]
    problem: str = ""


def ask_devices(backends: Sequence[str], seconds: float = SECONDS) -> dict[str, Devices]:
    """Asks several backends at once for their devices; processes end if they do not answer in time."""
    inbox = Inbox()
    unknown = Devices((), f"its devices were not known after {seconds:g} seconds")
    found = dict.fromkeys(backends, unknown)
    with BackendProcesses() as processes:
        for backend in backends:
            processes.submit(backend, 1, FindDevices(), inbox.put)
        until, missing = time.monotonic() + seconds, set(backends)
        while missing and (arrived := inbox.get(until)) is not None:
            backend, message = arrived
            missing.discard(backend)
            if isinstance(message, FoundDevices):
                found[backend] = Devices(message.devices)
            elif isinstance(message, BackendFailed):
                found[backend] = Devices((), message.reason)
    return found
