"""`lstm-tui forecast` on a terminal, in a pipe, and interrupted."""

import json
import re
import shlex
import signal
import sys

import pytest

PROGRAM = shlex.join([sys.executable, "-m", "lstm_tui"])


@pytest.fixture
def shell(open_terminal):
    """Runs a line of bash in a terminal."""

    def run(line):
        return open_terminal("bash", "--norc", "--noprofile", "-c", line)

    return run


def test_progress_and_result_on_a_terminal(lstm_tui, shop, third_party):
    terminal = lstm_tui(
        "forecast", shop, "--backend=numpy", "--epochs=600", "--patience=0", columns=120, lines=60
    )
    terminal.wait_for_output("━", "windows/s", "left")
    assert terminal.wait_for_end() == 0
    text = terminal.text()
    assert "NumPy" in text
    assert re.search(r"NumPy +━+ +done: \d+ epochs", text)
    assert "sales: the LSTM" in " ".join(text.split())
    assert "2024-10-27" in text
    assert all(len(line) <= 120 for line in text.split("\n"))
    assert not terminal.full_screen
    assert terminal.cursor_shown
    assert terminal.processes() == {}


def test_one_interrupt_ends_everything(lstm_tui, shop, third_party):
    terminal = lstm_tui("forecast", shop, "--backend", "numpy", "patient", "deaf")
    terminal.wait_for("windows/s")
    terminal.press("ctrl+c")
    assert terminal.wait_for_end() == 130
    assert terminal.processes() == {}
    text = terminal.text()
    assert "Interrupted" in text
    assert "Traceback" not in text
    assert terminal.cursor_shown


def test_a_closed_window_ends_it(lstm_tui, shop, third_party):
    terminal = lstm_tui("forecast", shop, "--backend", "numpy", "patient")
    terminal.wait_for("windows/s")
    terminal.hang_up()
    assert terminal.wait_for_end() == 128 + signal.SIGHUP
    assert terminal.processes() == {}


@pytest.mark.exhaustive
def test_pipes_get_plain_lines_and_the_terminal_the_progress(shell, shop, tmp_path):
    terminal = shell(
        f"{PROGRAM} forecast {shop} --backend numpy --epochs 2 2>notes | cat >results; "
        f"{PROGRAM} forecast {shop} --backend numpy --epochs 2 --json >json; echo code=$?; "
        f"{PROGRAM} forecast {shop} --backend numpy --epochs 2 2>/dev/null | head -n 1; "
        'echo "codes=${PIPESTATUS[*]}"'
    )
    assert terminal.wait_for_end() == 0
    notes = (tmp_path / "notes").read_text()
    assert "NumPy: starting" in notes
    assert "\x1b" not in notes
    results = (tmp_path / "results").read_text()
    assert "2024-10-27" in results
    assert "\x1b" not in results
    assert json.loads((tmp_path / "json").read_text())["backends"]
    first, codes = terminal.text().rstrip().split("\n")[-2:]
    assert "done: 2 epochs" in terminal.text(), "the bars of the second"
    assert first == results.split("\n")[0]
    assert codes in ("codes=141 0", "codes=0 0")
    assert terminal.processes() == {}


def test_the_app_refuses_a_pipe_in_one_sentence(shell, shop):
    terminal = shell(f"{PROGRAM} {shop} | cat; exit ${{PIPESTATUS[0]}}")
    assert terminal.wait_for_end() == 2
    assert f"needs a terminal; without one, use: lstm-tui forecast {shop}" in terminal.output
    assert "\x1b[?1049h" not in terminal.output
