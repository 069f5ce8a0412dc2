"""Runs recordings in place of the processes of backends."""

import contextlib
import threading

from lstm_forecasting.processes.events import BackendFailed, BackendStarted, BackendWarm

from .recorded_check import RecordedCheck
from .recording import EPOCHS, Recording


class ReplayRunner:
    """Runs a recording in place of processes.

    Args:
        pause: epochs after which it waits until `go_on` is set, or the training is stopped.
        fail: backends that give up.
        crash: raised in place of the training.
        faulty: backends that a cross-check finds to differ.
        check_pause: levels after which a cross-check waits until it is stopped.
        cold: backends whose frameworks cannot be imported ahead of need.
    """

    def __init__(self, pause=None, fail=(), crash=None, faulty=(), check_pause=None, cold=()):
        self.faulty = faulty
        self.check_pause = check_pause
        self.checks = []
        self.cold = cold
        self.warmed = []
        self.ended = []
        self.pause = pause
        self.fail = fail
        self.crash = crash
        self.go_on = threading.Event()
        self.stopped = threading.Event()
        self.closed = False
        self.experiments = []

    @contextlib.contextmanager
    def start(self, experiment):
        self.experiments.append(experiment)
        self.stopped.clear()
        yield _Replay(self, Recording(experiment, self.fail))

    @contextlib.contextmanager
    def check(self, check):
        if self.crash is not None:
            raise self.crash
        self.checks.append(RecordedCheck(check, self.faulty, self.check_pause))
        yield self.checks[-1]

    @contextlib.contextmanager
    def warm(self, backends):
        self.warmed.append(backends)
        yield _ReplayedWarmUp(self, backends)

    def end_idle(self, backend):
        self.ended.append(backend)

    def close(self):
        for check in self.checks:
            check.stop()
        self.closed = True
        self.stopped.set()
        self.go_on.set()


class _Replay:
    def __init__(self, runner, recording):
        self.runner = runner
        self.recording = recording

    def __iter__(self):
        if self.runner.crash is not None:
            raise self.runner.crash
        recording, pause = self.recording, self.runner.pause
        yield from recording.start()
        yield from recording.ready()
        yield from recording.epochs(0, EPOCHS if pause is None else pause)
        if pause is not None:
            self.runner.go_on.wait()
            if self.runner.stopped.is_set():
                yield from recording.end("stopped", pause)
                return
            yield from recording.epochs(pause, EPOCHS)
        yield from recording.end()

    def stop(self, backend=None):
        self.runner.stopped.set()
        self.runner.go_on.set()


class _ReplayedWarmUp:
    def __init__(self, runner, backends):
        self.runner = runner
        self.backends = backends

    def __iter__(self):
        for backend in self.backends:
            yield BackendStarted(backend, 4711)
            if backend in self.runner.cold:
                log = ("Traceback (most recent call last):", "ImportError: libframework.so.7")
                yield BackendFailed(backend, "it failed with ImportError: libframework.so.7", log)
            else:
                yield BackendWarm(backend, "0.1.0", f"{backend} 2.0", ("cpu",))

    def stop(self):
        pass
