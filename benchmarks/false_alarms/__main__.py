"""The command line and the table; `benchmarks.false_alarms` says what is measured."""

import argparse
import os
import sys
from collections.abc import Sequence

import benchmarks.false_alarms
from benchmarks.false_alarms.running import REFERENCE, Tally, run_in_parts

from lstm_plugins.discovery import discover


def main() -> int:
    known = [REFERENCE, *(found.name for found in discover() if found.state == "available")]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.false_alarms",
        description=benchmarks.false_alarms.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--backend", choices=known, action="append", help="only this one; may be repeated")
    parser.add_argument("--configs", type=int, default=200, metavar="N", help="how many configurations")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="the number of the first one")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), metavar="N", help="at once")
    options = parser.parse_args()

    tallies = []
    indices = range(options.first, options.first + options.configs)
    for backend in options.backend or known:
        for tally in run_in_parts(backend, indices, options.processes):
            print(f"\r{backend}: {tally.configurations} of {options.configs}", end="", file=sys.stderr)
        print(f"\r{'':40}\r", end="", file=sys.stderr)
        tallies.append(tally)
    print(report(tallies))
    return 1 if any(tally.failed or tally.named for tally in tallies) else 0


def report(tallies: Sequence[Tally]) -> str:
    """The table, then every alarm."""
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
