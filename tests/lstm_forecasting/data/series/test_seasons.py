import numpy as np
import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.series.seasons import find_season, season_candidates
from lstm_forecasting.data.series.splits import split_by_fraction
from lstm_forecasting.data.times.calendar import COUNTED, Frequency
from lstm_forecasting.data.times.durations import DAY, HOUR, MINUTE, SECOND, WEEK


@pytest.mark.parametrize(
    ("frequency", "candidates"),
    [
        (Frequency("fixed", SECOND), (60, 3600)),
        (Frequency("fixed", MINUTE), (60, 1440, 10080)),
        (Frequency("fixed", 5 * MINUTE), (12, 288, 2016)),
        (Frequency("fixed", 15 * MINUTE), (4, 96, 672)),
        (Frequency("fixed", 30 * MINUTE), (48, 336)),
        (Frequency("fixed", HOUR), (24, 168)),
        (Frequency("fixed", 7 * HOUR), (24,)),
        (Frequency("fixed", DAY), (7, 365)),
        (Frequency("fixed", WEEK), (52,)),
        (Frequency("business days"), (5,)),
        (Frequency("months", 1), (12,)),
        (Frequency("months", 1, day=31), (12,)),
        (Frequency("months", 3), (4,)),
        (Frequency("months", 12), ()),
        (COUNTED, ()),
    ],
)
def test_the_calendar_suggests_seasons(frequency: Frequency, candidates: tuple[int, ...]) -> None:
    assert season_candidates(frequency) == candidates


def hours(rows: int) -> np.ndarray:
    return np.arange(rows, dtype=np.float64)


def noise(rows: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=rows)


def test_a_day_is_found_under_a_trend_and_noise() -> None:
    series = 0.01 * hours(1000) + 3 * np.sin(hours(1000) * 2 * np.pi / 24) + noise(1000)
    season = find_season(series, (24, 168))
    assert season.length == 24
    assert "24 rows" in season.decision
    assert "168" in season.decision


def test_a_week_is_preferred_where_it_tells_more_than_a_day() -> None:
    hour_of_week = hours(2000) % 168
    series = np.sin(hour_of_week * 2 * np.pi / 24) * (1 + (hour_of_week >= 120)) + 0.1 * noise(2000)
    assert find_season(series, (24, 168)).length == 168


def test_a_year_is_found_in_daily_rows() -> None:
    series = 10 * np.cos(hours(1200) * 2 * np.pi / 365) + noise(1200)
    assert find_season(series, (7, 365)).length == 365


@pytest.mark.parametrize("candidates", [(5,), (12,), (24, 168), (7, 365), (52,), ()])
@pytest.mark.parametrize("rows", [100, 1000])
def test_seasons_are_hardly_ever_found_in_noise_and_random_walks(
    candidates: tuple[int, ...], rows: int
) -> None:
    series = [made for seed in range(50) for made in (noise(rows, seed), np.cumsum(noise(rows, seed)))]
    assert sum(find_season(made, candidates).length > 1 for made in series) <= 5


def test_a_cycle_is_looked_for_where_the_calendar_suggests_none() -> None:
    series = np.sin(hours(300) * 2 * np.pi / 17) + 0.3 * noise(300)
    season = find_season(series, (), "step")
    assert season.length == 17
    assert "a cycle of 17 steps" in season.decision
    assert "a cycle of 17 rows" in find_season(series, (), "13 hours").decision


@pytest.mark.parametrize("series", [np.zeros(3), np.full(500, 2.5), hours(500)])
@pytest.mark.parametrize("candidates", [(), (24, 168)])
def test_short_and_constant_series_and_straight_lines_have_no_season(
    series: np.ndarray, candidates: tuple[int, ...]
) -> None:
    assert find_season(series, candidates).length == 1


@pytest.mark.parametrize(
    ("name", "length"),
    [("co2", 52), ("sunspots", 11), ("seattle-weather", 365), ("macrodata", 1), ("synthetic-stock", 1)],
)
def test_the_seasons_of_the_bundled_data_sets(name: str, length: int) -> None:
    table = open_data(name)
    training = table.values[split_by_fraction(table.rows).train.slice, 0]
    assert find_season(training, table.season_candidates, table.frequency.step).length == length
