"""Runs `lstm-tui` with a heartbeat: python -m benchmarks.responsiveness.heartbeat [arguments of lstm-tui]

It writes a line for each beat to the file in the variable HEARTBEAT: the moment and how late the beat is,
both in seconds of `time.perf_counter`.
"""

import asyncio
import os
import time
from functools import partialmethod
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from lstm_tui.__main__ import main
from lstm_tui.app.app import WorkbenchApp

SECONDS_BETWEEN_BEATS = 0.02


async def beat(pilot: Pilot[Any]) -> None:
    with Path(os.environ["HEARTBEAT"]).open("w", buffering=1, encoding="ascii") as file:
        while pilot.app.is_running:
            due = time.perf_counter() + SECONDS_BETWEEN_BEATS
            await asyncio.sleep(SECONDS_BETWEEN_BEATS)
            now = time.perf_counter()
            file.write(f"{now} {now - due}\n")


if __name__ == "__main__":
    WorkbenchApp.run = partialmethod(WorkbenchApp.run, auto_pilot=beat)  # type: ignore[method-assign, assignment]
    main()
