import pytest

from lstm_forecasting.data.times.frequency_text import parse_frequency
from lstm_forecasting.linear.look_backs import usual_look_backs


@pytest.mark.parametrize(
    ("frequency", "season", "horizon", "rows", "expected"),
    [
        ("hourly", 24, 24, 8640, (96, 336, 720)),
        ("hourly", 24, 192, 8640, (336, 720)),
        ("hourly", 24, 720, 8640, (720,)),
        ("daily", 7, 30, 7000, (98, 210, 371)),
        ("daily", 7, 14, 1000, (28, 98, 210)),
        ("weekly", 1, 8, 1000, (52, 208)),
        ("weekly", 52, 8, 300, (52,)),
        ("monthly", 12, 12, 200, (48,)),
        (None, 1, 1, 1000, (28, 98, 210)),
        (None, 1, 1, 40, (10,)),
        (None, 1, 1, 2, (1,)),
    ],
)
def test_look_backs_follow_the_season_the_horizon_and_the_length(frequency, season, horizon, rows, expected):
    found = usual_look_backs(season, horizon, rows, frequency and parse_frequency(frequency))
    assert found == expected
