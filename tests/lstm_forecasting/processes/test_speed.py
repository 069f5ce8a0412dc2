import pytest

from lstm_forecasting.processes.speed import SECONDS, Speed


def test_nothing_is_known_at_first():
    speed = Speed(1000)
    assert (speed.windows_per_second, speed.seconds_left) == (None, None)
    speed.add(3.0, 64)
    assert (speed.windows_per_second, speed.seconds_left) == (None, None)
    speed.add(3.2, 84)
    assert (speed.windows_per_second, speed.seconds_left) == (None, None)


def test_a_steady_training_is_told_exactly():
    speed = Speed(10_000)
    for tick in range(40):
        speed.add(2.0 + tick / 4, 100 + 25 * tick)
    assert speed.windows_per_second == pytest.approx(100)
    assert speed.seconds_left == pytest.approx((10_000 - (100 + 25 * 39)) / 100)


def test_compiling_before_the_first_batch_does_not_count():
    speed = Speed(100_000)
    speed.add(20.0, 64)
    speed.add(21.0, 1064)
    assert speed.windows_per_second == pytest.approx(1000)


def test_compiling_in_the_first_epoch_counts_no_longer_than_that_epoch():
    speed = Speed(100_000)
    speed.add(1.0, 900)
    speed.add(8.0, 1000)
    assert speed.windows_per_second == pytest.approx(100 / 7)
    speed.begin_anew()
    speed.add(8.1, 1100)
    assert speed.windows_per_second == pytest.approx(100 / 7)
    speed.add(9.1, 2100)
    assert speed.windows_per_second == pytest.approx(1000)
    assert speed.seconds_left == pytest.approx(97.9)


def test_the_rate_is_that_of_the_last_seconds():
    speed = Speed(100_000)
    for tick in range(100):
        speed.add(tick / 10, 10 * tick)
    for tick in range(1, 200):
        speed.add(10 + tick / 10, 1000 + 100 * tick)
    assert speed.windows_per_second == pytest.approx(1000, rel=0.01)


def test_with_few_counts_the_rate_spans_at_least_the_last_two():
    speed = Speed(100_000)
    for tick in range(5):
        speed.add(tick * 3 * SECONDS, tick * 600)
    assert speed.windows_per_second == pytest.approx(600 / (3 * SECONDS))


def test_a_training_that_stands_still_has_no_time_left_to_tell():
    speed = Speed(1000)
    speed.add(1.0, 64)
    speed.add(2.0, 64)
    assert (speed.windows_per_second, speed.seconds_left) == (0.0, None)
