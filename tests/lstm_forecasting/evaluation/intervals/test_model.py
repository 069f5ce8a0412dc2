import math
from statistics import NormalDist

import numpy as np
import pytest

from lstm_forecasting.evaluation.intervals.bands import Limits
from lstm_forecasting.evaluation.intervals.model import Forecasts, model_intervals


def white_noise(windows, horizon, first_row=0, seed=0, spread=1.0):
    """Forecasts of 0 of independent values around 0."""
    values = np.random.default_rng(seed).normal(scale=spread, size=windows + horizon - 1)
    truth = np.lib.stride_tricks.sliding_window_view(values, horizon)
    return Forecasts(
        np.zeros((windows, horizon)),
        truth,
        np.ones((windows, horizon), dtype=bool),
        first_row + np.arange(windows),
    )


@pytest.mark.parametrize("season", [1, 12])
def test_the_coverage_of_white_noise_is_within_its_binomial_interval(season):
    # 99.9 % of samples of this size are inside.
    earlier, test = white_noise(1200, 1), white_noise(3000, 1, 1200, seed=1)
    found = model_intervals(test, earlier, np.zeros(1), 4200, season=season)
    for level, coverage in zip((80.0, 95.0), found.coverage, strict=True):
        share = level / 100
        assert abs(coverage.measured - level) < 100 * 3.3 * math.sqrt(share * (1 - share) / 3000)
        assert coverage.agrees
    # The loss of a quantile of the normal distribution is its density there.
    normal = NormalDist()
    losses = [normal.pdf(normal.inv_cdf(tenths / 10)) for tenths in range(1, 10)]
    assert found.crps == pytest.approx(2 * np.mean(losses), rel=0.03)


def test_a_level_with_too_few_errors_is_left_out_with_the_reason():
    found = model_intervals(white_noise(6, 2, 6), white_noise(6, 2), np.zeros(2), 14)
    assert found.levels == (80.0,)
    (note,) = found.notes
    assert note == (
        "An interval at 95 % needs 19 errors at each step, but only 12 errors can be measured on the "
        "validation and test part."
    )
    none = model_intervals(white_noise(1, 2), None, np.zeros(2), 3)
    assert none.levels == ()
    assert none.test.low.shape == (1, 2, 0)
    assert len(none.notes) == 2


def test_the_future_has_intervals_up_to_the_horizon():
    found = model_intervals(white_noise(60, 3, 60), white_noise(60, 3), np.zeros(5), 122)
    assert np.isfinite(found.future.low[:3]).all()
    assert np.isnan(found.future.low[3:]).all()
    assert any("Steps beyond horizon 3 have no intervals" in note for note in found.notes)


def test_ends_are_within_the_bounds_of_the_target():
    found = model_intervals(
        white_noise(60, 3, 60, spread=4.0),
        white_noise(60, 3, spread=4.0),
        np.full(3, 2.0),
        122,
        limits=Limits(-1.0, whole=True),
    )
    for bands in (found.test, found.future):
        assert (bands.low >= -1).all()
        assert (bands.low == np.rint(bands.low)).all()
        assert (bands.high == np.rint(bands.high)).all()
        assert (np.diff(bands.low, axis=-1) <= 0).all()
        assert (np.diff(bands.high, axis=-1) >= 0).all()


def test_values_that_do_not_count_change_nothing():
    earlier, test = white_noise(60, 2), white_noise(60, 2, 60, seed=1)
    counted = np.random.default_rng(0).random((60, 2)) < 0.7
    wrong = np.where(counted, test.truth, 1e9)
    one, other = (
        model_intervals(Forecasts(test.point, truth, counted, test.first_rows), earlier, np.zeros(2), 121)
        for truth in (test.truth, wrong)
    )
    np.testing.assert_array_equal(one.future.low, other.future.low)
    assert one.crps == other.crps
    assert one.coverage[0].score == other.coverage[0].score
