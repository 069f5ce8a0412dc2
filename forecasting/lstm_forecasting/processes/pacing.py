"""How often a child speaks: a few lines a second, however short its epochs are."""

from __future__ import annotations

import math
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

    An epoch waits only when another one was told just before, and progress likewise: where epochs or batches
    are slow they are told at once, and where they are fast the next one, which takes them along, is near. No
    epoch is lost, and nothing but training waits.

    Args:
        messages: as they arise.
        clock: seconds.
    """
    held: list[Message] = []
    told: dict[type[Message], float] = {}
    try:
        for message in messages:
            if isinstance(message, TrainingProgress):
                held = [earlier for earlier in held if not isinstance(earlier, TrainingProgress)]
            held.append(message)
            training = isinstance(message, TrainingProgress | TrainingEpoch)
            soon = clock() < told.get(type(message), -math.inf) + SECONDS_BETWEEN_LINES
            if training and soon and len(held) < MOST_MESSAGES:
                continue
            yield tuple(held)
            told.update(dict.fromkeys(map(type, held), clock()))
            held = []
    except Exception:
        # The epochs before a failure are worth being seen.
        if held:
            yield tuple(held)
        raise
    if held:
        yield tuple(held)
