"""Runs in the app, on real trainings of a small network."""

import pytest
from textual.widgets import DataTable, Input, Label

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.runs.folder import runs_folder
from lstm_forecasting.runs.listing import list_runs, look_at
from lstm_forecasting.runs.recording import RecordedExperiment, create_run
from lstm_tui.backends.engine import ProcessRunner
from lstm_tui.forecast.widgets.panel import ForecastPanel
from lstm_tui.kit.dialog import ConfirmScreen
from lstm_tui.runs.prediction import PredictionScreen, PredictScreen
from lstm_tui.runs.screen import RunsScreen

SIZE = (120, 40)
SMALL = {"look_back": 12, "horizon": 2, "hidden_units": 4, "patience": 0}


@pytest.fixture
def run_of(make_app):
    """Makes a run of NumPy, trained to the end or left as soon as a checkpoint is kept."""

    def make(name, epochs, leave=False):
        experiment = plan_experiment(open_data("sunspots"), ["numpy"], {**SMALL, "epochs": epochs})
        run = create_run(experiment, runs_folder(), name)
        with RecordedExperiment(run, seconds_between_saves=0.0) as running:
            for _ in running:
                if leave and any(run.path.glob("*/training.safetensors")):
                    break
        return run

    return make


@pytest.fixture
def real_app(make_app):
    """The app on real processes."""
    runners = []

    def make(source="sunspots", **arguments):
        runners.append(ProcessRunner())
        return make_app(source, runner=runners[-1], backends=("numpy",), **arguments)

    yield make
    for runner in runners:
        runner.close()


@pytest.fixture
def listed(planned, until):
    """Opens the dialog and waits until it lists something."""

    async def wait(pilot):
        await planned(pilot)
        await pilot.press("R")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunsScreen), "the dialog")
        await until(pilot, lambda: pilot.app.screen.query_one(DataTable).row_count, "a run")

    return wait


def over(app):
    return lambda: app.train.state.training is not None and not app.train.state.training.running


@pytest.mark.exhaustive
async def test_a_training_is_kept_in_a_run_of_its_own(real_app, planned, until):
    app = real_app(settings={**SMALL, "epochs": 3})
    async with app.run_test(size=SIZE) as pilot:
        await planned(pilot)
        await pilot.press("t")
        await until(pilot, over(app), "the end of the training")
        (standing,) = list_runs(runs_folder())
        assert standing.state == "finished"
        assert app.train.state.training.run == standing.run.name
        assert standing.run.name in app.screen.query_one("#progress-room").border_title


async def test_a_run_is_opened_with_its_curves_and_its_forecast(make_app, run_of, listed, until):
    run = run_of("mine", 3)
    app = make_app("co2")
    async with app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        assert "sunspots: sunspots, 309 rows, look_back 12" in str(
            app.screen.query_one("#about", Label).content
        )
        await pilot.press("enter")
        await until(pilot, over(app), "the run")
        assert app.train.state.training.run == run.name
        assert app.train.state.training.backends["numpy"].history.epochs == 3
        assert app.data.state.table.name == "sunspots"
        assert app.train.state.own_settings["look_back"] == 12
        await pilot.press("3")
        await until(pilot, lambda: app.screen.query(ForecastPanel), "the forecast")


@pytest.mark.exhaustive
async def test_a_run_that_was_cut_off_is_resumed(real_app, run_of, listed, until):
    run = run_of("cut", 120, leave=True)
    assert look_at(run).state == "interrupted"
    app = real_app("co2")
    async with app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        await pilot.press("r")
        await until(pilot, lambda: app.train.state.training is not None, "the run")
        await until(pilot, over(app), "its end")
        assert app.train.state.training.backends["numpy"].history.epochs == 120
    assert look_at(run).state == "finished"


@pytest.mark.exhaustive
async def test_what_cannot_be_resumed_says_so(make_app, run_of, listed):
    run_of("done", 1)
    app = make_app("co2")
    async with app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        await pilot.press("r", "x")
        await pilot.pause()
        told = [one.message for one in app._notifications]
        assert any("The run is finished" in one for one in told)
        assert any("No program is training run done" in one for one in told)
        assert app.train.state.training is None


@pytest.mark.exhaustive
async def test_runs_are_compared_with_a_training(make_app, run_of, listed, until):
    run_of("before", 4)
    app = make_app("sunspots")
    async with app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        await pilot.press("space", "escape")
        await until(pilot, lambda: app.train.state.compared, "the curves")
        (kept,) = app.train.state.compared
        assert (kept.run, kept.backend, kept.history.epochs) == ("before", "numpy", 4)
        await pilot.press("t")
        await until(pilot, over(app), "the training")
        await pilot.pause()
        assert "before&#160;" in app.export_screenshot()


@pytest.mark.exhaustive
async def test_a_run_is_deleted_only_after_a_yes(make_app, run_of, listed, until):
    run = run_of("old", 1)
    app = make_app("co2")
    async with app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        await pilot.press("delete")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen), "the question")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RunsScreen), "the dialog")
        assert run.path.is_dir()
        await pilot.press("delete")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen), "the question")
        await pilot.press("y")
        await until(pilot, lambda: not run.path.exists(), "the end of the run")


@pytest.mark.exhaustive
async def test_a_damaged_run_is_told_and_not_opened(make_app, run_of, listed):
    run = run_of("bad", 1)
    run.description.write_text("{", encoding="utf-8")
    app = make_app("co2")
    async with app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        assert "run.json is damaged" in str(app.screen.query_one("#about", Label).content)
        await pilot.press("enter")
        assert isinstance(app.screen, RunsScreen)


@pytest.mark.exhaustive
async def test_where_no_run_can_be_kept_the_training_goes_on_and_says_so(
    real_app, planned, until, monkeypatch, tmp_path
):
    (tmp_path / "occupied").write_text("a file", encoding="utf-8")
    app = real_app(settings={**SMALL, "epochs": 2})
    monkeypatch.setenv("LSTM_TUI_RUNS", str(tmp_path / "occupied"))
    async with app.run_test(size=SIZE) as pilot:
        await planned(pilot)
        await pilot.press("t")
        await until(pilot, over(app), "the end of the training")
        assert app.train.state.training.result.backends[0].epochs == 2
        assert app.train.state.training.run == ""
        assert any("A run cannot be saved in" in one.message for one in app._notifications)


@pytest.mark.exhaustive
async def test_a_run_forecasts_a_later_file(real_app, run_of, listed, until, tmp_path):
    run_of("mine", 2)
    later = tmp_path / "later.csv"
    later.write_text("year,sunspots\n" + "\n".join(f"{1900 + n},{50 + n}" for n in range(40)) + "\n", "utf-8")
    app = real_app("co2")
    async with app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        await pilot.press("f")
        await until(pilot, lambda: isinstance(app.screen, PredictScreen), "the question")
        app.screen.query_one(Input).value = str(tmp_path / "nowhere.csv")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query_one("#problem").display, "the problem")
        app.screen.query_one(Input).value = str(later)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, PredictionScreen), "the forecast")
        await pilot.pause()
        assert "40 rows to 1939; weights of NumPy" in str(app.screen.query_one("#model", Label).content)
        shown = app.export_screenshot()
        assert "1940" in shown
        assert "1941" in shown
        await pilot.press("c")
        columns, first, *_ = app.clipboard.splitlines()
        assert columns.split("\t") == [
            "time",
            "target",
            "model",
            "forecast",
            "lo-80",
            "hi-80",
            "lo-95",
            "hi-95",
            "numpy",
        ]
        assert first.startswith("1940-01-01\tsunspots\tlstm\t")
