"""What may not stand in a file is told with its place, and with what is allowed."""

import re

import pytest

from lstm_plugins import SETTINGS
from lstm_plugins.errors import InputError
from lstm_tui.cli.configuration.tables import TABLES
from lstm_tui.cli.flags import Flag
from lstm_tui.cli.options import IN_FILES
from lstm_tui.cli.program import load_command

MISTAKES = [
    ('theme = "x"', 1, "theme: this is outside a table; write it below [app]."),
    (
        "nothing = 1",
        1,
        "nothing: this is outside a table; the tables are [settings], [data], [app], [keys].",
    ),
    ("[[settings]]\nlayers = 1", 1, "settings: this is a table; write [settings] above its keys."),
    ("[setings]", 1, "[setings]: there is no such table; did you mean settings?"),
    ("\n[colours]\nred = 1", 3, "[colours]: there is no such table; there are settings, data, app, keys."),
    ("[settings]\nlook_bak = 1", 2, "[settings] look_bak: there is no such key; did you mean look_back?"),
    ("[settings]\nlook-back = 1", 2, "[settings] look-back: there is no such key; did you mean look_back?"),
    ('[settings]\nlook_back = "28"', 2, "[settings] look_back: '28' is not a whole number of at least 1."),
    ("[settings]\nlook_back = 2.5", 2, "[settings] look_back: 2.5 is not a whole number of at least 1."),
    ("[settings]\n# a remark\n\nlayers = 17", 4, "17 is not a whole number from 1 to 16."),
    ('[settings]\nbidirectional = "yes"', 2, "[settings] bidirectional: 'yes' is not true or false."),
    ('[settings]\nloss = "mape"', 2, "[settings] loss: 'mape' is not one of mse, mae, huber, quantile."),
    ("[settings]\nquantiles = [\n0.5,\n0.1,\n]", 2, "[settings] quantiles: [0.5, 0.1] is not a rising list"),
    ("[data]\nlook_back = 3", 2, "[data] look_back: this belongs below [settings]."),
    ("[data]\ntarget = 3", 2, "[data] target: 3 is not a list of names."),
    (
        "[data]\nsplit = [0.5, 0.1]",
        2,
        "[data] split: [0.5, 0.1] is not a list of three numbers that",
    ),
    ("[data]\nsplit = [0.5, 0.1, 0.1]", 2, "[data] split: the fractions of a split must add up to 1, but"),
    ("[data.target]\nname = 1", 1, "[data] target: {'name': 1} is not a list of names."),
    ("[app]\nthreads = 0", 2, "[app] threads: 0 is not a whole number of at least 1."),
    ("[app]\nthreads = true", 2, "[app] threads: True is not a whole number of at least 1."),
    ('[app]\ntheme = "drak"', 2, "[app] theme: there is no theme 'drak'; did you mean dark?"),
    (
        "[app]\ncolour = 1",
        2,
        "[app] colour: there is no such key; there are backends, threads, preset, budget, model, level, "
        "theme, runs.",
    ),
    ("[keys]\ntrain = 3", 2, '[keys] train: write a key in quotes, such as "f5", or a list of keys.'),
    ("[keys]\ntrain = []", 2, '[keys] train: write a key in quotes, such as "f5", or a list of keys.'),
]


@pytest.mark.parametrize(("text", "line", "problem"), MISTAKES, ids=[mistake[2][:40] for mistake in MISTAKES])
@pytest.mark.parametrize("command", ["", "forecast"])
def test_a_mistake_is_one_sentence_with_its_place(place, text, line, problem, command):
    place.project(text)
    with pytest.raises(InputError) as refused:
        place.read(*(["co2"] if command else []), command=command)
    assert str(refused.value).startswith(f"lstm-tui.toml, line {line}: ")
    assert problem in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[app]\ntheme = light", "line 2, column 9: not valid TOML: invalid value; write a text in quotes"),
        ("[settings]\nlayers = 1\nlayers = 2\n", "line 3, column 11: not valid TOML: cannot overwrite"),
        ("[app]\n\n[app]\n", "line 3, column 5: not valid TOML"),
        ("[app", "line 1: not valid TOML: expected ']'"),
        ('[app]\ntheme = """dark', "line 2: not valid TOML"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(place, text, problem):
    place.project(text)
    with pytest.raises(InputError, match=f"^{re.escape(f'lstm-tui.toml, {problem}')}"):
        place.read()


def test_a_text_that_is_not_utf8_is_told_with_its_line(place):
    place.project("").write_bytes(b'[data]\ntarget = "Gr\xf6\xdfe"\n')
    with pytest.raises(InputError, match=r"^lstm-tui\.toml, line 2: the text is not UTF-8"):
        place.read()


def test_a_mistake_in_the_users_file_counts_even_where_the_project_says_otherwise(place):
    place.project("[settings]\nlayers = 1\n")
    path = place.user("[settings]\nlayers = 0\n")
    with pytest.raises(InputError) as refused:
        place.read()
    assert str(refused.value).startswith(f"{path}, line 2: [settings] layers: 0 is not")


def test_every_setting_and_no_option_of_one_call_stands_in_a_table():
    assert {*IN_FILES, "keys"} == set(TABLES)
    assert IN_FILES["settings"] == SETTINGS
    keys = {option.name for options in IN_FILES.values() for option in options}
    assert not {"config", "no_config", "version", "without", "no_plugins"} & keys


def test_every_flag_of_the_app_but_those_of_one_call_stands_in_a_file():
    places = {flag.place for flag in load_command().params if isinstance(flag, Flag) and flag.table}
    assert places == {(table, option.name) for table, options in IN_FILES.items() for option in options}
