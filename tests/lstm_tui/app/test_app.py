"""The app through Textual's pilot, on replayed trainings."""

import os
import signal
from pathlib import Path

import pytest
from textual.widgets import Button, Input, Label, OptionList, Static

import lstm_tui
from lstm_forecasting.data import catalogue
from lstm_forecasting.experiment import plan
from lstm_plugins import SETTINGS_BY_NAME
from lstm_tui.data.open import OpenScreen
from lstm_tui.data.screen import DataScreen
from lstm_tui.forecast.screen import ForecastScreen
from lstm_tui.forecast.widgets.panel import ForecastPanel
from lstm_tui.kit.bullets import Bullets
from lstm_tui.kit.charts.chart import Chart
from lstm_tui.kit.choice import Choice, ChoiceList
from lstm_tui.train.form.backends import BackendChoice
from lstm_tui.train.form.form import SettingsForm
from lstm_tui.train.log import LogScreen
from lstm_tui.train.screen import TrainScreen
from lstm_tui.train.widgets.progress import ProgressTable


def field(app, name):
    return app.screen.query_one(SettingsForm).field(name)


async def write(pilot, name, text):
    control = field(pilot.app, name).control
    control.focus()
    await pilot.pause()
    await pilot.press("end", "ctrl+u", *text)
    await pilot.pause()


def idle(app):
    return lambda: not app.train.state.planning


def finished(app):
    return lambda: app.train.state.training is not None and not app.train.state.training.running


# Opening.


async def test_opens_a_bundled_set_and_shows_what_was_decided(make_app, planned):
    app = make_app("co2")
    async with app.run_test(size=(160, 45)) as pilot:
        await planned(pilot)
        assert app.data.state.line == "co2 · weekly · 1958-03-29 … 2001-12-29 · 2284 rows"
        assert isinstance(app.screen, TrainScreen)
        assert app.screen.query_one("#decisions", Bullets).sentences == app.train.state.experiment.decisions
        assert field(app, "horizon").control.value == str(app.train.state.experiment.config.horizon)
        assert field(app, "horizon").mark == "◆ data"
        assert field(app, "hidden_units").mark == ""
        assert app.screen.query_one("#series-chart", Chart).size.height > 10


@pytest.mark.exhaustive
async def test_asks_for_a_series_without_one_and_opens_the_chosen_one(make_app, planned, until):
    app = make_app(None)
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, OpenScreen), "the dialog")
        assert app.screen.query_one(OptionList).has_focus
        await pilot.press("down", "enter")
        await planned(pilot)
        assert app.data.state.table.name == "sunspots"
        assert isinstance(app.screen, DataScreen)


async def test_a_file_that_cannot_be_opened_is_asked_for_again_in_place(make_app, planned, until, tmp_path):
    broken = tmp_path / "broken.csv"
    broken.write_text("name\nAnna\n", encoding="utf-8")
    app = make_app(str(broken))
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, OpenScreen), "the dialog")
        path, problem = app.screen.query_one(Input), app.screen.query_one("#problem", Label)
        assert path.value == str(broken)
        assert problem.display
        assert "broken.csv" in str(problem.content)
        await pilot.press("end", "ctrl+u", *"sunspot")
        assert not problem.display
        await pilot.press("enter")
        await until(pilot, lambda: problem.display, "the error")
        assert "did you mean sunspots?" in str(problem.content)
        await pilot.press("s", "enter")
        await planned(pilot)
        assert app.data.state.table.name == "sunspots"


class Panic(BaseException):
    """As libraries in Rust raise it."""


