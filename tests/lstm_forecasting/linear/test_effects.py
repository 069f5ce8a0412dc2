import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_forecasting.data.series.splits import split_by_count, split_by_fraction
from lstm_forecasting.linear.effects import fit_effects
from lstm_plugins.ridge import PENALTIES, PENALTY_WITHOUT_VALIDATION


def series(seed, rows=700):
    generator = np.random.default_rng(seed)
    special = (generator.random((rows, 2)) < 0.05).astype(float)
    times = np.arange(rows)
    smooth = 0.02 * times + 5 * np.sin(times * 2 * np.pi / 7)
    return special, smooth, generator


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), first=st.floats(-30, 30), second=st.floats(-30, 30))
def test_effects_are_found_whatever_the_trend_and_the_season(seed, first, second):
    special, smooth, _ = series(seed)
    values = smooth + special @ [first, second]
    effects = fit_effects(values, special, 7, split_by_fraction(700))
    np.testing.assert_allclose(
        effects.coefficients, [first, second], atol=1e-3 * (1 + abs(first) + abs(second))
    )
    np.testing.assert_allclose(effects.of(special), special @ effects.coefficients)


def test_test_rows_do_not_matter_and_a_column_without_changes_has_no_effect():
    special, smooth, generator = series(3)
    columns = np.column_stack([special, np.ones(700)])
    values = smooth + special @ [4.0, -2.0] + generator.normal(size=700)
    split = split_by_fraction(700)
    spoiled = values.copy()
    spoiled[split.test.slice] = 1e9
    found, other = (fit_effects(one, columns, 7, split) for one in (values, spoiled))
    assert found.coefficients[2] == 0
    assert np.array_equal(found.coefficients, other.coefficients)


def test_filled_values_do_not_count():
    special, smooth, _ = series(4)
    values = smooth + special @ [4.0, -2.0]
    observed = np.ones(700, bool)
    observed[50:80] = False
    values[50:80] = 1e6
    effects = fit_effects(values, special, 7, split_by_fraction(700), observed)
    np.testing.assert_allclose(effects.coefficients, [4.0, -2.0], atol=1e-3)


def test_effects_that_the_validation_rows_contradict_are_shrunk_to_nothing():
    special, smooth, _ = series(5)
    split = split_by_fraction(700)
    values = smooth + special @ [4.0, -2.0]
    values[split.validation.slice] -= 2 * (special @ [4.0, -2.0])[split.validation.slice]
    assert fit_effects(values, special, 7, split).penalty == max(PENALTIES)
    unchecked = fit_effects(values, special, 7, split_by_count(700, 490, 0, 210))
    assert unchecked.penalty == PENALTY_WITHOUT_VALIDATION


def test_validation_rows_without_an_event_do_not_shrink_its_effect():
    special, smooth, _ = series(6)
    split = split_by_fraction(700)
    special[split.validation.start - 7 : split.validation.stop + 7] = 0
    effects = fit_effects(smooth + special @ [4.0, -2.0], special, 7, split)
    np.testing.assert_allclose(effects.coefficients, [4.0, -2.0], atol=0.1)


def test_a_series_shorter_than_two_seasons_has_no_effects():
    assert fit_effects(np.arange(20.0), np.ones((20, 1)), 7, split_by_count(20, 15, 0, 5)) is None
