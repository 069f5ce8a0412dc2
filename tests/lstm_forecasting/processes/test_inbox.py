import math
import threading
import time

from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.processes.events import BackendEpoch, BackendProgress
from lstm_forecasting.processes.inbox import Inbox
from lstm_plugins import Epoch


def progress(batch):
    return BackendProgress("a", 0, 3, batch, 10, 0.5, None, None, None)


def epoch(number):
    return BackendEpoch("a", Epoch(number, 0.5, None, 0.1, 1.0, False, float(number)))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([progress, epoch])), max_size=30))
def test_of_progress_the_latest_is_kept_and_everything_else_in_order(script):
    inbox = Inbox()
    put = [(backend, kind(number)) for number, (backend, kind) in enumerate(script)]
    for item in put:
        inbox.put(*item)
    got = []
    while (item := inbox.get(0.0)) is not None:
        got.append(item)
    expected = [
        item
        for index, item in enumerate(put)
        if not isinstance(item[1], BackendProgress)
        or not any(
            later[0] == item[0] and isinstance(later[1], BackendProgress) for later in put[index + 1 :]
        )
    ]
    assert got == expected


def test_get_waits_for_a_message_from_another_thread():
    inbox = Inbox()
    threading.Timer(0.05, inbox.put, ("a", epoch(1))).start()
    assert inbox.get(math.inf) == ("a", epoch(1))


def test_get_gives_up_when_its_time_is_over():
    until = time.monotonic() + 0.1
    assert Inbox().get(until) is None
    assert time.monotonic() > until - 0.01


def test_a_call_to_wake_is_not_lost_when_nobody_waits():
    inbox = Inbox()
    inbox.wake()
    assert inbox.get(math.inf) is None
    threading.Timer(0.05, inbox.wake).start()
    assert inbox.get(math.inf) is None
