from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.options import DEFAULT_OPTIONS
from lstm_forecasting.data.series.seasons import season_candidates
from lstm_forecasting.data.table import Reading, SeriesTable
from lstm_forecasting.data.times.calendar import COUNTED, Frequency
from lstm_forecasting.data.times.durations import DAY
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_plugins import OptionError
from lstm_plugins.errors import InputError
from lstm_plugins.reference import ReferenceForecaster


def table(rows, columns=("sales",), targets=("sales",), frequency=COUNTED):
    values = np.random.default_rng(0).normal(size=(rows, len(columns))).cumsum(axis=0)
    times = None
    if frequency != COUNTED:
        times = frequency.times(np.datetime64("2020-01-01T00:00:00.000000"), 0, rows)
    return SeriesTable(
        name="shop",
        source="shop.csv",
        times=times,
        frequency=frequency,
        values=values,
        filled=np.zeros(values.shape, bool),
        columns=columns,
        targets=targets,
        season_candidates=season_candidates(frequency),
        missing_stamps=0,
        missing_values=(0,) * len(columns),
        file_columns=(),
        decisions=("It was read.",),
        reading=Reading(DEFAULT_OPTIONS, {}),
    )


def test_a_plan_is_complete_and_says_what_it_decided():
    plan = plan_experiment(open_data("co2"), ["numpy", "torch", "numpy"])
    assert plan.season == 52
    assert (plan.config.horizon, plan.steps, plan.config.normalisation) == (13, 13, "last")
    assert plan.backends == ("numpy", "torch")
    assert any(decision.startswith("horizon 13") for decision in plan.decisions)
    assert any("season" in decision for decision in plan.decisions)
    assert len(set(plan.decisions)) == len(plan.decisions)


def test_the_scaler_knows_the_training_rows_only():
    shop = table(200)
    plan = plan_experiment(shop, ["numpy"])
    assert plan.split.train.stop == 140
    assert plan.scaler.mean[0] == pytest.approx(shop.values[:140, 0].mean(), rel=1e-12)


def test_fixed_settings_are_kept():
    plan = plan_experiment(table(300), ["numpy"], {"look_back": 30, "hidden_units": 7, "epochs": 2}, steps=3)
    assert (plan.config.look_back, plan.config.hidden_units, plan.config.epochs, plan.steps) == (30, 7, 2, 3)


@pytest.mark.parametrize("rows", [8, 9, 10, 12, 15, 20, 30, 50, 100, 400])
@pytest.mark.parametrize("frequency", [COUNTED, Frequency("fixed", DAY), Frequency("months", 1)])
def test_short_series_get_settings_that_fit_them(rows, frequency):
    plan = plan_experiment(table(rows, frequency=frequency), ["numpy"])
    config = plan.config
    assert config.look_back + config.horizon <= len(plan.split.train)
    assert config.horizon <= len(plan.split.test)


@pytest.mark.parametrize("rows", [1, 2, 4, 30, 119])
def test_a_series_too_short_for_the_settings_is_refused_with_both_numbers(rows):
    settings = {"look_back": 60, "horizon": 24}
    with pytest.raises(InputError) as refused:
        plan_experiment(table(rows), ["numpy"], settings)
    assert "\n" not in str(refused.value)
    if rows > 1:
        needed = int(str(refused.value).split("at least ")[1].split()[0])
        assert f"shop has {rows} rows" in str(refused.value)
        assert plan_experiment(table(needed), ["numpy"], settings).config.look_back == 60
        with pytest.raises(InputError, match=f"at least {needed}"):
            plan_experiment(table(needed - 1), ["numpy"], settings)


def test_without_validation_windows_the_plan_says_that_nothing_stops_training():
    plan = plan_experiment(table(200), ["numpy"], {"horizon": 30})
    assert any("training does not stop early" in decision for decision in plan.decisions)


def test_steps_beyond_the_horizon_need_every_input_to_be_a_target():
    several = table(200, ("sales", "visits"), ("sales",))
    with pytest.raises(InputError, match=r"9 steps .* horizon 4, .*'visits'"):
        plan_experiment(several, ["numpy"], {"horizon": 4}, steps=9)
    plan = plan_experiment(table(200), ["numpy"], {"horizon": 4}, steps=9)
    assert plan.steps == 9
    assert any("are fed back as inputs" in decision for decision in plan.decisions)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"fractions": (0.8, 0.2, 0.0)}, "test fraction is 0"),
        ({"fractions": (0.5, 0.1, 0.1)}, "add up to 1"),
        ({"threads": 0}, "threads"),
        ({"steps": 0}, "steps"),
    ],
)
def test_bad_arguments_are_refused_in_words(arguments, words):
    with pytest.raises(InputError, match=words):
        plan_experiment(table(200), ["numpy"], **arguments)


