"""Counts false alarms: correct backends get random configurations, and none may be reported as wrong.

Each configuration draws all settings, the series and the target rows from its number. All levels of the
cross-check are judged on it; no level may fail, and no deviation may be named. Even numbers compute in
float64, odd ones in float32.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.false_alarms
    OPENBLAS_NUM_THREADS=1 python -m benchmarks.false_alarms --backend torch --first 40 --configs 10
"""

import os
import sys
from collections.abc import Sequence

from benchmarks.commands import command_line, show_progress
from benchmarks.false_alarms.running import REFERENCE, Tally, run_in_parts

from lstm_plugins.discovery import discover


def main() -> int:
    known = [REFERENCE, *(found.name for found in discover() if found.state == "available")]
    parser = command_line("false_alarms", __doc__)
    parser.add_argument(
        "--backend", choices=known, action="append", help="check only this one; may be repeated"
    )
    parser.add_argument("--configs", type=int, default=200, metavar="N", help="number of configurations")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="number of the first one")
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count(), metavar="N", help="number of processes"
    )
    options = parser.parse_args()

    tallies = []
    indices = range(options.first, options.first + options.configs)
    for backend in options.backend or known:
        for tally in run_in_parts(backend, indices, options.processes):
            show_progress(f"{backend}: {tally.configurations} of {options.configs}")
        show_progress()
        tallies.append(tally)
    print(report(tallies))
    return 1 if any(tally.failed or tally.named for tally in tallies) else 0


def report(tallies: Sequence[Tally]) -> str:
    """The table, followed by all alarms."""
    heads = ("configurations", "judged", "passed", "shown", "unsupported", "failed", "named", "seconds")
    lines = [f"{'backend':12}" + "".join(f"{head:>{len(head) + 2}}" for head in heads)]
    for tally in tallies:
        states = tally.states
        cells = (
            tally.configurations,
            tally.judged,
            states["passed"],
            states["shown"],
            states["unsupported"],
            tally.failed,
            tally.named,
            round(tally.seconds),
        )
        row = "".join(f"{cell:>{len(head) + 2}}" for cell, head in zip(cells, heads, strict=True))
        lines.append(f"{tally.backend:12}" + row)
    return "\n".join([*lines, *(alarm for tally in tallies for alarm in tally.alarms)])


if __name__ == "__main__":
    sys.exit(main())
