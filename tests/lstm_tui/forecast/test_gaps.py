"""What the Forecast screen makes of a series with missing values."""

import numpy as np
import pytest
from textual.widgets import Static

from lstm_forecasting.evaluation.residuals import find_residuals
from lstm_forecasting.evaluation.single_forecasts import window_errors
from lstm_tui.forecast.widgets.panel import ForecastPanel
from lstm_tui.forecast.widgets.pictures import forecast_picture, residual_picture, single_picture
from lstm_tui.forecast.widgets.tables import single_scores, single_steps, window_copy
from lstm_tui.kit.numbers import MADE

SETTINGS = {"look_back": 14, "horizon": 4}


@pytest.fixture
def holed(tmp_path):
    """A daily file of two columns: both are lost for ten test rows, the first for single rows too."""
    rows = np.arange(400)
    path = tmp_path / "holed.csv"
    lines = ["day,sales,visits"]
    for row in rows:
        wave = np.sin(row / 7 * 2 * np.pi) + 0.1 * np.cos(row * 1.7)
        sales, visits = f"{40 + 5 * wave:.3f}", f"{900 + 90 * wave:.3f}"
        if 350 <= row < 360:
            sales = visits = ""
        elif row % 9 == 5:
            sales = ""
        lines.append(f"{np.datetime64('2021-01-01') + row},{sales},{visits}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def result(make_result, holed):
    return make_result(holed, ("sales", "visits"), SETTINGS)


def test_filled_values_are_gaps_of_the_line(result, palette):
    filled = result.experiment.table.filled
    truth = forecast_picture(result, 0, 0.0, palette).lines[0]
    assert np.isnan(truth.y).tolist() == filled[:, 0].tolist()
    window = int(np.flatnonzero(result.first_rows == 346)[0])
    picture = single_picture(result, window, 1, palette, result.best_baseline(1))
    rows = picture.lines[0].x.astype(int)
    assert np.isnan(picture.lines[0].y).tolist() == filled[rows, 1].tolist()
    assert np.isfinite(picture.y).all()


def test_residuals_of_values_that_are_not_scored_are_gaps(result, palette):
    every = [find_residuals(result, one, 0, 2) for one in result.models]
    line = residual_picture(result, every, 0, palette).lines[1]
    drawn = np.isfinite(line.y)
    assert line.x[drawn].tolist() == every[0].rows.tolist()
    assert line.y[drawn].tolist() == every[0].values.tolist()
    apart = np.flatnonzero(np.diff(every[0].rows) > 1)
    assert len(line.x) == len(every[0].rows) + len(apart)
    assert (np.diff(line.x) > 0).all()


def test_filled_values_of_a_forecast_are_marked_and_not_copied(result, palette, lines_of):
    window = int(np.flatnonzero(result.first_rows == 348)[0])
    steps = lines_of(single_steps(result, window, 1, palette), 120)
    assert [MADE in line for line in steps[1:]] == [False, False, True, True]
    copied = window_copy(result, window, 1)
    assert [row[1] is None for row in copied.rows] == [False, False, True, True]
    assert all(value is not None for row in copied.rows for value in row[2:])


def test_a_forecast_without_a_scored_value_has_no_error(result, palette, lines_of):
    errors = window_errors(result, result.models[0], 0)
    window = int(np.flatnonzero(np.isnan(errors))[0])
    lines = lines_of(single_scores(result, window, 0, palette))
    assert all(line.split()[-2] == "–" for line in lines[1:])


@pytest.mark.exhaustive
async def test_every_view_can_be_seen(make_app, planned, until, holed):
    app = make_app(str(holed), settings=SETTINGS, targets=("sales", "visits"))
    async with app.run_test(size=(160, 45)) as pilot:
        await planned(pilot)
        await pilot.press("t")
        training = lambda: app.train.state.training  # noqa: E731
        await until(pilot, lambda: training() is not None and training().result is not None, "the result")
        await pilot.press("3")
        await until(pilot, lambda: app.screen.query(ForecastPanel), "the forecast")
        panel = app.screen.query_one(ForecastPanel)
        counted = panel.result.counted[:, :, 0]
        scored = f"{counted.sum()} observed values of {counted.any(axis=1).sum()} test windows"
        title = lambda: app.screen.query_one("#score-room").border_title  # noqa: E731
        await until(pilot, lambda: title() == f"Scores on the {scored}", "the number of scored values")
        await pilot.press("v", "W")
        errors = window_errors(panel.result, panel.result.models[0], 0)
        assert panel.single.window == int(np.nanargmax(errors))
        await pilot.press("B")
        assert panel.single.window == int(np.nanargmin(errors))
        panel.go_to(int(np.flatnonzero(np.isnan(errors))[0]))
        await pilot.pause()
        assert "–" in str(app.screen.query_one("#single-words", Static).content)
        await pilot.press("v", "n", "m", "y", "e")
        await pilot.pause()
        assert app.is_running