@pytest.mark.parametrize(
    "error",
    [Panic("overflow"), pytest.param(OSError("no memory"), marks=pytest.mark.exhaustive)],
    ids=["panic", "error"],
)
async def test_a_reader_that_breaks_down_is_told_and_another_file_opens(
    make_app, planned, until, monkeypatch, error
):
    def breaks(*_arguments):
        raise error

    app = make_app("co2")
    async with app.run_test() as pilot:
        with monkeypatch.context() as patch:
            patch.setattr(catalogue, "open_data", breaks)
            await until(pilot, lambda: isinstance(app.screen, OpenScreen), "the dialog")
        told = str(app.screen.query_one("#problem", Label).content)
        assert "Reading co2 failed unexpectedly" in told
        assert str(error) in told
        assert not app.activity.state.status
        assert not app.train.state.planning
        await pilot.press("enter")
        await planned(pilot)
        assert app.data.state.table.name == "co2"


@pytest.mark.exhaustive
async def test_a_plan_that_breaks_down_is_told_and_the_next_one_trains(make_app, until, planned, monkeypatch):
    def breaks(*_arguments, **_settings):
        raise Panic("overflow")

    app = make_app("co2")
    async with app.run_test() as pilot:
        with monkeypatch.context() as patch:
            patch.setattr(plan, "plan_experiment", breaks)
            await until(pilot, lambda: app.train.state.problem is not None, "the problem")
        assert "overflow" in app.train.state.problem.text
        assert not app.train.state.planning
        app.train.plan()
        await planned(pilot)


@pytest.mark.exhaustive
async def test_how_a_file_is_read_may_follow_it_in_the_dialog(make_app, planned, until, tmp_path):
    twice = tmp_path / "twice.csv"
    rows = [f"2024-{day // 28 + 1:02}-{day % 28 + 1:02},{day % 7}" for day in range(28)]
    twice.write_text("\n".join(["day,sales", *rows, rows[-1]]), encoding="utf-8")
    app = make_app(str(twice))
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, OpenScreen), "the dialog")
        assert "duplicates" in str(app.screen.query_one("#problem", Label).content)
        await pilot.press("end", *" duplicates=last", "enter")
        await until(pilot, lambda: app.data.state.table is not None, "the series")
        assert app.data.state.table.rows == 28


@pytest.mark.exhaustive
async def test_another_file_starts_from_its_own_defaults(make_app, planned, until, tmp_path):
    rows = "\n".join(
        f"2021-{month:02d}-{day:02d},{month * day}" for month in range(1, 10) for day in range(1, 28)
    )
    path = tmp_path / "mine.csv"
    path.write_text(f"day,sales\n{rows}\n", encoding="utf-8")
    app = make_app()
    async with app.run_test() as pilot:
        await planned(pilot)
        await write(pilot, "hidden_units", "5")
        await until(
            pilot,
            lambda: not app.train.state.planning and app.train.state.experiment.config.hidden_units == 5,
            "5 units",
        )
        await pilot.press("escape", "o")
        app.screen.query_one(Input).focus()
        app.screen.query_one(Input).value = str(path)
        await pilot.press("enter")
        await until(
            pilot, lambda: app.data.state.table.name == "mine" and not app.train.state.planning, "the file"
        )
        await pilot.press("2")
        assert app.train.state.own_settings == {"preset": "classic"}
        assert app.train.state.experiment.config.hidden_units == 32
        assert field(app, "hidden_units").control.value == "32"


@pytest.mark.exhaustive
async def test_a_path_typed_ahead_over_the_list_is_that_path_and_the_settings_of_the_file_follow(
    make_app, planned, until, type_at_once, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "q.csv").write_text("sales\n" + "\n".join(map(str, range(200))), encoding="utf-8")
    app = make_app()
    async with app.run_test() as pilot:
        await planned(pilot)
        type_at_once(app, ["3", "o", *"q.csv", "enter"])
        await until(
            pilot, lambda: app.data.state.table.name == "q" and not app.train.state.planning, "the file"
        )
        assert app.current_mode == "data"


