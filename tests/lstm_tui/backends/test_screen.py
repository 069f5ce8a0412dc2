"""The Backends screen and the warm-up through Textual's pilot, on replays."""

import pytest
from textual.widgets import Checkbox, Static

from lstm_plugins import discovery
from lstm_tui.backends.details import BackendScreen
from lstm_tui.backends.screen import BackendsScreen
from lstm_tui.backends.table import BackendTable
from lstm_tui.crosscheck.controller import CrossCheckController
from lstm_tui.train.form.backends import BackendChoice


@pytest.fixture
def listed(planned, until):
    """Opens the screen and waits for the table."""

    async def run(pilot):
        await planned(pilot)
        await pilot.press("7")
        await until(
            pilot, lambda: [table for table in pilot.app.screen.query(BackendTable) if table.row_count], "it"
        )

    return run


def rows(app):
    table = app.screen.query_one(BackendTable)
    return {
        name: [str(cell) for cell in table.get_row_at(row)]
        for row, name in enumerate(one.name for one in app.backends.state.found)
    }


async def test_every_backend_has_a_row_that_says_how_it_is(make_app, listed):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await listed(pilot)
        told = rows(app)
        assert list(told) == ["numpy", "torch", "tensorflow"]
        assert told["torch"][0].endswith("PyTorch")
        assert told["torch"][1:] == [
            app.backends.state.found[1].version,
            "lstm-tui",
            "–",
            "not checked",
            "✓ ready",
        ]


@pytest.mark.exhaustive
async def test_a_backend_warms_up_by_key_and_a_failure_is_explained(make_app, make_runner, listed, until):
    runner = make_runner(cold=("torch",))
    app = make_app(runner=runner)
    async with app.run_test(size=(160, 45)) as pilot:
        await listed(pilot)
        await pilot.press("w")
        await until(pilot, lambda: rows(app)["numpy"][5] == "✓ ready · warm", "a warm process")
        assert rows(app)["numpy"][3] == "cpu"
        assert app.screen.check_action("warm_up", ()) is None
        await pilot.press("down", "w")
        await until(
            pilot,
            lambda: "torch" in app.backends.state.warmths and app.backends.state.warmths["torch"].reason,
            "the failure",
        )
        assert rows(app)["torch"][5].startswith("✗ does not start: it failed with ImportError")
        assert runner.warmed == [("numpy",), ("torch",)]
        await pilot.press("enter")
        assert isinstance(app.screen, BackendScreen)
        assert "ImportError: libframework.so.7" in str(app.screen.query_one("#lines", Static).content)
        await pilot.press("c")
        assert "entry point: torch = lstm_backends.torch" in app.clipboard
        assert "Traceback (most recent call last):" in app.clipboard
        await pilot.press("escape")
        assert isinstance(app.screen, BackendsScreen)


@pytest.mark.exhaustive
async def test_off_and_on_again_changes_what_is_trained(make_app, make_runner, listed, until, planned):
    runner = make_runner()
    app = make_app(runner=runner)
    async with app.run_test(size=(160, 45)) as pilot:
        await listed(pilot)
        await pilot.press("down")
        assert app.screen.active_bindings["space"].binding.description == "Disable"
        await pilot.press("space")
        await until(pilot, lambda: app.backends.state.found[1].state == "disabled", "the switch")
        await until(pilot, lambda: app.train.state.experiment.backends == ("numpy", "tensorflow"), "the plan")
        assert runner.ended == ["torch"]
        assert rows(app)["torch"][0].endswith("PyTorch")
        assert rows(app)["torch"][5] == "– disabled"
        await pilot.press("2")
        assert app.screen.query_one(BackendChoice).chosen == ("numpy", "tensorflow")
        assert app.screen.query_one("#backend-torch", Checkbox).disabled
        await pilot.press("7")
        assert app.screen.active_bindings["space"].binding.description == "Enable"
        await pilot.press("space")
        await until(pilot, lambda: app.backends.state.found[1].state == "available", "the switch back")
        await until(pilot, lambda: len(app.train.state.experiment.backends) == 3, "the plan")
        await pilot.press("2")
        assert app.screen.query_one(BackendChoice).chosen == ("numpy", "torch", "tensorflow")


