import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.evaluation.significance import diebold_mariano, p_in_words, student_t_tails


@pytest.mark.parametrize(
    ("statistic", "degrees", "probability"),
    [
        # Tables of Student's t: two-sided 5 % and 1 %.
        (12.7062, 1, 0.05),
        (4.30265, 2, 0.05),
        (3.18245, 3, 0.05),
        (2.22814, 10, 0.05),
        (1.98397, 100, 0.05),
        (63.6567, 1, 0.01),
        (3.16927, 10, 0.01),
        (2.62589, 100, 0.01),
        (0.0, 7, 1.0),
    ],
)
def test_student_t_is_that_of_the_tables(statistic, degrees, probability):
    assert student_t_tails(statistic, degrees) == pytest.approx(probability, rel=1e-4)
    assert student_t_tails(-statistic, degrees) == student_t_tails(statistic, degrees)


@given(st.floats(0, 30), st.floats(0, 30), st.integers(1, 3000))
def test_larger_statistics_are_less_likely(one, other, degrees):
    low, high = sorted((one, other))
    assert 0 <= student_t_tails(high, degrees) <= student_t_tails(low, degrees) + 1e-12 <= 1 + 1e-12


def test_one_step_ahead_it_is_the_t_test_of_the_mean_difference():
    """The correction turns the population's variance into the sample's."""
    difference = np.array([1.0, 0, 2, -1, 0.5, 1.5, 0, 0.5, -0.5, 1.0])
    t = difference.mean() / (difference.std(ddof=1) / math.sqrt(10))
    assert diebold_mariano(difference, np.zeros(10), 1) == pytest.approx(student_t_tails(t, 9), rel=1e-9)


def test_several_steps_ahead_neighbours_count_as_they_overlap():
    """Differences that stay the same for four windows are a quarter as many."""
    blocks = np.random.default_rng(0).normal(0.4, 1, size=100)
    repeated = np.repeat(blocks, 4)
    alone = diebold_mariano(blocks, np.zeros(100), 1)
    assert diebold_mariano(repeated, np.zeros(400), 1) < alone / 5
    assert diebold_mariano(repeated, np.zeros(400), 4) > alone / 5


def test_chance_is_significant_about_as_often_as_it_says():
    generator = np.random.default_rng(1)
    kernel = np.ones(6) / 6
    found = 0
    for _ in range(300):
        one, other = (np.convolve(generator.exponential(size=405), kernel, "valid") for _ in range(2))
        found += diebold_mariano(one, other, 6) < 0.05
    assert 0.02 <= found / 300 <= 0.1


def test_the_unit_does_not_matter():
    errors = np.abs(np.random.default_rng(2).normal(size=(2, 80)))
    small, large = (diebold_mariano(*(unit * errors), 3) for unit in (1e-200, 1e200))
    assert small == pytest.approx(large, rel=1e-9)


def test_equal_and_constantly_different_errors_are_certain():
    errors = np.abs(np.random.default_rng(3).normal(size=50))
    assert diebold_mariano(errors, errors, 4) == 1.0
    assert diebold_mariano(np.full(50, 2.0), np.full(50, 1.0), 4) == 0.0


def test_too_few_windows_have_no_test():
    assert math.isnan(diebold_mariano(np.ones(3), np.zeros(3), 3))


@pytest.mark.parametrize(("p", "words"), [(0.0, "p < 0.001"), (0.0342, "p = 0.034"), (0.412, "p = 0.41")])
def test_p_values_have_the_digits_that_matter(p, words):
    assert p_in_words(p) == words
