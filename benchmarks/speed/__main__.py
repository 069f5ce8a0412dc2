"""Measures a training step of each backend, compared with plain torch.nn.LSTM and Keras in the same run.

    python -m benchmarks.speed                                   all contestants at four sizes, minutes
    python -m benchmarks.speed --size 32,24,32 --rounds 3        a first look, less than a minute
    python -m benchmarks.speed --contestant numpy --contestant torch.nn.LSTM --json speed.json

A step is forward, backward, clipping by global norm and Adam on one batch, in float32, with one layer, one
input column and horizon 1; a size is hidden units, time steps, batch. Our backends run through
`train_batches`, like `fit`, with AdamW without decay. torch.nn.LSTM is the loop of PyTorch's tutorials:
autograd, `clip_grad_norm_`, `torch.optim.Adam`. Keras is `compile` and `fit` on arrays of windows, timed
within the epoch.

Each contestant has its own process with one thread and no GPU, and the runs alternate: round by round, size
by size. The output is the median over the rounds, so that a machine that slows down for a while slows down
all contestants. OPENBLAS_CORETYPE is unset in these processes, because some machines set it to an older
processor than they have. Trust the ratios more than the milliseconds.
"""

import platform
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from benchmarks.commands import command_line, show_progress, write_json
from benchmarks.speed.host import Contestant, contestants
from benchmarks.speed.sizes import SIZES, Size

BASELINE = "torch.nn.LSTM"


def main() -> int:
    known = contestants()
    parser = command_line("speed", __doc__, "every run's time")
    parser.add_argument(
        "--size", type=Size.parse, action="append", metavar="HIDDEN,STEPS,BATCH", help="may be repeated"
    )
    parser.add_argument("--contestant", choices=known, action="append", help="may be repeated")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each contestant at each size")
    parser.add_argument("--seconds", type=float, default=0.5, help="approximate length of a run")
    options = parser.parse_args()
    sizes = options.size or list(SIZES)
    entered = [Contestant(name, known[name]) for name in options.contestant or known]

    with ExitStack() as stack:
        for contestant in entered:
            if not contestant.problem:
                contestant.start(options.seconds)
                stack.callback(contestant.stop)
        measure(entered, sizes, options.rounds)
    print(report(entered, sizes))
    write_json(options.json, [as_json(contestant) for contestant in entered])
    return 1 if any(contestant.problem.startswith("ended") for contestant in entered) else 0


def measure(entered: Sequence[Contestant], sizes: Sequence[Size], rounds: int) -> None:
    for number in range(rounds):
        for size in sizes:
            for contestant in entered:
                if not contestant.problem:
                    show_progress(f"round {number + 1} of {rounds}, {size}, {contestant.name}")
                    contestant.run(size)
    show_progress()


def report(entered: Sequence[Contestant], sizes: Sequence[Size]) -> str:
    baseline = next((it for it in entered if it.name == BASELINE), None)
    versions = {name: version for it in entered for name, version in it.versions.items()}
    lines = [
        f"{processor()}; one thread each, float32; OPENBLAS_CORETYPE unset; "
        + ", ".join(f"{name} {version}" for name, version in versions.items()),
        f"median milliseconds a training step (in brackets: times as fast as {BASELINE})",
        "",
        f"{'hidden,steps,batch':18}" + "".join(f"{size!s:>20}" for size in sizes),
    ]
    for contestant in entered:
        cells = [cell(contestant, baseline, size) for size in sizes]
        lines.append(f"{contestant.name:18}" + "".join(f"{text:>20}" for text in cells))
        if contestant.problem:
            lines[-1] = f"{lines[-1].rstrip() if any(cells) else contestant.name:18}  {contestant.problem}"
    return "\n".join(lines)


def cell(contestant: Contestant, baseline: Contestant | None, size: Size) -> str:
    if size not in contestant.milliseconds:
        return ""
    own = median(contestant.milliseconds[size])
    if baseline is None or size not in baseline.milliseconds:
        return f"{own:.3g}"
    return f"{own:.3g} ({median(baseline.milliseconds[size]) / own:.2f})"


def as_json(contestant: Contestant) -> dict[str, object]:
    return {
        "name": contestant.name,
        "problem": contestant.problem,
        "versions": contestant.versions,
        "milliseconds": {str(size): times for size, times in contestant.milliseconds.items()},
        "steps": {str(size): steps for size, steps in contestant.steps.items()},
    }


def processor() -> str:
    """The name of the processor, if the system provides it."""
    description = Path("/proc/cpuinfo")
    if description.exists():
        for line in description.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    sys.exit(main())
