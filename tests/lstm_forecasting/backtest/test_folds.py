import functools

import numpy as np
import pytest

from lstm_forecasting.backtest.folds import compute_fold
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.experiment.running import run_experiment

from .conftest import SMALL

seldom = functools.partial(pytest.param, marks=pytest.mark.exhaustive)
EVERY = ("last-value", "drift", "seasonal-naive", "ridge")


def forecasts(backtest):
    """Forecasts by model `[origins, horizon, targets]`, computed here."""
    found = [compute_fold(backtest.task(fold)) for fold in backtest.folds]
    return {
        model.key: np.concatenate([fold.models[place].forecasts for fold in found])
        for place, model in enumerate(found[0].models)
    }


@pytest.mark.parametrize(
    ("refit", "window"),
    [(4, "sliding"), (0, "expanding"), seldom(1, "expanding"), seldom(1, "sliding"), seldom(4, "expanding")],
)
def test_no_forecast_sees_a_value_at_or_after_its_origin(refit, window, series, plan):
    known = forecasts(plan(series(), EVERY, origins=8, refit=refit, window=window))

    def later(values):
        values[112:] += np.linspace(40, 900, len(values) - 112)
        return values

    changed = plan(series(change=later), EVERY, origins=8, refit=refit, window=window)
    for key, found in forecasts(changed).items():
        before = changed.origins <= 112
        np.testing.assert_array_equal(found[before], known[key][before])
        assert not np.array_equal(found, known[key])


@pytest.mark.exhaustive
@pytest.mark.parametrize("refit", [0, 2])
def test_networks_and_the_choice_between_models_see_no_later_value_either(refit, series, plan):
    models = ("lstm", "best")
    known = forecasts(plan(series(), models, origins=5, refit=refit))

    def later(values):
        values[115:] *= 3
        return values

    changed = plan(series(change=later), models, origins=5, refit=refit)
    for key, found in forecasts(changed).items():
        before = changed.origins <= 115
        np.testing.assert_array_equal(found[before], known[key][before])


@pytest.mark.exhaustive
def test_without_refits_forecasts_are_those_of_an_experiment(series, plan):
    table = series()
    expected = run_experiment(plan_experiment(table, ["numpy"], SMALL))
    found = forecasts(plan(table, ("lstm", "ridge", "best")))
    by_kind = {one.kind: one for one in expected.baselines}
    np.testing.assert_array_equal(found["numpy"], expected.backends[0].evaluation.forecasts)
    np.testing.assert_array_equal(found["ridge"], by_kind["ridge"].forecasts)
    (offer,) = expected.offers
    offered = next(one for one in expected.models if one.name == offer.name)
    np.testing.assert_array_equal(found["best"], offered.forecasts)


def test_a_model_that_a_series_does_not_have_is_missing(series, plan):
    backtest = plan(series(), ("last-year", "last-value"))
    fold = compute_fold(backtest.task(backtest.folds[0]))
    assert [model.key for model in fold.models] == ["last-value"]
