"""The baselines that repeat or continue values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.evaluation.baselines.drift import drift_baseline
from lstm_forecasting.evaluation.baselines.earlier_rows import observed_or_earlier, repeat_earlier
from lstm_forecasting.evaluation.baselines.last_value import last_value_baseline
from lstm_forecasting.evaluation.baselines.last_year import last_year_baseline
from lstm_forecasting.evaluation.baselines.seasonal_naive import seasonal_naive_baseline


def test_last_value_repeats_the_row_before(history_of):
    history = history_of(np.stack([np.arange(50.0), -np.arange(50.0)], axis=1))
    found = last_value_baseline().forecast(history, np.array([40, 50]), 3)
    assert found[0].tolist() == [[39, -39]] * 3
    assert found[1].tolist() == [[49, -49]] * 3


def test_drift_continues_the_line_through_the_first_and_the_last_value(history_of):
    values = np.array([3.0, 9.0, -4.0, 6.0, 100.0])
    found = drift_baseline().forecast(history_of(values), np.array([4, 2]), 2)[:, :, 0]
    assert found.tolist() == [[7.0, 8.0], [15.0, 21.0]]


def test_drift_begins_at_the_first_observed_value(history_of):
    observed = np.array([False, True, True, True])
    found = drift_baseline().forecast(history_of([50.0, 1, 2, 3], observed=observed), np.array([4]), 2)
    assert found[0, :, 0].tolist() == [4.0, 5.0]


def test_seasonal_naive_repeats_the_last_season(history_of):
    found = seasonal_naive_baseline(5).forecast(history_of(np.arange(50.0)), np.array([40, 50]), 7)
    assert found[:, :, 0].tolist() == [
        [35, 36, 37, 38, 39, 35, 36],
        [45, 46, 47, 48, 49, 45, 46],
    ]


def test_seasonal_naive_takes_the_season_before_where_a_value_is_missing(history_of):
    observed = np.ones(20, dtype=bool)
    observed[[15, 10]] = False
    found = seasonal_naive_baseline(5).forecast(
        history_of(np.arange(20.0), observed=observed), np.array([20]), 5
    )
    assert found[0, :, 0].tolist() == [5, 16, 17, 18, 19]


@given(
    values=st.lists(st.floats(-9, 9), min_size=8, max_size=40),
    season=st.integers(2, 6),
    seed=st.integers(0, 99),
)
def test_filled_values_are_replaced_by_the_nearest_observed_one_of_earlier_seasons(values, season, seed):
    values = np.array(values)[:, np.newaxis]
    observed = np.random.default_rng(seed).random(values.shape) < 0.6
    found = observed_or_earlier(values, observed, np.arange(len(values)) - season)
    for row in range(len(values)):
        same = [one for one in range(row, -1, -season) if observed[one, 0]]
        assert found[row, 0] == values[same[0] if same else row, 0]


@given(rows=st.integers(10, 40), season=st.integers(1, 9), steps=st.integers(1, 25))
def test_a_repeated_row_is_before_the_window_and_whole_seasons_earlier(rows, season, steps):
    values = np.arange(float(rows))[:, np.newaxis]
    found = repeat_earlier(values, np.arange(rows + steps) - season, np.array([rows]), steps)[0, :, 0]
    assert (found < rows).all()
    assert (found >= rows - season).all()
    assert ((rows + np.arange(steps) - found) % season == 0).all()


def test_the_same_date_last_year_knows_leap_years(history_of):
    history = history_of(np.arange(500.0), "days", ahead=30)  # from 2015-01-01, so 2016-02-29 is row 424
    baseline = last_year_baseline(history, weekdays=False)
    assert baseline.needs == 365
    found = baseline.forecast(history, np.array([423]), 3)[0, :, 0]
    # 2016-02-28, 02-29 and 03-01 repeat 2015-02-28, 02-28 and 03-01.
    assert found.tolist() == [58, 58, 59]


@pytest.mark.parametrize(("frequency", "rows"), [("days", 364), ("business days", 260), ("hours", 364 * 24)])
def test_the_same_weekday_is_52_weeks_ago(history_of, frequency, rows):
    history = history_of(np.arange(2.0 * rows + 50), frequency)
    baseline = last_year_baseline(history, weekdays=True)
    assert baseline.needs == rows
    found = baseline.forecast(history, np.array([rows + 10, history.rows]), 3)[:, :, 0]
    assert found.tolist() == [[10, 11, 12], [history.rows - rows + step for step in range(3)]]


def test_more_than_a_year_ahead_repeats_two_years_ago(history_of):
    history = history_of(np.arange(800.0), "days", ahead=400)
    found = last_year_baseline(history, weekdays=True).future(history, 400)[:, 0]
    assert found[:364].tolist() == list(range(436, 800))
    assert found[364:].tolist() == list(range(436, 472))
