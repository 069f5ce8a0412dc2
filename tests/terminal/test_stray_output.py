"""Whatever libraries write to the terminal behind Python's back, it never reaches the screen."""

import json
import shlex
import sys

import pytest


@pytest.fixture
def shouts(tmp_path, third_party, monkeypatch):
    """Makes the third party's backends write to the terminal; the file says who did."""
    path = tmp_path / "shouts"
    monkeypatch.setenv("SHOUTS", str(path))
    return lambda: {tuple(line.split()) for line in path.read_text().splitlines()}


@pytest.mark.exhaustive
def test_libraries_that_write_to_the_terminal_do_not_reach_the_app(lstm_tui, shop, shouts):
    terminal = lstm_tui(shop, "--backend", "shouting", "crashing")
    terminal.wait_for("300 rows", "Shouting", "Crashing", " t Train")
    terminal.press("t")
    terminal.wait_for("Crashing failed", "SIGABRT")
    terminal.wait_for("1 of 2 trained")
    shouting, program = {pid for where, pid in shouts() if where == "training"}, str(terminal.pid)
    assert len(shouting) == 1
    assert {("import", program), ("import", *shouting)} <= shouts()

    assert "GARBAGE" not in terminal.output

    # A crash is explained by what the process wrote last, of which only the words are shown.
    terminal.press("l")
    terminal.wait_for("Log of this training", "last words")
    terminal.press("escape")
    terminal.wait_until(lambda text: "Log of this training" not in text, "the screen under the log")
    terminal.press("q")
    assert terminal.wait_for_end() == 0
    assert "\x1b[5;41m" not in terminal.output
    assert "\x1b]0;" not in terminal.output
    assert terminal.processes() == {}


@pytest.mark.exhaustive
def test_results_are_pure_whatever_libraries_write(open_terminal, shop, shouts, tmp_path):
    words = shlex.join([sys.executable, "-m", "lstm_tui"])
    terminal = open_terminal(
        "bash",
        "--norc",
        "--noprofile",
        "-c",
        f"{words} forecast {shop} --backend shouting --epochs 1 --json >forecast.json && "
        f"{words} backends --json >backends.json",
    )
    assert terminal.wait_for_end() == 0
    assert json.loads((tmp_path / "forecast.json").read_text())["backends"]
    assert json.loads((tmp_path / "backends.json").read_text())
    assert {where for where, _pid in shouts()} == {"import", "training"}
    assert "GARBAGE of training" not in terminal.output
