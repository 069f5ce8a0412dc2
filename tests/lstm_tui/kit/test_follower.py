import contextlib
import threading

import pytest

from lstm_forecasting.experiment.events import BackendStarted
from lstm_tui.kit.follower import Follower


class Endless:
    """Runs until it is stopped."""

    def __init__(self):
        self.entered = threading.Event()
        self.stopped = threading.Event()
        self.left = threading.Event()

    @contextlib.contextmanager
    def start(self):
        self.entered.set()
        try:
            yield self
        finally:
            self.left.set()

    def __iter__(self):
        yield BackendStarted("numpy", 1)
        self.stopped.wait()
        yield BackendStarted("numpy", 2)

    def stop(self):
        self.stopped.set()

    def close(self):
        self.stopped.set()


@pytest.fixture
def endless():
    runner = Endless()
    yield runner
    runner.close()


def test_events_are_handed_over_once_in_their_order(endless):
    follower = Follower(endless.start)
    endless.stopped.set()
    follower.follow()
    assert [event.process for event in follower.drain()] == [1, 2]
    assert follower.drain() == []


def test_stop_reaches_what_runs_and_leaves_it(endless):
    follower = Follower(endless.start)
    thread = threading.Thread(target=follower.follow)
    thread.start()
    assert endless.entered.wait(600)
    follower.stop()
    thread.join(300)
    assert not thread.is_alive()
    assert endless.left.is_set()


def test_a_stop_before_the_start_is_not_lost(endless):
    follower = Follower(endless.start)
    follower.stop()
    follower.follow()
    assert endless.stopped.is_set()


def test_an_error_while_starting_reaches_the_caller():
    class Refusing(Endless):
        def start(self):
            raise OSError("no more processes")

    with pytest.raises(OSError, match="no more processes"):
        Follower(Refusing().start).follow()
