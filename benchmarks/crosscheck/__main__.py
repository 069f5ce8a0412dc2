"""Measures how long a cross-check takes: `lstm-tui crosscheck` at each depth, compared with its limit.

    python -m benchmarks.crosscheck                                   all three depths, minutes
    python -m benchmarks.crosscheck --depth quick --backend numpy     a first look

The command runs in its own process, so that the time includes start-up and the import of all frameworks. The
limits are for two processors and the three built-in backends. Processor seconds are those of the command and
all its backends. OPENBLAS_CORETYPE is unset, because some machines set it to an older processor than they
have. Wall-clock time means little on a busy machine.
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from benchmarks.commands import command_line, show_progress, write_json

LIMITS = {"quick": 15.0, "full": 60.0, "switches": 300.0}
"""Longest time of each depth in seconds."""
BACKENDS = ("numpy", "torch", "tensorflow")


@dataclass(frozen=True)
class Run:
    """One run of the command, with wall-clock and processor seconds; it passed if its exit code is 0."""

    depth: str
    wall: float
    cpu: float
    passed: bool

    @property
    def in_time(self) -> bool:
        return self.wall <= LIMITS[self.depth]


def main() -> int:
    parser = command_line("crosscheck", __doc__, "every run")
    parser.add_argument("--depth", choices=LIMITS, action="append", help="may be repeated")
    parser.add_argument("--backend", action="append", help="may be repeated")
    options = parser.parse_args()

    runs = []
    for depth in options.depth or LIMITS:
        show_progress(depth)
        runs.append(measure(depth, options.backend or BACKENDS))
    show_progress()
    print(report(runs))
    write_json(options.json, [asdict(run) for run in runs])
    return 0 if all(run.passed and run.in_time for run in runs) else 1


def measure(depth: str, backends: Sequence[str]) -> Run:
    chosen = [word for backend in backends for word in ("--backend", backend)]
    command = [sys.executable, "-m", "lstm_tui", "crosscheck", "--depth", depth, *chosen]
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"}
    before, began = processor_seconds(), time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    run = Run(depth, time.perf_counter() - began, processor_seconds() - before, done.returncode == 0)
    if not run.passed:
        print(done.stdout + done.stderr, file=sys.stderr)
    return run


def processor_seconds() -> float:
    """The processor time of all ended child processes, including their own."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def report(runs: Sequence[Run]) -> str:
    load = os.getloadavg()[0]
    lines = [
        f"{os.cpu_count()} processors, load {load:.1f}",
        f"{'depth':10}{'wall s':>9}{'limit s':>9}{'cpu s':>9}",
    ]
    for run in runs:
        remark = "" if run.in_time else "  too long"
        remark += "" if run.passed else "  did not pass"
        lines.append(f"{run.depth:10}{run.wall:9.1f}{LIMITS[run.depth]:9.0f}{run.cpu:9.1f}{remark}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