@pytest.mark.exhaustive
async def test_the_dialog_completes_paths(make_app, planned, until, tmp_path):
    (tmp_path / "series").mkdir()
    (tmp_path / "series" / "temperatures.csv").write_text("a\n1\n", encoding="utf-8")
    (tmp_path / "series" / "temperatures.doc").write_text("", encoding="utf-8")
    app = make_app()
    async with app.run_test() as pilot:
        await planned(pilot)
        await pilot.press("o")
        path = app.screen.query_one(Input)
        path.focus()
        path.value = f"{tmp_path}/s"
        await pilot.press("end", "e")
        await until(pilot, lambda: path._suggestion, "the folder")
        await pilot.press("right", "t")
        await until(pilot, lambda: path._suggestion.endswith("csv"), "the file")
        await pilot.press("right")
        assert path.value == f"{tmp_path}/series/temperatures.csv"


@pytest.mark.exhaustive
async def test_escape_leaves_an_app_without_a_series_that_can_still_be_used(make_app, until):
    app = make_app(None)
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, OpenScreen), "the dialog")
        await pilot.press("escape", "t", "3", "2", "o")
        assert isinstance(app.screen, OpenScreen)


# The form.


@pytest.mark.exhaustive
async def test_an_error_stands_under_its_field_while_one_types(make_app, planned, until):
    app = make_app()
    async with app.run_test() as pilot:
        await planned(pilot)
        await write(pilot, "horizon", "0")
        assert field(app, "horizon").problem == "0 is not a whole number of at least 1"
        assert field(app, "horizon").size.height > 1
        await until(pilot, lambda: app.train.state.experiment is None, "the refusal")
        assert app.screen.query_one("#train", Button).disabled
        assert "Correct horizon before training." in str(app.screen.query_one("#trouble", Label).content)
        await write(pilot, "horizon", "4")
        await planned(pilot)
        assert field(app, "horizon").problem == ""
        assert field(app, "horizon").mark == "✎ yours"
        assert app.train.state.experiment.config.horizon == 4
        assert not app.screen.query_one("#train", Button).disabled


@pytest.mark.exhaustive
async def test_settings_that_do_not_go_together_are_told_under_one_of_them(make_app, planned, until):
    app = make_app(settings={"look_back": 24})
    async with app.run_test() as pilot:
        await planned(pilot)
        await write(pilot, "patch", "5")
        await until(pilot, lambda: app.train.state.experiment is None, "the refusal")
        assert "look_back 24 is not a multiple of patch 5" in field(app, "patch").problem
        await write(pilot, "look_back", "25")
        await planned(pilot)
        assert field(app, "patch").problem == ""
        assert app.train.state.experiment.config.steps == 5


@pytest.mark.exhaustive
async def test_a_series_too_short_for_the_settings_is_told_above_the_buttons(make_app, planned, until):
    app = make_app()
    async with app.run_test() as pilot:
        await planned(pilot)
        await write(pilot, "look_back", "5000")
        await until(
            pilot, lambda: app.train.state.problem is not None and not app.train.state.planning, "the refusal"
        )
        trouble = app.screen.query_one("#trouble", Label)
        assert trouble.display
        assert "309 rows" in str(trouble.content)


@pytest.mark.exhaustive
async def test_an_emptied_field_follows_the_data_again(make_app, planned, until):
    app = make_app()
    async with app.run_test() as pilot:
        await planned(pilot)
        suggested = app.train.state.experiment.config.horizon
        await write(pilot, "horizon", "2")
        await until(pilot, lambda: app.train.state.experiment.config.horizon == 2, "the plan")
        await write(pilot, "horizon", "")
        assert field(app, "horizon").control.placeholder == str(suggested), "before the next plan"
        await until(pilot, lambda: app.train.state.experiment.config.horizon == suggested, "the plan")
        await pilot.press("escape")
        assert field(app, "horizon").control.value == str(suggested)
        assert field(app, "horizon").mark == "◆ data"


