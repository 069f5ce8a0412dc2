import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_forecasting.data.series.splits import split_by_count, split_by_fraction
from lstm_forecasting.data.series.transforms import Transform
from lstm_forecasting.linear.mean import WORST_RATIO, fit_linear_mean
from lstm_forecasting.linear.member import fit_member
from lstm_forecasting.linear.windows import WindowShape
from lstm_plugins.ridge import PENALTY_WITHOUT_VALIDATION


def walk(rows, seed=0):
    return 100 + np.random.default_rng(seed).normal(size=rows).cumsum()


def test_a_member_is_the_solution_of_penalised_least_squares():
    values = walk(300)
    split = split_by_fraction(300)
    member = fit_member(values, split, WindowShape(5, 3), Transform())
    series = values / values[:210].std()
    rows = np.arange(5, 210 - 3 + 1)
    seen = series[rows[:, None] + np.arange(-5, 0)]
    inputs = seen - seen[:, -1:]
    outputs = series[rows[:, None] + np.arange(3)] - seen[:, -1:]
    centred = inputs - inputs.mean(axis=0)
    moments = centred.T @ centred / len(rows)
    penalty = member.solution.penalty * np.trace(moments) / 5
    expected = np.linalg.solve(moments + penalty * np.eye(5), centred.T @ outputs / len(rows))
    np.testing.assert_allclose(member.solution.kernel, expected, atol=1e-12)


def test_forecasts_see_no_row_of_their_own_and_are_fitted_without_the_test_part():
    values = walk(400)
    changed = values.copy()
    changed[360:] = 1e6
    split = split_by_fraction(400)
    rows = np.arange(split.test.start, 361)
    ours, other = (
        fit_linear_mean(series, split, 4, [8, 20]).forecast(series, rows, 4) for series in (values, changed)
    )
    assert np.array_equal(ours, other)


@settings(max_examples=20, deadline=None)
@given(factor=st.floats(1e-6, 1e6), log=st.booleans())
def test_forecasts_follow_the_units_of_the_series(factor, log):
    values = np.exp(walk(250) / 50)
    split = split_by_fraction(250)
    rows = np.array([210, 250])
    once = fit_linear_mean(values, split, 3, [6, 12], log=log).forecast(values, rows, 5)
    again = fit_linear_mean(values * factor, split, 3, [6, 12], log=log).forecast(values * factor, rows, 5)
    np.testing.assert_allclose(again, once * factor, rtol=1e-6)


def test_a_member_that_is_much_worse_is_left_out_and_the_rest_has_equal_weights():
    # A cycle of 24: a window of 4 rows of noise cannot tell where in the cycle it is.
    times = np.arange(1200)
    noise = np.random.default_rng(3).normal(size=1200)
    values = 10 * (times % 24 == 0) + 0.1 * noise
    split = split_by_fraction(1200)
    mean = fit_linear_mean(values, split, 24, [4, 72, 96], log=False)
    assert [member.look_back for member in mean.left_out] == [4]
    assert [member.look_back for member in mean.members] == [72, 96]
    assert mean.left_out[0].validation_error > WORST_RATIO * mean.validation_error
    rows = np.array([1000, 1100, 1200])
    each = [member.forecast(values, rows, 30) for member in mean.members]
    np.testing.assert_allclose(mean.forecast(values, rows, 30), np.mean(each, axis=0))
    assert mean.look_back == 96


def test_validation_decides_on_the_logarithm_of_a_positive_series():
    generator = np.random.default_rng(5)
    times = np.arange(600)
    growing = np.exp(0.01 * times + np.sin(times * 2 * np.pi / 12) + 0.1 * generator.normal(size=600))
    split = split_by_fraction(600)
    chosen = fit_linear_mean(growing, split, 12, [24, 48])
    assert chosen.log
    plain = fit_linear_mean(growing, split, 12, [24, 48], log=False)
    assert chosen.validation_error < plain.validation_error
    crossing = growing - growing.mean()
    assert not fit_linear_mean(crossing, split, 12, [24]).log
    # Without validation rows nothing can decide.
    assert not fit_linear_mean(growing, split_by_count(600, 500, 0, 100), 12, [24]).log


def test_without_validation_rows_all_members_stay_at_the_usual_penalty():
    values = walk(300)
    mean = fit_linear_mean(values, split_by_count(300, 250, 0, 50), 2, [3, 9])
    assert [member.look_back for member in mean.members] == [3, 9]
    assert {member.solution.penalty for member in mean.members} == {PENALTY_WITHOUT_VALIDATION}
    assert math.isnan(mean.validation_error)


def test_look_backs_without_two_training_windows_are_left_out():
    values = walk(60)
    split = split_by_count(60, 40, 10, 10)
    assert [m.look_back for m in fit_linear_mean(values, split, 5, [10, 36]).members] == [10]
    assert fit_linear_mean(values, split, 5, [36]) is None


@pytest.mark.parametrize("own", [0, 1])
def test_what_is_known_ahead_is_read_in_the_rows_to_be_forecast_if_it_is_the_users_own(own):
    generator = np.random.default_rng(7)
    promotion = (generator.random(900) < 0.2).astype(float)
    values = 50 + 20 * promotion + generator.normal(size=900)
    split = split_by_fraction(850)
    known = promotion[:, np.newaxis]
    mean = fit_linear_mean(values[:850], split, 7, [7, 14], known=known, own=own, log=False)
    rows = np.arange(split.test.start, 851)
    # Seven steps are fitted; the last rows and the recursion read the known column beyond the series' end.
    errors = mean.forecast(values[:850], rows, 14, known) - values[rows[:, None] + np.arange(14)]
    assert (np.abs(errors).mean() < 1.2) == bool(own)


def test_filled_values_are_inputs_but_never_targets():
    values = walk(500)
    observed = np.ones(500, bool)
    observed[100:110] = False
    values[100:110] = values[99]
    # A window of one row minus its last value is 0, so that only the mean change is left.
    member = fit_member(values, split_by_fraction(500), WindowShape(1, 3), Transform(), observed=observed)
    rows = np.arange(1, 350 - 3 + 1)
    changes = values[rows[:, None] + np.arange(3)] - values[rows - 1][:, None]
    expected = [
        changes[seen, step].mean() for step, seen in enumerate(observed[rows[:, None] + np.arange(3)].T)
    ]
    found = member.forecast(values, np.array([400]), 3) - values[399]
    np.testing.assert_allclose(found[0], expected)
