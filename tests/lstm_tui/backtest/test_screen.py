"""The screen of the backtest through Textual's pilot; folds are computed by threads, without networks."""

import concurrent.futures
import contextlib

import pytest
from textual.widgets import Button, Label, Static

from lstm_forecasting.backtest.folder import create_backtest
from lstm_forecasting.backtest.running import RunningBacktest
from lstm_forecasting.runs.folder import runs_folder
from lstm_tui.backtest.controller import BacktestController
from lstm_tui.backtest.origin import OriginScreen
from lstm_tui.backtest.panel import BacktestPanel
from lstm_tui.backtest.setup import BacktestSetup
from lstm_tui.kit.ask import SaveScreen
from lstm_tui.kit.option_line import OptionLine
from lstm_tui.kit.table import RowTable


@contextlib.contextmanager
def in_threads(count, _log):
    with concurrent.futures.ThreadPoolExecutor(count) as executor:
        yield executor


@pytest.fixture
def app(make_app, make_runner, monkeypatch):
    """The app on a series whose backtests need no processes."""
    runner = make_runner()
    monkeypatch.setattr(
        runner,
        "backtest",
        lambda backtest: RunningBacktest(create_backtest(backtest, runs_folder()), start=in_threads),
        raising=False,
    )
    return make_app(runner=runner, settings={"look_back": 22, "horizon": 4})


@pytest.fixture
def options(planned, until):
    """Opens the screen and enters which models are compared, and from how many origins."""

    async def run(pilot, models="last-value, drift", origins="30"):
        await planned(pilot)
        await pilot.press("4")
        await until(pilot, lambda: pilot.app.screen.query(BacktestSetup), "the options")
        line(pilot.app, "models").control.value = models
        line(pilot.app, "origins").control.value = origins
        await pilot.pause()

    return run


def line(app, name):
    return app.screen.query_one(f"#option-{name}", OptionLine)


def state(app):
    return app.controllers[BacktestController].state


@pytest.fixture
def finished(options, until):
    async def run(pilot, **given):
        await options(pilot, **given)
        await pilot.press("b")
        await until(pilot, lambda: pilot.app.screen.query(BacktestPanel), "the result")

    return run


@pytest.mark.exhaustive
async def test_models_are_compared_and_the_worst_origin_is_shown(app, finished, until):
    async with app.run_test(size=(160, 45)) as pilot:
        await finished(pilot)
        result = state(app).result
        assert [model.key for model in result.models] == ["last-value", "drift"]
        panel = app.screen.query_one(BacktestPanel)
        assert "in MAE on 30 test windows" in str(panel.query_one("#backtest-verdict", Static).content)
        before = panel.model
        assert panel.query_one(RowTable).row_count > 0
        await pilot.press("m")
        assert panel.model is not before
        await pilot.press("v")
        assert panel.view == "coverage"
        assert panel.query_one("#main-room").border_title == "Coverage over time"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, OriginScreen), "the origin")
        await pilot.press("escape", "w")
        await until(pilot, lambda: isinstance(app.screen, SaveScreen), "the question where to save")


async def test_a_small_terminal_shows_options_or_the_result(app, finished):
    async with app.run_test(size=(80, 24)) as pilot:
        await finished(pilot)
        panel = app.screen.query_one(BacktestPanel)
        assert not app.screen.query_one("#asked").display
        seen = []
        for _ in range(4):
            seen.append(panel.view)
            await pilot.press("v")
        assert seen == ["time", "steps", "coverage", "worst"]
        await pilot.press("s")
        assert app.screen.query_one("#asked").display
        assert not app.screen.query_one("#found").display


@pytest.mark.exhaustive
async def test_what_is_impossible_is_refused_beside_its_option(app, options, until):
    async with app.run_test(size=(160, 45)) as pilot:
        await options(pilot, origins="5000")
        await pilot.press("b")
        await until(pilot, lambda: state(app).refused is not None, "the refusal")
        assert line(app, "origins").problem.startswith("5000 is too many")
        assert not app.screen.query_one("#backtest-trouble", Label).display
        line(app, "models").control.value = "arima"
        await pilot.pause()
        assert "'arima' is not one of" in line(app, "models").problem
        assert app.screen.query_one(BacktestSetup).chosen is None
        assert not app.screen.query_one("#start", Button).disabled
