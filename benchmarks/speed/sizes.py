"""The task of the contestants: sizes, series and windows."""

from collections.abc import Callable
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

Train = Callable[[int], float]
"""Trains this many steps and returns the seconds per step."""

ROWS = 8192
LEARNING_RATE = 0.001
CLIP_NORM = 1.0


class Size(NamedTuple):
    """Hidden units, time steps and batch."""

    hidden: int
    steps: int
    batch: int

    @classmethod
    def parse(cls, text: str) -> Self:
        hidden, steps, batch = (int(part) for part in text.split(","))
        if min(hidden, steps, batch) < 1 or steps >= ROWS:
            raise ValueError(text)
        return cls(hidden, steps, batch)

    def __str__(self) -> str:
        return ",".join(str(part) for part in self)


SIZES = (Size(32, 24, 32), Size(64, 48, 64), Size(128, 96, 64), Size(256, 168, 128))


def series() -> NDArray[np.float64]:
    """A noisy sine of ROWS values of about unit variance: `[ROWS]`."""
    noise = np.random.default_rng(0).normal(size=ROWS)
    return np.sqrt(2.0) * np.sin(np.arange(ROWS) * 2 * np.pi / 24) + 0.1 * noise


def window_starts(size: Size, count: int) -> NDArray[np.int64]:
    """First rows of `count` batches of windows, in random order."""
    return np.random.default_rng(1).integers(0, ROWS - size.steps - 1, count * size.batch)


def check_loss(loss: float) -> None:
    """Stops a contestant whose training diverges, because its time would be meaningless."""
    if not 0 <= loss < 10:
        raise ArithmeticError(f"the training loss is {loss}")
