"""How often a child speaks: a few lines a second, however short its epochs are."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from lstm_forecasting.processes.messages import Message, TrainingEpoch, TrainingProgress

SECONDS_BETWEEN_LINES = 0.2
MOST_MESSAGES = 1000
"""Held back at most, which keeps a line far below its limit."""


def paced(
    messages: Iterable[Message], clock: Callable[[], float] = time.monotonic
) -> Iterator[tuple[Message, ...]]:
    """Puts what comes in quick succession together, keeping of progress the latest only.

    Nothing that is not training waits, and no epoch is lost.

    Args:
        messages: as they arise; while one is held back the next is waited for, which in a training is at
            most half a second.
        clock: seconds.
    """
    held: list[Message] = []
    spoken = float("-inf")
    try:
        for message in messages:
            if isinstance(message, TrainingProgress):
                held = [earlier for earlier in held if not isinstance(earlier, TrainingProgress)]
            held.append(message)
            training = isinstance(message, TrainingProgress | TrainingEpoch)
            if training and clock() - spoken < SECONDS_BETWEEN_LINES and len(held) < MOST_MESSAGES:
                continue
            yield tuple(held)
            held = []
            spoken = clock()
    except Exception:
        # The epochs before a failure are worth being seen.
        if held:
            yield tuple(held)
        raise
    if held:
        yield tuple(held)
