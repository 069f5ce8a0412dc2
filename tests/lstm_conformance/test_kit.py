"""The kit as an outsider uses it: a test module of three lines, run by pytest itself."""

import subprocess
import sys
import textwrap

import pytest

from lstm_conformance.kit import ConformanceTests
from lstm_conformance.probes import switch_probe
from lstm_plugins.reference import ReferenceForecaster


class TestReference(ConformanceTests):
    """It runs in the same process too."""

    def make_forecaster(self, config, features, targets):
        return ReferenceForecaster(config, features, targets)

    def probes(self, precision):
        yield switch_probe("plain", precision)


MODULE = """
from dataclasses import replace

from lstm_conformance.deviations import CATALOGUE
from lstm_conformance.kit import ConformanceTests
from lstm_conformance.probes import switch_probe
from lstm_plugins.errors import UnsupportedError
from lstm_plugins.reference import ReferenceForecaster

deviation = next(one for one in CATALOGUE if one.name == {name!r})


class Mine(ReferenceForecaster):
    def trace(self, starts, *, derivatives=False):
        if derivatives:
            raise UnsupportedError("no derivatives here")
        return super().trace(starts)


class TestMine(ConformanceTests):
    precisions = ("float64",)
    expected_failures = {expected!r}

    def make_forecaster(self, config, features, targets):
        return deviation.plant(Mine(config, features, targets))

    def probes(self, precision):
        yield switch_probe("no clipping", precision)
"""


@pytest.fixture
def run(tmp_path):
    def run_pytest(name, expected):
        module = tmp_path / "test_mine.py"
        module.write_text(textwrap.dedent(MODULE.format(name=name, expected=expected)), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", str(module)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=600, check=False)
        return done.stdout

    return run_pytest


@pytest.mark.exhaustive
def test_a_failure_is_told_in_words_and_unsupported_is_skipped(run):
    told = run("forecast from known targets", {})
    assert "the backend fails first at level forecast: forecast, window 0, " in told
    assert "Cause: the forecast of the last window whose targets are known (reproduces" in told
    assert "no derivatives here" in told
    assert "1 failed, 13 passed, 1 skipped" in told


@pytest.mark.exhaustive
def test_an_expected_failure_is_one_and_fails_when_it_passes(run):
    reason = "forecasts wait for their targets"
    told = run("forecast from known targets", {"no clipping: forecast": reason, "loss": "long mended"})
    assert "[XPASS(strict)] long mended" in told
    assert "1 failed, 12 passed, 1 skipped, 1 xfailed" in told
