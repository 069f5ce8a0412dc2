"""The views of the Forecast screen through Textual's pilot, on replayed trainings."""

import csv
import io

import pytest
from textual.widgets import Input, Label, OptionList, Static

from lstm_forecasting.evaluation.single_forecasts import window_errors
from lstm_tui.app.footer import KeyLine
from lstm_tui.forecast.screen import ForecastScreen
from lstm_tui.forecast.widgets.panel import ForecastPanel
from lstm_tui.forecast.widgets.residual import ResidualView
from lstm_tui.forecast.widgets.series import SeriesView
from lstm_tui.forecast.widgets.single import SingleView
from lstm_tui.forecast.widgets.strip import ErrorStrip
from lstm_tui.kit.ask import GoToScreen, SaveScreen
from lstm_tui.kit.charts.chart import Chart
from lstm_tui.kit.dialog import CopyScreen

SMALL, LARGE = (80, 24), (160, 45)


@pytest.fixture
def trained(planned, until):
    """Trains and shows the forecast."""

    async def run(pilot):
        app = pilot.app
        await planned(pilot)
        await pilot.press("t")
        await until(
            pilot,
            lambda: app.train.state.training is not None and app.train.state.training.result is not None,
            "the result",
        )
        await pilot.press("3")
        await until(pilot, lambda: app.screen.query(ForecastPanel), "the forecast")
        return app.screen.query_one(ForecastPanel)

    return run


def told(app, name):
    return str(app.screen.query_one(name, Static).content)


def footer(app):
    return [key.description for key in app.screen.query_one(KeyLine).keys]


@pytest.mark.exhaustive
async def test_views_by_key_and_by_mouse(make_app, trained, until):
    app = make_app()
    async with app.run_test(size=LARGE) as pilot:
        panel = await trained(pilot)
        for kind, following in ((SeriesView, "Single"), (SingleView, "Residuals"), (ResidualView, "Series")):
            assert isinstance(panel.view, kind)
            assert [view.display for view in panel._views.values()].count(True) == 1
            await until(pilot, lambda following=following: following in footer(app), "the footer")
            await pilot.press("v")
        assert isinstance(panel.view, SeriesView)
        await pilot.click("#views", offset=(2 + len("● Series  ○ Single forecasts  ○ R"), 0))
        assert isinstance(panel.view, ResidualView)
        await pilot.click("#views", offset=(2 + len("○ Series  ○ S"), 0))
        assert isinstance(panel.view, SingleView)


async def test_any_forecast_is_chosen_by_key(make_app, trained, until):
    app = make_app()
    async with app.run_test(size=LARGE) as pilot:
        panel = await trained(pilot)
        result = app.train.state.training.result
        table, last = result.experiment.table, len(result.first_rows) - 1
        view = panel.single
        await pilot.press("n")
        assert view.window == last  # nothing moves behind another view
        await pilot.press("v", "p")
        assert view.window == last - 1
        first = table.row_text(int(result.first_rows[last - 1]))
        beginning = f"Forecast {last} of {last + 1}, from {first} to "
        await until(pilot, lambda: told(app, "#single-words").startswith(beginning), "the forecast before")
        assert "NumPy" in told(app, "#single-words")
        for key, window in (
            ("P", last - 11),
            ("N", last - 1),
            ("N", last),
            ("home", 0),
            ("P", 0),
            ("end", last),
        ):
            await pilot.press(key)
            assert view.window == window
        errors = window_errors(result, result.best_backend(0).evaluation, 0)
        await pilot.press("W")
        assert errors[view.window] == errors.max()
        await pilot.press("B")
        assert errors[view.window] == errors.min()
        lines = len(app.screen.query_one("#single-chart", Chart).picture.lines)
        await pilot.press("b")
        assert len(app.screen.query_one("#single-chart", Chart).picture.lines) == lines - 1


@pytest.mark.exhaustive
async def test_a_forecast_is_chosen_by_date(make_app, trained, until):
    app = make_app("co2")
    async with app.run_test(size=SMALL) as pilot:
        panel = await trained(pilot)
        await pilot.press("v", "g")
        await until(pilot, lambda: isinstance(app.screen, GoToScreen), "the dialog")
        await pilot.press(*"soon", "enter")
        problem = app.screen.query_one("#problem", Label)
        await until(pilot, lambda: problem.display, "the problem")
        assert "'soon' is not a date" in str(problem.content)
        await pilot.press("ctrl+u", *"1995-07", "enter")
        await until(pilot, lambda: isinstance(app.screen, ForecastScreen), "the forecast")
        dates = "from 1995-07-01 to 1995-09-23"
        await until(pilot, lambda: dates in told(app, "#single-words"), "the dates")
        row = int(app.train.state.training.result.first_rows[panel.single.window])
        assert app.data.state.table.row_text(row) == "1995-07-01"
        await pilot.press("g", "escape")
        assert isinstance(app.screen, ForecastScreen)


