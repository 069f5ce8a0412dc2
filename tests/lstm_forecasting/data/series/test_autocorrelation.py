import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lstm_forecasting.data.series.autocorrelation import (
    autocorrelations,
    autocorrelations_with_gaps,
    bounds,
    chi_squared_tail,
    lagged_products,
    lags_to_test,
    ljung_box,
)

SERIES = arrays(np.float64, st.integers(8, 60), elements=st.floats(-1e6, 1e6))


def test_autocorrelations_by_hand():
    # Mean 3, deviations -2 -1 0 1 2, squares 10; products 2+0+0+2 = 4, 0-1+0 = -1, -2-2 = -4.
    assert autocorrelations(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), 3) == pytest.approx([0.4, -0.1, -0.4])


def test_a_cycle_comes_back_after_its_length():
    found = autocorrelations(np.sin(np.arange(240) * 2 * np.pi / 12), 24)
    assert int(np.argmax(found[5:])) + 6 == 12
    assert found[5] == found.min()


@given(SERIES)
def test_autocorrelations_are_those_of_the_definition(series):
    found = autocorrelations(series, len(series) // 2)
    centred = series - series.mean()
    squares = float(centred @ centred)
    if np.isnan(found).any():
        assert np.ptp(series) <= 1e-12 * np.abs(series).max()
        return
    if squares <= 1e-200:
        return
    for lag, value in enumerate(found, 1):
        assert value == pytest.approx(float(centred[lag:] @ centred[:-lag]) / squares, abs=1e-6)


@given(SERIES, st.floats(0.5, 1e3), st.floats(-10, 10))
def test_units_change_nothing(series, scale, shift):
    if np.ptp(series) < 1e-3:
        return
    one, other = (autocorrelations(values, 5) for values in (series, scale * series + shift))
    assert one == pytest.approx(other, abs=1e-6)


@pytest.mark.parametrize("unit", [1e-300, 1e300])
def test_very_small_and_very_large_units_neither_vanish_nor_overflow(unit):
    series = np.array([1.0, -0.5, 0.25, 1.0, -1.0, 0.5])
    assert autocorrelations(series * unit, 3) == pytest.approx(autocorrelations(series, 3))


@pytest.mark.parametrize("value", [0.0, 7.3])
def test_what_does_not_vary_has_no_autocorrelation(value):
    assert np.isnan(autocorrelations(np.full(9, value), 2)).all()


def test_there_is_no_lag_as_long_as_the_series():
    with pytest.raises(ValueError, match="no autocorrelation at lag 5"):
        autocorrelations(np.arange(5.0), 5)


def test_lagged_products_are_sums_of_products():
    series = np.array([1.0, 2.0, -3.0, 4.0])
    assert lagged_products(series, 2) == pytest.approx([30.0, 2 - 6 - 12, -3 + 8])


def test_bounds_of_noise_and_after_lags_that_are_known_to_be_correlated():
    found = np.array([0.6, 0.2, 0.1])
    assert bounds(found, 100) == pytest.approx([0.196] * 3)
    wider = 0.196 * math.sqrt(1 + 2 * (0.36 + 0.04))
    assert bounds(found, 100, known=2) == pytest.approx([0.196, 0.196, wider])


@pytest.mark.parametrize(("count", "season", "lags"), [(200, 1, 10), (200, 12, 24), (60, 12, 12), (30, 1, 6)])
def test_lags_to_test(count, season, lags):
    assert lags_to_test(count, season) == lags


@pytest.mark.parametrize(
    ("degrees", "statistic", "tail"),
    # Critical values of the usual tables.
    [
        (1, 3.841, 0.05),
        (2, 5.991, 0.05),
        (3, 7.815, 0.05),
        (5, 15.086, 0.01),
        (10, 18.307, 0.05),
        (10, 23.209, 0.01),
        (25, 34.382, 0.1),
        (100, 124.342, 0.05),
    ],
)
def test_chi_squared_against_tables(degrees, statistic, tail):
    assert chi_squared_tail(statistic, degrees) == pytest.approx(tail, rel=1e-3)


@given(st.floats(1e-6, 3000), st.integers(1, 400))
def test_chi_squared_is_a_probability_that_falls(statistic, degrees):
    tail = chi_squared_tail(statistic, degrees)
    assert 0 <= tail <= 1
    assert chi_squared_tail(statistic * 1.5, degrees) <= tail + 1e-12
    assert chi_squared_tail(statistic, degrees + 1) >= tail - 1e-12
    assert chi_squared_tail(0.0, degrees) == 1.0


def test_ljung_box_by_hand():
    # Q = 100 · 102 · (0.04 / 99 + 0.01 / 98) = 5.1620
    statistic = 100 * 102 * (0.04 / 99 + 0.01 / 98)
    assert ljung_box(np.array([0.2, -0.1]), 100) == pytest.approx(math.exp(-statistic / 2))


def test_ljung_box_rejects_noise_as_often_as_it_says():
    generator = np.random.default_rng(5)
    p_values = [ljung_box(autocorrelations(generator.normal(size=200), 10), 200) for _ in range(400)]
    assert 0.02 < np.mean(np.array(p_values) < 0.05) < 0.09
    walk = np.cumsum(generator.normal(size=200))
    assert ljung_box(autocorrelations(walk, 10), 200) < 1e-6


def test_with_gaps_only_pairs_of_observed_values_count():
    generator = np.random.default_rng(3)
    series, observed = generator.normal(size=80), generator.random(80) < 0.6
    found, pairs = autocorrelations_with_gaps(np.where(observed, series, 1e9), observed, 12)
    mean, variance = series[observed].mean(), series[observed].var()
    for lag in range(1, 13):
        both = observed[lag:] & observed[:-lag]
        products = ((series[lag:] - mean) * (series[:-lag] - mean))[both]
        assert pairs[lag - 1] == both.sum()
        assert found[lag - 1] == pytest.approx(np.clip(products.mean() / variance, -1, 1))


def test_without_gaps_the_test_of_a_series_is_the_same():
    series = np.random.default_rng(5).normal(size=60).cumsum()
    complete = autocorrelations(series, 10)
    found, pairs = autocorrelations_with_gaps(series, np.ones(60, dtype=bool), 10)
    assert pairs.tolist() == list(range(59, 49, -1))
    np.testing.assert_allclose(found * pairs / 60, complete, rtol=1e-12)
    assert ljung_box(found, 60, pairs) == pytest.approx(ljung_box(complete, 60))


def test_a_lag_without_pairs_has_no_correlation():
    series, observed = np.arange(12.0), np.arange(12) % 3 == 0
    found, pairs = autocorrelations_with_gaps(series, observed, 4)
    assert pairs.tolist() == [0, 0, 3, 0]
    assert found[[0, 1, 3]].tolist() == [0, 0, 0]


@pytest.mark.parametrize("value", [0.0, 4.2])
def test_constant_values_with_gaps_have_no_correlation_at_all(value):
    observed = np.arange(30) % 4 > 0
    assert np.isnan(autocorrelations_with_gaps(np.full(30, value), observed, 5)[0]).all()


def test_noise_with_gaps_is_taken_for_noise():
    p_values = []
    for seed in range(200):
        generator = np.random.default_rng(seed)
        series, observed = generator.normal(size=300), generator.random(300) < 0.5
        found, pairs = autocorrelations_with_gaps(series, observed, 10)
        p_values.append(ljung_box(found, int(observed.sum()), pairs))
    assert 0.01 < np.mean(np.array(p_values) < 0.05) < 0.12
