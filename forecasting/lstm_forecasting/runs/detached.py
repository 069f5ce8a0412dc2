"""Trains a run in the background: `python -P -m lstm_forecasting.runs.detached FOLDER`.

The program has its own session, so that it survives the terminal that started it.
"""

import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from lstm_forecasting.experiment.events import BackendFailed, BackendUnsaved
from lstm_forecasting.runs.folder import RunFolder
from lstm_forecasting.runs.recording import RecordedExperiment
from lstm_plugins.errors import InputError

SECONDS_TO_START = 60.0


def start_detached(run: RunFolder) -> int:
    """Starts or resumes a run in the background, and returns its process id once it has started.

    Raises:
        InputError: the program ended too early; the message is its last line.
    """
    before = _events_of(run)
    try:
        with run.output.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "lstm_forecasting.runs.detached", str(run.path)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
    except OSError as error:
        raise InputError(f"Run {run.name} cannot be started: {error.strerror or error}.") from None
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        # A short run may end before the first check.
        if _events_of(run) != before:
            return process.pid
        if process.poll() is not None:
            lines = run.output.read_text(encoding="utf-8", errors="replace").splitlines()
            reason = lines[-1] if lines else f"its program ended with status {process.returncode}"
            raise InputError(reason.removeprefix("Error: "))
        time.sleep(0.05)
    process.terminate()
    raise InputError(f"Run {run.name} did not start within {SECONDS_TO_START:g} seconds.")


def _events_of(run: RunFolder) -> int | None:
    """The time of the events file, which differs between programs; None if there is no file."""
    try:
        return run.events.stat().st_ctime_ns
    except FileNotFoundError:
        return None


def main(folder: str) -> int:
    """Trains a run to its end, and returns the exit code: 1 if a backend failed."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    failed = False
    try:
        with RecordedExperiment(RunFolder(Path(folder))) as running:
            for event in running:
                if isinstance(event, BackendFailed | BackendUnsaved):
                    _say(f"{event.backend}: {event.reason}")
                    failed = True
    except InputError as error:
        _say(f"Error: {error}")
        return 2
    return int(failed)


def _end(_number: int, _frame: FrameType | None) -> None:
    """Leaves the `with` block, so that the backends save their training."""
    sys.exit(128 + signal.SIGTERM)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
