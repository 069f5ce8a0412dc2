import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.evaluation.intervals.levels import LEVEL, rank, residuals_needed, supported
from lstm_plugins.errors import OptionError


def test_80_percent_needs_4_errors_and_95_percent_needs_19():
    assert (residuals_needed(80), residuals_needed(95), residuals_needed(99.9)) == (4, 19, 999)
    assert supported((80.0, 95.0), 18) == (80.0,)


@given(st.floats(0.1, 99.9))
def test_one_error_fewer_than_needed_supports_no_interval(level):
    needed = residuals_needed(level)
    assert 1 <= rank(level, needed) <= needed
    assert rank(level, needed - 1) > needed - 1


def test_levels_are_sorted_and_each_is_used_once():
    assert LEVEL.parse("95, 80, 80") == (80.0, 95.0)


@pytest.mark.parametrize("text", ["0", "100", "99.95", "-80", "80,high"])
def test_a_level_that_is_no_percentage_is_refused(text):
    with pytest.raises(OptionError, match="percentages above 0"):
        LEVEL.parse(text)