@pytest.mark.exhaustive
async def test_what_was_off_from_the_start_of_the_program_says_so(make_app, listed, until, monkeypatch):
    monkeypatch.setenv(discovery.WITHOUT_VARIABLE, "torch")
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await listed(pilot)
        await pilot.press("down", "space")
        await until(pilot, lambda: app._notifications, "a notification")
        assert any("when the program was started" in one.message for one in app._notifications)
        assert app.backends.state.found[1].state == "disabled"


@pytest.mark.exhaustive
async def test_a_broken_backend_shows_its_whole_traceback(make_app, listed, monkeypatch):
    def broken():
        raise ImportError("no lib")

    monkeypatch.setattr("lstm_backends.torch.lstm_backend", discovery.hooks.backend_hook(broken))
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(pilot)
        assert rows(app)["torch"][5].startswith("✗ broken: its")
        await pilot.press("down", "enter")
        lines = str(app.screen.query_one("#lines", Static).content)
        assert "Traceback" in lines
        assert "ImportError: no lib" in lines


@pytest.mark.exhaustive
async def test_the_last_cross_check_of_a_backend_is_shown(make_app, make_runner, planned, until):
    app = make_app(runner=make_runner(faulty=("torch",)))
    async with app.run_test(size=(160, 45)) as pilot:
        await planned(pilot)
        await pilot.press("5")
        await until(pilot, lambda: app.screen.query("#backend-tensorflow"), "the options")
        app.screen.query_one("#backend-tensorflow", Checkbox).value = False
        await pilot.press("c")
        await until(
            pilot,
            lambda: (
                app.controllers[CrossCheckController].state is not None
                and not app.controllers[CrossCheckController].state.running
            ),
            "the end",
        )
        await pilot.press("7")
        await until(pilot, lambda: app.screen.query_one(BackendTable).row_count, "the table")
        assert [row[4] for row in rows(app).values()] == ["✓ agrees", "✗ differs", "not checked"]
        await pilot.press("down")
        await pilot.pause()
        assert app.backends.state.verdicts["torch"] == "✗ fails first at gates and states"


@pytest.mark.exhaustive
async def test_the_chosen_backends_are_warmed_up_when_the_app_is_idle(make_app, make_runner, planned, until):
    runner = make_runner()
    app = make_app(runner=runner, backends=("numpy", "torch"), warm_ahead=True)
    async with app.run_test() as pilot:
        await planned(pilot)
        await until(pilot, lambda: len(app.backends.state.warmths) == 2, "the warm-up")
        assert runner.warmed == [("numpy", "torch")]
        app.train.choose_backends(["numpy", "torch", "tensorflow"])
        await until(pilot, lambda: len(app.backends.state.warmths) == 3, "the third one")
        assert runner.warmed == [("numpy", "torch"), ("tensorflow",)]


async def test_a_training_makes_warm_and_needs_no_warm_up(make_app, make_runner, planned, until, monkeypatch):
    monkeypatch.setattr("lstm_tui.train.controller.IDLE_SECONDS", 600.0)
    runner = make_runner()
    app = make_app(runner=runner, warm_ahead=True)
    async with app.run_test() as pilot:
        await planned(pilot)
        await pilot.press("t")
        await until(
            pilot,
            lambda: app.train.state.training is not None and not app.train.state.training.running,
            "the end",
        )
        assert {warmth.phase for warmth in app.backends.state.warmths.values()} == {"warm"}
        monkeypatch.setattr("lstm_tui.train.controller.IDLE_SECONDS", 0.01)
        app.train.choose_settings({"epochs": 3})
        await until(pilot, lambda: app.train.state.experiment.config.epochs == 3, "the plan")
        await pilot.pause(0.3)
        assert runner.warmed == []
