import socket

import numpy as np
import pytest

from lstm_forecasting.known.holiday_columns import check_country, holiday_columns


@pytest.mark.parametrize(
    ("text", "code"), [("de", "DE"), ("DE-BY", "DE-BY"), ("us_ca", "US-CA"), (" FR ", "FR")]
)
def test_countries_and_their_parts(text, code):
    assert check_country(text) == code


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Germany", "there are no holidays for 'Germany'; did you mean DE"),
        ("United Kingdom", "did you mean GB"),
        ("XX", "write it like US, DE or DE-BY"),
        ("DE-XX", "DE has no part 'XX' with holidays of its own; it has"),
    ],
)
def test_an_unknown_country_is_refused_with_a_hint(text, message):
    with pytest.raises(ValueError, match=message):
        check_country(text)


def test_holidays_need_no_network(monkeypatch):
    monkeypatch.setattr(socket, "socket", None)
    times = np.datetime64("2024-07-01", "us") + np.arange(7) * np.timedelta64(1, "D")
    assert holiday_columns(times, "US")["holiday"].tolist() == [0, 0, 0, 1, 0, 0, 0]


def test_every_hour_of_a_holiday_counts():
    times = np.datetime64("2024-07-03T22", "us") + np.arange(30) * np.timedelta64(1, "h")
    assert holiday_columns(times, "US")["holiday"].tolist() == [0] * 2 + [1] * 24 + [0] * 4
