"""Where backends could compute on this machine: asked in processes of their own, which import the frameworks.

The other end is `python -P -m lstm_forecasting.processes.devices BACKEND`. It prints one JSON object on what
was its standard output; what a framework prints goes nowhere.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from lstm_forecasting.processes.environment import child_environment
from lstm_plugins.discovery import find_backend

SECONDS = 60.0
"""That importing a framework may take on a slow and busy machine."""


@dataclass(frozen=True)
class Devices:
    """What a backend answered.

    Attributes:
        names: of the devices; empty when it gave none.
        problem: why there is no answer, in one sentence; empty when there is one.
    """

    names: tuple[str, ...]
    problem: str = ""


def ask_devices(backends: Sequence[str], seconds: float = SECONDS) -> dict[str, Devices]:
    """Asks backends, all at once, which devices they find.

    Args:
        backends: short names.
        seconds: after which a process that has not answered is killed.
    """
    asked: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for backend in backends:
            asked[backend] = subprocess.Popen(
                [sys.executable, "-P", "-m", "lstm_forecasting.processes.devices", backend],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=child_environment(os.environ, 1),
                start_new_session=True,
            )
        until = time.monotonic() + seconds
        return {backend: _answer(process, until, seconds) for backend, process in asked.items()}
    finally:
        for process in asked.values():
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _answer(process: subprocess.Popen[bytes], until: float, seconds: float) -> Devices:
    try:
        output, _ = process.communicate(timeout=max(until - time.monotonic(), 0.0))
    except subprocess.TimeoutExpired:
        return Devices((), f"its devices were not known after {seconds:g} seconds")
    try:
        answer = json.loads(output)
    except ValueError:
        return Devices((), f"its process ended with status {process.returncode} when asked for its devices")
    return Devices(tuple(answer["devices"]), answer["problem"])


def _main(backend: str) -> None:
    answer_to = os.dup(1)
    os.dup2(2, 1)
    try:
        devices, problem = list(find_backend(backend).load_devices()), ""
    except BaseException as error:  # noqa: BLE001 - a plugin may raise anything, SystemExit among it
        devices, problem = [], f"{type(error).__name__}: {error}".splitlines()[0]
    with os.fdopen(answer_to, "w") as answer:
        json.dump({"devices": devices, "problem": problem}, answer)


if __name__ == "__main__":
    _main(sys.argv[1])