@pytest.mark.exhaustive
async def test_all_settings_go_back_to_the_data(make_app, planned, until):
    app = make_app(settings={"hidden_units": 7, "layers": 2})
    async with app.run_test() as pilot:
        await planned(pilot)
        await write(pilot, "dropout", "x")
        await pilot.press("escape", "u")
        await until(
            pilot, lambda: app.train.state.experiment is not None and not app.train.state.planning, "the plan"
        )
        assert app.train.state.own_settings == {}
        assert app.train.state.experiment.config.hidden_units == 32
        assert field(app, "dropout").problem == ""
        assert field(app, "layers").control.value == "1"


@pytest.mark.exhaustive
async def test_choices_step_with_arrows_and_open_a_list(make_app, planned, until):
    app = make_app()
    async with app.run_test() as pilot:
        await planned(pilot)
        choice = field(app, "loss").control
        assert isinstance(choice, Choice)
        choice.focus()
        await pilot.press("right")
        await until(pilot, lambda: app.train.state.own_settings.get("loss") == "mae", "mae")
        await pilot.press("enter")
        assert isinstance(app.screen, ChoiceList)
        await pilot.press("q", "enter")
        await until(
            pilot,
            lambda: app.train.state.own_settings.get("loss") == "quantile" and not app.train.state.planning,
            "quantile",
        )
        assert app.train.state.experiment.config.loss == "quantile"
        await pilot.press("enter", "escape")
        assert app.train.state.own_settings["loss"] == "quantile"


async def test_settings_without_effect_cannot_be_entered(make_app, planned, until):
    app = make_app()
    async with app.run_test() as pilot:
        await planned(pilot)
        assert field(app, "quantiles").control.disabled
        assert field(app, "momentum").control.disabled
        app.train.choose_settings({"loss": "quantile"})
        await until(pilot, idle(app), "the plan")
        assert not field(app, "quantiles").control.disabled


@pytest.mark.exhaustive
async def test_the_focused_field_is_explained(make_app, planned):
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await planned(pilot)
        field(app, "horizon").control.focus()
        await pilot.pause()
        told = str(app.screen.query_one("#explanation", Label).content)
        assert "Time steps forecast at once" in told
        assert "whole number of at least 1" in told
        assert "◆ horizon" in told


@pytest.mark.exhaustive
async def test_a_setting_that_will_not_fit_is_warned_of_and_can_be_trained(make_app, planned, until):
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await planned(pilot)
        doubts = app.screen.query_one("#doubts", Label)
        assert not doubts.display
        await write(pilot, "batch_size", "5000")
        await until(pilot, lambda: app.train.state.experiment.config.batch_size == 5000, "the plan")
        warned = field(app, "batch_size")
        assert warned.warning.startswith("batch_size 5000 exceeds the ")
        assert warned.size.height > 1
        assert "~ batch_size 5000" in str(warned.render())
        assert doubts.display
        assert "batch_size may not suit" in str(doubts.content)
        assert not app.screen.query_one("#train", Button).disabled
        await write(pilot, "batch_size", "0")
        assert "✗ 0 is not" in str(warned.render())
        await write(pilot, "batch_size", "")
        await until(pilot, lambda: not warned.warning and not app.train.state.planning, "the plan without it")
        assert not doubts.display


async def test_every_setting_is_explained_to_whoever_points_at_it(make_app, planned):
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await planned(pilot)
        for name, setting in SETTINGS_BY_NAME.items():
            told = str(field(app, name).control.tooltip)
            assert setting.help in told
            assert setting.wanted in told
        assert "◆ horizon" in str(field(app, "horizon").tooltip)


@pytest.mark.exhaustive
async def test_enter_goes_to_the_next_field_and_escape_leaves_the_form(make_app, planned):
    app = make_app()
    async with app.run_test() as pilot:
        await planned(pilot)
        field(app, "look_back").control.focus()
        await pilot.press("enter")
        assert app.screen.focused is field(app, "horizon").control
        await pilot.press("3")
        assert isinstance(app.screen, TrainScreen)
        await pilot.press("escape", "3")
        assert isinstance(app.screen, ForecastScreen)


