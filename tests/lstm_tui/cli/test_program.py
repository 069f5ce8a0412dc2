import json
import subprocess
import sys

import pytest

HEAVY = (
    *("numpy", "polars", "textual", "rich", "torch", "tensorflow"),
    *(
        "lstm_plugins.forecaster",
        "lstm_forecasting.data.table",
        "lstm_forecasting.data.reading",
        "lstm_forecasting.experiment",
    ),
)
SCRIPT = f"""
import json, sys
sys.argv = ["lstm-tui", *sys.argv[1:]]
from lstm_tui.__main__ import main
try:
    main()
finally:
    print(json.dumps([name for name in {HEAVY} if name in sys.modules]), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["one", "two"]])
def test_help_version_and_mistakes_import_nothing_heavy(arguments):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], capture_output=True, text=True, timeout=600
    )
    assert json.loads(done.stderr.splitlines()[-1]) == []


def test_help_names_every_command(program):
    done = program.run("--help")
    assert done.returncode == 0
    assert done.stderr == ""
    for word in (
        "Usage: lstm-tui [OPTIONS] [FILE|NAME|-]",
        "forecast ",
        "backends ",
        "datasets ",
        "--version",
    ):
        assert word in done.stdout


def test_version_is_the_distributions(program):
    done = program.run("--version")
    assert done.returncode == 0
    assert done.stdout.strip() == "lstm-tui, version 0.1.0"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "needs a terminal; without one, use: lstm-tui forecast FILE"),
        (("shop.csv",), "needs a terminal; without one, use: lstm-tui forecast shop.csv"),
        (("./forecast",), "lstm-tui forecast ./forecast"),
        (("forcast", "shop.csv"), "no command 'forcast'; did you mean forecast?"),
        (("--backend", "numpy", "forecast", "shop.csv"), "Put the command first: lstm-tui forecast"),
        (("--theme", "light", "settings"), "Put the command first: lstm-tui settings"),
        (("shop.csv", "other.csv"), "'other.csv' is one too many"),
        (("--nope",), "No such option"),
    ],
)
def test_mistakes_before_the_app_are_told_in_words(program, arguments, words):
    done = program.run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert words in done.stderr
