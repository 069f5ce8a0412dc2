"""The ridge regression as a baseline; tests/lstm_forecasting/linear proves the regression itself."""

from dataclasses import replace

import numpy as np

from lstm_forecasting.data.series.splits import split_by_count, split_by_fraction
from lstm_forecasting.evaluation.baselines.ridge import ridge_baseline
from lstm_forecasting.known.holiday_columns import holiday_columns
from lstm_forecasting.linear.look_backs import LONGEST_WINDOW


def test_it_finds_a_linear_rule(history_of):
    times = np.arange(600.0)
    values = np.sin(times / 5) + 0.5 * np.cos(times / 11) + 0.01 * times - 3
    history = history_of(values)
    ridge = ridge_baseline(history, split_by_fraction(600), 6, ())
    rows = np.arange(500, 590)
    truth = values[rows[:, np.newaxis] + np.arange(6)]
    assert np.abs(ridge.forecast(history, rows, 6)[:, :, 0] - truth).max() < 1e-3


def test_targets_have_their_own_fits(history_of):
    times = np.arange(400.0)
    values = np.stack([np.sin(times / 5), 1000 + 10 * np.cos(times / 3)], axis=1)
    history = history_of(values)
    future = ridge_baseline(history, split_by_fraction(400), 4, ()).future(history, 4)
    later = np.arange(400.0, 404)
    np.testing.assert_allclose(future[:, 0], np.sin(later / 5), atol=1e-2)
    np.testing.assert_allclose(future[:, 1], 1000 + 10 * np.cos(later / 3), atol=0.1)


def test_it_knows_the_weekday_of_the_rows_to_forecast(history_of):
    """On days that are only known by the calendar: a peak on Saturdays whose height is drawn anew."""
    days = np.arange(1400)
    saturday = (days + 3) % 7 == 5  # 2015-01-01 was a Thursday
    values = 20 + np.where(saturday, 10.0, 0.0) + np.random.default_rng(0).normal(0, 0.5, len(days))
    history = history_of(values, "days")
    ridge = ridge_baseline(history, split_by_fraction(1400), 7, (7,))
    found = ridge.future(history, 7)[:, 0]
    later = (np.arange(1400, 1407) + 3) % 7 == 5
    np.testing.assert_allclose(found, 20 + 10.0 * later, atol=1.0)


def test_the_calendar_is_left_out_where_it_misleads(history_of):
    """A weekly peak that moves from Saturday to Tuesday after the training rows."""
    days = np.arange(1000)
    peak = np.where(days < 700, (days + 3) % 7 == 5, (days + 3) % 7 == 1)
    values = 20 + np.where(peak, 10.0, 0.0) + np.random.default_rng(0).normal(0, 0.5, len(days))
    split = split_by_fraction(1000)
    dated, undated = history_of(values, "days"), history_of(values)
    futures = [ridge_baseline(one, split, 7, (7,)).future(one, 7) for one in (dated, undated)]
    assert (futures[0] == futures[1]).all()


def test_it_reads_what_the_user_knows_ahead(history_of):
    """A promotion, drawn at random, adds ten."""
    generator = np.random.default_rng(1)
    promotion = (generator.random((630, 1)) < 0.3).astype(np.float64)
    values = 20 + 10 * promotion[:600, 0] + generator.normal(0, 0.5, 600)
    blind, seeing = (history_of(values, own=own) for own in (None, promotion))
    wanted = 20 + 10 * promotion[600:604, 0]
    errors = [
        np.abs(ridge_baseline(one, split_by_fraction(600), 4, ()).future(one, 4)[:, 0] - wanted).mean()
        for one in (blind, seeing)
    ]
    assert errors[1] < 1.0 < errors[0]


def test_rare_events_are_regressed_out_where_that_is_better(history_of):
    """One row in thirty has each event: too few for a weight at each step, enough for one effect."""
    generator = np.random.default_rng(3)
    events = (generator.random((630, 6)) < 1 / 30).astype(np.float64)
    noise = np.convolve(generator.normal(0, 0.5, 607), np.ones(8), "valid")
    values = 20 + events[:600] @ [10.0, -8.0, 6.0, -6.0, 8.0, -10.0] + noise
    history = history_of(values, own=events)
    ridge = ridge_baseline(history, split_by_fraction(600), 24, ())
    rows = np.arange(480, 576)
    ahead = rows[:, np.newaxis] + np.arange(24)
    errors = np.abs(ridge.forecast(history, rows, 24)[:, :, 0] - values[ahead])
    assert errors[events[ahead].any(axis=2)].mean() < 1.0  # 1.6 if they were read beside the windows


def test_holidays_are_known_in_the_rows_to_forecast(history_of):
    """A series that halves on each holiday of the USA, whatever the weekday."""
    blind, seeing = (history_of(np.ones(1300), "days", country=country) for country in ("", "US"))
    holiday = holiday_columns(seeing.times, "US")["holiday"]
    noise = np.random.default_rng(3).normal(1, 0.02, 1330)
    values = (100 * noise / (1 + holiday))[:1300, np.newaxis]
    split = split_by_fraction(1300)
    rows = np.arange(split.test.start, 1300 - 7, 7)
    ahead = rows[:, np.newaxis] + np.arange(7)
    found = []
    for history in (blind, seeing):
        own = replace(history, values=values)
        forecast = ridge_baseline(own, split, 7, (7,)).forecast(own, rows, 7)[:, :, 0]
        found.append(np.abs(forecast - values[ahead, 0])[holiday[ahead] == 1].mean())
    assert found[1] < 5 < 40 < found[0]


def test_a_series_that_is_too_short_for_two_windows_has_none(history_of):
    assert ridge_baseline(history_of(np.arange(30.0)), split_by_count(30, 8, 2, 20), 8, ()) is None


def test_long_seasons_do_not_make_long_windows(history_of):
    values = np.random.default_rng(5).normal(size=9000).cumsum()
    ridge = ridge_baseline(history_of(values), split_by_fraction(9000), 12, (288,))
    assert ridge.needs <= LONGEST_WINDOW
