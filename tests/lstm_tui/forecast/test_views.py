"""What the views of single forecasts and residuals make of a result, without a screen."""

import numpy as np
import pytest

from lstm_forecasting.evaluation.residuals import find_residuals
from lstm_tui.forecast.widgets.pictures import correlation_picture, residual_picture, single_picture
from lstm_tui.forecast.widgets.residual import correlations_copy, coverage_copy, residuals_copy
from lstm_tui.forecast.widgets.tables import future_copy, single_scores, single_steps, steps_copy
from lstm_tui.forecast.widgets.verdict import coverage_words, inside_words, single_words


@pytest.fixture
def result(make_result):
    return make_result()


def test_the_picture_of_a_forecast_has_inputs_truth_and_every_model_from_the_last_input_on(result, palette):
    first, horizon = int(result.first_rows[7]), result.experiment.config.horizon
    picture = single_picture(result, 7, 0, palette, result.best_baseline(0))
    truth, *others = picture.lines
    look_back = result.experiment.config.look_back
    assert (truth.x[0], truth.x[-1]) == (first - look_back, first + horizon - 1)
    assert len(others) == 4
    for line in others:
        assert (line.x[0], line.x[-1]) == (first - 1, first + horizon - 1)
        assert line.y[0] == truth.y[look_back - 1]
    assert picture.rules[0].x == first - 0.5
    assert len(single_picture(result, 7, 0, palette, None).lines) == 4


def test_long_inputs_begin_late_so_that_the_forecast_can_be_seen(make_result, palette):
    result = make_result(settings={"look_back": 400, "horizon": 4})
    picture = single_picture(result, 0, 0, palette, None)
    assert picture.x[0] == result.first_rows[0] - 40
    assert picture.lines[0].x[0] == result.first_rows[0] - 400


def test_a_forecast_in_words_and_numbers(result, palette, lines_of):
    words = str(single_words(result, 0, 0, palette))
    table = result.experiment.table
    first, last = (table.row_text(int(result.first_rows[0]) + step) for step in (0, 12))
    assert words.splitlines()[0] == f"Forecast 1 of {len(result.first_rows)}, from {first} to {last}"
    assert words.count(" / ") == 4
    scores = lines_of(single_scores(result, 0, 0, palette))
    assert scores[0].split() == ["model", "MAE", "here", "on", "average"]
    here = [float(line.split()[-2]) for line in scores[1:]]
    assert here == sorted(here)
    steps = lines_of(single_steps(result, 0, 0, palette), 100)
    assert steps[0].split()[:3] == ["week", "truth", "NumPy"]
    assert len(steps) == 14
    assert steps[1].startswith(first)
    assert float(steps[1].split()[1]) == pytest.approx(result.truth[0, 0, 0])


def test_residuals_of_all_backends_are_drawn_and_a_baseline_where_it_is_shown(result, palette):
    every = [find_residuals(result, one, 0, 2) for one in result.models]
    assert len(residual_picture(result, every, 0, palette).lines) == 1 + 3
    with_baseline = residual_picture(result, every, 4, palette)
    assert (with_baseline.lines[-1].y == every[4].values).all()
    assert with_baseline.x == (result.first_rows[0] + 1, result.first_rows[-1] + 1)


def test_every_lag_has_a_stem_between_the_bounds_and_the_season_is_marked(result, palette):
    found = find_residuals(result, result.models[0], 0, 1)
    picture = correlation_picture(result, found, 0, palette)
    stem = picture.lines[-1]
    tops = stem.y[1::3]
    assert (tops == found.correlations).all()
    assert (stem.y[::3] == 0).all()
    assert np.isnan(stem.y[2::3]).all()
    upper, lower = picture.lines[1:3]
    assert (upper.y == -lower.y).all()
    assert [rule.x for rule in picture.rules] == [52.0]
    assert picture.y[0] < min(tops.min(), lower.y.min())
    assert picture.y[1] > max(tops.max(), upper.y.max())


def test_copies_have_everything(result):
    steps = steps_copy(result, 0)
    assert list(steps.columns[:2]) == ["step", "NumPy"]
    assert [row[0] for row in steps.rows] == list(range(1, 14))
    future = future_copy(result)
    ends = ["lo-80", "hi-80", "lo-95", "hi-95"]
    assert list(future.columns)[:4] == ["time", "target", "model", "forecast"]
    assert list(future.columns)[4:] == [*ends, "numpy", "torch", "tensorflow"]
    every = [find_residuals(result, one, 0, 1) for one in result.models]
    residuals = residuals_copy(result, every)
    assert len(residuals.rows) == len(result.first_rows)
    assert len(residuals.columns) == 1 + 3 + 4
    correlations = correlations_copy(every[0], "NumPy")
    assert [row[1] for row in correlations.rows] == every[0].correlations.tolist()


def test_a_single_forecast_has_its_intervals_and_what_is_inside(result, palette, lines_of, known):
    intervals = known(result, "NumPy").of("NumPy", 0)
    picture = single_picture(result, 7, 0, palette, None, intervals)
    wide, narrow = picture.bands
    inside = (narrow.low[1:] <= result.truth[7, :, 0]) & (result.truth[7, :, 0] <= narrow.high[1:])
    assert wide.x.tolist() == narrow.x.tolist() == picture.lines[-1].x.tolist()
    words = inside_words(result, 7, 0, intervals)
    assert words.startswith(f"of 13 values, {inside.sum()} in the 80 % interval, ")
    heads = lines_of(single_steps(result, 7, 0, palette, 110, intervals), 110)[0]
    assert heads.split()[:5] == ["week", "truth", "NumPy", "lo-80", "hi-80"]


def test_residuals_have_the_intervals_and_the_coverage_of_their_step(result, palette, known):
    intervals = known(result, "NumPy").of("NumPy", 0)
    every = [find_residuals(result, one, 0, 3) for one in result.models]
    wide, narrow = residual_picture(result, every, 0, palette, 0, intervals).bands
    assert ((narrow.low < 0) & (narrow.high > 0)).all()
    residuals = every[0].values
    at = np.searchsorted(narrow.x, every[0].rows)
    share = 100 * ((narrow.low[at] <= residuals) & (residuals <= narrow.high[at])).mean()
    step, rows, copied = 3, coverage_copy(intervals, "NumPy").rows, coverage_words(intervals, 3, palette)
    assert rows[step - 1][1] == pytest.approx(share)
    assert f"80 % {share:.1f} / " in copied.plain
    assert (wide.high >= narrow.high).all()
