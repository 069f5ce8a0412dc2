"""The list of recent files."""

import json

import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_plugins.errors import InputError
from lstm_tui.data.recent import MOST, recent_files, recent_list, remember


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def make_file(tmp_path):
    def make(name):
        path = tmp_path / name
        path.write_text("a\n1\n2\n3\n", encoding="utf-8")
        return path

    return make


def test_the_file_opened_last_comes_first_and_none_twice(make_file):
    one, two = make_file("one.csv"), make_file("two.csv")
    assert recent_files() == []
    for path in (one, two, one):
        remember(open_data(path))
    assert recent_files() == [one, two]


def test_files_that_are_gone_are_not_offered(make_file):
    one, two = make_file("one.csv"), make_file("two.csv")
    for path in (one, two):
        remember(open_data(path))
    two.unlink()
    assert recent_files() == [one]


def test_there_are_twenty_at_most(make_file):
    files = [make_file(f"{number}.csv") for number in range(MOST + 2)]
    for path in files:
        remember(open_data(path))
    assert recent_files() == files[: -MOST - 1 : -1]


def test_a_relative_path_is_kept_whole_and_a_bundled_set_not_at_all(make_file, tmp_path, monkeypatch):
    path = make_file("one.csv")
    monkeypatch.chdir(tmp_path)
    remember(open_data("one.csv"))
    remember(open_data("sunspots"))
    monkeypatch.chdir("/")
    assert recent_files() == [path]


@pytest.mark.parametrize("text", ["[", "{}", "[1]", '"a"'])
def test_a_damaged_list_is_told_and_stays(make_file, text):
    kept = recent_list()
    kept.parent.mkdir(parents=True)
    kept.write_text(text)
    table = open_data(make_file("one.csv"))
    for fails in (recent_files, lambda: remember(table)):
        with pytest.raises(InputError, match=r"recent\.json is damaged; delete it"):
            fails()
    assert kept.read_text() == text


def test_paths_that_cannot_be_are_left_out(make_file):
    path = make_file("one.csv")
    kept = recent_list()
    kept.parent.mkdir(parents=True)
    kept.write_text(json.dumps(["a\0b", "x" * 5000, str(path)]))
    assert recent_files() == [path]


def test_a_list_that_cannot_be_written_is_told(make_file, tmp_path):
    (tmp_path / "state").write_text("no folder")
    with pytest.raises(InputError, match=r"recent files in .*cannot be read"):
        remember(open_data(make_file("one.csv")))
