import math

import pytest

from lstm_tui.forecast.widgets.numbers import decimals_for, decimals_of_axis, shown


@pytest.mark.parametrize(
    ("values", "decimals"),
    [([0.386, 1.747], 3), ([12.3, 45.0], 1), ([1234.0], 0), ([0.00042], 6), ([0.0], 2), ([math.nan], 2)],
)
def test_decimals_give_the_smallest_value_three_digits(values, decimals):
    assert decimals_for(values) == decimals


@pytest.mark.parametrize(
    ("values", "decimals"), [([371.2, 374.9], 3), ([100.0, 900.0], 1), ([5.0, 5.0], 3), ([], 2)]
)
def test_decimals_of_an_axis_show_how_values_differ(values, decimals):
    assert decimals_of_axis(values) == decimals


def test_what_is_not_defined_is_a_dash():
    assert shown(math.nan, 3) == "–"
    assert shown(1.5, 3) == "1.500"
