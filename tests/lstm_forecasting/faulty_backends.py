"""Backends of a third party, each with one habit; the fixture of this name in conftest.py installs them."""

import ctypes
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

import numpy as np

from lstm_plugins import API_VERSION, Backend, BatchResults, Epoch, Finished, UnsupportedError, backend_hook
from lstm_plugins.reference import ReferenceForecaster


class Plugin:
    def __init__(self, name, forecaster, **more):
        self.name, self.forecaster, self.more = name, forecaster, more

    @backend_hook
    def lstm_backend(self):
        return Backend(
            name=self.name,
            title=self.name.capitalize(),
            api_version=API_VERSION,
            version="1.0",
            summary="for tests",
            forecaster=f"faulty_backends:{self.forecaster}",
            devices="faulty_backends:devices",
            framework="numpy",
            **self.more,
        )


def devices():
    return ("cpu",)


def announce(word):
    """Tells the test that a backend has come to where it hangs."""
    with Path(os.environ["ANNOUNCED"]).open("a", encoding="utf-8") as file:
        file.write(word)


class Slow(ReferenceForecaster):
    """Takes its time for every batch."""

    def train_batches(self, starts, learning_rates, first):
        time.sleep(0.01 * len(learning_rates))
        return super().train_batches(starts, learning_rates, first)


class Held(Slow):
    """Takes minutes for the epochs after its third, until the test lets it go on.

    It goes on saying what it does: what a silent one has learnt last would not reach the test.
    """

    def train_batches(self, starts, learning_rates, first):
        if first.epoch >= 3 and not Path(os.environ["GO_ON"]).exists():
            time.sleep(0.3 * len(learning_rates))
        return super().train_batches(starts, learning_rates, first)


class SlowFirstEpoch(ReferenceForecaster):
    def train_batches(self, starts, learning_rates, first):
        time.sleep(0.2)
        return super().train_batches(starts, learning_rates, first)


class Loud(ReferenceForecaster):
    """Prints as native libraries do, and as Python does."""

    def train_batches(self, starts, learning_rates, first):
        os.write(1, b"\x1b[31mnative line on 1\n")
        os.write(2, b"native line on 2\n")
        print("Python line")  # noqa: T201
        print("Python line", file=sys.stderr)  # noqa: T201
        print("original", file=sys.__stdout__)
        assert sys.stdin.read() == ""
        return super().train_batches(starts, learning_rates, first)


class Aborting(ReferenceForecaster):
    """Crashes in the middle of its second epoch."""

    def train_batches(self, starts, learning_rates, first):
        if first.epoch == 1 and first.step:
            os.write(2, b"assertion `n < size` failed\n")
            os.abort()
        return super().train_batches(starts, learning_rates, first)


class Leaving(ReferenceForecaster):
    def train_batches(self, starts, learning_rates, first):
        os._exit(3)


class Deaf(ReferenceForecaster):
    """Never comes back from its first batch, whatever it is asked."""

    def train_batches(self, starts, learning_rates, first):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        announce("deaf")
        while True:
            time.sleep(60)


class DeafLater(Deaf):
    """Learns for one epoch, and then as Deaf."""

    def train_batches(self, starts, learning_rates, first):
        if first.epoch:
            return super().train_batches(starts, learning_rates, first)
        return ReferenceForecaster.train_batches(self, starts, learning_rates, first)


class Locked(ReferenceForecaster):
    """Native code that never gives Python's lock back."""

    def train_batches(self, starts, learning_rates, first):
        announce("locked")
        ctypes.PyDLL(None).sleep(3600)


class NotFinite(ReferenceForecaster):
    def train_batches(self, starts, learning_rates, first):
        done = super().train_batches(starts, learning_rates, first)
        return BatchResults(np.where(first.epoch, np.nan, done.losses), done.norms)


class Hasty(ReferenceForecaster):
    """Thousands of epochs in no time, with losses that are no numbers, by a fit of its own."""

    def fit(self, training, validation, state=None):
        self._training_state = None
        for epoch in range(self.config.epochs):
            yield Epoch(epoch, float("nan"), float("inf"), 0.001, float("-inf"), False)
        yield Finished("epochs", self.config.epochs, 0)


class FullDisk(ReferenceForecaster):
    """From its third epoch on, and until it forecasts, no file can grow beyond some bytes."""

    epoch = 0

    def train_batches(self, starts, learning_rates, first):
        self.epoch = first.epoch
        return super().train_batches(starts, learning_rates, first)

    def mean_loss(self, starts):
        loss = super().mean_loss(starts)
        self._limit(10 if self.epoch >= 2 else resource.RLIM_INFINITY)
        return loss

    def predict(self, starts):
        self._limit(resource.RLIM_INFINITY)
        return super().predict(starts)

    def _limit(self, size):
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))


class Wrong(ReferenceForecaster):
    """Forecasts another part than the one asked for."""

    def predict(self, starts):
        return super().predict(starts)[:-1] if len(starts) > 1 else super().predict(starts)


class Unsupported(ReferenceForecaster):
    def __post_init__(self):
        raise UnsupportedError("there is no such device here")


class Telling(ReferenceForecaster):
    """Writes down what its process is like."""

    def __post_init__(self):
        super().__post_init__()
        told = {
            "modules": sorted(sys.modules),
            "environment": dict(os.environ),
            "niceness": os.nice(0),
            "path": sys.path,
            "session": os.getsid(0),
        }
        Path(os.environ["TOLD"]).write_text(json.dumps(told), encoding="utf-8")


def __getattr__(name):
    if name == "Unimportable":
        raise ImportError("libframework.so.7: cannot open shared object file")
    if name == "ImportedOnDemand":
        while not Path(os.environ["IMPORTABLE"]).exists():
            time.sleep(0.01)
        return ReferenceForecaster
    if name == "Exiting":
        sys.exit("no licence found")
    raise AttributeError(name)


slow = Plugin("slow", "Slow")
held = Plugin("held", "Held")
slowfirstepoch = Plugin("slowfirstepoch", "SlowFirstEpoch")
plain = Plugin("plain", "ReferenceForecaster")
loud = Plugin("loud", "Loud")
aborting = Plugin("aborting", "Aborting")
leaving = Plugin("leaving", "Leaving")
deaf = Plugin("deaf", "Deaf")
deaflater = Plugin("deaflater", "DeafLater")
locked = Plugin("locked", "Locked")
notfinite = Plugin("notfinite", "NotFinite")
hasty = Plugin("hasty", "Hasty")
fulldisk = Plugin("fulldisk", "FullDisk")
wrong = Plugin("wrong", "Wrong")
unsupported = Plugin("unsupported", "Unsupported")
telling = Plugin("telling", "Telling")
unimportable = Plugin("unimportable", "Unimportable")
importedondemand = Plugin("importedondemand", "ImportedOnDemand")
exiting = Plugin("exiting", "Exiting")
absent = Plugin("absent", "Absent", requires=("no_such_framework",), install="pip install no-such-framework")
