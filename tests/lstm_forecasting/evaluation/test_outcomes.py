"""Series whose best forecast is known come out as they should, with a trained network."""

import numpy as np
import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.experiment.running import run_experiment

SMALL = {
    "look_back": 14,
    "horizon": 3,
    "hidden_units": 4,
    "epochs": 3,
    "batch_size": 64,
    "learning_rate": 0.01,
}
DAYS = np.arange(900)
GENERATOR = np.random.default_rng(11)


@pytest.fixture
def outcome_of(tmp_path):
    """The result for daily values, or those of business days."""

    def make(values, business_days=False):
        start = np.datetime64("2018-01-01")
        days = np.busday_offset(start, DAYS, roll="forward") if business_days else start + DAYS
        path = tmp_path / "series.csv"
        lines = [f"{day},{value:.6f}" for day, value in zip(days, values, strict=True)]
        path.write_text("\n".join(["day,value", *lines]) + "\n", encoding="utf-8")
        return run_experiment(plan_experiment(open_data(path), ["numpy"], SMALL))

    return make


def test_a_random_walk_is_not_forecast_better_than_by_its_last_value(outcome_of):
    result = outcome_of(500 + GENERATOR.normal(size=len(DAYS)).cumsum())
    (comparison,) = result.comparisons
    assert comparison.outcome != "beats"
    last = result.baselines[0].scores[0].mae
    best = result.best_baseline(0).scores[0].mae
    # Nothing is much better than the last value, and what is offered is not much worse.
    assert best > 0.95 * last
    (offer,) = result.offers
    offered = next((one for one in result.baselines if one.name == offer.name), result.backends[0].evaluation)
    assert offered.scores[0].mae < 1.05 * last


def test_exchange_rates_tie_with_or_lose_to_the_last_value(outcome_of):
    """Small changes with changing volatility, on business days."""
    volatility = 0.004 * np.exp(0.5 * np.sin(DAYS / 90))
    rates = 1.2 * np.exp(np.cumsum(volatility * GENERATOR.normal(size=len(DAYS))))
    result = outcome_of(rates, business_days=True)
    assert result.comparisons[0].outcome != "beats"
    assert result.best_baseline(0).scores[0].mae > 0.95 * result.baselines[0].scores[0].mae


def test_a_wave_is_forecast_without_error_by_a_baseline_which_is_offered(outcome_of):
    result = outcome_of(50 + 10 * np.sin(DAYS * 2 * np.pi / 7))
    (comparison,), (offer,), (verdict,) = result.comparisons, result.offers, result.verdicts
    assert comparison.outcome == "loses to"
    assert offer.kind in ("seasonal-naive", "last-year", "ridge")
    following = np.arange(len(DAYS), len(DAYS) + 3)
    np.testing.assert_allclose(offer.future, 50 + 10 * np.sin(following * 2 * np.pi / 7), atol=1e-4)
    # Neither eleven decimals nor millions of per cent.
    assert "makes no errors" in verdict or "times its MAE" in verdict


def test_growth_with_a_season_is_forecast_by_ridge_regressions(outcome_of):
    """Like CO2 in the air: a trend, a season and little noise."""
    values = 300 + 0.01 * DAYS + 5 * np.sin(DAYS * 2 * np.pi / 7) + GENERATOR.normal(0, 0.5, len(DAYS))
    result = outcome_of(values)
    ridge = next(one for one in result.baselines if one.kind == "ridge")
    others = [one.scores[0].mae for one in result.baselines if one.kind != "ridge"]
    assert ridge.scores[0].mae < 0.9 * min(others)
    assert result.comparisons[0].outcome != "beats"
    assert result.offers[0].kind == "ridge"
