"""Measures how fast the app responds: its first paint, and key presses while three backends train.

    python -m benchmarks.responsiveness                                  everything, a few minutes
    python -m benchmarks.responsiveness --part start --starts 20         first paint only
    python -m benchmarks.responsiveness --part keys --presses 600 --size 120x40
    python -m benchmarks.responsiveness --json responsiveness.json       also write every single time

The program runs in a terminal, as for users, and a time ends when its output has arrived there. A start is
timed from before the program is executed until header and tabs are on the screen, and until the form shows
its values; it alternates with the smallest Textual app and `python -c pass`. Keys switch between two tabs,
move between two fields, and type into a field; the next key follows the answer to the last one after 50 to
250 ms. A heartbeat in the program's event loop, added by a script in this folder, measures how late the loop
is. Bytes written while no key is pressed are counted, because slow connections have to transmit them.

Times differ between machines, so the limits are ratios within one run: the first paint relative to the bare
app's, and keys while backends train relative to keys at rest.

OPENBLAS_CORETYPE and PYTHONDONTWRITEBYTECODE, which some machines set, are unset.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from statistics import median

import numpy as np
from benchmarks.commands import command_line, write_json
from benchmarks.responsiveness.opening import Size, without_peculiarities
from benchmarks.responsiveness.pressing import Answers, measure_answers
from benchmarks.responsiveness.starting import Starts, measure_starts

TIMES_THE_BARE_APP = 1.25
"""Longest median first paint, as a multiple of that of the smallest Textual app."""
TIMES_AT_REST = 1.5
"""Largest 95th percentile of keys while backends train, as a multiple of that at rest."""
KILOBYTES_A_SECOND = 20.0
"""Most kilobytes per second that the app may write while no key is pressed."""
BACKENDS = ("numpy", "torch", "tensorflow")


def main() -> int:
    parser = command_line("responsiveness", __doc__, "every time")
    parser.add_argument("--part", choices=("start", "keys"), action="append", help="may be repeated")
    parser.add_argument("--starts", type=int, default=10)
    parser.add_argument(
        "--presses", type=int, default=300, help="keys at rest, and as many while backends train"
    )
    parser.add_argument("--backend", action="append", help="backend to train; may be repeated")
    parser.add_argument(
        "--size", type=Size.parse, default=Size(160, 45), help="size of the terminal; at least 120x40"
    )
    options = parser.parse_args()
    parts = options.part or ("start", "keys")

    without_peculiarities()
    # The thread that records when bytes arrive must not wait long for the one that draws the screen.
    sys.setswitchinterval(0.0005)
    starts = measure_starts(options.starts, options.size) if "start" in parts else None
    answers = None
    if "keys" in parts:
        answers = measure_answers(options.presses, options.backend or BACKENDS, options.size)
    print(report(starts, answers, options.size))
    measured = {"starts": starts, "answers": answers}
    write_json(options.json, {name: one and asdict(one) for name, one in measured.items()})
    return 1 if any(beyond_limits(starts, answers)) else 0


def beyond_limits(starts: Starts | None, answers: Answers | None) -> Iterator[str]:
    """The names of the measurements that exceed their limits."""
    if starts is not None and times_the_bare_app(starts) > TIMES_THE_BARE_APP:
        yield "the first paint"
    if answers is not None:
        if times_at_rest(answers) > TIMES_AT_REST:
            yield "keys while backends train"
        for tab, written in answers.written.items():
            if written > 1000 * KILOBYTES_A_SECOND:
                yield f"what {tab} writes"


def times_the_bare_app(starts: Starts) -> float:
    return median(starts.painted) / median(starts.bare)


def times_at_rest(answers: Answers) -> float:
    training, resting = (
        percentile([press.seconds for press in answers.presses if press.training == state], 95)
        for state in (True, False)
    )
    return training / resting


def percentile(values: Sequence[float], percent: int) -> float:
    return float(np.percentile(values, percent))


def report(starts: Starts | None, answers: Answers | None, size: Size) -> str:
    """The tables of measurements and limits."""
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
    yield f"{f'{len(starts.painted)} starts, milliseconds':36}{'median':>9}{'worst':>9}"
    rows = {
        "python -c pass": starts.python,
        "a bare Textual app: its text": starts.bare,
        "lstm-tui co2: header and tabs": starts.painted,
        "lstm-tui co2: the form": starts.usable,
    }
    for name, seconds in rows.items():
        yield f"{name:36}{1000 * median(seconds):9.0f}{1000 * max(seconds):9.0f}"
    yield _ratio(
        "first paint as a multiple of the bare app's", times_the_bare_app(starts), TIMES_THE_BARE_APP
    )


def _answer_lines(answers: Answers) -> Iterator[str]:
    yield f"{'milliseconds until an answer':38}{'keys':>7}{'p50':>9}{'p95':>9}{'worst':>9}"
    for training in (False, True):
        words = "training" if training else "at rest"
        mine = [press for press in answers.presses if press.training == training]
        for kind in dict.fromkeys(press.kind for press in mine):
            yield _row(f"{words}: {kind}", [press.seconds for press in mine if press.kind == kind])
        yield _row(f"{words}: all", [press.seconds for press in mine])
    for training in (False, True):
        words = "training" if training else "at rest"
        late = [beat.late for beat in answers.beats if beat.training == training]
        yield _row(f"{words}: delay of the event loop", late)
    yield _ratio("p95 while training as a multiple of p95 at rest", times_at_rest(answers), TIMES_AT_REST)
    yield ""
    yield f"{'while training, kB/s':38}{'written':>9}{'limit':>9}"
    for tab, written in answers.written.items():
        yield f"{tab:38}{written / 1000:9.1f}{KILOBYTES_A_SECOND:9.0f}"


def _ratio(name: str, value: float, limit: float) -> str:
    return f"{name}: {value:.2f} (limit {limit:.2f})"


def _row(name: str, seconds: Sequence[float]) -> str:
    p50, p95 = (1000 * percentile(seconds, percent) for percent in (50, 95))
    return f"{name:38}{len(seconds):7}{p50:9.0f}{p95:9.0f}{1000 * max(seconds):9.0f}"


if __name__ == "__main__":
    sys.exit(main())
