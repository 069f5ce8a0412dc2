import math
import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lstm_forecasting.evaluation.metrics import naive_error, scores, scores_by_step

SOME = arrays(np.float64, (6, 3), elements=st.integers(-1000, 1000).map(lambda n: n / 8))


def test_measures_of_a_worked_example():
    truth = np.array([[1.0, 2.0], [3.0, 4.0]])
    forecast = np.array([[1.0, 3.0], [3.0, 2.0]])
    found = scores(truth, forecast, naive=0.5)
    assert found.mae == pytest.approx(3 / 4)
    assert found.rmse == pytest.approx(math.sqrt(5 / 4))
    assert found.mase == pytest.approx(1.5)
    assert found.smape == pytest.approx(200 / 4 * (1 / 5 + 2 / 6))
    assert found.r2 == pytest.approx(1 - 5 / 5)


def test_naive_error_is_that_of_the_season_before():
    assert naive_error(np.array([1.0, 2.0, 4.0, 8.0]), 1) == pytest.approx(7 / 3)
    assert naive_error(np.array([1.0, 2.0, 4.0, 8.0]), 2) == pytest.approx(9 / 2)


@pytest.mark.parametrize(
    ("training", "season"), [([5.0] * 9, 1), ([1.0, 2.0] * 9, 2), ([1.0, 2.0], 2), ([], 1)]
)
def test_mase_is_undefined_without_a_naive_error(training, season):
    naive = naive_error(np.array(training), season)
    assert math.isnan(naive)
    assert math.isnan(scores(np.ones((2, 2)), np.zeros((2, 2)), naive).mase)


def test_r2_is_undefined_where_the_truth_does_not_vary():
    found = scores(np.full((3, 2), 0.1), np.zeros((3, 2)), 1.0)
    assert math.isnan(found.r2)
    assert found.mae == pytest.approx(0.1)


def test_smape_counts_zero_against_zero_as_zero():
    found = scores(np.array([[0.0, 0.0]]), np.array([[0.0, 3.0]]), 1.0)
    assert found.smape == pytest.approx(100.0)


def test_steps_are_scored_on_their_own_against_the_same_naive_error():
    truth = np.arange(12.0).reshape(4, 3)
    forecast = truth + np.array([0.0, 1.0, -2.0])
    assert [step.mae for step in scores_by_step(truth, forecast, 4.0)] == [0.0, 1.0, 2.0]
    assert [step.mase for step in scores_by_step(truth, forecast, 4.0)] == [0.0, 0.25, 0.5]
    assert scores_by_step(truth, forecast, 4.0)[0].r2 == 1.0


@given(SOME, SOME)
def test_measures_are_those_of_exact_arithmetic(truth, forecast):
    found = scores(truth, forecast, 1.0)
    pairs = [(Fraction(a), Fraction(b)) for a, b in zip(truth.ravel(), forecast.ravel(), strict=True)]
    squares = sum((b - a) ** 2 for a, b in pairs)
    assert found.mae == pytest.approx(float(sum(abs(b - a) for a, b in pairs) / len(pairs)), rel=1e-12)
    assert found.rmse == pytest.approx(math.sqrt(squares / len(pairs)), rel=1e-12)
    parts = [abs(b - a) / (abs(a) + abs(b)) if a or b else 0 for a, b in pairs]
    assert found.smape == pytest.approx(float(200 * sum(parts) / len(pairs)), rel=1e-12)
    mean = sum(a for a, _ in pairs) / len(pairs)
    variance = sum((a - mean) ** 2 for a, _ in pairs)
    if variance:
        assert found.r2 == pytest.approx(float(1 - squares / variance), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("unit", [1e-300, 1e-160, 1e160, 1e300])
def test_units_of_any_size_neither_overflow_nor_vanish(unit):
    truth, forecast = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[1.5, 2.0], [2.0, 5.0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        small = scores(truth, forecast, 2.0)
        other = scores(truth * unit, forecast * unit, naive_error(np.array([1.0, 3.0]) * unit, 1))
    assert other.mae / unit == pytest.approx(small.mae)
    assert other.rmse / unit == pytest.approx(small.rmse)
    assert (other.mase, other.smape, other.r2) == pytest.approx((small.mase, small.smape, small.r2))


@pytest.mark.parametrize(
    ("truth", "forecast"),
    [
        (np.ones((2, 2)), np.ones((2, 3))),
        (np.ones((0, 2)), np.ones((0, 2))),
        (np.ones((1, 2)), np.array([[1.0, math.nan]])),
        (np.array([[1.0, math.inf]]), np.ones((1, 2))),
    ],
)
def test_what_cannot_be_compared_is_refused(truth, forecast):
    with pytest.raises(ValueError, match="cannot be"):
        scores(truth, forecast, 1.0)


def test_only_counted_values_are_scored():
    truth = np.array([[1.0, 100.0], [3.0, 4.0]])
    forecast = np.array([[2.0, -7.0], [3.0, 6.0]])
    counted = np.array([[True, False], [True, True]])
    assert scores(truth, forecast, 1.0, counted) == scores(truth[counted], forecast[counted], 1.0)
    first, second = scores_by_step(truth, forecast, 1.0, counted)
    assert first == scores(truth[:, 0], forecast[:, 0], 1.0)
    assert second == scores(truth[1:, 1], forecast[1:, 1], 1.0)


def test_without_a_counted_value_every_measure_is_undefined():
    found = scores(np.ones((2, 2)), np.zeros((2, 2)), 1.0, np.zeros((2, 2), dtype=bool))
    assert all(math.isnan(value) for value in (found.mae, found.rmse, found.mase, found.smape, found.r2))


def test_naive_error_knows_pairs_of_observed_values_only():
    training = np.array([1.0, 2.0, 2.0, 8.0, 9.0])
    observed = np.array([True, True, False, True, True])
    assert naive_error(training, 1, observed) == pytest.approx((1 + 1) / 2)
    assert naive_error(training, 2, observed) == pytest.approx(6)
    assert math.isnan(naive_error(training, 1, np.array([True, False, True, False, True])))
