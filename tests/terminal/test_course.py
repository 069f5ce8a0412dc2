"""The course in the real program: opened by a command, read, a question answered, kept for the next time."""

import re

import pytest


@pytest.mark.exhaustive
def test_the_course_is_read_and_remembered(lstm_tui):
    terminal = lstm_tui("learn", "windows")
    terminal.wait_for("2 Sliding windows", "One window", "10, 19, 31 → 22")
    assert terminal.full_screen
    terminal.press("n")
    terminal.wait_for("Choose look_back and horizon", "11 − 3 − 1 + 1 = 8")
    terminal.press("right", "right", "right", "right")
    terminal.wait_for("✓ Choose look_back", "11 − 7 − 1 + 1 = 4")
    terminal.resize(160, 45)
    terminal.wait_for("Chapters", "3 Shared weights", "✓ All windows")
    terminal.press("q")
    assert terminal.wait_for_end() == 0

    again = lstm_tui("learn")
    again.wait_until(lambda text: re.search(r"2 Sliding windows · All windows", text), "the step left off at")
    again.press("q")
    assert again.wait_for_end() == 0
