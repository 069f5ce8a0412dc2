"""Flag before variable before project before user before default, key by key."""

from pathlib import Path

import pytest

from lstm_plugins.errors import InputError

HIDDEN, LAYERS = "setting_hidden_units", "setting_layers"


def test_the_nearest_value_holds(place, monkeypatch):
    assert place.read()[HIDDEN] is None
    place.user("[settings]\nhidden_units = 2\nlayers = 2\n")
    assert place.read()[HIDDEN] == 2
    place.project("[settings]\nhidden_units = 3\n")
    values = place.read()
    assert (values[HIDDEN], values[LAYERS]) == (3, 2)
    monkeypatch.setenv("LSTM_TUI_HIDDEN_UNITS", "4")
    assert place.read()[HIDDEN] == 4
    values = place.read("--hidden-units", "5")
    assert (values[HIDDEN], values[LAYERS]) == (5, 2)


def test_the_nearest_folder_with_a_file_is_the_project(place, monkeypatch):
    place.project("[settings]\nhidden_units = 3\nlayers = 3\n")
    place.project("[settings]\nhidden_units = 7\n", "inner")
    deep = place.folder / "inner" / "deep"
    deep.mkdir()
    monkeypatch.chdir(deep)
    values = place.read()
    assert (values[HIDDEN], values[LAYERS]) == (7, None)


def test_another_file_takes_the_place_of_the_projects(place, monkeypatch):
    place.user("[settings]\nlayers = 2\n")
    place.project("[settings]\nhidden_units = 3\n")
    other = place.folder / "other.toml"
    other.write_text("[settings]\nhidden_units = 9\n")
    values = place.read("--config", "other.toml")
    assert (values[HIDDEN], values[LAYERS]) == (9, 2)
    monkeypatch.setenv("LSTM_TUI_CONFIG", str(other))
    assert place.read()[HIDDEN] == 9
    assert place.read("--no-config")[HIDDEN] is None


def test_files_can_be_ignored(place):
    place.user("[settings]\nlayers = 2\n")
    place.project("this is no TOML")
    values = place.read("--no-config")
    assert (values[HIDDEN], values[LAYERS]) == (None, None)


def test_a_file_that_is_named_has_to_be_there(place):
    with pytest.raises(InputError, match=r"^nowhere\.toml cannot be read: No such file"):
        place.read("--config", "nowhere.toml")


def test_every_table_reaches_its_options(place):
    place.project(
        "[settings]\nbidirectional = true\nquantiles = [0.1, 0.9]\nlearning_rate = 1\n"
        '[data]\ntarget = "max temp"\ninput = ["a", "b"]\nsplit = [0.6, 0.2, 0.2]\n'
        '[app]\nbackends = ["numpy", "torch"]\nthreads = 2\ntheme = "nord"\n'
    )
    values = place.read("--no-bidirectional")
    assert values["setting_bidirectional"] is False
    assert values["setting_quantiles"] == (0.1, 0.9)
    assert values["setting_learning_rate"] == 1.0
    assert (values["targets"], values["inputs"]) == (("max temp",), ("a", "b"))
    assert values["fractions"] == (0.6, 0.2, 0.2)
    assert values["backends"] == ("numpy", "torch")
    assert (values["threads"], values["theme"]) == (2, "nord")


def test_a_command_takes_what_concerns_it(place):
    place.project('[settings]\nprecision = "float64"\nlayers = 2\n[app]\ntheme = "light"\nthreads = 3\n')
    values = place.read("co2", command="crosscheck")
    assert (values["threads"], values[LAYERS], values["precision"]) == (3, 2, "both")
    values = place.read("co2", command="forecast")
    assert (values["threads"], values["setting_precision"]) == (3, "float64")


@pytest.mark.parametrize(
    ("variable", "text", "name", "value"),
    [
        ("LSTM_TUI_BACKEND", "numpy torch", "backends", ("numpy", "torch")),
        ("LSTM_TUI_BACKEND", "numpy,torch", "backends", ("numpy", "torch")),
        ("LSTM_TUI_TARGET", "max temp, rain", "targets", ("max temp", "rain")),
        ("LSTM_TUI_SPLIT", "0.5 0.25 0.25", "fractions", (0.5, 0.25, 0.25)),
        ("LSTM_TUI_BIDIRECTIONAL", "yes", "setting_bidirectional", True),
        ("LSTM_TUI_QUANTILES", "0.1, 0.5", "setting_quantiles", (0.1, 0.5)),
        ("LSTM_TUI_NO_PLUGINS", "1", "no_plugins", True),
        ("LSTM_TUI_LAYERS", "", "setting_layers", None),
    ],
)
def test_variables_are_read_as_people_write_them(place, monkeypatch, variable, text, name, value):
    monkeypatch.setenv(variable, text)
    assert place.read()[name] == value


@pytest.mark.parametrize("command", ["", "runs", "resume", "attach", "predict", "inspect", "train"])
def test_every_command_finds_the_runs_of_the_project(place, monkeypatch, command):
    monkeypatch.delenv("LSTM_TUI_RUNS", raising=False)
    place.project('[app]\nruns = "kept"\n')
    below = place.folder / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    arguments = {"predict": ["last"], "train": ["co2"]}.get(command, [])
    assert place.read(*arguments, command=command)["parent"] == place.folder / "kept"
    assert place.read("--runs", "~/x", *arguments, command=command)["parent"] == Path.home() / "x"
