"""The file that `settings --init` writes."""

import re
import tomllib

import pytest

from lstm_plugins import SETTINGS
from lstm_plugins.errors import InputError
from lstm_tui.app.actions import ACTIONS
from lstm_tui.cli.configuration.keys import chosen_keys
from lstm_tui.cli.configuration.tables import TABLES
from lstm_tui.cli.configuration.template import template, write_template
from lstm_tui.cli.program import load_command
from lstm_tui.kit.actions import with_keys


def uncommented(tables):
    """The tables of the template with every value in force."""
    text = template(ACTIONS)
    parts = re.split(r"(?m)^(?=\[)", text)
    chosen = [part for part in parts if part.startswith(tuple(f"[{table}]" for table in tables))]
    return re.sub(r"(?m)^# (?=\w+ = )", "", "".join(chosen))


def test_as_it_is_written_it_changes_nothing(place):
    before = place.read()
    place.project(template(ACTIONS))
    assert place.read() == before


def test_it_has_every_table_setting_and_action():
    found = tomllib.loads(uncommented(TABLES))
    assert list(found) == list(TABLES)
    assert list(found["settings"]) == [setting.name for setting in SETTINGS]
    assert list(found["keys"]) == list(dict.fromkeys(action.id for action in ACTIONS))


def test_its_values_are_the_defaults_and_hold_when_they_are_uncommented(place):
    place.project(uncommented(["settings", "keys"]))
    values = place.read()
    assert {one.name: values[f"setting_{one.name}"] for one in SETTINGS} == {
        one.name: one.default for one in SETTINGS
    }
    from lstm_tui.cli.command import configuration_of

    context = load_command().make_context("lstm-tui", [])
    assert with_keys(ACTIONS, chosen_keys(configuration_of(context).key_entries(), ACTIONS)) == ACTIONS


def test_words_that_are_allowed_are_listed_and_free_texts_are_named():
    text = template(ACTIONS)
    assert 'one of carry, season, interpolate, refuse.\n# missing = "carry"\n' in text
    assert '# time_zone = "ZONE"\n' in text
    assert '# target = ["COLUMN"]\n' in text


def test_an_existing_file_stays_as_it_is(place):
    path = place.project("# mine\n")
    with pytest.raises(InputError, match=r"lstm-tui\.toml exists already and is left unchanged"):
        write_template(path, ACTIONS)
    assert path.read_text() == "# mine\n"