def test_an_experiment_needs_a_backend():
    with pytest.raises(InputError, match="at least one backend"):
        plan_experiment(table(200), [])


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"hidden": 3}, "no such setting"),
        ({"hidden_units": 0}, "hidden_units"),
        ({"look_back": 30, "patch": 7}, "multiple of patch"),
    ],
)
def test_settings_that_are_not_allowed_are_refused(settings, words):
    with pytest.raises(OptionError, match=words):
        plan_experiment(table(300), ["numpy"], settings)


def holed(rows, **gaps):
    """A file's table in which these columns have gaps, as slices; the first column is the target."""
    shop = table(rows, tuple(gaps), (next(iter(gaps)),))
    filled = np.zeros(shop.values.shape, bool)
    for column, parts in enumerate(gaps.values()):
        for part in parts:
            filled[part, column] = True
    return replace(shop, filled=filled)


def test_what_is_filled_is_in_no_statistic_and_a_column_with_much_of_it_has_an_indicator():
    shop = holed(300, sales=[slice(20, 60)], wind=[slice(10, 12)])
    plan = plan_experiment(shop, ["numpy"], {"look_back": 10, "horizon": 2})
    observed = np.delete(shop.values[:210, 0], range(20, 60))
    assert plan.scaler.mean[0] == pytest.approx(observed.mean(), rel=1e-12)
    assert plan.scaler.deviation[0] == pytest.approx(observed.std(), rel=1e-12)
    assert plan.indicators == ("sales",)
    assert plan.features == 3
    assert plan.series.values.shape == (300, 3)
    assert plan.series.observed.sum() == 260
    assert "An extra input tells the network whether each value of sales was observed." in plan.decisions


def test_windows_are_those_that_a_backend_finds():
    plan = plan_experiment(
        holed(300, sales=[slice(20, 60), slice(215, 225), slice(250, 253)]),
        ["numpy"],
        {"look_back": 10, "horizon": 2, "stride": 3},
    )
    reference = ReferenceForecaster(plan.config, plan.features, (0,), indicators=len(plan.indicators))
    reference.load_series(plan.series)
    parts = (plan.split.train, plan.split.validation, plan.split.test)
    train, validation, test = (((part.start, part.stop),) for part in parts)
    assert plan.window_starts("train").tolist() == reference.window_starts(train, 3).tolist()
    assert plan.window_starts("validation").tolist() == reference.evaluated_starts(validation).tolist()
    assert plan.window_starts("test").tolist() == reference.evaluated_starts(test).tolist()
    assert plan.counted("test").shape == (len(plan.window_starts("test")), 2, 1)


@pytest.mark.parametrize(
    ("gaps", "message"),
    [
        (
            {"sales": [], "wind": [slice(0, 210)]},
            r"'wind' has no value in the training rows, which end at",
        ),
        ({"sales": [slice(240, 300)]}, r"No forecast of 'sales' can be scored: in the test rows, from 240"),
        ({"sales": [slice(1, 210)]}, r"No window of the training rows has an observed value to forecast"),
    ],
)
def test_gaps_that_leave_nothing_to_learn_or_to_score_are_refused(gaps, message):
    with pytest.raises(InputError, match=message):
        plan_experiment(holed(300, **gaps), ["numpy"], {"look_back": 10, "horizon": 2})


def test_validation_rows_that_were_not_observed_are_no_validation():
    plan = plan_experiment(holed(300, sales=[slice(211, 240)]), ["numpy"], {"look_back": 10, "horizon": 2})
    assert (plan.split.validation.start, plan.split.validation.stop) == (210, 240)
    # The first of the validation rows was observed, but no horizon begins after it.
    assert len(plan.window_starts("validation")) == 1
    gone = plan_experiment(holed(300, sales=[slice(209, 240)]), ["numpy"], {"look_back": 10, "horizon": 2})
    assert len(gone.window_starts("validation")) == 0
    assert gone.decisions[-1].startswith(
        "No window of the validation rows has an observed value that follows"
    )


@pytest.mark.parametrize(("backends", "told"), [(["a"], False), (["a", "b"], True)])
def test_a_plan_says_that_each_of_several_backends_trains_every_network(backends, told):
    plan = plan_experiment(table(300), backends, {"horizon": 3}, preset="best")
    expected = f"Each backend trains all {len(plan.networks)} networks"
    assert any(one.startswith(expected) for one in plan.decisions) == told
