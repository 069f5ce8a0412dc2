import dataclasses

import numpy as np
import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.evaluation.residuals import FEWEST_WINDOWS, find_residuals, in_words
from lstm_forecasting.evaluation.scoring import conclude, evaluate, find_test_part
from lstm_forecasting.experiment.plan import plan_experiment


@pytest.fixture
def make_result(tmp_path):
    """A result on a daily series whose residuals are given: `make(errors, horizon)`.

    `errors` takes a shape, `[windows, horizon, targets]`, and gives truth minus forecast.
    """

    def make(errors, horizon=1, rows=600):
        lines = ["day,sales"]
        days = np.datetime64("2021-01-01") + np.arange(rows)
        wave = 40 + 5 * np.sin(np.arange(rows) / 7 * 2 * np.pi)
        lines += [f"{day},{value:.6f}" for day, value in zip(days, wave, strict=True)]
        path = tmp_path / "sales.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        experiment = plan_experiment(open_data(path), ["numpy"], {"look_back": 7, "horizon": horizon})
        part = find_test_part(experiment)
        return conclude(experiment, part, [], {}), evaluate(
            "NumPy", part.truth - errors(part.truth.shape), part
        )

    return make


def noise(shape):
    return np.random.default_rng(1).normal(size=shape)


def cycle(shape):
    return np.sin(np.arange(shape[0]) * 2 * np.pi / 7)[:, None, None] * np.ones(shape)


def test_residuals_are_truth_minus_forecast_at_the_rows_they_belong_to(make_result):
    result, evaluation = make_result(lambda shape: np.full(shape, 0.5), horizon=3)
    found = find_residuals(result, evaluation, 0, 2)
    assert found.values == pytest.approx(0.5)
    assert found.mean == pytest.approx(0.5)
    assert (found.rows == result.first_rows + 1).all()
    assert len(found.values) == len(result.first_rows)


def test_noise_looks_like_noise(make_result):
    result, evaluation = make_result(noise)
    found = find_residuals(result, evaluation, 0, 1)
    assert result.experiment.season == 7
    assert found.tested == 14
    assert len(found.correlations) == 24
    assert found.bounds == pytest.approx(1.96 / np.sqrt(len(found.values)))
    assert in_words(found, 7).startswith(
        "The residuals look like noise: their autocorrelations at lags 1 to 14 are no larger than expected"
    )


def test_a_season_that_was_missed_is_named(make_result):
    result, evaluation = make_result(cycle)
    found = find_residuals(result, evaluation, 0, 1)
    assert found.p_value < 1e-6
    told = in_words(found, 7)
    assert told.startswith("The residuals follow a pattern that the model missed")
    assert "Ljung-Box p < 0.001" in told
    assert told.endswith("at lag 7, one season.")


def test_overlapping_forecasts_are_not_tested_but_counted(make_result):
    result, evaluation = make_result(noise, horizon=4)
    found = find_residuals(result, evaluation, 0, 4)
    assert found.tested == 0
    assert np.isnan(found.p_value)
    assert (found.bounds[3:] > found.bounds[2]).all()
    assert in_words(found, 7) == (
        "Forecasts 4 steps ahead overlap, so their residuals are correlated at lags 1 to 3 even for a "
        f"perfect model; of the 21 longer lags, {found.outside} are outside the bounds (about 1.1 expected "
        "by chance)."
    )


def test_a_moving_average_of_a_perfect_model_is_no_pattern(make_result):
    def overlapping(shape):
        shocks = np.random.default_rng(2).normal(size=shape[0] + 3)
        moving = np.convolve(shocks, np.ones(4), "valid")
        return np.repeat(moving[:, None, None], shape[1], axis=1)

    result, evaluation = make_result(overlapping, horizon=4, rows=3000)
    found = find_residuals(result, evaluation, 0, 4)
    assert (np.abs(found.correlations[:3]) > found.bounds[:3]).all()
    assert found.outside <= 4


def test_few_windows_say_so(make_result):
    result, evaluation = make_result(noise, horizon=1, rows=60)
    found = find_residuals(result, evaluation, 0, 1)
    count = len(found.values)
    assert count < FEWEST_WINDOWS
    assert found.correlations.size == found.bounds.size == 0
    assert in_words(found, 1).startswith(f"There are only {count} test windows; finding")


def test_residuals_that_do_not_vary_have_no_pattern(make_result):
    result, evaluation = make_result(np.zeros)
    found = find_residuals(result, evaluation, 0, 1)
    assert found.correlations.size == 0
    assert in_words(found, 7) == "All residuals are equal, so there is no pattern to find."


def test_only_scored_values_have_residuals_and_lags_count_rows(make_result):
    result, evaluation = make_result(cycle)
    counted = result.counted.copy()
    counted[np.random.default_rng(2).random(len(counted)) < 0.5] = False
    holed = dataclasses.replace(result, counted=counted)
    found = find_residuals(holed, evaluation, 0, 1)
    kept = counted[:, 0, 0]
    complete = find_residuals(result, evaluation, 0, 1)
    assert found.rows.tolist() == complete.rows[kept].tolist()
    assert found.values.tolist() == complete.values[kept].tolist()
    # The cycle of seven rows is still one of seven rows.
    assert found.correlations[6] > 0.9
    assert (found.bounds[:5] > complete.bounds[:5]).all()
    assert "follow a pattern" in in_words(found, 7)


def test_a_step_that_was_never_observed_has_no_residuals(make_result):
    result, evaluation = make_result(noise, horizon=2)
    counted = result.counted.copy()
    counted[:, 1] = False
    found = find_residuals(dataclasses.replace(result, counted=counted), evaluation, 0, 2)
    assert len(found.values) == len(found.correlations) == 0
    assert np.isnan(found.mean)
    assert in_words(found, 1).startswith("There are only 0 test windows")
