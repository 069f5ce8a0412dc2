import math

import pytest

from lstm_tui.kit.numbers import (
    decimals_for,
    decimals_of_values,
    fixed,
    form_for,
    in_one_form,
    score_texts,
    shown,
)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([1.23456, 12.3456], ["1.235", "12.346"]),
        ([0.000123456, 1.0], ["0.0001235", "1.0000000"]),
        ([123456.7, 2345678.9], ["123,457", "2,345,679"]),
        ([-1.5, math.nan], ["−1.500", "–"]),
        ([0.0, 0.0], ["0", "0"]),
        ([math.inf, 2.0], ["–", "2.000"]),
        ([1.234e-9, 5.6e-9], ["1.234e−09", "5.600e−09"]),
        ([1.5e12, 3e12], ["1.500e+12", "3.000e+12"]),
        ([1e-300, 1.0], ["0.000000000000", "1.000000000000"]),
        ([], []),
    ],
)
def test_a_column_has_one_form_in_which_its_smallest_number_says_something(values, shown):
    assert in_one_form(values) == shown


@pytest.mark.parametrize(
    ("value", "finest", "shown"),
    [(371.70612, 0.49, "371.706"), (9.5012, 1.28, "9.50"), (1234.5, 150.0, "1,234"), (5.0, 0.0, "5")],
)
def test_a_forecast_shows_no_more_digits_than_its_error_leaves(value, finest, shown):
    assert form_for([value], finest, 3)(value) == shown


def test_a_large_series_with_small_errors_keeps_the_digits_that_differ():
    assert form_for([1.23456789e12], 1e6, 2)(1.23456789e12) == "1.2345679e+12"


def test_thousands_are_set_apart():
    assert fixed(-1234567.891, 1) == "−1,234,567.9"


@pytest.mark.parametrize(
    ("values", "decimals"),
    [([0.386, 1.747], 3), ([12.3, 45.0], 1), ([1234.0], 0), ([0.00042], 6), ([0.0], 2), ([math.nan], 2)],
)
def test_decimals_give_the_smallest_value_three_digits(values, decimals):
    assert decimals_for(values) == decimals


@pytest.mark.parametrize(
    ("values", "decimals"),
    [([371.2, 374.9], 3), ([100.5, 900.0], 1), ([5.5, 5.5], 3), ([100.0, 900.0], 0), ([], 2)],
)
def test_decimals_of_an_axis_show_how_values_differ(values, decimals):
    assert decimals_of_values(values) == decimals


def test_what_is_not_defined_is_a_dash():
    assert shown(math.nan, 3) == "–"
    assert shown(1.5, 3) == "1.500"


def test_scores_have_three_digits_of_the_smallest_that_matters():
    assert score_texts("mae", [0.391, 1.7470, 12.3456]) == ["0.391", "1.747", "12.346"]
    assert score_texts("mae", [0.0312, 250.0]) == ["0.03", "250"]
    assert score_texts("r2", [0.98765, -1.5]) == ["0.988", "−1.500"]


def test_the_scores_of_a_nearly_perfect_model_do_not_decide_the_digits_of_the_others():
    texts = score_texts("mae", [3.2e-9, 1.25, float("nan"), 0.0])
    assert texts == ["3e−09", "1.25", "–", "0.00"]
