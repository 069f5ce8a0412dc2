"""Counts which known bugs the cross-check catches and names, compared with looking at final errors.

Each deviation of the catalogue is planted in the reference behind the public interface and checked on the
smallest probe that shows it. For comparison, both networks are trained for a few epochs from their own
initial weights, and the bug counts as seen if their root mean squared errors on the validation windows differ
by more than 5 %.

    python -m benchmarks.catalogue
    python -m benchmarks.catalogue --level gates --json catalogue.json
    python -m benchmarks.catalogue --pairs 200      plant random pairs of deviations
"""

import dataclasses
import sys
import time
from collections.abc import Sequence

from benchmarks.catalogue import pairs
from benchmarks.catalogue.measuring import Bench, Row
from benchmarks.commands import command_line, show_progress, write_json

from lstm_conformance.deviations import CATALOGUE
from lstm_conformance.levels import LEVELS
from lstm_conformance.probes import full_probes, switch_probe


def main() -> int:
    names = [level.name for level in LEVELS]
    parser = command_line("catalogue", __doc__, "the result of every deviation")
    parser.add_argument(
        "--level", choices=names, action="append", help="check only its deviations; may be repeated"
    )
    parser.add_argument("--pairs", type=int, metavar="N", help="check N pairs at one level and N at two")
    options = parser.parse_args()

    if options.pairs:
        return measure_pairs(options.pairs)
    wanted = [one for one in CATALOGUE if one.level in (options.level or names)]
    bench, began, rows = Bench(tuple(full_probes("float64"))), time.perf_counter(), []
    for number, deviation in enumerate(wanted):
        show_progress(f"{number + 1} of {len(wanted)}: {deviation.name}")
        rows.append(bench.measure(deviation))
    show_progress()
    print(report(rows))
    print(f"\n{time.perf_counter() - began:.0f} s")
    write_json(options.json, [dataclasses.asdict(row) for row in rows])
    return 0 if all(row.caught and row.named_alone for row in rows) else 1


def measure_pairs(count: int) -> int:
    """Draws pairs and prints their results."""
    bench, began, rows = pairs.PairBench(switch_probe("everything", "float64")), time.perf_counter(), []
    for at_one_level in (True, False):
        for pair in bench.draw(count, at_one_level=at_one_level):
            names = " + ".join(one.name for one in pair)
            show_progress(f"{len(rows) + 1} of {2 * count}: {names[:60]}")
            rows.append(bench.measure(pair))
    show_progress()
    print(pairs.report(rows))
    print(f"\n{time.perf_counter() - began:.0f} s")
    return 0 if all(row.both_named or row.equal_in_effect for row in rows) else 1


def report(rows: Sequence[Row]) -> str:
    """The table by level with its sum, and every deviation that was missed or not the only one named."""
    lines = [f"{'level':18}{'deviations':>12}{'caught there':>14}{'named':>8}{'seen in RMSE':>14}"]
    levels = [level.name for level in LEVELS if any(row.level == level.name for row in rows)]
    for name in [*levels, "all"]:
        of = [row for row in rows if name in (row.level, "all")]
        counts = (
            sum(row.caught for row in of),
            sum(row.named_alone for row in of),
            sum(row.seen_in_final_error for row in of),
        )
        lines.append(f"{name:18}{len(of):12}{counts[0]:14}{counts[1]:8}{counts[2]:14}")
    lines += [
        f"{row.name}: caught at {row.caught_at or 'no level'}, named {', '.join(row.named)}"
        for row in rows
        if not (row.caught and row.named_alone)
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
