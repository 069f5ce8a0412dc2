"""Keys as the user wants them."""

from dataclasses import replace

import pytest

from lstm_plugins.errors import InputError
from lstm_tui.app.actions import ACTIONS
from lstm_tui.cli.configuration.keys import chosen_keys
from lstm_tui.cli.configuration.reading import read_entries
from lstm_tui.cli.configuration.tables import checked
from lstm_tui.kit.actions import with_keys


@pytest.fixture
def rebind(place):
    """The keys of all actions with these lines below [keys]."""

    def read(lines):
        entries = read_entries(place.project(f"[keys]\n{lines}\n"))
        good = [type(one)(one.path, one.line, one.table, one.key, checked(one)) for one in entries]
        return {action.id: action.keys for action in with_keys(ACTIONS, chosen_keys(good, ACTIONS))}

    return read


def test_names_say_the_place_where_it_is_needed():
    names = {action.id for action in ACTIONS}
    assert {"train", "show_train", "show_half_train", "show_half_forecast", "show_quantity"} <= names


def test_only_actions_of_one_key_and_place_have_one_name():
    for name in {action.id for action in ACTIONS}:
        assert len({(action.place, action.keys) for action in ACTIONS if action.id == name}) == 1


def test_an_action_keeps_its_name_with_another_key():
    for action in ACTIONS:
        assert replace(action, keys="f9").id == action.id


def test_a_key_that_leads_to_and_fro_is_one(rebind):
    assert rebind('show_half_train = "f"')["show_half_train"] == "f"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ('"f5"', "f5"),
        ('"T"', "T"),
        ('"?"', "question_mark"),
        ('"+"', "plus"),
        ('","', "comma"),
        ('"/"', "slash"),
        ('"ß"', "ß"),
        ('"Ctrl+T"', "ctrl+t"),
        ('"ctrl + e"', "ctrl+e"),
        ('"shift+f3"', "shift+f3"),
        ('"Insert"', "insert"),
        ('["f5", "f6"]', "f5,f6"),
        ('["f5", "F5"]', "f5"),
        ('"question_mark"', "question_mark"),
    ],
)
def test_a_key_may_be_written_as_people_do(rebind, written, key):
    others = 'keys = "f1"\n'
    keys = rebind(f"{others}train = {written}")
    assert keys["train"] == key
    assert keys["stop"] == "x,ctrl+x"


def test_two_actions_may_swap_their_keys(rebind):
    keys = rebind('train = "o"\nopen = "t"')
    assert (keys["train"], keys["open"]) == ("o", "t")


def test_places_that_are_never_shown_together_may_share_a_key(rebind):
    keys = rebind('check = "v"')
    assert keys["check"] == keys["next_view"] == "v"


def test_one_key_always_leaves(rebind):
    assert rebind('quit = "f10"')["quit"] == "f10,ctrl+q"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('tran = "f5"', "[keys] tran: there is no such action; did you mean train?"),
        ('show_half = "f5"', "did you mean show_half_"),
        ('zzz = "f5"', "there is no such action; there are show_data, "),
        ('train = "o"', '[keys] train: "o" is already the key of open; choose another key for one of them.'),
        ('check = "q"', '[keys] check: "q" is already the key of quit'),
        ('show_half_train = "u"', '[keys] show_half_train: "u" is already the key of defaults'),
        ('open = "f5"\nlog = "f5"', '"f5" is already the key of'),
        ('train = "crtl+t"', "[keys] train: 'crtl+t' is not a key; did you mean ctrl+t?"),
        ('train = "f99x"', "is not a key; "),
        ('train = "hyper+"', "is not a key; "),
        ('stop = "ctrl+q"', "[keys] stop: ctrl+q cannot be reassigned: it always quits the program."),
        ('quit = "ctrl+c"', "[keys] quit: ctrl+c cannot be reassigned"),
    ],
)
def test_what_cannot_be_is_told(rebind, lines, problem):
    with pytest.raises(InputError) as refused:
        rebind(lines)
    assert str(refused.value).startswith("lstm-tui.toml, line ")
    assert problem in str(refused.value)