@pytest.mark.exhaustive
async def test_the_target_can_be_chosen(make_app, planned, until):
    app = make_app("seattle-weather")
    async with app.run_test() as pilot:
        await planned(pilot)
        assert app.data.state.table.targets == ("temp_max",)
        app.screen.query_one("#target", Choice).focus()
        await pilot.press("enter", "w", "enter")
        await until(
            pilot,
            lambda: app.data.state.table.targets == ("wind",) and not app.train.state.planning,
            "the other target",
        )
        assert app.train.state.experiment.table.targets == ("wind",)


@pytest.mark.exhaustive
async def test_without_a_backend_nothing_is_trained(make_app, planned, until):
    app = make_app(backends=("numpy",))
    async with app.run_test() as pilot:
        await planned(pilot)
        assert app.screen.query_one(BackendChoice).chosen == ("numpy",)
        app.screen.query_one("#backend-numpy").focus()
        await pilot.press("space")
        await until(pilot, lambda: app.train.state.experiment is None, "the refusal")
        assert app.train.state.problem.text == "Choose at least one backend."


async def test_a_backend_that_cannot_be_used_says_what_would_mend_it(make_app, planned, monkeypatch):
    from lstm_plugins import backend

    found = backend.importlib.util.find_spec
    monkeypatch.setattr(
        backend.importlib.util, "find_spec", lambda name: None if name == "torch" else found(name)
    )
    app = make_app(backends=("torch", "numpy"))
    async with app.run_test(size=(120, 40)) as pilot:
        await planned(pilot)
        assert app.train.state.chosen == ("numpy",)
        assert app.screen.query_one("#backend-torch").disabled
        told = " ".join(str(label.content) for label in app.screen.query(".mend").results(Label))
        assert "pip install" in told
        assert any("torch" in notification.message for notification in app._notifications)


# Training.


async def test_trains_and_shows_the_progress_of_every_backend(make_app, make_runner, planned, until):
    runner = make_runner(pause=9)
    app = make_app(runner=runner)
    async with app.run_test(size=(120, 36)) as pilot:
        await planned(pilot)
        await pilot.press("t")
        await until(
            pilot,
            lambda: (
                app.train.state.training
                and all(one.history.epochs == 9 for one in app.train.state.training.backends.values())
            ),
            "nine epochs",
        )
        assert app.activity.state.status == "● training 3 backends"
        assert not app.screen.query_one("#stop", Button).disabled
        table = str(app.screen.query_one(ProgressTable).render())
        for shown in ("NumPy", "PyTorch", "TensorFlow", "9/", "3.2 k", "61 MB", "340 MB"):
            assert shown in table
        runner.go_on.set()
        await until(pilot, finished(app), "the end")
        assert app.activity.state.status == "✓ 3 of 3 trained"
        assert app.train.state.training.result.agreement is not None


@pytest.mark.exhaustive
async def test_the_chart_shows_rate_and_gradient_on_either_scale_and_zooms(make_app, planned, until):
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await planned(pilot)
        assert "v" not in app.screen.active_bindings
        await pilot.press("t")
        await until(pilot, finished(app), "the end")
        room, chart = app.screen.query_one("#loss-room"), app.screen.query_one("#loss-chart", Chart)
        shown = []
        for key in ("v", "y", "v", "y", "v"):
            await pilot.press(key)
            shown.append((room.border_title, room.border_subtitle.partition(" ")[0]))
        assert shown == [
            ("Learning rate by epoch", "log"),
            ("Learning rate by epoch", "linear"),
            ("Gradient norm by epoch", "linear"),
            ("Gradient norm by epoch", "log"),
            ("Loss by epoch", "log"),
        ]
        await pilot.press("z")
        assert chart.has_focus
        whole = chart._x_min, chart._x_max
        await pilot.press("plus", "right")
        assert chart._x_max - chart._x_min < whole[1] - whole[0]
        await pilot.press("r")
        assert (chart._x_min, chart._x_max) == whole
        told = str(app.screen.query_one("#endings", Static).content)
        assert "NumPy, PyTorch and TensorFlow ended after 24 of" in told


