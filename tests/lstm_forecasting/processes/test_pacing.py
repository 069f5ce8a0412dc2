import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.processes.events import (
    BackendEpoch,
    BackendProgress,
    BackendStopped,
    BackendTrained,
)
from lstm_forecasting.processes.pacing import MOST_MESSAGES, SECONDS_BETWEEN_LINES, paced
from lstm_plugins import Epoch


def progress(batch):
    return BackendProgress("a", 0, 3, batch, 10, 0.5, None, None, None)


def epoch(number):
    return BackendEpoch("a", Epoch(number, 0.5, None, 0.1, 1.0, False, float(number)))


def trained(epochs):
    return BackendTrained("a", "epochs", epochs, 0, 1.0)


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@given(st.lists(st.tuples(st.sampled_from("pet"), st.floats(0, 1)), max_size=60))
def test_no_epoch_is_lost_and_lines_are_few(script):
    clock = Clock()
    sent = []

    def messages():
        for number, (kind, pause) in enumerate(script):
            clock.now += pause
            sent.append({"p": progress, "e": epoch, "t": trained}[kind](number))
            yield sent[-1]

    lines, times = [], []
    for line in paced(messages(), clock):
        lines.append(line)
        times.append(clock.now)
    received = list(itertools.chain(*lines))
    others = [message for message in sent if not isinstance(message, BackendProgress)]
    assert [message for message in received if not isinstance(message, BackendProgress)] == others
    positions = [sent.index(message) for message in received]
    assert positions == sorted(positions)
    if sent:
        assert received[-1] == sent[-1]
    for line in lines:
        assert sum(isinstance(message, BackendProgress) for message in line) <= 1
    training_only = [
        at
        for at, line in zip(times[:-1], lines[:-1], strict=True)
        if all(isinstance(message, BackendProgress | BackendEpoch) for message in line)
    ]
    # One of progress and one of epochs in every such interval.
    gaps = [later - earlier for earlier, later in zip(training_only, training_only[2:], strict=False)]
    assert all(gap >= SECONDS_BETWEEN_LINES * 0.999 for gap in gaps)


def test_the_first_progress_and_the_end_of_training_are_told_at_once():
    clock = Clock()
    lines = paced(iter([progress(1), progress(2), epoch(0), progress(3), trained(1)]), clock)
    assert next(lines) == (progress(1),)
    assert next(lines) == (progress(2), epoch(0))
    assert next(lines) == (progress(3), trained(1))
    assert list(lines) == []


def test_a_slow_epoch_does_not_wait_for_the_next_batch():
    clock = Clock()

    def messages():
        for number in range(3):
            clock.now += 5.0
            yield progress(number)
            yield epoch(number)

    lines = paced(messages(), clock)
    for number in range(3):
        assert next(lines) == (progress(number),)
        assert next(lines) == (epoch(number),)


def test_lines_stay_short_however_short_the_epochs_are():
    lines = list(paced((epoch(number) for number in range(5 * MOST_MESSAGES)), Clock()))
    assert max(len(line) for line in lines) <= MOST_MESSAGES
    assert sum(len(line) for line in lines) == 5 * MOST_MESSAGES


def test_the_epochs_before_a_failure_are_told():
    def failing():
        yield epoch(0)
        yield epoch(1)
        raise ValueError("no")

    lines = paced(failing(), Clock())
    assert next(lines) == (epoch(0),)
    assert next(lines) == (epoch(1),)
    with pytest.raises(ValueError, match="no"):
        next(lines)


def test_the_end_of_a_stopped_training_is_a_line_of_its_own():
    assert list(paced(iter([BackendStopped("a")]), Clock())) == [(BackendStopped("a"),)]
