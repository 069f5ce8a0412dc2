import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_forecasting.evaluation.intervals.rolling import WINDOW, Residuals, half_widths

LEVELS = (50.0, 80.0, 95.0)


def plain(errors, first_rows, origin, step, level):
    """The half-width without a season, as its definition says."""
    known = [
        abs(error) for error, row in zip(errors[:, step], first_rows, strict=True) if row + step < origin
    ]
    known = sorted([error for error in known if np.isfinite(error)][-WINDOW:])
    place = int(np.ceil(np.round((len(known) + 1) * level / 100, 9)))
    return known[place - 1] if place <= len(known) else np.nan


def random_errors(seed, origins, horizon, missing=0.1):
    generator = np.random.default_rng(seed)
    errors = generator.normal(size=(origins, horizon))
    errors[generator.random(errors.shape) < missing] = np.nan
    return errors


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 50), st.integers(1, 6))
def test_without_a_season_it_is_the_quantile_of_what_was_known_at_the_origin(seed, origins, horizon):
    errors = random_errors(seed, origins, horizon)
    first_rows = 100 + np.sort(np.random.default_rng(seed).choice(2 * origins, origins, replace=False))
    asked = np.append(first_rows, 100 + 2 * origins + horizon)
    found = half_widths(Residuals(errors, first_rows), asked, LEVELS)
    for place, origin in enumerate(asked):
        for step in range(horizon):
            expected = [plain(errors, first_rows, origin, step, level) for level in LEVELS]
            np.testing.assert_array_equal(found[place, step], expected)


def test_only_the_last_1000_errors_count():
    errors = np.concatenate([np.full(3000, 50.0), np.ones(WINDOW + 1)])[:, np.newaxis]
    rows = np.arange(len(errors))
    (last,) = half_widths(Residuals(errors, rows), np.array([len(rows)]), (99.0,))
    assert last[0, 0] == 1.0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 12), st.integers(1, 5), st.integers(1, 400))
def test_values_at_or_after_an_origin_change_nothing_before(seed, season, horizon, origin):
    errors = random_errors(seed, 400, horizon)
    rows = np.arange(400)
    planted = errors.copy()
    unknown = rows[:, np.newaxis] + np.arange(horizon) >= origin
    planted[unknown] = np.random.default_rng(seed + 1).normal(scale=1e6, size=unknown.sum())
    asked = rows[: origin + 1]
    before, after = (half_widths(Residuals(one, rows, season), asked, LEVELS) for one in (errors, planted))
    np.testing.assert_array_equal(before, after)


def test_a_season_of_noise_has_intervals_that_follow_it():
    generator = np.random.default_rng(5)
    rows = np.arange(2400)
    spread = np.where(rows % 12 < 3, 5.0, 1.0)
    errors = (spread * generator.normal(size=2400))[:, np.newaxis]
    asked = rows[1200:]
    widths = half_widths(Residuals(errors, rows, 12), asked, (80.0,))[:, 0, 0]
    assert 4 < widths[asked % 12 < 3].mean() / widths[asked % 12 >= 3].mean() < 6
    inside = np.abs(errors[1200:, 0]) <= widths
    for phase in (asked % 12 < 3, asked % 12 >= 3):
        assert abs(inside[phase].mean() - 0.8) < 0.12


@pytest.mark.parametrize("season", [1, 24])
@pytest.mark.parametrize("zeros", [slice(None), slice(0, 500), slice(300, None)])
def test_errors_of_0_do_no_harm(season, zeros):
    errors = np.random.default_rng(1).normal(size=(900, 2))
    errors[zeros] = 0.0
    widths = half_widths(Residuals(errors, np.arange(900), season), np.arange(100, 901), (80.0, 95.0))
    assert np.isfinite(widths).all()
    assert (widths >= 0).all()
    assert widths.max() <= np.abs(errors).max()


@pytest.mark.parametrize("season", [1, 7])
def test_it_is_measured_in_the_units_of_the_series(season):
    errors, rows = random_errors(3, 300, 2), np.arange(300)
    asked = rows[100:]
    one = half_widths(Residuals(errors, rows, season), asked, LEVELS)
    other = half_widths(Residuals(1e-6 * errors, rows, season), asked, LEVELS)
    np.testing.assert_allclose(other, 1e-6 * one)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 30))
def test_wider_levels_contain_narrower_ones(seed, season):
    errors, rows = random_errors(seed, 200, 3), np.arange(200)
    widths = half_widths(Residuals(errors, rows, season), rows[60:], (10.0, 50.0, 80.0, 90.0, 95.0))
    assert (np.diff(widths, axis=2) >= 0).all()


def test_too_few_errors_give_no_interval():
    residuals = Residuals(np.ones((18, 1)), np.arange(18))
    (widths,) = half_widths(residuals, np.array([18]), (80.0, 95.0))
    assert widths[0, 0] == 1.0
    assert np.isnan(widths[0, 1])
    none = Residuals(np.empty((0, 2)), np.arange(0))
    assert np.isnan(half_widths(none, np.array([5]), LEVELS)).all()
