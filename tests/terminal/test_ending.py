"""However the program ends, nothing that it started is left behind, and the terminal is the user's again."""

import importlib.util
import os
import re
import signal

import pytest

INSTALLED = tuple(
    name
    for name, framework in {"numpy": "numpy", "torch": "torch", "tensorflow": "tensorflow"}.items()
    if importlib.util.find_spec(framework)
)


@pytest.fixture
def training(lstm_tui, shop, third_party):
    """Opens the app with backends, and begins to train them."""

    def start(*backends):
        terminal = lstm_tui(shop, "--backend", *backends)
        terminal.wait_for("300 rows", " t Train")
        terminal.press("t")
        terminal.wait_for(f"training {len(backends)} backends")
        return terminal

    return start


@pytest.mark.exhaustive
def test_no_process_outlives_a_killed_program(training):
    backends = (*INSTALLED, "patient", "deaf")
    terminal = training(*backends)
    terminal.wait_until(lambda _text: set(terminal.backends()) == set(backends), "all processes")
    # The first ones train by now, TensorFlow's is still importing: both have to go.
    terminal.wait_until(lambda text: text.count(" MB") >= 2, "a training under way")
    os.kill(terminal.pid, signal.SIGKILL)
    assert terminal.wait_for_end() == -signal.SIGKILL
    terminal.wait_until_alone()


def test_sigterm_ends_the_program_in_order(training):
    terminal = training("numpy", "patient", "deaf")
    terminal.wait_until(lambda text: text.count(" MB") >= 1, "a training under way")
    os.kill(terminal.pid, signal.SIGTERM)
    assert terminal.wait_for_end() == 128 + signal.SIGTERM
    assert terminal.processes() == {}
    assert not terminal.full_screen
    assert terminal.cursor_shown
    assert "Traceback" not in terminal.output


def test_a_closed_window_ends_the_program(training):
    terminal = training("numpy", "patient")
    terminal.wait_until(lambda text: text.count(" MB") >= 1, "a training under way")
    terminal.hang_up()
    assert terminal.wait_for_end() == 128 + signal.SIGHUP
    assert terminal.processes() == {}


@pytest.mark.exhaustive
def test_a_killed_backend_is_reported_and_the_others_go_on(training):
    terminal = training("numpy", "patient")
    terminal.wait_until(lambda text: re.search("Patient.* MB", text), "its training")
    killed = terminal.backends()["patient"]
    os.kill(killed, signal.SIGKILL)
    terminal.wait_for("Patient failed", "was killed (SIGKILL)")
    terminal.wait_for("1 of 2 trained", "✓", "best epoch")
    terminal.press("3")
    terminal.wait_for("sales: the LSTM", "✗ patient")

    # The next training has a new process, and quitting in the middle of it asks for nothing.
    terminal.press("2", "t")
    terminal.wait_for("training", "x Stop")
    terminal.wait_until(lambda _text: terminal.backends().get("patient", killed) != killed, "a new process")
    terminal.press("q")
    assert terminal.wait_for_end() == 0
    assert terminal.processes() == {}
    assert not terminal.full_screen


@pytest.mark.exhaustive
@pytest.mark.parametrize("leave", ["quit", "kill"])
def test_what_was_started_ahead_of_need_ends_with_the_program(lstm_tui, shop, leave):
    terminal = lstm_tui(shop, "--backend", *INSTALLED)
    terminal.wait_for("300 rows", " t Train")
    terminal.wait_until(lambda _text: terminal.backends(), "a process before any training")
    if leave == "quit":
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.processes() == {}
        assert not terminal.full_screen
    else:
        os.kill(terminal.pid, signal.SIGKILL)
        assert terminal.wait_for_end() == -signal.SIGKILL
        terminal.wait_until_alone()
