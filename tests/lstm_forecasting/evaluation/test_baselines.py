import numpy as np
import pytest

from lstm_forecasting.data.series.splits import RowRange, split_by_count, split_by_fraction
from lstm_forecasting.data.series.windows import window_starts
from lstm_forecasting.evaluation.baselines import RIDGE, fit_baselines, fit_ridge


def baselines(values, look_back, horizon, season, split=None):
    values = np.asarray(values, np.float64)
    values = values.reshape(len(values), -1)
    return fit_baselines(values, split or split_by_fraction(len(values)), look_back, horizon, season)


def test_last_value_repeats_the_row_before():
    series = np.stack([np.arange(50.0), -np.arange(50.0)], axis=1)
    found = baselines(series, 4, 3, 1)["last value"](np.array([40, 50]), 3)
    assert found.shape == (2, 3, 2)
    assert found[0].tolist() == [[39, -39]] * 3
    assert found[1].tolist() == [[49, -49]] * 3


def test_seasonal_naive_repeats_the_last_season_and_may_look_further_back_than_the_network():
    found = baselines(np.arange(50.0), 4, 3, 5)["seasonal naive (5)"](np.array([40, 50]), 7)
    assert found[:, :, 0].tolist() == [
        [35, 36, 37, 38, 39, 35, 36],
        [45, 46, 47, 48, 49, 45, 46],
    ]


@pytest.mark.parametrize("season", [1, 41])
def test_no_seasonal_naive_without_a_season_or_its_history(season):
    assert set(baselines(np.arange(50.0), 4, 3, season)) == {"last value", RIDGE}


def test_forecasts_see_no_row_of_their_own():
    generator = np.random.default_rng(0)
    series = generator.normal(size=(200, 2)).cumsum(axis=0)
    split = split_by_fraction(200)
    changed = series.copy()
    changed[180:] = 1e6
    for name, baseline in baselines(series, 12, 4, 6, split).items():
        other = baselines(changed, 12, 4, 6, split)[name]
        rows = np.arange(split.test.start, 181)
        assert np.array_equal(baseline(rows, 4), other(rows, 4)), name


def test_ridge_finds_a_linear_rule_exactly():
    times = np.arange(400.0)
    series = np.sin(times / 5) + 0.5 * np.cos(times / 11) + 0.01 * times + 1000
    ridge = baselines(series, 16, 6, 1)[RIDGE]
    rows = window_starts(RowRange(320, 400), 16, 6) + 16
    truth = series[rows[:, np.newaxis] + np.arange(6)]
    assert np.abs(ridge(rows, 6)[:, :, 0] - truth).max() < 1e-3


def test_ridge_is_the_solution_of_penalised_least_squares():
    generator = np.random.default_rng(1)
    series = generator.normal(size=300).cumsum()
    split = split_by_fraction(300)
    ridge = fit_ridge(series[:, np.newaxis], split, 8, 3)
    rows = window_starts(split.train, 8, 3) + 8
    last = series[rows - 1][:, np.newaxis]
    inputs = series[rows[:, np.newaxis] + np.arange(-8, 0)] - last
    targets = series[rows[:, np.newaxis] + np.arange(3)] - last
    centred = inputs - inputs.mean(axis=0)
    penalty = ridge.penalties[0] * np.square(centred).sum() / 8
    augmented = np.concatenate([centred, np.sqrt(penalty) * np.eye(8)])
    wanted = np.concatenate([targets - targets.mean(axis=0), np.zeros((8, 3))])
    solution = np.linalg.lstsq(augmented, wanted, rcond=None)[0]
    np.testing.assert_allclose(ridge.coefficients[0], solution, rtol=1e-6, atol=1e-9)


def test_ridge_feeds_its_forecasts_back_beyond_the_horizon():
    times = np.arange(300.0)
    series = np.sin(times / 7)
    ridge = baselines(series[:280], 14, 5, 1)[RIDGE]
    future = ridge(np.array([280]), 20)[0, :, 0]
    assert np.abs(future - series[280:]).max() < 1e-3


@pytest.mark.parametrize("unit", [1e-200, 1e200])
def test_ridge_takes_units_of_any_size(unit):
    generator = np.random.default_rng(2)
    series = generator.normal(size=120).cumsum()
    rows = np.arange(100, 118)
    small, other = (baselines(series * one, 6, 2, 1)[RIDGE](rows, 2) / one for one in (1.0, unit))
    np.testing.assert_allclose(small, other, rtol=1e-6)


def test_ridge_of_a_constant_series_is_that_constant():
    forecast = baselines(np.full(60, 0.1), 4, 2, 1)[RIDGE](np.array([55, 60]), 2)
    assert np.abs(forecast - 0.1).max() < 1e-15


def test_ridge_without_validation_rows_still_fits():
    values = np.sin(np.arange(60.0) / 3)
    ridge = baselines(values, 6, 2, 1, split_by_fraction(60, 0.8, 0.0, 0.2))[RIDGE]
    assert np.isfinite(ridge(np.array([60]), 2)).all()


def test_a_mask_of_ones_changes_nothing():
    series = np.random.default_rng(1).normal(size=(300, 2)).cumsum(axis=0)
    split = split_by_fraction(300)
    complete, masked = (
        fit_ridge(series, split, 10, 4, observed) for observed in (None, np.ones((300, 2), dtype=bool))
    )
    np.testing.assert_array_equal(complete.coefficients, masked.coefficients)
    np.testing.assert_array_equal(complete.intercepts, masked.intercepts)


def test_ridge_learns_nothing_from_a_filled_target():
    """Values that are never an input, since nothing follows them within a window, only count as targets."""
    generator = np.random.default_rng(2)
    series = generator.normal(size=(200, 1)).cumsum(axis=0)
    observed = np.ones((200, 1), dtype=bool)
    split = split_by_count(200, 150, 0, 50)
    observed[148:150] = False
    changed = series.copy()
    changed[148:150] = 1e5
    one, other = (fit_ridge(values, split, 8, 2, observed) for values in (series, changed))
    np.testing.assert_allclose(one.coefficients, other.coefficients, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(one.intercepts, other.intercepts, rtol=1e-6, atol=1e-9)


def test_ridge_finds_a_linear_rule_in_spite_of_unknown_targets():
    """Only every third value of the second half is unknown as a target; the rule stays exact."""
    times = np.arange(600.0)
    series = (np.sin(times / 5) + 0.5 * np.cos(times / 11))[:, np.newaxis]
    observed = (times % 3 > 0)[:, np.newaxis]
    split = split_by_fraction(600)
    found = fit_ridge(series, split, 12, 3, observed)
    rows = window_starts(split.test, 12, 3) + 12
    truth = series[rows[:, None] + np.arange(3), 0]
    naive = np.abs(truth - series[rows - 1]).mean()
    assert np.abs(found.forecast(series, rows, 3)[:, :, 0] - truth).mean() < 0.1 * naive
