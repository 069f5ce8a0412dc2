import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.durations import DAY, HOUR, MINUTE, WEEK
from lstm_forecasting.experiment.defaults import choose_settings
from lstm_plugins import SETTINGS, SETTINGS_BY_NAME, ForecasterConfig

INFERRED = tuple(setting.name for setting in SETTINGS if setting.inferred)
HOURLY, DAILY, MONTHLY = Frequency("fixed", HOUR), Frequency("fixed", DAY), Frequency("months", 1)
FREQUENCIES = st.sampled_from(
    [
        HOURLY,
        DAILY,
        MONTHLY,
        Frequency("fixed", WEEK),
        Frequency("fixed", 5 * MINUTE),
        Frequency("business days", 1),
        Frequency("months", 3),
        Frequency("months", 12),
        Frequency("counted"),
    ]
)


def test_hourly_rows_get_the_settings_that_was_measured_on_them():
    config = ForecasterConfig.from_dict(choose_settings(HOURLY, 24, 12_194, 1742, {}).settings)
    assert (config.look_back, config.horizon, config.patch) == (336, 24, 24)
    assert (config.hidden_units, config.attention, config.normalisation) == (32, "dot", "last")


@pytest.mark.parametrize(
    ("frequency", "horizon"),
    [(DAILY, 7), (MONTHLY, 12), (Frequency("months", 3), 4), (Frequency("fixed", WEEK), 13)],
)
def test_the_horizon_is_a_span_that_the_rhythm_suggests(frequency, horizon):
    assert choose_settings(frequency, 1, 2000, 300, {}).settings["horizon"] == horizon


@pytest.mark.parametrize(("look_back", "patch"), [(30, 3), (336, 24), (48, 6), (7, 1), (97, 1)])
def test_a_fixed_look_back_gets_a_patch_that_divides_it(look_back, patch):
    assert choose_settings(HOURLY, 24, 12_000, 1700, {"look_back": look_back}).settings["patch"] == patch


@pytest.mark.parametrize("patch", [1, 5, 48, 1000])
def test_a_fixed_patch_gets_a_look_back_that_it_divides(patch):
    assert choose_settings(HOURLY, 24, 12_000, 1700, {"patch": patch}).settings["look_back"] % patch == 0


@given(
    frequency=FREQUENCIES,
    season=st.sampled_from([1, 4, 7, 11, 52, 288, 365, 1440]),
    training=st.integers(6, 200_000),
    later=st.integers(1, 20_000),
    fixed=st.fixed_dictionaries(
        {},
        optional={
            "look_back": st.integers(1, 400),
            "horizon": st.integers(1, 100),
            "stride": st.integers(1, 10),
            "optimizer": st.sampled_from(["adamw", "sgd"]),
            "batch_size": st.integers(1, 100),
        },
    ),
)
def test_any_series_gets_settings_that_are_allowed_and_keep_what_is_fixed(
    frequency, season, training, later, fixed
):
    chosen = choose_settings(frequency, season, training, later, fixed)
    config = ForecasterConfig.from_dict(chosen.settings)
    assert {name: getattr(config, name) for name in fixed} == fixed
    assert set(chosen.settings) <= {*INFERRED, *fixed}
    if not fixed:
        assert config.look_back + config.horizon <= training
        assert config.horizon <= later


def test_every_choice_that_is_no_default_has_its_reason_and_no_fixed_setting_has_one():
    free = choose_settings(DAILY, 7, 1000, 150, {})
    said = " ".join(free.decisions)
    for name, value in free.settings.items():
        assert value == SETTINGS_BY_NAME[name].default or f"{name} {value}" in said or f"of {value}" in said
    fixed = {name: free.settings[name] for name in INFERRED}
    assert choose_settings(DAILY, 7, 1000, 150, fixed).decisions == ()
