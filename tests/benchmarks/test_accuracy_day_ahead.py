import numpy as np
import pytest
from benchmarks.accuracy.day_ahead import (
    DayAheadSettings,
    Days,
    forecast_days,
    weigh_by_recent_errors,
)

SETTINGS = DayAheadSettings(
    target_lags=(1, 7),
    known_lags=(0, 1),
    window=150,
    short_windows=(60,),
    widths=(1.0, 2.0),
    penalties=(0.002, 0.01),
)


def market(seed=0, count=230, steps=4):
    generator = np.random.default_rng(seed)
    weekdays = np.arange(count) % 7
    load = generator.normal(size=(count, steps, 1)) + 3 * (weekdays < 5)[:, None, None]
    shock = 0.5 * generator.normal(size=(count, steps))
    price = 40 + 6 * load[:, :, 0] + shock
    return Days(price, load, weekdays)


def run(days, first=200, settings=SETTINGS):
    parts = list(forecast_days(days, first, settings))
    assert [part.day for part in parts] == list(range(first, len(days.target), settings.every))
    return np.concatenate([part.members for part in parts], axis=1)


def test_members_read_what_is_known_of_the_day():
    days = market()
    members = run(days)
    assert members.shape == (SETTINGS.members, 30, 4)
    errors = np.abs(members - days.target[200:]).mean(axis=(1, 2))
    naive = np.abs(days.target[193:-7] - days.target[200:]).mean()
    assert errors.max() < 0.5 * naive


def test_a_day_is_forecast_from_earlier_prices_only():
    days = market()
    spoiled = days.target.copy()
    spoiled[207:] = 1e6
    ours, other = run(days), run(Days(spoiled, days.known, days.weekdays))
    # Days 200 to 206 are forecast by the first fit; later ones must differ.
    assert np.array_equal(ours[:, :1], other[:, :1])
    np.testing.assert_array_equal(ours[:, :7], other[:, :7])
    assert not np.allclose(ours[:, 14:], other[:, 14:])


def test_forecasts_follow_the_unit_of_the_price():
    days = market(1)
    scaled = Days(days.target * 250 + 7, days.known * 10, days.weekdays)
    np.testing.assert_allclose(run(scaled), run(days) * 250 + 7, rtol=1e-7)


def test_a_short_window_without_corrections_has_the_longest_windows_weights():
    days = market(2)
    settings = DayAheadSettings(
        target_lags=(1,),
        known_lags=(0,),
        window=150,
        short_windows=(150,),
        widths=(1.0,),
        penalties=(0.01,),
        correction_penalties=(1e9,),
    )
    longest, corrected = run(days, settings=settings)
    np.testing.assert_allclose(corrected, longest)


def test_too_few_days_are_an_error():
    with pytest.raises(ValueError, match="too few"):
        list(forecast_days(market(), 60, SETTINGS))


def test_weights_prefer_members_with_small_recent_errors_and_see_no_error_of_the_day_itself():
    truth = np.zeros((30, 2))
    good, bad = np.full((30, 2), 1.0), np.full((30, 2), 3.0)
    # From day 20 on they swap; the weights of days 14 to 20 cannot know.
    good[20:], bad[20:] = 3.0, 1.0
    mean = weigh_by_recent_errors(np.stack([good, bad]), truth, 10, recent=5, power=1.0, every=5)
    np.testing.assert_allclose(mean[:10], 1.5)
    np.testing.assert_allclose(mean[10:15], 2.5)
    np.testing.assert_allclose(mean[15:], 1.5)
    sharp = weigh_by_recent_errors(np.stack([good, bad]), truth, 10, recent=5, power=20.0, every=5)
    np.testing.assert_allclose(sharp[:10], 1.0, atol=1e-6)
