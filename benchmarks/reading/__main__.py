"""Reads and checks large files, and compares the seconds with those of a plain polars.read_csv.

Each file has times, two columns of numbers and holes. Polars parses the times and numbers of the same file
and does nothing else; here the calendar is found as well, rows are placed on it, gaps are filled, and all
columns are checked. Both read a file in turns in one process; the median of each is shown.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.reading
    OPENBLAS_NUM_THREADS=1 python -m benchmarks.reading --rows 100000 --times 3
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import polars as pl
from benchmarks.commands import command_line, show_progress, write_json
from benchmarks.reading.files import FILES

from lstm_forecasting.findings.looking import check_data

LIMIT = 12.0
"""Our seconds as a multiple of polars'."""


def main() -> int:
    parser = command_line("reading", __doc__, "all seconds")
    parser.add_argument("--rows", type=int, default=1_000_000, metavar="N", help="rows of each file")
    parser.add_argument("--times", type=int, default=5, metavar="N", help="how often each file is read")
    options = parser.parse_args()

    records = []
    print(f"{'file':34} {'rows':>9} {'polars':>9} {'read':>9} {'ratio':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for name, write in FILES.items():
            path = Path(folder) / "measured.csv"
            show_progress(f"writing {name}")
            rows = write(path, options.rows)
            plain, ours = [], []
            for turn in range(options.times):
                show_progress(f"{name}: {turn} of {options.times}")
                plain.append(_seconds(partial(pl.read_csv, path, try_parse_dates=True)))
                ours.append(_seconds(partial(check_data, str(path))))
            show_progress()
            medians = statistics.median(plain), statistics.median(ours)
            records.append({"file": name, "rows": rows, "polars": plain, "ours": ours})
            ratio = medians[1] / medians[0]
            print(f"{name:34} {rows:>9,} {medians[0]:>7.3f} s {medians[1]:>7.3f} s {ratio:>5.1f}×")
    write_json(options.json, records)
    worst = max(statistics.median(record["ours"]) / statistics.median(record["polars"]) for record in records)
    kept = worst <= LIMIT
    print(f"{'✓' if kept else '✗'} at most {worst:.1f} times polars (limit {LIMIT:g})")
    return 0 if kept else 1


def _seconds(read: Callable[[], object]) -> float:
    began = time.perf_counter()
    read()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