@pytest.mark.exhaustive
async def test_a_forecast_is_chosen_by_mouse_and_shown_whole_whatever_was_zoomed(make_app, trained, until):
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        panel = await trained(pilot)
        await pilot.press("v")
        view, chart = panel.single, app.screen.query_one("#single-chart", Chart)
        chart.set_xlimits(chart.picture.x[0] + 5, chart.picture.x[1] - 1)
        await pilot.click(ErrorStrip, offset=(7, 0))
        await until(pilot, lambda: view.window < 10, "the forecast")
        assert (chart._x_min, chart._x_max) == chart.picture.x
        window = view.window
        await pilot.click("#single-chooser", offset=(len(" Home «  P ‹‹  p ‹ previous  n n"), 0))
        assert view.window == window + 1
        await pilot.click(
            "#single-chooser", offset=(len(" Home «  P ‹‹  p ‹ previous  n next ›  N ››  E"), 0)
        )
        assert view.window == len(app.train.state.training.result.first_rows) - 1


@pytest.mark.exhaustive
async def test_residuals_by_step_and_model(make_app, trained, until):
    app = make_app("co2")
    async with app.run_test(size=LARGE) as pilot:
        panel = await trained(pilot)
        await pilot.press("v", "v")
        await until(pilot, lambda: told(app, "#residual-words"), "the residuals")
        words = told(app, "#residual-words")
        assert words.startswith("NumPy, step 1 of 13: The residuals follow a pattern that the model missed")
        assert "Ljung-Box" in words
        assert app.screen.query_one("#correlation-chart", Chart).visible
        await pilot.press("n", "m")
        overlap = "PyTorch, step 2 of 13: Forecasts 2 steps ahead overlap"
        await until(pilot, lambda: told(app, "#residual-words").startswith(overlap), "the second step")
        await pilot.press("N", "N")
        assert panel.residuals.step == 13
        await pilot.press("m", "m")
        simple = "last value, step 13 of 13: "
        await until(pilot, lambda: told(app, "#residual-words").startswith(simple), "the last value")
        before = panel.residuals.step
        await pilot.click("#residual-chooser", offset=(5, 0))
        assert panel.residuals.step == before - 1


@pytest.mark.exhaustive
async def test_few_test_windows_say_so_instead_of_drawing(make_app, trained, until, tmp_path):
    path = tmp_path / "short.csv"
    path.write_text(
        "day,sales\n" + "\n".join(f"2021-{1 + n // 28:02d}-{1 + n % 28:02d},{n % 7}" for n in range(84))
    )
    app = make_app(str(path), settings={"look_back": 7, "horizon": 7})
    async with app.run_test(size=SMALL) as pilot:
        await trained(pilot)
        await pilot.press("v", "v")
        await until(pilot, lambda: "finding a pattern" in told(app, "#residual-words"), "the words")
        assert not app.screen.query_one("#correlation-chart", Chart).visible


@pytest.mark.exhaustive
async def test_a_narrow_terminal_shows_each_half_of_each_view_whole(make_app, trained, until):
    app = make_app("co2")
    async with app.run_test(size=SMALL) as pilot:
        await trained(pilot)
        halves = (
            ("#plot-room", "#numbers"),
            ("#single-room", "#single-numbers"),
            ("#time-room", "#correlation-room"),
        )
        for main, other in halves:
            one, two = app.screen.query_one(main), app.screen.query_one(other)
            assert (one.display, two.display) == (True, False)
            await until(pilot, lambda one=one: one.region.height >= 10, "its layout")
            assert one.region.height >= 10
            assert app.screen.region.contains_region(one.region)
            await pilot.press("s")
            assert (one.display, two.display) == (False, True)
            assert app.screen.region.contains_region(two.region)
            await pilot.press("v")
        await pilot.resize_terminal(*LARGE)
        await pilot.pause()
        assert all(app.screen.query_one(half).display for half in halves[0])


