"""`lstm-tui settings`, and what the real command line makes of files and variables."""

import json
import tomllib

import pytest


def by_key(done):
    assert done.returncode == 0, done.stderr
    return {one["key"]: one for one in json.loads(done.stdout)["settings"]}


def test_every_value_says_where_it_comes_from(program):
    (program.folder / "lstm-tui.toml").write_text('[settings]\nlayers = 2\nseed = 7\n[keys]\ntrain = "f5"\n')
    done = program.run("settings", "--json", "--epochs", "3", LSTM_TUI_HORIZON="9", LSTM_TUI_SEED="8")
    found = by_key(done)
    assert found["epochs"]["value"] == 3
    assert found["epochs"]["from"] == "--epochs"
    assert (found["horizon"]["value"], found["horizon"]["from"]) == (9, "LSTM_TUI_HORIZON")
    assert (found["seed"]["value"], found["seed"]["from"]) == (8, "LSTM_TUI_SEED")
    assert (found["layers"]["value"], found["layers"]["from"]) == (2, "lstm-tui.toml, line 2")
    assert found["layers"]["file"] == str(program.folder / "lstm-tui.toml")
    assert (found["hidden_units"]["value"], found["hidden_units"]["from"]) == (32, "default")
    assert (found["look_back"]["value"], found["look_back"]["from"]) == (None, "data")
    assert (found["train"]["value"], found["train"]["line"]) == (["f5"], 5)
    assert json.loads(done.stdout)["files"] == [str(program.folder / "lstm-tui.toml")]


def test_the_table_is_for_people_and_tells_variables_that_mean_nothing(program):
    done = program.run("settings", LSTM_TUI_LOOKBACK="3", LSTM_TUI_DEPTH="full")
    assert done.returncode == 0
    assert "There is no configuration file for this folder; lstm-tui settings --init writes" in done.stdout
    assert "lstm-tui has no variable LSTM_TUI_LOOKBACK; did you mean LSTM_TUI_LOOK_BACK?" in done.stdout
    assert "LSTM_TUI_DEPTH" not in done.stdout


def test_init_writes_a_file_once(program):
    path = program.folder / "lstm-tui.toml"
    assert program.run("settings", "--init").returncode == 0
    text = path.read_text()
    assert tomllib.loads(text) == {"settings": {}, "data": {}, "app": {}, "keys": {}}
    assert "\n# look_back = 24\n" in text
    done = program.run("settings", "--init")
    assert done.returncode == 2
    assert "exists already" in done.stderr
    assert path.read_text() == text


@pytest.mark.parametrize(
    ("arguments", "variables", "file", "words"),
    [
        (
            ("settings",),
            {"LSTM_TUI_LOOK_BACK": "0"},
            "",
            "LSTM_TUI_LOOK_BACK: 0 is not a whole number of at least 1.",
        ),
        (("settings",), {"LSTM_TUI_BIDIRECTIONAL": "often"}, "", "LSTM_TUI_BIDIRECTIONAL: 'often' is not"),
        (
            ("settings",),
            {"LSTM_TUI_SPLIT": "0.5 0.1 0.1"},
            "",
            "LSTM_TUI_SPLIT: the fractions of a split must",
        ),
        (("shop.csv",), {}, "[settings]\nlayers = 0\n", "lstm-tui.toml, line 2: [settings] layers: 0 is not"),
        (("settings",), {}, '[keys]\ntrain = "o"\n', 'line 2: [keys] train: "o" is already the key of open'),
        (
            ("forecast", "shop.csv", "--backend", "numpy"),
            {"LSTM_TUI_PATCH": "4"},
            "[settings]\nlook_back = 25\n",
            "(look_back: lstm-tui.toml, line 2; patch: LSTM_TUI_PATCH)",
        ),
        (("forecast", "shop.csv"), {}, '[app]\nbackends = "nump"\n', "(backends: lstm-tui.toml, line 2)"),
        (("settings", "--config", "a", "--no-config"), {}, "", "--config and --no-config contradict"),
        (("settings", "--no-config", "--config", "a"), {}, "", "--config and --no-config contradict"),
    ],
)
def test_mistakes_are_one_sentence_and_exit_code_2(program, arguments, variables, file, words):
    if file:
        (program.folder / "lstm-tui.toml").write_text(file)
    (program.folder / "a").write_text("")
    done = program.run(*arguments, **variables)
    assert done.returncode == 2
    assert done.stdout == ""
    assert words in done.stderr
    assert done.stderr.count("Error: ") == 1
    assert "Traceback" not in done.stderr


def test_a_forecast_takes_file_and_variables(program):
    (program.folder / "lstm-tui.toml").write_text(
        '[settings]\nlook_back = 12\nhidden_units = 4\nepochs = 1\n[data]\ntarget = "sales"\n'
        '[app]\nbackends = "numpy"\n'
    )
    done = program.run("forecast", "shop.csv", "--json", LSTM_TUI_HORIZON="3", LSTM_TUI_JSON="no")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {"look_back": 12, "hidden_units": 4, "epochs": 1, "horizon": 3}.items() <= found[
        "settings"
    ].items()


@pytest.mark.exhaustive
def test_a_crosscheck_without_a_series_minds_no_settings_of_a_file(program):
    (program.folder / "lstm-tui.toml").write_text("[settings]\nlook_back = 0\n")
    assert program.run("crosscheck").returncode == 2
    done = program.run("crosscheck", "--no-config", "--look-back", "12")
    assert "--look-back describes a probe of your own" in done.stderr
    (program.folder / "lstm-tui.toml").write_text("[settings]\nlook_back = 12\n")
    done = program.run("crosscheck", "--backend", "numpy", "--precision", "float64", "--output", "no.xyz")
    assert "no.xyz" in done.stderr
    done = program.run("crosscheck", "--backend", "numpy", "--precision", "float64")
    assert done.returncode == 0, done.stderr
