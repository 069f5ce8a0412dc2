import numpy as np
import polars as pl
import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.experiment.plan import plan_experiment

DAYS = 1500


@pytest.fixture
def plan(tmp_path):
    """Plans a preset on a daily series made of values."""

    def make(values, preset="best", settings=None, options=None, test_values=None):
        rows = np.arange(len(values))
        times = np.datetime64("2015-01-01", "us") + rows.astype("timedelta64[D]")
        path = tmp_path / "series.csv"
        pl.DataFrame({"day": times, "y": values}).write_csv(path)
        table = open_data(path) if options is None else open_data(path, options=options)
        return plan_experiment(table, ["numpy"], settings, preset=preset)

    return make


def noisy(days=DAYS, seed=0):
    generator = np.random.default_rng(seed)
    day = np.arange(days)
    return 100 + 10 * np.sin(2 * np.pi * day / 7) + generator.normal(0, 1, days)


def test_growth_that_multiplies_is_forecast_as_logarithm(plan):
    generator = np.random.default_rng(1)
    day = np.arange(DAYS)
    level = np.exp(0.004 * day + 0.3 * np.sin(2 * np.pi * day / 7) + generator.normal(0, 0.02, DAYS))
    experiment = plan(100 * level)
    assert experiment.table.reading.options.transform == "log"
    assert any("Ridge regressions tried the logarithm" in one for one in experiment.decisions)
    assert [one.error for one in experiment.tried][:1] == [1.0]
    (chosen,) = (one for one in experiment.tried if one.chosen)
    assert "the logarithm" in chosen.what
    assert chosen.error < 0.99


def test_the_logarithm_is_not_tried_where_values_are_negative(plan):
    experiment = plan(noisy() - 100)
    assert experiment.table.reading.options.transform == "none"


def test_nothing_looks_at_the_test_part(plan):
    values = noisy()
    changed = values.copy()
    changed[int(0.86 * DAYS) :] *= 50
    one, other = plan(values), plan(changed)
    assert one.split == other.split
    assert one.networks == other.networks
    assert one.tried == other.tried
    assert len(one.tried) > 1
    assert one.table.reading.options == other.table.reading.options


def test_classic_is_a_single_network_without_ridge(plan):
    experiment = plan(noisy(), "classic")
    assert (len(experiment.networks), experiment.ridge_share, experiment.tried) == (1, 0.0, ())
    assert not any("network" in one and "ensemble" in one for one in experiment.decisions)


def test_a_series_that_is_too_short_for_the_preset_is_planned_as_classic_would(plan):
    experiment = plan(noisy(60))
    assert experiment.networks
    assert len(experiment.window_starts("test")) > 0


def test_every_network_forecasts_the_same_rows(plan):
    experiment = plan(noisy(), settings={"horizon": 5})
    rows = [
        experiment.of_member(number).window_starts("test") + config.look_back
        for number, config in enumerate(experiment.networks)
    ]
    first_rows = experiment.window_starts("test") + experiment.config.look_back
    for own in rows:
        assert np.isin(first_rows, own).all()


def test_a_calendar_that_is_known_in_any_case_is_not_tried(plan):
    beside = [one.what for one in plan(noisy(800)).tried]
    always = plan(noisy(800), options=ReadOptions(calendar="always"))
    assert any("the calendar" in one for one in beside)
    assert not any("the calendar" in one.what for one in always.tried)


def test_networks_may_see_fewer_rows_than_they_forecast(plan):
    never = ReadOptions(calendar="never")
    experiment = plan(noisy(), settings={"horizon": 100}, options=never)
    assert [(one.look_back, one.linear) for one in experiment.networks[:3]] == [
        (98, "ridge"),
        (210, "ridge"),
        (28, "none"),
    ]
