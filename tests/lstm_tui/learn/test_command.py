"""`lstm-tui learn` without a terminal."""

import json

import pytest

from lstm_course.chapters import NAMES


def test_a_chapter_is_printed_with_its_numbers(program):
    done = program.run("learn", "windows", "--set", "look_back=6")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("2 Sliding windows\n")
    assert "windows = days − look_back − horizon + 1 = 11 − 6 − 1 + 1 = 5" in done.stdout
    assert "✓ Leave exactly one window for training." in done.stdout
    assert "  look_back=6      Days in the look-back window; a whole number from 1 to 10" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_a_chapter_is_written_as_json(program):
    done = program.run("learn", "1", "--json", "--set", "b_f=-6")
    (chapter,) = json.loads(done.stdout)
    assert (chapter["chapter"], chapter["name"]) == (1, NAMES[0])
    memory = chapter["steps"][-1]
    assert memory["values"]["b_f"] == -6.0
    assert [one["solved"] for one in memory["exercises"]] == [True, False]
    assert memory["facts"]["left_1"] < 0.01
    assert memory["figures"][0]["kind"] == "table"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("9x",), f"There is no chapter '9x'; choose 1 to {len(NAMES)}, or cell, windows"),
        (("2", "--set", "look_back=0"), "look_back: 0 is not a whole number from 1 to 10."),
        (("2", "--set", "b_f=1"), "'b_f' cannot be changed here; choose from window, look_back"),
        (("2", "--set", "look_back"), "'look_back' is not NAME=VALUE."),
    ],
)
def test_bad_input_is_one_sentence(program, arguments, sentence):
    done = program.run("learn", *arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_the_course_begins_anew(program):
    kept = program.home / ".local" / "share" / "lstm-tui" / "learn.json"
    kept.parent.mkdir(parents=True)
    kept.write_text('{"seen": ["cell/series"], "answered": [], "last": "cell/series"}')
    assert program.run("learn", "2", "--print", "--restart").returncode == 0
    assert not kept.exists()
