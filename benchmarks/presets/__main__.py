"""Measures the time of presets: processor seconds, networks trained at the same time, networks stacked.

    python -m benchmarks.presets                             made-up hourly series of 20,000 rows, minutes
    python -m benchmarks.presets FILE --target COLUMN        another series
    python -m benchmarks.presets --only stacked              whether stacking would pay

Processor seconds are those of this process and of the backend's, so that other programs on the machine count
little; backends and linear algebra use one thread. `best` is run with one and with two networks at the same
time, one run after the other: the ratio of their durations only means something on a machine with two idle
cores.

Stacked networks would be trained by one call, K networks of the same shape in arrays with one more axis. K
networks need K products of matrices and K updates where one network with a batch K times as large needs one
of each. So that batch is a lower bound for the time of the stack, and 3·t(batch) / t(3·batch) an upper bound
for what stacking three networks gains. Batches of both sizes alternate; the output is the median.
"""

import os
import sys
from pathlib import Path
from typing import Any

from benchmarks.accuracy.machine import machine
from benchmarks.commands import command_line, show_progress, write_json
from benchmarks.presets.stacked import bounds
from benchmarks.presets.whole import opened, seconds

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
ROWS = 20_000


def main() -> int:
    parser = command_line("presets", __doc__, "all figures")
    parser.add_argument("file", nargs="?", type=Path, help="by default, a made-up hourly series")
    parser.add_argument("--target", action="append", default=[], metavar="COLUMN")
    parser.add_argument("--rows", type=int, default=ROWS, help="of the made-up series")
    parser.add_argument("--backend", default="numpy")
    parser.add_argument("--rounds", type=int, default=15, help="of the comparison of batches")
    parser.add_argument("--only", choices=("presets", "stacked"))
    options = parser.parse_args()
    table = opened(options.file, options.target, options.rows)
    figures: dict[str, list[Any]] = {}
    print(machine())
    if options.only != "stacked":
        figures["presets"] = found = []
        for preset, at_once in (("quick", 1), ("best", 1), ("best", 2)):
            show_progress(f"{preset}, {at_once} at once")
            found.append(seconds(table, options.backend, preset, at_once))
        show_progress()
        print(f"{table.name}, {table.rows:,} rows, {options.backend}; processor seconds, and duration")
        for one in found:
            print(
                f"{one.preset:6} {one.networks:2} networks, {one.at_once} at once: plan {one.plan:.1f}, "
                f"networks {one.backend:.1f}, evaluation {one.evaluation:.1f}, together {one.total:.1f} s; "
                f"duration {one.duration:.1f} s"
            )
        print(f"two at once: {found[1].duration / found[2].duration:.2f} times as fast as one")
    if options.only != "presets":
        figures["stacked"] = stacked = bounds(table, options.backend, options.rounds)
        for bound in stacked:
            print(
                f"look_back {bound.look_back}, {bound.steps} steps, batch {bound.batch}: "
                f"{bound.milliseconds:.2f} ms; three stacked would be at most {bound.gain:.2f} times as fast"
            )
    write_json(options.json, {name: [vars(one) for one in ones] for name, ones in figures.items()})
    return 0


if __name__ == "__main__":
    if any(os.environ.get(name) != "1" for name in ONE_THREAD):
        # Libraries read them when they are imported.
        os.execve(  # noqa: S606
            sys.executable,
            [sys.executable, "-m", "benchmarks.presets", *sys.argv[1:]],
            {**os.environ, **dict.fromkeys(ONE_THREAD, "1")},
        )
    sys.exit(main())
