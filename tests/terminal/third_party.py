"""Backends of a third party for the terminal tests; the fixture `third_party` installs them."""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

from lstm_plugins import API_VERSION, Backend, backend_hook
from lstm_plugins.reference import ReferenceForecaster

GARBAGE = b"\x1b[2J\x1b[5;41mGARBAGE of %s\x1b]0;GARBAGE\x07\x1b[?1049l\r\n"


def shout(where):
    """Writes to the terminal as native libraries do, past everything that Python knows of."""
    with Path(os.environ["SHOUTS"]).open("a", encoding="utf-8") as shouts:
        shouts.write(f"{where} {os.getpid()}\n")
    for descriptor in (1, 2):
        os.write(descriptor, GARBAGE % where.encode())
    library = ctypes.CDLL(None)
    library.puts(b"GARBAGE from C")
    library.fflush(None)
    for stream in (sys.stdout, sys.stderr):
        print("GARBAGE from Python", file=stream, flush=True)


if "SHOUTS" in os.environ:
    shout("import")


class Shouting(ReferenceForecaster):
    def train_batches(self, starts, learning_rates, first):
        shout("training")
        return super().train_batches(starts, learning_rates, first)


class Crashing(ReferenceForecaster):
    """Its last words would clear the screen."""

    def train_batches(self, starts, learning_rates, first):
        os.write(2, b"\x1b[2J\x1b[5;41mlast words\x1b[0m\n")
        os.abort()


class Patient(ReferenceForecaster):
    """Never ends by itself in the time of a test, and takes no processor from anybody."""

    def train_batches(self, starts, learning_rates, first):
        time.sleep(0.5 * len(learning_rates))
        return super().train_batches(starts, learning_rates, first)


class Deaf(ReferenceForecaster):
    """Native code that keeps Python's lock for good, in a process that ignores SIGTERM."""

    def train_batches(self, starts, learning_rates, first):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        ctypes.PyDLL(None).sleep(600)


class _Plugin:
    def __init__(self, name, forecaster):
        self.name, self.forecaster = name, forecaster

    @backend_hook
    def lstm_backend(self):
        return Backend(
            name=self.name,
            title=self.name.capitalize(),
            api_version=API_VERSION,
            version="1.0",
            summary="for tests",
            forecaster=f"third_party:{self.forecaster}",
            devices="third_party:devices",
            framework="numpy",
        )


def devices():
    return ("cpu",)


shouting = _Plugin("shouting", "Shouting")
crashing = _Plugin("crashing", "Crashing")
patient = _Plugin("patient", "Patient")
deaf = _Plugin("deaf", "Deaf")
