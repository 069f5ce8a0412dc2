"""The process of one contestant, which reads sizes and writes measurements, one per line."""

import importlib.metadata
import json
import os
import sys

from benchmarks.speed.sizes import Size, Train

FEWEST_STEPS = 3


def open_trainer(contestant: str, size: Size) -> Train:
    if contestant == "torch.nn.LSTM":
        from benchmarks.speed import plain_torch

        return plain_torch.open_trainer(size)
    if contestant in ("keras fit", "keras fit, jit"):
        from benchmarks.speed import plain_keras

        return plain_keras.open_trainer(size, jit_compile=contestant.endswith("jit"))
    from benchmarks.speed import ours

    return ours.open_trainer(contestant, size)


def steps_for(train: Train, seconds: float) -> int:
    """The number of steps that take about that long, after a warm-up."""
    count, each = FEWEST_STEPS, 0.0
    while True:
        train(count)
        each = train(count)
        if each * count >= seconds / 4:
            break
        count *= 4
    wanted = max(FEWEST_STEPS, round(seconds / each))
    if wanted != count:
        train(wanted)
    return wanted


def versions() -> dict[str, str]:
    """The versions of the imported packages that do the arithmetic."""
    distributions = importlib.metadata.packages_distributions()
    imported = [name for name in ("numpy", "torch", "tensorflow", "keras") if name in sys.modules]
    return {name: importlib.metadata.version(distributions.get(name, [name])[0]) for name in imported}


def main() -> None:
    contestant, seconds = sys.argv[1], float(sys.argv[2])
    # The output of frameworks on fd 1 must not mix with the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    trainers: dict[Size, tuple[Train, int]] = {}
    for line in sys.stdin:
        size = Size.parse(line)
        if size not in trainers:
            train = open_trainer(contestant, size)
            trainers[size] = train, steps_for(train, seconds)
        train, count = trainers[size]
        answer = {"milliseconds": 1000 * train(count), "steps": count, "versions": versions()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
