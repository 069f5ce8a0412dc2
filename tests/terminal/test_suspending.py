"""Ctrl+Z gives the terminal back to the shell, and fg brings the whole screen again."""

import shlex
import sys


def test_suspended_program_comes_back_as_it_would_be(open_terminal, shop, third_party):
    terminal = open_terminal("bash", "--norc", "--noprofile", "-i", environment={"PS1": "shell> "})
    terminal.wait_for("shell>")
    command = shlex.join([sys.executable, "-m", "lstm_tui", shop, "--backend", "numpy", "patient"])
    terminal.press(command, "enter")
    terminal.wait_for("300 rows", " t Train")
    terminal.press("t")
    terminal.wait_for("training", " MB", "2 Train")

    terminal.press("ctrl+z")
    text = terminal.wait_for("Stopped", "shell>")
    assert not terminal.full_screen
    assert terminal.cursor_shown
    assert "2 Train" not in text
    assert set(terminal.backends()) == {"numpy", "patient"}, "training goes on meanwhile"
    # Commands of the shell get lines and see what is typed, which a full screen has switched off.
    terminal.press("stty -a | tr ' ' '\\n' | grep -x -e '-*icanon' -e '-*echo'", "enter")
    terminal.wait_for("\nicanon", "\necho")

    terminal.press("fg", "enter")
    terminal.wait_for("lstm-tui  shop", "training 1 backend", "2 Train", "best epoch", " x Stop")
    assert terminal.full_screen
    terminal.press("x")
    terminal.wait_for("of 2 trained")
    terminal.press("q")
    # What is typed before its prompt the shell may never see.
    terminal.wait_until(lambda text: text.rstrip().endswith("shell>"), "the shell's screen and its prompt")
    assert not terminal.full_screen
    terminal.press("echo code=$? $((6 * 7))", "enter")
    terminal.wait_for("code=0 42")
    assert terminal.children() == {}
