import contextlib
import os
import signal
import subprocess
import sys

import pytest
import safetensors.numpy

from lstm_forecasting.runs.recording import create_run

HOST = """
import sys
from pathlib import Path
from lstm_forecasting.runs.folder import RunFolder
from lstm_forecasting.runs.recording import RecordedExperiment

with RecordedExperiment(RunFolder(Path(sys.argv[1])), seconds_between_saves=0.2) as running:
    for event in running:
        print(type(event).__name__, getattr(event, "process", ""), flush=True)
"""


@pytest.fixture
def runs(tmp_path):
    """Where the runs of a test are kept."""
    return tmp_path / "runs"


@pytest.fixture
def make_run(make_experiment, runs):
    """A new run of a short series, with nothing trained in it."""

    def make(*backends, name=None, **more):
        return create_run(make_experiment(*backends, **more), runs, name)

    return make


class HostProgram:
    """A program of its own that works on a run.

    Attributes:
        process: of the program.
        children: processes of its backends.
    """

    def __init__(self, run, all_gone):
        self.run = run
        self._all_gone = all_gone
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOST, str(run.path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.children = []

    def until(self, kind):
        """Waits for an event of this kind."""
        for line in self.process.stdout:
            word, _, process = line.strip().partition(" ")
            if word == "BackendStarted":
                self.children.append(int(process))
            if word == kind:
                return
        raise AssertionError(f"no {kind}: {self.process.stderr.read()}")

    def kill(self, *processes):
        """Kills those processes that still run, as the kernel does when there is no memory left."""
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def gone(self):
        """Waits until it and its children are no more."""
        self.process.communicate(timeout=600)
        self._all_gone(self.children)


@pytest.fixture
def host(all_gone):
    """Starts a program that works on a run; it is killed with the test."""
    started = []

    def start(run):
        started.append(HostProgram(run, all_gone))
        return started[-1]

    yield start
    for program in started:
        if program.process.poll() is None:
            program.process.kill()
        program.process.communicate(timeout=600)


@pytest.fixture
def contents():
    """Gives all that a finished backend has on disk, but how long things took: arrays by file and name."""

    def read(run, backend):
        found = {}
        for path in sorted(run.backend(backend).rglob("*.safetensors")):
            for name, array in safetensors.numpy.load_file(path).items():
                kept = array[:, :-1] if name == "history" else array
                found[f"{path.relative_to(run.path)}:{name}"] = (str(kept.dtype), kept.shape, kept.tobytes())
        return found

    return read
