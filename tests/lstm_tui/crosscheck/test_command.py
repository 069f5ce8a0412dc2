"""The real program on two backends of a third party: one right, one with the gates in another order."""

import json

import pytest

RIGHT = "from lstm_plugins.reference import ReferenceForecaster as It"
SWAPPED = """
from lstm_conformance.deviations import CATALOGUE
from lstm_plugins.reference import ReferenceForecaster


class It(ReferenceForecaster):
    def __post_init__(self):
        plain = ReferenceForecaster(self.config, self.features, self.targets, options=self.options)
        (deviation,) = [one for one in CATALOGUE if one.name == "gate order i, o, f, C̃"]
        self.steps = deviation.plant(plain).steps
        super().__post_init__()
"""
CRASHING = """
import os
from lstm_plugins.reference import ReferenceForecaster


class It(ReferenceForecaster):
    def trace(self, starts, *, derivatives=False):
        os.write(2, b"last words\\n")
        os.abort()
"""


def lines_of(text):
    return [line.split() for line in text.splitlines() if line.strip()]


@pytest.mark.exhaustive
def test_a_backend_that_agrees_passes_with_code_0(program):
    program.install_plugin("right", RIGHT)
    done = program.run("crosscheck", "--backend", "right", "numpy")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "All levels of 4 probes passed."
    assert (
        "Right [plugin] was not checked on missing values, columns known ahead of time and lags, a"
        in done.stdout
    )
    assert "Right [plugin] agrees with the reference in float64 and float32." in done.stdout
    assert "23 values" in done.stdout
    (gates,) = [line for line in lines_of(done.stdout) if line[:3] == ["gates", "and", "states"]]
    assert gates.count("✓") == 4
    assert "\x1b" not in done.stdout + done.stderr


def test_one_that_does_not_is_named_with_its_bug_and_code_1(program, tmp_path):
    program.install_plugin("right", RIGHT)
    program.install_plugin("swapped", SWAPPED)
    report = tmp_path / "report.html"
    done = program.run(
        "crosscheck", "--backend", "swapped", "right", "--precision", "float64", "--output", str(report)
    )
    assert done.returncode == 1
    first, second = done.stdout.splitlines()[:2]
    assert first == "Failed: Swapped [plugin]."
    assert "Cause: gate order i, o, f" in second
    rows = {tuple(line[:2]): line for line in lines_of(done.stdout)}
    assert rows["gates", "and"].count("✗") == 1
    assert ("gradients", "(✗") in rows
    assert "gates and states failed in float64" in done.stderr
    assert "gate order i, o, f" in report.read_text(encoding="utf-8")


@pytest.mark.exhaustive
def test_a_crash_is_a_verdict_with_its_last_words(program):
    program.install_plugin("right", RIGHT)
    program.install_plugin("crashing", CRASHING)
    done = program.run("crosscheck", "--backend", "crashing", "right", "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    states = {(one["backend"], one["level"]): one["state"] for one in report["matrix"]}
    assert states["crashing", "gates"] == "failed"
    assert states["crashing", "gradients"] == "unasked"
    assert states["right", "gradients"] == "passed"
    assert "last words" in done.stderr


@pytest.mark.exhaustive
def test_own_data_and_settings_are_a_probe(program):
    program.install_plugin("right", RIGHT)
    done = program.run(
        "crosscheck", "shop.csv", "--backend", "right", "--target", "sales", "--layers", "2",
        "--hidden-units", "4", "--look-back", "12", "--precision", "float32", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["series"] == "shop"
    own = report["probes"][0]
    assert own["name"] == "own data"
    settings = own["settings"]
    assert (settings["layers"], settings["hidden_units"], settings["precision"]) == (2, 4, "float32")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nowhere.csv",), "nowhere.csv"),
        (("--epochs", "3"), "--epochs describes a probe of your own"),
        (("--target", "sales"), "--target describes a probe of your own"),
        (("--depth", "deep"), "'deep' is not one of"),
        (("--precision", "float16"), "'float16' is not one of"),
        (("--backend", "nobody"), "nobody"),
        (("--output", "report.txt"), "A report is saved as .html, .md or .json"),
        (("shop.csv", "--look-back", "150"), "look_back"),
        (("--threads", "0"), "'--threads': 0 is not a whole number of at least 1"),
    ],
)
def test_bad_input_is_one_sentence_and_code_2(program, arguments, sentence):
    done = program.run("crosscheck", *arguments, "--without", "torch", "--without", "tensorflow")
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
