"""Limits how often a child sends a line to a few times a second, however short its epochs are."""

import math
import time
from collections.abc import Callable, Iterable, Iterator

from lstm_forecasting.processes.events import BackendEpoch, BackendProgress
from lstm_forecasting.processes.messages import Message

SECONDS_BETWEEN_LINES = 0.2
MOST_MESSAGES = 1000
"""The most messages that are held back, so that a line stays far below its limit."""


def paced(
    messages: Iterable[Message], clock: Callable[[], float] = time.monotonic
) -> Iterator[tuple[Message, ...]]:
    """Groups messages that follow each other quickly, and keeps only the latest progress.

    Only epochs and progress are held back, and only if another one was just sent: slow epochs and batches are
    sent at once, fast ones together with the next one. No epoch is lost.
    """
    held: list[Message] = []
    sent: dict[type[Message], float] = {}
    try:
        for message in messages:
            if isinstance(message, BackendProgress):
                held = [earlier for earlier in held if not isinstance(earlier, BackendProgress)]
            held.append(message)
            training = isinstance(message, BackendProgress | BackendEpoch)
            soon = clock() < sent.get(type(message), -math.inf) + SECONDS_BETWEEN_LINES
            if training and soon and len(held) < MOST_MESSAGES:
                continue
            yield tuple(held)
            sent.update(dict.fromkeys(map(type, held), clock()))
            held = []
    except Exception:
        # The epochs before a failure are still useful.
        if held:
            yield tuple(held)
        raise
    if held:
        yield tuple(held)
