import numpy as np
import pytest

from lstm_tui.kit.charts.dates import row_ticks


def times(start, count, step):
    return (np.datetime64(start) + np.arange(count) * np.timedelta64(*step)).astype("datetime64[us]")


@pytest.mark.parametrize(
    ("stamps", "columns", "some"),
    [
        (times("1958-03-29", 2284, (7, "D")), 100, ["1960", "1965", "1995"]),
        (times("1958-03-29", 2284, (7, "D")), 30, ["1960", "1980", "2000"]),
        (times("2016-07-01T00:00", 72, (1, "h")), 60, ["2 Jul", "3 Jul", "12:00"]),
        (times("2012-01-01", 730, (1, "D")), 90, ["Jul 12", "2013"]),
        (times("2021-05-03", 30, (1, "D")), 60, ["10 May", "17 May", "24 May"]),
        (times("2021-05-03T08:00:00", 300, (1, "s")), 60, ["08:01", "08:02"]),
    ],
)
def test_ticks_stand_at_round_dates(stamps, columns, some):
    labels = [tick.label for tick in row_ticks(stamps)(0, len(stamps) - 1, columns)]
    assert set(some) <= set(labels)
    assert sum(map(len, labels)) + 2 * len(labels) <= columns


def test_ticks_stand_at_the_row_of_their_date():
    stamps = times("2012-01-01", 800, (1, "D"))
    ticks = {tick.label: tick.at for tick in row_ticks(stamps)(0, 799, 60)}
    assert ticks["2013"] == 366


def test_a_zoomed_part_has_its_own_ticks():
    stamps = times("1958-03-29", 2284, (7, "D"))
    make = row_ticks(stamps)
    labels = [tick.label for tick in make(1000, 1060, 80)]
    assert any("77" in label or "1978" in label for label in labels)
    assert all(1000 <= tick.at <= 1060 for tick in make(1000, 1060, 80))


def test_rows_without_times_are_counted():
    assert [tick.label for tick in row_ticks(None)(0, 300, 40)] == ["0", "100", "200", "300"]


def test_years_before_1970_and_a_few_rows():
    stamps = np.array([f"{year}-01-01" for year in range(1700, 2009)], dtype="datetime64[us]")
    labels = [tick.label for tick in row_ticks(stamps)(0, 308, 60)]
    assert "1700" in labels
    assert "1950" in labels
    assert row_ticks(stamps)(4.2, 4.4, 60) == []
