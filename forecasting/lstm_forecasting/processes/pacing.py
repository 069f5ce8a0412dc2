"""How often a child sends a line: a few times a second, however short its epochs are."""

import math
import time
from collections.abc import Callable, Iterable, Iterator

from lstm_forecasting.processes.events import BackendEpoch, BackendProgress
from lstm_forecasting.processes.messages import Message

SECONDS_BETWEEN_LINES = 0.2
MOST_MESSAGES = 1000
"""The most that are held back, which keeps a line far below its limit."""


def paced(
    messages: Iterable[Message], clock: Callable[[], float] = time.monotonic
) -> Iterator[tuple[Message, ...]]:
    """Groups messages that follow each other quickly, and keeps only the latest progress.

    An epoch waits only if another one was sent just before, and so does progress. Slow epochs and batches are
    therefore sent at once, and fast ones go with the next, which comes soon. No epoch is lost, and only
    epochs and progress wait.

    Args:
        messages: as they arise.
        clock: seconds.
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
        # The epochs before a failure are worth showing.
        if held:
            yield tuple(held)
        raise
    if held:
        yield tuple(held)
