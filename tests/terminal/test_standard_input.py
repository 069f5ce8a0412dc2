"""A table piped into the app: its keys come from the terminal all the same."""

import shlex
import sys


def piped(shop, *arguments):
    program = shlex.join([sys.executable, "-m", "lstm_tui", *arguments])
    return ("sh", "-c", f"cat {shlex.quote(shop)} | {program}")


def test_the_app_opens_what_is_piped_and_obeys_the_keys(open_terminal, shop):
    terminal = open_terminal(*piped(shop, "-", "--backend", "numpy"), columns=120, lines=35)
    terminal.wait_for("stdin", "300 rows", "t Train")
    terminal.press("?")
    terminal.wait_for("Everywhere")
    terminal.press("escape")
    terminal.wait_until(lambda text: "Everywhere" not in text, "the end of the help")
    terminal.press("q")
    assert terminal.wait_for_end() == 0
    assert terminal.processes() == {}
    assert not terminal.full_screen


def test_an_empty_pipe_is_told_before_the_screen_changes(open_terminal):
    terminal = open_terminal("sh", "-c", f"{shlex.join([sys.executable, '-m', 'lstm_tui', '-'])} </dev/null")
    assert terminal.wait_for_end() == 2
    assert "Error: Standard input is empty; pipe a table into it, or name a file." in terminal.output


def test_a_keyboard_that_is_no_pipe_is_told(lstm_tui):
    terminal = lstm_tui("-")
    assert terminal.wait_for_end() == 2
    assert "Error: Standard input is a terminal; pipe a table into it, or name a file." in terminal.output
