import os

import pytest

from lstm_forecasting.runs.folder import find_run, list_folders, make_folder, runs_folder
from lstm_forecasting.runs.listing import delete_run, list_runs, look_at
from lstm_forecasting.runs.locking import is_locked, locked
from lstm_plugins.errors import InputError


def test_runs_are_kept_where_the_variable_says(monkeypatch, tmp_path):
    monkeypatch.setenv("LSTM_TUI_RUNS", str(tmp_path / "mine"))
    assert runs_folder() == tmp_path / "mine"
    monkeypatch.delenv("LSTM_TUI_RUNS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert runs_folder() == tmp_path / "data" / "lstm-tui" / "runs"


@pytest.mark.parametrize(
    ("series", "begins"),
    [("co2", "co2-2"), ("my sales (2024)", "my-sales-2024-2"), ("日経", "series-2"), ("../../etc", "etc-2")],
)
def test_a_name_is_made_of_the_series_and_the_time(series, begins, tmp_path):
    run = make_folder(tmp_path, None, series)
    assert run.name.startswith(begins)
    assert run.path.parent == tmp_path
    second = make_folder(tmp_path, None, series)
    assert second.name != run.name


@pytest.mark.parametrize("name", ["", "a/b", "..", "-x", "a b", ".hidden"])
def test_a_name_that_cannot_be_one_is_refused(name, tmp_path):
    with pytest.raises(InputError, match="A run cannot be called"):
        make_folder(tmp_path, name, "co2")


def test_a_name_that_is_taken_is_refused(make_run):
    make_run("numpy", name="mine")
    with pytest.raises(InputError, match="There is already a run called mine"):
        make_run("numpy", name="mine")


def test_a_run_is_found_by_name_by_path_and_as_the_last(make_run, runs):
    older, newer = make_run("numpy", name="older"), make_run("numpy", name="newer")
    os.utime(older.description, ns=(10**18, 10**18))
    assert list_folders(runs) == [newer, older]
    assert find_run("older", runs) == older
    assert find_run(older.path, runs / "elsewhere") == older
    assert find_run("last", runs) == newer
    with pytest.raises(InputError, match=r"There is no run 'olden'.*did you mean older"):
        find_run("olden", runs)
    with pytest.raises(InputError, match="There are no runs in"):
        find_run("last", runs / "elsewhere")


def test_a_folder_that_is_no_run_is_left_alone(make_run, runs):
    run = make_run("numpy")
    (runs / "notes").mkdir()
    (runs / "notes" / "ideas.txt").write_text("x", encoding="utf-8")
    assert list_folders(runs) == [run]
    with pytest.raises(InputError, match="There is no run 'notes'"):
        find_run("notes", runs)


def test_a_run_is_deleted_whole_unless_somebody_works_on_it(make_run, runs):
    run = make_run("numpy")
    with locked(run):
        assert is_locked(run)
        with pytest.raises(InputError, match="Another program is training run"):
            delete_run(run)
    assert not is_locked(run)
    delete_run(run)
    assert list(runs.iterdir()) == []


def test_a_damaged_run_is_listed_with_its_reason(make_run, runs):
    run = make_run("numpy")
    assert look_at(run).state == "new"
    text = run.description.read_text(encoding="utf-8")
    run.description.write_text(text[: len(text) // 2], encoding="utf-8")
    (standing,) = list_runs(runs)
    assert standing.state == "damaged"
    assert "run.json is damaged" in standing.problem
    assert standing.size > 0
