import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_tui.kit.charts.ticks import linear_limits, log_limits, log_ticks, number, number_ticks, whole_ticks


def labels(ticks):
    return [tick.label for tick in ticks]


@pytest.mark.parametrize(
    ("low", "high", "most", "wanted"),
    [
        (313.2, 374.1, 8, ["320", "330", "340", "350", "360", "370"]),
        (0, 1, 6, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-0.02, 0.023, 5, ["-0.02", "-0.01", "0.00", "0.01", "0.02"]),
        (1e6, 5e6, 5, ["1000000", "2000000", "3000000", "4000000", "5000000"]),
    ],
)
def test_numbers_are_round_and_have_the_same_decimals(low, high, most, wanted):
    assert labels(number_ticks(low, high, most)) == wanted


@given(
    low=st.floats(-1e6, 1e6),
    size=st.floats(1e-3, 1e6),
    most=st.integers(2, 12),
)
def test_ticks_lie_within_the_range_and_are_not_too_many(low, size, most):
    high = low + size
    if high <= low:
        return
    ticks = number_ticks(low, high, most)
    slack = 1e-6 * size
    assert len(ticks) <= most
    assert all(low - slack <= tick.at <= high + slack for tick in ticks)
    assert [tick.at for tick in ticks] == sorted(tick.at for tick in ticks)


def test_epochs_are_whole():
    assert labels(whole_ticks(1, 4, 12)) == ["1", "2", "3", "4"]
    assert labels(whole_ticks(1, 85, 8)) == ["20", "40", "60", "80"]


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [
        (-3, 0, ["0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1"]),
        (math.log10(0.002), math.log10(0.02), ["0.002", "0.005", "0.01", "0.02"]),
        (math.log10(0.2), math.log10(0.9), ["0.2", "0.4", "0.6", "0.8"]),
        (-6, 0, ["1e-6", "1e-5", "0.0001", "0.001", "0.01", "0.1", "1"]),
        (0, 4, ["1", "10", "100", "1000", "10000"]),
    ],
)
def test_log_ticks_are_labelled_with_the_values_themselves(low, high, wanted):
    ticks = log_ticks(low, high, 7)
    assert labels(ticks) == wanted
    assert all(tick.at == pytest.approx(math.log10(float(tick.label))) for tick in ticks)


@given(low=st.floats(-9, 6), size=st.floats(0.05, 9), most=st.integers(4, 10))
def test_log_ticks_lie_within_the_range_and_are_some(low, size, most):
    ticks = log_ticks(low, low + size, most)
    assert 1 <= len(ticks) <= most + 1
    assert all(low - 1e-6 <= tick.at <= low + size + 1e-6 for tick in ticks)


def test_limits_are_round_and_stay_while_values_fall_a_little():
    assert log_limits([0.019, 0.0031]) == (math.log10(0.002), math.log10(0.02))
    assert log_limits([0.019, 0.0031]) == log_limits([0.019, 0.0031, 0.0024])
    low, high = log_limits([0.5])
    assert low < math.log10(0.5) + 1e-9 < high


def test_limits_ignore_what_has_no_logarithm():
    assert log_limits([0.0, -1.0, math.nan, math.inf, 0.03]) == log_limits([0.03])
    low, high = log_limits([])
    assert low < high


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.01, "0.01"), (0.1, "0.1"), (20, "20"), (1.5, "1.5"), (4.8e-7, "4.8e-7"), (2e8, "2e8")],
)
def test_a_number_reads_as_people_write_it(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([], (0.0, 1.0)),
        ([0.01, 0.9], (0.0, 1.0)),
        ([0.92, 0.98], (0.9, 1.0)),
        ([0.003, 0.003], (0.003 - 0.0005, 0.003 + 0.0005)),
        ([0.0, 0.0], (-1.0, 1.0)),
        ([-3.0, 4.0], (-4.0, 6.0)),
        ([math.nan, 2.0, 8.0, math.inf], (0.0, 10.0)),
    ],
)
def test_linear_limits_are_round(values, wanted):
    assert linear_limits(values) == pytest.approx(wanted)


@given(st.lists(st.floats(-1e12, 1e12), max_size=6))
def test_linear_limits_hold_all_values(values):
    low, high = linear_limits(values)
    slack = 1e-6 * max(abs(low), abs(high))
    assert low < high
    assert all(low - slack <= value <= high + slack for value in values)
