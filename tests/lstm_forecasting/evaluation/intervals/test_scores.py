import math

import numpy as np
import pytest

from lstm_forecasting.evaluation.intervals.scores import CRPS_LEVELS, coverages, crps


def test_coverage_width_and_score_of_counted_values():
    truth = np.array([[0.0, 5.0], [2.0, 0.0], [9.0, 1.0]])
    low, high = np.full((3, 2, 1), -1.0), np.full((3, 2, 1), 1.0)
    counted = np.array([[True, True], [True, True], [False, True]])
    low[1, 1] = high[1, 1] = np.nan
    (found,) = coverages(truth, low, high, (80.0,), counted)
    assert found.measured == 50.0
    assert found.by_step.tolist() == [50.0, 50.0]
    assert (found.windows, found.width) == (3, 2.0)
    # Two values are outside, by 4 and by 1; each costs 2 / 0.2 times as much.
    assert found.score == pytest.approx(2.0 + 10 * (4 + 1) / 4)


def test_without_a_counted_value_nothing_is_measured():
    truth = np.zeros((3, 2))
    (found,) = coverages(truth, truth[..., None], truth[..., None], (80.0,), np.zeros((3, 2), dtype=bool))
    assert math.isnan(found.measured)
    assert np.isnan(found.by_step).all()
    assert found.agrees is None
    assert math.isnan(crps(truth, truth, np.full((3, 2, 4), np.nan), np.full((3, 2, 4), np.nan)))


def test_the_standard_error_of_independent_windows_is_binomial():
    truth = np.random.default_rng(2).uniform(size=(40_000, 1))
    low, high = np.zeros((40_000, 1, 1)), np.full((40_000, 1, 1), 0.8)
    (found,) = coverages(truth, low, high, (80.0,))
    assert found.standard_error == pytest.approx(100 * math.sqrt(0.8 * 0.2 / 40_000), rel=0.15)
    assert found.agrees


def test_windows_that_depend_on_each_other_have_a_larger_standard_error():
    truth = np.repeat(np.random.default_rng(2).uniform(size=4000), 10)[:, np.newaxis]
    low, high = np.zeros((40_000, 1, 1)), np.full((40_000, 1, 1), 0.8)
    (found,) = coverages(truth, low, high, (80.0,))
    assert found.standard_error > 2 * 100 * math.sqrt(0.8 * 0.2 / 40_000)


def test_intervals_that_are_much_too_narrow_do_not_agree():
    truth = np.random.default_rng(2).uniform(size=(400, 1))
    (found,) = coverages(truth, np.zeros((400, 1, 1)), np.full((400, 1, 1), 0.5), (80.0,))
    assert found.agrees is False


def test_the_crps_of_a_forecast_without_spread_is_its_absolute_error():
    generator = np.random.default_rng(0)
    truth, point = generator.normal(size=(2, 50, 3))
    ends = np.repeat(point[..., None], len(CRPS_LEVELS), axis=2)
    assert crps(truth, point, ends, ends) == pytest.approx(np.abs(truth - point).mean())


@pytest.mark.exhaustive
def test_scores_are_those_of_a_well_known_library():
    import scoringrules

    generator = np.random.default_rng(4)
    truth, point = generator.normal(size=(2, 300, 5))
    counted = generator.random(truth.shape) < 0.8
    widths = np.sort(generator.gamma(2.0, size=(*truth.shape, 4)), axis=2)
    low, high = point[..., None] - widths, point[..., None] + widths
    for level, found in zip(CRPS_LEVELS, coverages(truth, low, high, CRPS_LEVELS, counted), strict=True):
        place = CRPS_LEVELS.index(level)
        expected = scoringrules.interval_score(truth, low[..., place], high[..., place], 1 - level / 100)
        assert found.score == pytest.approx(expected[counted].mean(), rel=1e-12)
    quantiles = np.concatenate([low[..., ::-1], point[..., None], high], axis=2)
    expected = scoringrules.crps_quantile(truth, quantiles, np.arange(1, 10) / 10)
    assert crps(truth, point, low, high, counted) == pytest.approx(expected[counted].mean(), rel=1e-12)
