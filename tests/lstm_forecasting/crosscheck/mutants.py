"""Backends of a third party, each with one fault; the fixture of this name in conftest.py installs them."""

import os
import signal
import time

from lstm_conformance.deviations import CATALOGUE
from lstm_plugins import ADDITIONS, API_VERSION, Backend, UnsupportedError, backend_hook
from lstm_plugins.reference import ReferenceForecaster


class Plugin:
    def __init__(self, name, forecaster, additions=ADDITIONS):
        self.name, self.forecaster, self.additions = name, forecaster, additions

    @backend_hook
    def lstm_backend(self):
        return Backend(
            name=self.name,
            title=self.name.capitalize(),
            api_version=API_VERSION,
            version="1.5",
            summary="for tests",
            forecaster=f"mutants:{self.forecaster}",
            devices="mutants:devices",
            framework="numpy",
            additions=self.additions,
        )


def devices():
    return ("cpu",)


class Swapped(ReferenceForecaster):
    """Takes the blocks of every kernel for those of input, output, forget and candidate."""

    def __post_init__(self):
        plain = ReferenceForecaster(self.config, self.features, self.targets, options=self.options)
        (deviation,) = [one for one in CATALOGUE if one.name == "gate order i, o, f, C̃"]
        self.steps = deviation.plant(plain).steps
        super().__post_init__()


class Unexplained(ReferenceForecaster):
    """A fault that nobody has thought of."""

    def mean_loss(self, starts):
        return super().mean_loss(starts) * 1.0123


class Crashing(ReferenceForecaster):
    def trace(self, starts, *, derivatives=False):
        if derivatives:
            os.write(2, b"segment not found\n")
            os.abort()
        return super().trace(starts, derivatives=derivatives)


class Untraceable(ReferenceForecaster):
    def trace(self, starts, *, derivatives=False):
        raise UnsupportedError("compiled networks cannot be looked into")


class Deaf(ReferenceForecaster):
    def clip(self, gradients):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(3600)


class Original(ReferenceForecaster):
    """Written for the contract before it had additions."""

    def __init__(self, config, features, targets, options):
        super().__init__(config, features, targets, options)

    def window_starts(self, rows, stride):
        return super().window_starts(rows, stride)

    def raw_windows(self, starts):
        inputs, targets, _ = super().raw_windows(starts)
        return inputs, targets


class Waiting(ReferenceForecaster):
    """Gives a test the time to kill it, once."""

    def clip(self, gradients):
        if "KILLED" in os.environ and not os.path.exists(os.environ["KILLED"]):  # noqa: PTH110
            time.sleep(3600)
        return super().clip(gradients)


def __getattr__(name):
    if name == "Unimportable":
        raise ImportError("libframework.so.7: cannot open shared object file")
    raise AttributeError(name)


plain = Plugin("plain", "ReferenceForecaster")
swapped = Plugin("swapped", "Swapped")
unexplained = Plugin("unexplained", "Unexplained")
crashing = Plugin("crashing", "Crashing")
untraceable = Plugin("untraceable", "Untraceable")
original = Plugin("original", "Original", ())
deaf = Plugin("deaf", "Deaf")
waiting = Plugin("waiting", "Waiting")
unimportable = Plugin("unimportable", "Unimportable")
