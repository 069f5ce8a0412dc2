"""The command line and the tables; `benchmarks.responsiveness` says what is measured."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median, quantiles

import benchmarks.responsiveness
from benchmarks.responsiveness.opening import Size, without_peculiarities
from benchmarks.responsiveness.pressing import Answers, measure_answers
from benchmarks.responsiveness.starting import Starts, measure_starts

MILLISECONDS_TO_PAINT = 300.0
"""Of the median start."""
MILLISECONDS_TO_ANSWER = 100.0
"""Of 95 in 100 keys while backends train."""
KILOBYTES_A_SECOND = 20.0
"""Of what the app writes by itself."""
BACKENDS = ("numpy", "torch", "tensorflow")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.responsiveness",
        description=benchmarks.responsiveness.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--part", choices=("start", "keys"), action="append", help="may be repeated")
    parser.add_argument("--starts", type=int, default=10)
    parser.add_argument("--presses", type=int, default=300, help="at rest, and as many while backends train")
    parser.add_argument("--backend", action="append", help="to train; may be repeated")
    parser.add_argument(
        "--size", type=Size.parse, default=Size(160, 45), help="of the terminal; at least 120x40"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every time")
    options = parser.parse_args()
    parts = options.part or ("start", "keys")

    without_peculiarities()
    # What notes the arrival of bytes must not wait long for what draws the screen.
    sys.setswitchinterval(0.0005)
    starts = measure_starts(options.starts, options.size) if "start" in parts else None
    answers = None
    if "keys" in parts:
        answers = measure_answers(options.presses, options.backend or BACKENDS, options.size)
    print(report(starts, answers, options.size))
    if options.json:
        told = {
            "starts": asdict(starts) if starts is not None else None,
            "answers": asdict(answers) if answers is not None else None,
        }
        options.json.write_text(json.dumps(told, indent=1) + "\n")
    return 1 if any(beyond_limits(starts, answers)) else 0


def beyond_limits(starts: Starts | None, answers: Answers | None) -> Iterator[str]:
    """What takes longer, or is more, than it may be."""
    if starts is not None and 1000 * median(starts.painted) > MILLISECONDS_TO_PAINT:
        yield "the first paint"
    if answers is not None:
        busy = [press.seconds for press in answers.presses if press.training]
        if 1000 * percentile(busy, 95) > MILLISECONDS_TO_ANSWER:
            yield "keys while backends train"
        for tab, written in answers.written.items():
            if written > 1000 * KILOBYTES_A_SECOND:
                yield f"what {tab} writes"


def percentile(values: Sequence[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def report(starts: Starts | None, answers: Answers | None, size: Size) -> str:
    """The tables, with limits beside what was measured."""
    load = os.getloadavg()[0]
    lines = [f"{os.cpu_count()} processors, load {load:.1f}; Python {sys.version.split()[0]}; {size}"]
    if starts is not None:
        lines += ["", *_start_lines(starts)]
    if answers is not None:
        lines += ["", *_answer_lines(answers)]
    beyond = list(beyond_limits(starts, answers))
    return "\n".join(
        [*lines, "", f"Beyond the limit: {', '.join(beyond)}" if beyond else "All within limits"]
    )


def _start_lines(starts: Starts) -> Iterator[str]:
    yield f"{f'{len(starts.painted)} starts, milliseconds':36}{'median':>9}{'worst':>9}{'limit':>9}"
    rows = {
        "python -c pass": starts.python,
        "python -c 'import textual.app'": starts.textual,
        "lstm-tui co2: header and tabs": starts.painted,
        "lstm-tui co2: the form": starts.usable,
    }
    for name, seconds in rows.items():
        limit = f"{MILLISECONDS_TO_PAINT:9.0f}" if seconds is starts.painted else ""
        yield f"{name:36}{1000 * median(seconds):9.0f}{1000 * max(seconds):9.0f}{limit}"


def _answer_lines(answers: Answers) -> Iterator[str]:
    yield f"{'milliseconds until an answer':38}{'keys':>7}{'p50':>9}{'p95':>9}{'worst':>9}{'limit':>9}"
    for training in (False, True):
        words = "training" if training else "at rest"
        mine = [press for press in answers.presses if press.training == training]
        for kind in dict.fromkeys(press.kind for press in mine):
            yield _row(f"{words}: {kind}", [press.seconds for press in mine if press.kind == kind])
        limit = f"{MILLISECONDS_TO_ANSWER:9.0f}" if training else ""
        yield _row(f"{words}: all", [press.seconds for press in mine]) + limit
    for training in (False, True):
        words = "training" if training else "at rest"
        late = [beat.late for beat in answers.beats if beat.training == training]
        yield _row(f"{words}: how late the loop is", late)
    yield ""
    yield f"{'while training, kB/s':38}{'written':>9}{'limit':>9}"
    for tab, written in answers.written.items():
        yield f"{tab:38}{written / 1000:9.1f}{KILOBYTES_A_SECOND:9.0f}"


def _row(name: str, seconds: Sequence[float]) -> str:
    p50, p95 = (1000 * percentile(seconds, percent) for percent in (50, 95))
    return f"{name:38}{len(seconds):7}{p50:9.0f}{p95:9.0f}{1000 * max(seconds):9.0f}"


if __name__ == "__main__":
    sys.exit(main())
