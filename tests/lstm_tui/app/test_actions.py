import pytest
from textual.command import CommandList
from textual.widgets import Static

from lstm_tui.app.actions import ACTIONS, OF_APP
from lstm_tui.app.app import WorkbenchApp
from lstm_tui.app.help import HelpScreen
from lstm_tui.backends.screen import BackendsScreen
from lstm_tui.backtest.screen import BacktestScreen
from lstm_tui.crosscheck.screen import CrossCheckScreen
from lstm_tui.data.screen import DataScreen
from lstm_tui.forecast.screen import ForecastScreen
from lstm_tui.inspect.screen import InspectScreen
from lstm_tui.kit.actions import EVERYWHERE
from lstm_tui.learn.screen import LearnScreen
from lstm_tui.registry import TABS
from lstm_tui.train.screen import TrainScreen

SCREENS = (
    *(DataScreen, TrainScreen, ForecastScreen, BacktestScreen, CrossCheckScreen, InspectScreen),
    *(BackendsScreen, LearnScreen),
)
OWNERS = {EVERYWHERE: WorkbenchApp, **{screen.ACTIONS[0].place: screen for screen in SCREENS}}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: f"{action.place} {action.title}")
def test_every_action_is_there(action):
    name = action.name.partition("(")[0]
    assert callable(getattr(OWNERS[action.place], f"action_{name}"))
    assert action.help.endswith(".")


def test_an_id_means_one_action():
    # Actions of one key that differ in their parameters share an id.
    meanings = {(action.id, action.place, action.base, action.keys) for action in ACTIONS}
    ids = [meaning[0] for meaning in meanings]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("place", [tab.title for tab in TABS])
def test_no_key_means_two_things(place):
    # What a key leads to may depend on where one is: actions of one name with different parameters.
    meanings = {
        (key, action.name if action.place == EVERYWHERE else action.name.partition("(")[0])
        for action in ACTIONS
        if action.place in (EVERYWHERE, place)
        for key in action.keys.split(",")
    }
    keys = [key for key, _ in meanings]
    assert len(keys) == len(set(keys))


def test_tabs_are_numbered_in_their_order():
    shown = [action for action in OF_APP if action.name.startswith("show")]
    assert [action.keys for action in shown] == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert [action.title for action in shown] == [
        "Data",
        "Train",
        "Forecast",
        "Backtest",
        "Cross-check",
        "Inspect",
        "Backends",
        "Learn",
    ]


async def test_help_tells_every_key(make_app, planned):
    app = make_app()
    async with app.run_test(size=(100, 60)) as pilot:
        await planned(pilot)
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)
        told = "\n".join(str(_plain(static)) for static in app.screen.query(Static))
        for action in ACTIONS:
            assert action.help.split()[0] in told
            assert action.keys_for_people.split()[0] in told
        await pilot.press("escape")
        assert isinstance(app.screen, TrainScreen)


def _plain(static):
    content = static.content
    if hasattr(content, "columns"):
        return " ".join(str(cell) for column in content.columns for cell in column.cells)
    return content


async def test_the_palette_has_what_can_be_done_now(make_app, planned):
    app = make_app()
    async with app.run_test() as pilot:
        await planned(pilot)
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert "Train" in titles
        assert "Defaults" in titles
        assert "Stop" not in titles
        assert "Residuals" not in titles
        await pilot.press("3")
        assert "Defaults" not in [command.title for command in app.get_system_commands(app.screen)]


async def test_a_command_of_the_palette_works(make_app, planned, until):
    app = make_app()
    async with app.run_test() as pilot:
        await planned(pilot)
        await pilot.press("ctrl+p", *"forecast")
        hits = app.screen.query_one(CommandList)
        await until(pilot, lambda: hits.option_count and hits.highlighted == 0, "a command that was found")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ForecastScreen), "the Forecast screen")
