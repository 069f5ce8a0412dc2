"""The command line and the table; `benchmarks.catalogue` says what is measured."""

import argparse
import dataclasses
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import benchmarks.catalogue
from benchmarks.catalogue import pairs
from benchmarks.catalogue.measuring import Bench, Row

from lstm_conformance.deviations import CATALOGUE
from lstm_conformance.levels import LEVELS
from lstm_conformance.probes import full_probes, switch_probe


def main() -> int:
    names = [level.name for level in LEVELS]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.catalogue",
        description=benchmarks.catalogue.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--level", choices=names, action="append", help="only its mutants; may be repeated")
    parser.add_argument("--pairs", type=int, metavar="N", help="N pairs at one level and N at two instead")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what became of every mutant")
    options = parser.parse_args()

    if options.pairs:
        return measure_pairs(options.pairs)
    wanted = [one for one in CATALOGUE if one.level in (options.level or names)]
    bench, began, rows = Bench(tuple(full_probes("float64"))), time.perf_counter(), []
    for number, deviation in enumerate(wanted):
        print(f"\r{number + 1} of {len(wanted)}: {deviation.name:50}", end="", file=sys.stderr)
        rows.append(bench.measure(deviation))
    print(f"\r{'':70}\r", end="", file=sys.stderr)
    print(report(rows))
    print(f"\n{time.perf_counter() - began:.0f} s")
    if options.json:
        options.json.write_text(json.dumps([dataclasses.asdict(row) for row in rows], indent=1) + "\n")
    return 0 if all(row.caught and row.named_alone for row in rows) else 1


def measure_pairs(count: int) -> int:
    """Draws pairs, prints what became of them."""
    bench, began, rows = pairs.PairBench(switch_probe("everything", "float64")), time.perf_counter(), []
    for at_one_level in (True, False):
        for pair in bench.draw(count, at_one_level=at_one_level):
            names = " + ".join(one.name for one in pair)
            print(f"\r{len(rows) + 1} of {2 * count}: {names[:60]:60}", end="", file=sys.stderr)
            rows.append(bench.measure(pair))
    print(f"\r{'':80}\r", end="", file=sys.stderr)
    print(pairs.report(rows))
    print(f"\n{time.perf_counter() - began:.0f} s")
    return 0 if all(row.both_named or row.equal_in_effect for row in rows) else 1


def report(rows: Sequence[Row]) -> str:
    """The table by level, its sum, and every mutant that was missed or not named alone."""
    lines = [f"{'level':18}{'mutants':>9}{'caught there':>14}{'named':>8}{'seen in RMSE':>14}"]
    levels = [level.name for level in LEVELS if any(row.level == level.name for row in rows)]
    for name in [*levels, "all"]:
        of = [row for row in rows if name in (row.level, "all")]
        counts = (
            sum(row.caught for row in of),
            sum(row.named_alone for row in of),
            sum(row.seen_in_final_error for row in of),
        )
        lines.append(f"{name:18}{len(of):9}{counts[0]:14}{counts[1]:8}{counts[2]:14}")
    lines += [
        f"{row.name}: caught at {row.caught_at or 'no level'}, named {', '.join(row.named)}"
        for row in rows
        if not (row.caught and row.named_alone)
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
