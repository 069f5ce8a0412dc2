"""Which baselines a series has, and what they all have in common."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

RIDGE = "linear (ridge)"


def waves(rows, *periods, noise=0.1):
    """Sums of waves with these periods in rows, around 50."""
    values = sum(5 * np.sin(np.arange(rows) * 2 * np.pi / period) for period in periods)
    return 50 + values + np.random.default_rng(0).normal(0, noise, rows)


def test_every_season_that_is_found_has_its_naive_forecast(baselines_of):
    names = list(baselines_of(waves(24 * 7 * 20, 24, 168), "hours")[0])
    assert names == ["last value", "drift", "seasonal naive (24)", "seasonal naive (168)", RIDGE]


def test_without_a_season_there_is_no_seasonal_naive(baselines_of):
    assert list(baselines_of(np.random.default_rng(1).normal(size=300).cumsum())[0]) == [
        "last value",
        "drift",
        RIDGE,
    ]


def test_a_season_that_was_found_without_a_calendar_counts(baselines_of):
    assert "seasonal naive (11)" in baselines_of(waves(300, 11), season=11)[0]


def test_days_with_a_week_are_compared_with_the_same_weekday_a_year_ago(baselines_of):
    names = list(baselines_of(waves(1200, 7), "days", season=7)[0])
    assert names == ["last value", "drift", "seasonal naive (7)", "same weekday last year", RIDGE]


def test_days_with_a_year_are_compared_with_the_same_date_in_place_of_365_rows(baselines_of):
    names = list(baselines_of(waves(2500, 365.25), "days", season=365)[0])
    assert names == ["last value", "drift", "same day last year", RIDGE]


@pytest.mark.parametrize(("frequency", "season"), [("weeks", 52), ("months", 12), ("quarters", 4)])
def test_a_season_of_a_year_is_the_same_as_last_year(baselines_of, frequency, season):
    names = list(baselines_of(waves(season * 12, season), frequency, season=season)[0])
    assert names == ["last value", "drift", f"seasonal naive ({season})", RIDGE]


def test_months_without_a_season_are_compared_with_the_same_month(baselines_of):
    walk = np.random.default_rng(3).normal(size=200).cumsum()
    assert "same month last year" in baselines_of(walk, "months")[0]


@pytest.mark.parametrize(("rows", "frequency"), [(300, "days"), (200, "years"), (500, "rows")])
def test_last_year_needs_a_year_of_rows_that_are_shorter_than_a_year(baselines_of, rows, frequency):
    names = baselines_of(np.random.default_rng(4).normal(size=rows).cumsum(), frequency)[0]
    assert not any("last year" in name for name in names)


@settings(max_examples=5)
@given(seed=st.integers(0, 1000), first=st.integers(1000, 1190))
def test_forecasts_see_no_row_of_their_own(baselines_of, seed, first):
    generator = np.random.default_rng(seed)
    values = waves(1200, 7) + generator.normal(size=1200).cumsum() * 0.1
    changed = values.copy()
    changed[first:] = generator.normal(size=1200 - first) * 1e4
    found, history = baselines_of(values, "days", season=7)
    others = baselines_of(changed, "days", season=7)
    rows = np.array([first])
    for name, baseline in found.items():
        other = others[0][name].forecast(others[1], rows, 5)
        # Validation rows, which the change reaches, choose the penalty of the ridge regression.
        if name != RIDGE or first >= 960:
            np.testing.assert_array_equal(baseline.forecast(history, rows, 5), other, err_msg=name)


def test_forecasts_have_their_shape_and_go_beyond_the_horizon_and_the_end(baselines_of):
    two = np.stack([waves(1200, 7), -waves(1200, 7)], axis=1)
    found, history = baselines_of(two, "days", season=7)
    for name, baseline in found.items():
        assert baseline.can_forecast(np.array([1100])), name
        forecasts = baseline.forecast(history, np.array([1000, 1100, 1200]), 20)
        assert forecasts.shape == (3, 20, 2), name
        assert np.isfinite(forecasts).all(), name
        np.testing.assert_allclose(baseline.future(history, 20), forecasts[2], rtol=1e-12)


def test_too_few_rows_before_a_window_are_seen(baselines_of):
    baseline = baselines_of(waves(300, 7), "days", season=7)[0]["seasonal naive (7)"]
    assert baseline.can_forecast(np.array([7, 9]))
    assert not baseline.can_forecast(np.array([6, 9]))
    assert not baseline.can_forecast(np.array([], dtype=np.int64))
