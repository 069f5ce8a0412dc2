import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.times.calendar import COUNTED, Frequency
from lstm_forecasting.data.times.durations import DAY, HOUR, WEEK
from lstm_forecasting.data.times.sessions import Sessions
from lstm_forecasting.known.calendar_columns import calendar_columns, calendar_values

DAILY, HOURLY = Frequency("fixed", DAY), Frequency("fixed", HOUR)
FREQUENCIES = {
    "every 15 minutes": Frequency("fixed", HOUR // 4),
    "hourly": HOURLY,
    "every 12 hours": Frequency("fixed", DAY // 2),
    "daily": DAILY,
    "weekly": Frequency("fixed", WEEK),
    "business days": Frequency("business days"),
    "monthly": Frequency("months", day=31),
    "quarterly": Frequency("months", 3),
    "sessions": Frequency(
        "sessions", HOUR, sessions=Sessions(tuple(d * DAY + h * HOUR for d in range(5) for h in range(9, 17)))
    ),
}
frequencies = st.sampled_from(list(FREQUENCIES.values()))


def times_of(frequency, rows, start="2018-01-01"):
    first = np.datetime64(start, "us") + np.timedelta64(9 * HOUR if frequency.sessions else 0, "us")
    return frequency.times(frequency.times(first, 0, 1)[0], 0, rows)


def columns(frequency, rows, ahead=0, **more):
    return calendar_columns(times_of(frequency, rows), frequency, rows, ahead, **more)


def waves(*counts):
    return {
        f"{cycle} {wave} {number}"
        for cycle, count in counts
        for number in range(1, count + 1)
        for wave in ("sin", "cos")
    }


@pytest.mark.parametrize(
    ("name", "rows", "expected"),
    [
        ("hourly", 24 * 30, waves(("hour", 3), ("weekday", 3)) | {"weekend"}),
        ("every 15 minutes", 96 * 14, waves(("hour", 3), ("weekday", 3)) | {"weekend"}),
        ("every 12 hours", 60, {"hour cos 1"} | waves(("weekday", 3)) | {"weekend"}),
        ("daily", 729, waves(("weekday", 3)) | {"weekend"}),
        ("daily", 730, waves(("weekday", 3), ("year", 2)) | {"weekend"}),
        ("business days", 600, waves(("weekday", 3), ("year", 2))),
        ("weekly", 105, waves(("year", 2))),
        ("weekly", 104, set()),
        ("monthly", 24, waves(("year", 2))),
        ("monthly", 23, set()),
        ("quarterly", 8, waves(("year", 1)) | {"year cos 2"}),
        ("sessions", 40 * 20, waves(("hour", 3), ("weekday", 3))),
    ],
)
def test_the_columns_suit_the_frequency_and_the_length(name, rows, expected):
    assert set(columns(FREQUENCIES[name], rows).names) == expected


def test_few_training_rows_have_no_waves_of_the_year_even_if_the_series_is_long():
    found = calendar_columns(times_of(DAILY, 3000), DAILY, 700, 0)
    assert not [name for name in found.names if "year" in name]


@given(frequencies, st.integers(30, 200), st.integers(0, 60), st.integers(1, 60))
def test_rows_of_the_future_are_those_of_a_longer_series(frequency, rows, ahead, more):
    longer = times_of(frequency, rows + more)
    one = calendar_columns(longer[:rows], frequency, rows, ahead)
    other = calendar_columns(longer, frequency, rows, ahead)
    assert one.names == other.names
    assert one.values.shape == (rows + ahead, len(one.names))
    common = min(len(one.values), len(other.values))
    assert np.array_equal(one.values[:common], other.values[:common])


@given(st.integers(14, 60), st.integers(0, 4000))
def test_columns_of_the_day_and_the_week_repeat_every_week(days, first):
    times = times_of(HOURLY, days * 24, np.datetime64("2015-01-01") + first)
    values = calendar_columns(times, HOURLY, len(times), 0).values
    assert np.array_equal(values[: -7 * 24], values[7 * 24 :])


@given(frequencies, st.integers(800, 1200))
def test_waves_have_sines_and_cosines_of_the_same_angle(frequency, rows):
    found = columns(frequency, rows)
    for name in found.names:
        partner = name.replace("sin", "cos")
        if "sin" in name and partner in found.names:
            sine, cosine = (found.values[:, found.names.index(one)] for one in (name, partner))
            assert np.allclose(sine**2 + cosine**2, 1)


def test_the_waves_of_months_are_even():
    values = calendar_values(times_of(Frequency("months"), 24), Frequency("months"), ["year sin 1"])
    assert np.allclose(values[:12, 0], np.sin(2 * np.pi * np.arange(12) / 12), atol=1e-12)


def test_holidays_and_the_days_beside_them():
    found = calendar_columns(times_of(DAILY, 364, "2023-01-02"), DAILY, 364, 30, country="DE")
    by_name = dict(zip(found.names, found.values.T, strict=True))
    days = np.datetime64("2023-01-02") + np.arange(394)

    def on(name):
        return {str(day) for day in days[by_name[name] == 1]}

    assert {"2023-05-01", "2023-12-25", "2023-12-26", "2024-01-01"} <= on("holiday")
    assert {"2023-04-30", "2023-12-24", "2023-12-25"} <= on("before holiday")
    assert {"2023-05-02", "2024-01-02"} <= on("after holiday")
    assert {value for name in by_name if "holiday" in name for value in by_name[name]} == {0.0, 1.0}


def test_a_part_of_a_country_has_its_own_holidays():
    germany, bavaria = (
        calendar_values(times_of(DAILY, 365, "2023-01-01"), DAILY, ["holiday"], one)
        for one in ("DE", "DE-BY")
    )
    assert (bavaria >= germany).all()
    assert bavaria.sum() > germany.sum()


def test_holidays_by_name_need_years_of_training_rows():
    few, many = (columns(DAILY, 365 * years, country="US").names for years in (3, 6))
    assert not [name for name in few if "Christmas" in name]
    assert {"Christmas Day", "before Christmas Day", "Memorial Day", "before Memorial Day, weekend"} <= set(
        many
    )
    # It is a Monday.
    assert "Memorial Day, weekend" not in many
    assert set(few) < set(many)


def test_a_named_holiday_is_apart_for_weekdays_and_weekends():
    times = times_of(DAILY, 365 * 25, "2000-01-01")
    found = calendar_columns(times, DAILY, len(times), 0, country="US")
    days = times.astype("datetime64[D]")
    by_name = dict(zip(found.names, found.values.T, strict=True))
    for name, weekend in (("Independence Day", False), ("Independence Day, weekend", True)):
        on = days[by_name[name] == 1]
        assert len(on) > 1
        assert (np.is_busday(on) != weekend).all()
        assert {str(day)[5:] for day in on} <= {"07-03", "07-04", "07-05"}


def test_holidays_that_a_country_no_longer_has_are_none():
    times = times_of(DAILY, 30, "2024-01-01")
    assert not calendar_values(times, DAILY, ["Day of the Abolished"], "US").any()


def test_weekly_rows_have_no_holidays():
    names = columns(FREQUENCIES["weekly"], 200, country="US").names
    assert set(names) == waves(("year", 2))


def test_standardised_with_the_training_rows_only():
    found = calendar_columns(times_of(DAILY, 100), DAILY, 70, 30)
    standardised = found.standardised(70)
    training = standardised[:70]
    assert np.allclose(training.mean(axis=0), 0)
    assert np.allclose(training.std(axis=0), 1)
    assert standardised.shape == found.values.shape == (130, len(found.names))
    assert found.own == 0


def test_numbered_rows_have_no_calendar():
    with pytest.raises(ValueError, match="numbered rows"):
        calendar_columns(times_of(DAILY, 10), COUNTED, 10, 5)
