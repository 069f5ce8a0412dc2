import math
import time

from lstm_forecasting.processes.watchdog import Watchdog


class Process:
    def __init__(self):
        self.calls = []

    def terminate(self):
        self.calls.append("terminate")

    def kill(self):
        self.calls.append("kill")


def test_a_process_in_time_is_left_running():
    process, watchdog = Process(), Watchdog()
    watchdog.expect(600.0, "gave no answer")
    watchdog.enforce(process)
    watchdog.relax()
    watchdog.enforce(process)
    assert (process.calls, watchdog.ending, watchdog.deadline) == ([], "", math.inf)


def test_a_process_is_terminated_once_and_killed_later():
    process, watchdog = Process(), Watchdog()
    watchdog.expect(0.0, "gave no answer")
    watchdog.enforce(process)
    watchdog.enforce(process)
    assert process.calls == ["terminate"]
    assert watchdog.ending == "it gave no answer within 0 seconds and was ended"
    watchdog.expect(600.0, "did not stop")
    assert watchdog.deadline < time.monotonic() + 60
    watchdog.deadline = time.monotonic()
    watchdog.enforce(process)
    assert process.calls == ["terminate", "kill"]
    assert watchdog.deadline == math.inf


def test_the_next_process_is_watched_anew():
    process, watchdog = Process(), Watchdog()
    watchdog.expect(0.0, "gave no answer")
    watchdog.enforce(process)
    watchdog.reset()
    watchdog.enforce(process)
    watchdog.expect(0.0, "did not stop")
    watchdog.enforce(process)
    assert process.calls == ["terminate", "terminate"]
    assert watchdog.ending == "it did not stop within 0 seconds and was ended"
