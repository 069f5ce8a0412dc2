"""Exponential smoothing and theta forward, beside loops that follow the formulas of their sources."""

import numpy as np
import pytest

from lstm_forecasting.evaluation.baselines.local_models import ExponentialSmoothing, Theta

VALUES = 50 + 8 * np.sin(np.arange(60) * 2 * np.pi / 4) + np.random.default_rng(0).normal(size=60)


@pytest.mark.parametrize("trend", [False, True])
@pytest.mark.parametrize("seasonal", ["N", "A", "M"])
@pytest.mark.parametrize("phi", [1.0, 0.9])
def test_ets_follows_its_equations(trend, seasonal, phi):
    season = {"N": (), "A": (1.0, -2.0, 0.5, 3.0), "M": (1.1, 0.8, 1.05, 0.9)}[seasonal]
    model = ExponentialSmoothing(trend, seasonal, 0.3, 0.05, 0.2, phi, 48.0, 0.4 if trend else 0.0, season)
    found = model.forecast(VALUES, np.array([0, 17, 60]), 9)
    for origin, forecasts in zip((0, 17, 60), found, strict=True):
        level, slope, effects = 48.0, 0.4 if trend else 0.0, list(season)  # the latest effect first
        for value in VALUES[:origin]:
            expected = level + phi * slope
            effect = effects[-1] if season else 0.0
            plain = {"N": value, "A": value - effect, "M": value / (effect or 1.0)}[seasonal]
            error = plain - expected
            own = {"N": 0.0, "A": value - expected, "M": value / expected}[seasonal]
            level, slope = expected + 0.3 * error, (phi * slope + 0.05 * error if trend else 0.0)
            if season:
                effects = [effect + 0.2 * (own - effect), *effects[:-1]]
        for step, forecast in enumerate(forecasts):
            ahead = level + slope * sum(phi ** (n + 1) for n in range(step + 1))
            effect = effects[-1 - step % 4] if season else 0.0
            wanted = {"N": ahead, "A": ahead + effect, "M": ahead * effect}[seasonal]
            assert forecast == pytest.approx(wanted, rel=1e-12)


def test_theta_is_half_the_line_and_half_the_smoothed_values():
    """Hyndman and Billah (2003): simple exponential smoothing with half the slope of the line as drift."""
    model = Theta(0.4, VALUES[0] / 2, 2.0, multiplicative=True, season=())
    for origin in (20, 60):
        rows = np.arange(1, origin + 1)
        slope, intercept = np.polyfit(rows, VALUES[:origin], 1)
        level = VALUES[0] / 2
        for value in VALUES[:origin]:
            level = 0.4 * value + 0.6 * level
        kept = 0.6**origin
        steps = np.arange(5)
        wanted = level + 0.5 * (kept * intercept + slope * (steps + (1 - 0.6 * kept) / 0.4))
        np.testing.assert_allclose(model.forecast(VALUES, np.array([origin]), 5)[0], wanted, rtol=1e-10)


@pytest.mark.parametrize("multiplicative", [True, False])
def test_theta_removes_the_season_and_brings_it_back(multiplicative):
    season = (1.5, 0.5, 1.2, 0.8) if multiplicative else (5.0, -5.0, 2.0, -2.0)
    effects = np.array(season)[np.arange(60) % 4]
    line = 20 + 0.5 * np.arange(60)
    values = line * effects if multiplicative else line + effects
    model = Theta(0.5, 10.0, 2.0, multiplicative, season)
    plain = Theta(0.5, 10.0, 2.0, multiplicative, ())
    found, base = (one.forecast(v, np.array([41, 60]), 6) for one, v in ((model, values), (plain, line)))
    ahead = np.array(season)[(np.array([[41], [60]]) + np.arange(6)) % 4]
    np.testing.assert_allclose(found, base * ahead if multiplicative else base + ahead, rtol=1e-12)
