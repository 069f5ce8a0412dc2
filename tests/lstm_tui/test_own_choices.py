"""Theme, keys and settings of the user's own, in the app."""

import pytest
from textual.widgets import Static

from lstm_tui.app.actions import ACTIONS
from lstm_tui.app.footer import KeyLine
from lstm_tui.app.header import TabLine
from lstm_tui.app.help import HelpScreen
from lstm_tui.kit.actions import with_keys
from lstm_tui.train.form.form import SettingsForm

KEYS = {"train": "f5,g", "keys": "h", "show_forecast": "f2", "quit": "f10,ctrl+q"}


def _footer(app):
    return {key.action: key.text for key in app.screen.query_one(KeyLine).keys}


def _help(app):
    rows = {}
    for static in app.screen.query(Static):
        columns = getattr(static.content, "columns", None)
        if columns:
            rows |= dict(zip(*(map(str, column.cells) for column in columns), strict=True))
    return rows


@pytest.mark.exhaustive
async def test_an_own_key_works_and_is_shown_in_footer_help_and_tabs(make_app, planned, until):
    app = make_app(keys=KEYS)
    async with app.run_test(size=(120, 40)) as pilot:
        await planned(pilot)
        assert _footer(app)["train"] == "f5"
        assert "F2 Forecast" in app.screen.query_one(TabLine).render().plain
        await pilot.press("h")
        assert isinstance(app.screen, HelpScreen)
        told = _help(app)
        assert told["F5 or g"] == "Train the selected backends with these settings."
        assert "t or Ctrl+T" not in told
        await pilot.press("escape", "t")
        assert app.train.state.training is None
        await pilot.press("f2")
        await until(pilot, lambda: "start training (F5)" in _hint(app), "the hint")
        await pilot.press("g")
        await until(
            pilot,
            lambda: app.train.state.training is not None and not app.train.state.training.running,
            "the training",
        )


def _hint(app):
    return "".join(str(static.content) for static in app.screen.query("#hint"))


@pytest.mark.exhaustive
async def test_keys_that_swap(make_app, planned):
    app = make_app(keys={"keys": "d", "toggle_theme": "question_mark"})
    async with app.run_test() as pilot:
        await planned(pilot)
        assert app.theme == "lstm-dark"
        await pilot.press("question_mark")
        assert app.theme == "lstm-light"
        await pilot.press("d")
        assert isinstance(app.screen, HelpScreen)


@pytest.mark.exhaustive
async def test_a_key_that_leads_to_and_fro_does_so_by_its_own_name(make_app, planned):
    app = make_app(keys={"show_half_train": "f"})
    async with app.run_test(size=(80, 24)) as pilot:
        await planned(pilot)
        for shown in ("watch", "setup"):
            await pilot.press("s")
            assert not app.screen.query_one(f"#{shown}").display
            await pilot.press("f")
            assert app.screen.query_one(f"#{shown}").display


@pytest.mark.exhaustive
async def test_the_theme_is_the_users(make_app, planned):
    for name, shown in (("light", "lstm-light"), ("ansi", "ansi-dark"), ("nord", "nord")):
        app = make_app(theme=name)
        async with app.run_test() as pilot:
            await planned(pilot)
            assert app.theme == shown


@pytest.mark.exhaustive
async def test_settings_split_and_threads_are_fixed_from_the_start(make_app, planned):
    app = make_app(settings={"look_back": 28}, fractions=(0.6, 0.2, 0.2), threads=2)
    async with app.run_test(size=(160, 45)) as pilot:
        await planned(pilot)
        assert app.train.state.experiment.config.look_back == 28
        assert app.train.state.experiment.threads == 2
        assert len(app.train.state.experiment.split.train) == int(0.6 * app.data.state.table.rows)
        assert app.screen.query_one(SettingsForm).field("look_back").mark == "✎ yours"


@pytest.mark.exhaustive
async def test_what_is_fixed_from_the_start_holds_for_every_series(make_app, planned, until):
    app = make_app(settings={"look_back": 20})
    async with app.run_test(size=(160, 45)) as pilot:
        await planned(pilot)
        app.train.choose_settings({"look_back": 20, "hidden_units": 4})
        await pilot.press("o")
        await pilot.press(*"macrodata", "enter")
        await until(
            pilot,
            lambda: app.data.state.table.name == "macrodata" and not app.train.state.planning,
            "the other series",
        )
        assert app.train.state.own_settings == {"preset": "classic", "look_back": 20}
        assert app.train.state.experiment.config.look_back == 20
        assert app.train.state.experiment.config.hidden_units != 4
        await pilot.press("2")
        field = app.screen.query_one(SettingsForm).field
        assert (field("look_back").mark, field("hidden_units").mark) == ("✎ yours", "")
        assert (field("preset").mark, field("budget").mark) == ("✎ yours", "")
        await pilot.press("u")
        await until(
            pilot,
            lambda: not app.train.state.planning and app.train.state.own_settings == {},
            "the data's settings",
        )
        assert app.train.state.experiment.config.look_back != 20


def test_actions_keep_their_usual_keys_without_a_choice():
    assert with_keys(ACTIONS, {}) == ACTIONS
