import numpy as np
import pytest
from benchmarks.accuracy.models import ALL_SEEDS, MODELS, RECIPE, RECIPE_KNOWN, RIDGE, Settings, fit_models
from benchmarks.accuracy.network import Member, mean_of
from benchmarks.accuracy.recipe import configs, suits
from benchmarks.accuracy.tasks import Task, held_out

from lstm_forecasting.data.times.frequency_text import parse_frequency


def task(rows, frequency="hourly", horizon=6, known=False):
    step = np.timedelta64(1, "h" if frequency == "hourly" else "D")
    generator = np.random.default_rng(0)
    times = np.datetime64("2015-01-01", "us") + np.arange(rows) * step
    values = np.sin(np.arange(rows) * 2 * np.pi / (24 if frequency == "hourly" else 7))
    values += 0.1 * generator.normal(size=rows)
    special = (generator.random((rows, 1)) < 0.05).astype(float)
    values += 2 * special[:, 0] * known
    split = held_out(rows, 60, 120)
    columns = special if known else None
    return Task("x", values, split, horizon, 1, parse_frequency(frequency), times, columns)


def measure(one, models=MODELS, **options):
    settings = Settings(models, 2, "x", lambda text: None, **options)
    rows = np.arange(one.split.test.start, one.split.test.stop - one.horizon + 1)
    truth = one.values[rows[:, None] + np.arange(one.horizon)]
    return {
        fitted.model: (fitted.note, [np.abs(forecast(rows) - truth).mean() for forecast in fitted.forecasts])
        for fitted in fit_models(one, settings)
    }


def test_without_a_calendar_the_recipe_is_half_lstms_and_half_ridges():
    found = measure(task(1300))
    note, errors = found[RECIPE]
    assert note.startswith("half LSTMs (48 mse, 48 mae), half ridges")
    assert len(errors) == 2
    assert found[RECIPE + ALL_SEEDS][1][0] < max(errors) + 1e-12
    assert RECIPE_KNOWN not in found


@pytest.mark.exhaustive
def test_with_a_calendar_an_lstm_corrects_a_ridge_part_and_known_columns_help():
    one = task(1600, "daily", horizon=14, known=True)
    found = measure(one, [RECIPE, RECIPE_KNOWN])
    assert "on a ridge part" in found[RECIPE][0]
    assert max(found[RECIPE_KNOWN][1]) < min(found[RECIPE][1])


@pytest.mark.parametrize(("rows", "options"), [(900, {}), (1300, {"networks": False})])
def test_short_series_have_no_lstm(rows, options):
    one = task(rows)
    found = measure(one, [RIDGE, RECIPE], **options)
    assert found[RECIPE][0] == "the mean of ridges"
    assert found[RECIPE][1] == found[RIDGE][1]
    assert suits(one) == (rows > 1000)


def test_look_backs_of_lstms_are_at_most_a_twentieth_of_the_training_rows():
    assert [config.look_back for config in configs(task(10_000), 3)] == [336, 336, 96]
    assert [config.look_back for config in configs(task(2000), 3)] == [72, 72]
    assert {config.seed for config in configs(task(2000), 3)} == {3}


def test_members_that_are_much_worse_are_left_out_of_a_mean():
    def constant(value):
        return lambda rows: np.full((len(rows), 2), value)

    members = [
        Member(name, constant(value), error)
        for name, value, error in (("a", 1.0, 1.0), ("b", 3.0, 1.05), ("c", 100.0, 2.0))
    ]
    forecast, left_out = mean_of(members)
    assert forecast(np.array([5, 6])).tolist() == [[2.0, 2.0]] * 2
    assert left_out == ("c",)