@pytest.mark.exhaustive
async def test_decisions_that_do_not_fit_scroll_by_key(make_app, planned, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await planned(pilot)
        await pilot.press("s")
        await pilot.pause()
        room = app.screen.query_one("#decisions-room")
        assert room.max_scroll_y > 0
        while app.screen.focused is not room:
            await pilot.press("tab")
        await pilot.press("end")
        await until(pilot, lambda: room.scroll_y == room.max_scroll_y, "the end of the scrolling")
        await pilot.resize_terminal(160, 45)
        await pilot.pause()
        assert not room.focusable


async def test_stop_evaluates_what_was_learnt(make_app, make_runner, planned, until):
    app = make_app(runner=make_runner(pause=6))
    async with app.run_test() as pilot:
        await planned(pilot)
        await pilot.press("t")
        await until(
            pilot, lambda: app.train.state.training.backends["numpy"].history.epochs == 6, "six epochs"
        )
        await pilot.press("x")
        await until(pilot, finished(app), "the end")
        assert {one.trained.reason for one in app.train.state.training.backends.values()} == {"stopped"}
        assert "✓ stopped · best epoch 3" in str(app.screen.query_one(ProgressTable).render())
        await pilot.press("3")
        await until(pilot, lambda: app.screen.query(ForecastPanel), "the forecast")


@pytest.mark.exhaustive
async def test_trains_again_with_other_settings(make_app, make_runner, planned, until):
    runner = make_runner()
    app = make_app(runner=runner)
    async with app.run_test() as pilot:
        await planned(pilot)
        await pilot.press("t")
        await until(pilot, finished(app), "the end")
        await pilot.press("s")
        await write(pilot, "epochs", "40")
        # At once, before the plan has the forty epochs.
        await pilot.press("ctrl+t")
        await until(pilot, lambda: len(runner.experiments) == 2, "the second training")
        assert runner.experiments[1].config.epochs == 40
        await until(pilot, finished(app), "the end")


@pytest.mark.exhaustive
async def test_a_backend_that_fails_is_told_and_the_others_go_on(make_app, make_runner, planned, until):
    app = make_app(runner=make_runner(fail=("torch",)))
    async with app.run_test(size=(120, 36)) as pilot:
        await planned(pilot)
        await pilot.press("t")
        await until(pilot, finished(app), "the end")
        table = str(app.screen.query_one(ProgressTable).render())
        assert "✗ The process of torch ended with code 1." in table
        assert "MemoryError: no room for 3 GB" in table
        assert app.activity.state.status == "~ 2 of 3 trained"
        await pilot.press("l")
        assert isinstance(app.screen, LogScreen)
        told = " ".join(str(one.content) for one in app.screen.query(Static))
        assert "Traceback (most recent call last):" in told
        await pilot.press("escape", "3")
        await until(pilot, lambda: app.screen.query(ForecastPanel), "the forecast")
        assert "torch: ended with code 1." in str(app.screen.query_one("#verdict", Static).content)


@pytest.mark.exhaustive
async def test_when_all_backends_fail_there_is_no_verdict_but_a_reason(make_app, make_runner, planned, until):
    app = make_app(backends=("numpy",), runner=make_runner(fail=("numpy",)))
    async with app.run_test() as pilot:
        await planned(pilot)
        await pilot.press("t")
        await until(pilot, finished(app), "the end")
        assert app.activity.state.status == "✗ nothing was trained"
        await pilot.press("3")
        await until(pilot, lambda: app.screen.query(ForecastPanel), "the forecast")
        assert "No backend finished." in str(app.screen.query_one("#verdict", Static).content)


@pytest.mark.exhaustive
async def test_a_training_that_breaks_down_leaves_the_app_alive(make_app, make_runner, planned, until):
    app = make_app(runner=make_runner(crash=OSError("no more processes")))
    async with app.run_test() as pilot:
        await planned(pilot)
        await pilot.press("t")
        await until(pilot, finished(app), "the end")
        assert app.train.state.training.problem == "OSError: no more processes"
        await pilot.press("3")
        assert "Training failed" in str(app.screen.query_one("#hint", Static).content)
        await pilot.press("2", "l")
        assert isinstance(app.screen, LogScreen)


async def test_leaving_ends_the_processes(make_app, make_runner, planned, until):
    runner = make_runner(pause=3)
    app = make_app(runner=runner)
    async with app.run_test() as pilot:
        await planned(pilot)
        await pilot.press("t")
        await until(pilot, lambda: app.train.state.training is not None, "the training")
        await pilot.press("q")
    assert runner.closed
    assert app.return_code == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_ends_the_app_and_its_processes(make_app, make_runner, planned, until, number):
    runner = make_runner(pause=3)
    app = make_app(runner=runner)
    async with app.run_test() as pilot:
        await planned(pilot)
        await pilot.press("t")
        await until(pilot, lambda: app.train.state.training is not None, "the training")
        os.kill(os.getpid(), number)
        await until(pilot, lambda: app.return_code is not None, "the end")
    assert runner.closed
    assert app.return_code == 128 + number


# The forecast.


async def test_before_a_training_the_forecast_says_what_to_do(make_app, planned):
    app = make_app()
    async with app.run_test() as pilot:
        await planned(pilot)
        await pilot.press("3")
        assert "There is no forecast yet." in str(app.screen.query_one("#hint", Static).content)


async def test_the_forecast_shows_verdict_scores_future_and_agreement(make_app, planned, until):
    app = make_app("seattle-weather", targets=("temp_max", "temp_min"))
    async with app.run_test(size=(160, 45)) as pilot:
        await planned(pilot)
        await pilot.press("t")
        await until(pilot, finished(app), "the end")
        await pilot.press("3")
        await until(pilot, lambda: app.screen.query(ForecastPanel), "the forecast")
        verdict = app.screen.query_one("#verdict", Static)
        verdicts = app.train.state.training.result.verdicts
        # How sure the forecast is stands below, once its intervals are computed.
        await until(pilot, lambda: "In 8 of 10 days" in str(verdict.content), "the intervals")
        assert str(verdict.content).splitlines()[0] == f"✓ {verdicts[0]}"
        assert "4e-07 of the target" in str(app.screen.query_one("#agreement", Static).content)
        reach = app.screen.query_one("#plot-room").border_subtitle
        await pilot.press("e")
        assert app.screen.query_one("#plot-room").border_subtitle != reach
        await pilot.press("y")
        assert str(verdict.content).splitlines()[0] == f"✓ {verdicts[1]}"


@pytest.mark.exhaustive
async def test_another_series_takes_the_old_forecast_away(make_app, planned, until):
    app = make_app()
    async with app.run_test() as pilot:
        await planned(pilot)
        await pilot.press("t")
        await until(pilot, finished(app), "the end")
        await pilot.press("3")
        await until(pilot, lambda: app.screen.query(ForecastPanel), "the forecast")
        app.data.open("macrodata")
        await until(pilot, lambda: app.data.state.table.name == "macrodata", "the other series")
        await until(pilot, lambda: app.screen.query("#hint"), "the hint")


# Room.


@pytest.mark.exhaustive
async def test_a_narrow_terminal_shows_one_half_and_a_wide_one_both(make_app, make_runner, planned, until):
    app = make_app(runner=make_runner(pause=5))
    async with app.run_test(size=(80, 24)) as pilot:
        await planned(pilot)
        setup, watch = app.screen.query_one("#setup"), app.screen.query_one("#watch")
        assert (setup.display, watch.display) == (True, False)
        await pilot.press("s")
        assert (setup.display, watch.display) == (False, True)
        await pilot.press("s")
        await pilot.press("t")
        await until(pilot, lambda: app.train.state.training is not None, "the training")
        assert (setup.display, watch.display) == (False, True)
        await pilot.resize_terminal(160, 45)
        await pilot.pause()
        assert (setup.display, watch.display) == (True, True)


@pytest.mark.exhaustive
async def test_numbers_come_back_when_the_terminal_grew_behind_another_tab(make_app, planned, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await planned(pilot)
        await pilot.press("t")
        await until(
            pilot,
            lambda: app.train.state.training is not None and app.train.state.training.result is not None,
            "the end",
        )
        await pilot.press("3")
        await until(pilot, lambda: app.screen.query("#numbers"), "the forecast")
        await pilot.press("2")
        await pilot.resize_terminal(160, 45)
        await pilot.pause()
        await pilot.press("3")
        await until(pilot, lambda: app.screen.has_class("-wide"), "both halves")
        assert app.screen.query_one("#numbers").display


@pytest.mark.exhaustive
async def test_a_terminal_that_shrank_behind_another_tab_shows_one_half(make_app, planned):
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await planned(pilot)
        await pilot.press("3")
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        await pilot.press("2")
        await pilot.pause()
        halves = [app.screen.query_one(name) for name in ("#setup", "#watch")]
        assert [half.display for half in halves] == [True, False]
        assert halves[0].size.width > 70


@pytest.mark.exhaustive
async def test_the_footer_says_where_the_key_between_the_halves_leads(make_app, planned):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await planned(pilot)
        for title in ("Curves", "Settings", "Curves"):
            assert app.screen.active_bindings["s"].binding.description == title
            await pilot.press("s")
        await pilot.resize_terminal(160, 45)
        await pilot.pause()
        assert "s" not in app.screen.active_bindings


@pytest.mark.exhaustive
async def test_state_survives_any_resizing(make_app, planned, until):
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await planned(pilot)
        await write(pilot, "epochs", "30")
        await until(pilot, idle(app), "the plan")
        for size in ((80, 24), (200, 60), (20, 5)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert field(app, "epochs").control.value == "30"
        await pilot.press("ctrl+t")
        await until(pilot, finished(app), "the end")
        for size in ((30, 8), (160, 45)):
            await pilot.resize_terminal(*size)
            await pilot.press("escape", "3")
            await pilot.pause()
            await pilot.press("2")
        assert app.train.state.training.result.experiment.config.epochs == 30


@pytest.mark.exhaustive
async def test_themes_change_while_a_chart_is_shown(make_app, planned):
    app = make_app()
    async with app.run_test() as pilot:
        await planned(pilot)
        for wanted in ("lstm-light", "lstm-dark"):
            await pilot.press("d")
            await pilot.pause()
            assert app.theme == wanted
        for other in ("nord", "textual-light", "ansi-dark"):
            app.theme = other
            await pilot.pause()
            assert app.is_running


async def test_the_mouse_changes_tabs(make_app, planned):
    app = make_app()
    async with app.run_test() as pilot:
        await planned(pilot)
        await pilot.click("TabLine", offset=(20, 0))
        assert isinstance(app.screen, ForecastScreen)
        await pilot.click("TabLine", offset=(10, 0))
        assert isinstance(app.screen, TrainScreen)


async def test_styles_of_every_tab_are_known_when_it_is_shown(make_app):
    app = make_app(None)
    async with app.run_test() as pilot:
        app.switch_mode("inspect")
        await pilot.pause()
        read = {Path(path) for path, _ in app.stylesheet.source if path.endswith(".tcss")}
        assert read == set(Path(lstm_tui.__file__).parent.rglob("*.tcss"))
