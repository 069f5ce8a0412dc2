"""The contestants as processes that take turns."""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

from benchmarks.speed.sizes import Size

from lstm_plugins.discovery import discover

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "CUDA_VISIBLE_DEVICES": "",
}
OTHERS = {"torch.nn.LSTM": "torch", "keras fit": "keras", "keras fit, jit": "keras"}
"""LSTMs of other libraries, and the modules they need."""


def contestants() -> dict[str, str]:
    """The contestants by name, ours first, with the reason why one cannot run; empty if it can."""
    ours = {
        found.name: "" if found.state == "available" else f"{found.state}: {found.reason}"
        for found in discover()
    }
    others = {
        name: "" if importlib.util.find_spec(module) else "not installed" for name, module in OTHERS.items()
    }
    return ours | others


@dataclass
class Contestant:
    """A child process and its measurements.

    Attributes:
        name: as in `contestants`.
        problem: why it does not take part; empty while it does.
        milliseconds: by size, the time of a step in each round.
        steps: by size, the number of steps in a round.
        versions: versions of the packages that do the arithmetic.
    """

    name: str
    problem: str = ""
    milliseconds: dict[Size, list[float]] = field(default_factory=dict)
    steps: dict[Size, int] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    def start(self, seconds: float) -> None:
        """Starts the process; each run takes about this many seconds."""
        environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"}
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by stop
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.speed.child", self.name, str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=environment | ONE_THREAD,
        )

    def run(self, size: Size) -> None:
        """Measures one run; a contestant that fails no longer takes part."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(f"{size}\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            line = ""
        else:
            line = self._process.stdout.readline()
        if not line:
            self._log.seek(0)
            said = self._log.read().strip().splitlines() or ["without any output"]
            self.problem = f"ended with status {self._process.wait()}: {said[-1]}"
            return
        answer = json.loads(line)
        self.milliseconds.setdefault(size, []).append(answer["milliseconds"])
        self.steps[size] = answer["steps"]
        self.versions = answer["versions"]

    def stop(self) -> None:
        """Kills the process."""
        self._process.kill()
        self._process.communicate()
        self._log.close()
