import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.arrays import Times
from lstm_forecasting.data.options import Aggregate, ReadOptions
from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.durations import DAY, HOUR, MINUTE, WEEK
from lstm_forecasting.data.times.resampling import resample
from lstm_plugins.errors import OptionError

NEW_YEAR = np.datetime64("2024-01-01", "us")
HOURLY = Frequency("fixed", HOUR)
NAN = float("nan")


def every(minutes: int, count: int) -> Times:
    return NEW_YEAR + np.arange(count) * np.timedelta64(minutes, "m")


@pytest.mark.parametrize(
    ("aggregate", "values"), [("mean", [1.5, 4.5]), ("sum", [6, NAN]), ("last", [2, 5]), ("max", [3, 5])]
)
def test_the_values_of_a_step_become_one(aggregate: Aggregate, values: list[float]) -> None:
    rows = np.array([[0.0], [3.0], [1.0], [2.0], [NAN], [4.0], [5.0], [NAN]])
    merged = resample(every(15, 8), rows, HOURLY, aggregate)
    assert merged.times.tolist() == every(60, 2).tolist()

    np.testing.assert_array_equal(merged.values[:, 0], values)
    assert merged.rows.tolist() == [0, 4]
    assert merged.decisions[0].startswith("8 rows are merged into 2 steps (hourly); each has the ")


def test_a_sum_of_an_incomplete_step_is_missing() -> None:
    merged = resample(every(15, 10), np.ones((10, 1)), HOURLY, "sum")
    np.testing.assert_array_equal(merged.values[:, 0], [4, 4, NAN])
    assert merged.decisions[1] == "1 sum of fewer than 4 rows counts as missing."


def test_events_sum_to_zero_where_there_are_none() -> None:
    moments = [0, 7, 8, 200, 201, 333]
    times = NEW_YEAR + np.array(moments, dtype="timedelta64[m]")
    merged = resample(times, np.ones((6, 1)), HOURLY, "sum")
    assert merged.times.tolist() == every(60, 6).tolist()
    assert merged.values[:, 0].tolist() == [3, 0, 0, 2, 0, 1]
    assert merged.decisions[1] == "Steps without rows have the sum 0."


def test_series_are_merged_one_by_one() -> None:
    times = np.concatenate([every(30, 4), every(30, 4)])
    merged = resample(times, np.arange(8.0)[:, np.newaxis], HOURLY, "mean", np.repeat([0, 1], 4))
    found = sorted(
        zip(merged.rows.tolist(), merged.times.tolist(), merged.values[:, 0].tolist(), strict=True)
    )
    assert found == list(zip([0, 2, 4, 6], every(60, 2).tolist() * 2, [0.5, 2.5, 4.5, 6.5], strict=True))


@pytest.mark.parametrize(
    ("frequency", "start"),
    [
        (Frequency("fixed", 2 * HOUR), datetime.datetime(2024, 2, 14, 12)),
        (Frequency("fixed", DAY), datetime.datetime(2024, 2, 14)),
        (Frequency("fixed", WEEK), datetime.datetime(2024, 2, 12)),
        (Frequency("months"), datetime.datetime(2024, 2, 1)),
        (Frequency("months", 3), datetime.datetime(2024, 1, 1)),
        (Frequency("months", 12), datetime.datetime(2024, 1, 1)),
    ],
)
def test_a_step_begins_where_its_calendar_does(frequency: Frequency, start: datetime.datetime) -> None:
    times = np.array(["2024-02-14T13:40", "2024-02-14T13:50"], dtype="datetime64[us]")
    assert resample(times, np.ones((2, 1)), frequency, "mean").times.tolist() == [start]


@given(
    offsets=st.lists(st.integers(0, 5000), min_size=2, max_size=60, unique=True),
    step=st.sampled_from([MINUTE * 30, HOUR, DAY]),
)
def test_means_and_maxima_are_those_of_their_rows(offsets: list[int], step: int) -> None:
    times = NEW_YEAR + np.array(offsets, dtype="timedelta64[m]")
    values = np.array(offsets, dtype=np.float64)[:, np.newaxis]
    starts = (times.astype(np.int64) // step * step).astype("datetime64[us]")
    for aggregate, of in (("mean", np.mean), ("max", np.max)):
        merged = resample(times, values, Frequency("fixed", step), aggregate)
        found = dict(zip(merged.times.tolist(), merged.values[:, 0].tolist(), strict=True))
        assert found == {start: of(values[starts == start]) for start in np.unique(starts).tolist()}


def test_options_that_cannot_be_are_refused() -> None:
    with pytest.raises(OptionError, match="it decides the frequency"):
        ReadOptions(resample="1h", frequency="hourly")
    with pytest.raises(OptionError, match="cannot be merged into business-daily"):
        ReadOptions(resample="business days")