@pytest.mark.exhaustive
async def test_the_forecast_is_saved_as_table_and_picture(make_app, trained, until, tmp_path):
    app = make_app("seattle-weather", targets=("temp_max", "temp_min"))
    async with app.run_test(size=LARGE) as pilot:
        await trained(pilot)
        await pilot.press("y", "w")
        await until(pilot, lambda: isinstance(app.screen, SaveScreen), "the dialog")
        field, problem = app.screen.query_one(Input), app.screen.query_one("#problem", Label)
        assert field.value == "forecast.csv"
        field.value = str(tmp_path / "out.xls")
        await pilot.press("enter")
        await until(pilot, lambda: problem.display, "the problem")
        assert ".svg or .png" in str(problem.content)
        (tmp_path / "out.csv").write_text("mine")
        field.value = str(tmp_path / "out.csv")
        await pilot.press("enter")
        await until(pilot, lambda: problem.display and "Enter again" in str(problem.content), "the warning")
        assert (tmp_path / "out.csv").read_text() == "mine"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ForecastScreen), "the screen")
        rows = list(csv.DictReader((tmp_path / "out.csv").open()))
        assert {row["target"] for row in rows} == {"temp_max", "temp_min"}
        await pilot.press("w")
        app.screen.query_one(Input).value = str(tmp_path / "out.svg")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ForecastScreen), "the screen")
        picture = (tmp_path / "out.svg").read_text()
        assert "temp_min" in picture
        assert "temp_max" not in picture  # the target that is shown
        await pilot.press("v", "w")
        app.screen.query_one(Input).value = str(tmp_path / "again.svg")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ForecastScreen), "the screen")
        assert (tmp_path / "again.svg").read_text() == picture
        assert any("The forecast is in" in one.message for one in app._notifications)


@pytest.mark.exhaustive
async def test_tables_are_copied(make_app, trained, until):
    app = make_app()
    async with app.run_test(size=LARGE) as pilot:
        await trained(pilot)
        await pilot.press("C")
        await until(pilot, lambda: isinstance(app.screen, CopyScreen), "the dialog")
        options = app.screen.query_one(OptionList)
        assert [str(option.prompt) for option in options.options] == [
            "the scores",
            "the MAE by horizon step",
            "the future",
        ]
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ForecastScreen), "the screen")
        rows = list(csv.DictReader(io.StringIO(app.clipboard), delimiter="\t"))
        result = app.train.state.training.result
        assert {row["model"]: float(row["mae"]) for row in rows}["NumPy"] == result.backends[
            0
        ].evaluation.scores[0].mae
        assert any(one.message.startswith("Copied the scores, ") for one in app._notifications)
        copied = app.clipboard
        await pilot.press("v", "C")
        await until(pilot, lambda: app.clipboard != copied, "the copy")
        rows = list(csv.DictReader(io.StringIO(app.clipboard), delimiter="\t"))
        assert len(rows) == result.experiment.config.horizon
        assert [float(row["truth"]) for row in rows] == result.truth[-1, :, 0].tolist()
        copied = app.clipboard
        await pilot.press("v", "C")
        await until(pilot, lambda: isinstance(app.screen, CopyScreen), "the dialog")
        prompts = [str(option.prompt) for option in app.screen.query_one(OptionList).options]
        (lags,) = [place for place, prompt in enumerate(prompts) if "autocorrelation" in prompt]
        await pilot.press(*["down"] * lags, "enter")
        await until(pilot, lambda: app.clipboard != copied, "the copy")
        rows = list(csv.DictReader(io.StringIO(app.clipboard), delimiter="\t"))
        assert list(rows[0]) == ["lag", "autocorrelation", "95 % bound"]


@pytest.mark.exhaustive
async def test_without_a_backend_there_are_baselines_to_look_at_and_nothing_to_save(
    make_app, make_runner, trained, until
):
    app = make_app(backends=("numpy",), runner=make_runner(fail=("numpy",)))
    async with app.run_test(size=LARGE) as pilot:
        await trained(pilot)
        await pilot.press("w")
        assert isinstance(app.screen, ForecastScreen)
        await pilot.press("v", "W")
        await until(pilot, lambda: "linear (ridge)" in told(app, "#single-words"), "the baseline")
        await pilot.press("v")
        words = "last value, step 1 of "
        await until(pilot, lambda: told(app, "#residual-words").startswith(words), "its residuals")
        await pilot.press("m", "v")
        assert "No backend finished." in told(app, "#verdict")
