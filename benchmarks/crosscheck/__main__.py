"""The command line and the table; `benchmarks.crosscheck` says what is measured."""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import benchmarks.crosscheck

LIMITS = {"quick": 15.0, "full": 60.0, "switches": 300.0}
"""Seconds on the clock that each depth may take."""
BACKENDS = ("numpy", "torch", "tensorflow")


@dataclass(frozen=True)
class Run:
    """One run of the command: seconds on the clock, and of processors; `passed` is its exit code 0."""

    depth: str
    wall: float
    cpu: float
    passed: bool

    @property
    def in_time(self) -> bool:
        return self.wall <= LIMITS[self.depth]


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.crosscheck",
        description=benchmarks.crosscheck.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--depth", choices=LIMITS, action="append", help="may be repeated")
    parser.add_argument("--backend", action="append", help="may be repeated")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every run")
    options = parser.parse_args()

    runs = []
    for depth in options.depth or LIMITS:
        print(f"\r{depth:20}", end="", file=sys.stderr)
        runs.append(measure(depth, options.backend or BACKENDS))
    print(f"\r{'':20}\r", end="", file=sys.stderr)
    print(report(runs))
    if options.json:
        options.json.write_text(json.dumps([asdict(run) for run in runs], indent=1) + "\n")
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
    """Of all processes below this one that have ended."""
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
