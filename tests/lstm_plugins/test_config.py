import dataclasses
import json
import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_plugins import SETTINGS, SETTINGS_BY_NAME, ForecasterConfig, OptionError

NUMBERS = [setting for setting in SETTINGS if setting.range is not None and not setting.several]


def configs():
    """Valid settings of every kind, made from the declared ranges themselves."""
    by_name = {}
    for setting in SETTINGS:
        if setting.choices:
            by_name[setting.name] = st.sampled_from(setting.choices)
        elif setting.kind is bool:
            by_name[setting.name] = st.booleans()
        elif setting.name == "lags":
            by_name[setting.name] = st.lists(st.integers(1, 10**6), max_size=5, unique=True).map(sorted)
        elif setting.several:
            by_name[setting.name] = st.lists(
                st.floats(0, 1, exclude_min=True, exclude_max=True), min_size=1, max_size=5, unique=True
            ).map(sorted)
        elif setting.kind is int:
            top = setting.range.maximum - setting.range.below
            limit = 10**6 if math.isinf(top) else int(top)
            by_name[setting.name] = st.integers(int(setting.range.minimum), limit)
        else:
            by_name[setting.name] = st.floats(
                setting.range.minimum,
                min(setting.range.maximum, 1e300),
                exclude_min=setting.range.above,
                exclude_max=setting.range.below,
            )

    def mended(values):
        values["look_back"] *= values["patch"]
        values["weight_decay"] *= values["optimizer"] == "adamw"
        values["season"] = min(values["season"], values["look_back"])
        values["lags"] = [lag + values["horizon"] - 1 for lag in values["lags"]]
        return values

    return st.fixed_dictionaries(by_name).map(mended)


def outside(setting):
    """The nearest values that the range leaves out, and some that are no numbers of its kind."""
    step = {int: lambda it, way: it + way, float: lambda it, way: math.nextafter(it, way * math.inf)}
    next_to = step[setting.kind]
    low = setting.kind(setting.range.minimum)
    yield low if setting.range.above else next_to(low, -1)
    if math.isfinite(setting.range.maximum):
        high = setting.kind(setting.range.maximum)
        yield high if setting.range.below else next_to(high, 1)
    yield from (-math.inf, math.inf, math.nan)


def inside(setting):
    step = {int: lambda it, way: it + way, float: lambda it, way: math.nextafter(it, way * math.inf)}
    next_to = step[setting.kind]
    low = setting.kind(setting.range.minimum)
    yield next_to(low, 1) if setting.range.above else low
    if math.isfinite(setting.range.maximum):
        high = setting.kind(setting.range.maximum)
        yield next_to(high, -1) if setting.range.below else high


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.name)
def test_numbers_are_held_to_their_range_up_to_the_last_bit(setting):
    for value in inside(setting):
        assert setting.check(value) == value
    for value in outside(setting):
        with pytest.raises(OptionError) as raised:
            setting.check(value)
        assert raised.value.option == setting.name
        assert str(setting.range) in str(raised.value)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_no_setting_takes_what_is_not_of_its_type(setting):
    wrong = {
        int: (True, 1.0, "1", None, [1], 1 + 0j),
        float: (True, "0.5", None, [0.5], 10**400, -(10**400)),
        bool: (1, 0, "yes", None),
        str: (1, None, "", "MSE", ["none"], b"none"),
        tuple: (
            0.5,
            "0.5",
            None,
            [0.9, 0.1],
            [0.5, 0.5],
            [0.0],
            [1.0],
            [math.nan],
            [0.1, "0.5"],
            [True],
            {0.1: 0.5},
        ),
    }
    for value in wrong[tuple if setting.several else setting.kind]:
        with pytest.raises(OptionError) as raised:
            ForecasterConfig(**{setting.name: value})
        assert raised.value.option == setting.name
        assert setting.wanted in str(raised.value)


def test_a_model_of_quantiles_needs_one():
    for nothing in ((), []):
        with pytest.raises(OptionError, match=r"quantiles: .* is not a rising list"):
            ForecasterConfig(quantiles=nothing)


def test_lags_are_whole_numbers_of_at_least_the_horizon():
    assert ForecasterConfig(lags=[7, 14], horizon=7).lags == (7, 14)
    assert ForecasterConfig(lags=[3, 400], look_back=24).rows_before == 400
    assert ForecasterConfig(lags=[3], look_back=24).rows_before == ForecasterConfig(look_back=24).rows_before
    for wrong in ([7.0], [0], [14, 7], [7, 7]):
        with pytest.raises(OptionError, match=r"lags: .* is not a rising list of whole numbers"):
            ForecasterConfig(lags=wrong)
    with pytest.raises(OptionError, match="lags: the value 6 steps back is not known when horizon 7 is"):
        ForecasterConfig(lags=[6, 14], horizon=7)


def test_a_season_fits_into_the_window():
    assert ForecasterConfig(season=24, look_back=24, normalisation="seasonal").season == 24
    assert ForecasterConfig(season=25, look_back=24).season == 25
    with pytest.raises(OptionError, match="season: a window of look_back 24 has no season of 25"):
        ForecasterConfig(season=25, look_back=24, normalisation="seasonal")


def test_whole_number_that_no_float_holds_is_still_only_a_config_error():
    assert ForecasterConfig(look_back=10**400).look_back == 10**400
    with pytest.raises(OptionError):
        ForecasterConfig(seed=10**400)


def test_every_setting_is_declared_with_help_and_default():
    assert [setting.name for setting in SETTINGS] == [it.name for it in dataclasses.fields(ForecasterConfig)]
    for setting in SETTINGS:
        assert setting.help
        assert "\n" not in setting.help
        assert setting.check(setting.default) == setting.default
        assert (setting.kind is str) == bool(setting.choices)
        assert (setting.kind in (int, float)) == (setting.range is not None)


@given(configs())
def test_dictionary_and_back(values):
    config = ForecasterConfig.from_dict(values)
    written = config.to_dict()
    assert list(written) == list(SETTINGS_BY_NAME)
    assert ForecasterConfig.from_dict(json.loads(json.dumps(written))) == config
    assert {name: written[name] for name in values} == values


@given(configs())
def test_text_and_back(values):
    for name, value in values.items():
        text = " ".join(map(repr, value)) if isinstance(value, list) else str(value)
        parsed = SETTINGS_BY_NAME[name].parse(f"  {text} ")
        assert (list(parsed) if isinstance(parsed, tuple) else parsed) == value
        items = parsed if isinstance(parsed, tuple) else (parsed,)
        assert {type(item) for item in items} <= {SETTINGS_BY_NAME[name].kind}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("bidirectional", "Yes", True),
        ("bidirectional", "off", False),
        ("learning_rate", "1e-3", 0.001),
        ("learning_rate", "1", 1.0),
        ("quantiles", "0.1,0.5, 0.9", (0.1, 0.5, 0.9)),
        ("attention", "dot", "dot"),
    ],
)
def test_what_people_write(name, text, value):
    assert SETTINGS_BY_NAME[name].parse(text) == value


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("bidirectional", "perhaps", "'perhaps' is not yes or no"),
        ("hidden_units", "3.5", "'3.5' is not a whole number of at least 1"),
        ("hidden_units", "", "'' is not a whole number of at least 1"),
        ("hidden_units", "0", "0 is not a whole number of at least 1"),
        ("learning_rate", "nan", "nan is not a number above 0"),
        ("learning_rate", "1e400", "inf is not a number above 0"),
        ("learning_rate", "fast", "'fast' is not a number above 0"),
        ("momentum", "1", "1.0 is not a number of at least 0 and below 1"),
        ("loss", "rmse", "'rmse' is not one of mse, mae, huber, quantile"),
        ("quantiles", "0.9 0.1", "is not a rising list of numbers between 0 and 1, such as 0.1, 0.5, 0.9"),
        ("quantiles", "some", "'some' is not a rising list"),
        ("quantiles", "", "is not a rising list"),
    ],
)
def test_what_people_write_wrong_is_told_in_words(name, text, words):
    with pytest.raises(OptionError) as raised:
        SETTINGS_BY_NAME[name].parse(text)
    assert raised.value.option == name
    assert str(raised.value).startswith(f"{name}: ")
    assert words in raised.value.message


def test_unknown_setting_names_the_known_ones():
    with pytest.raises(OptionError, match=r"hidden: there is no such setting.*look_back, horizon") as raised:
        ForecasterConfig.from_dict({"hidden": 3})
    assert raised.value.option == "hidden"


def test_settings_that_do_not_go_together():
    with pytest.raises(OptionError, match="patch: look_back 24 is not a multiple of patch 7"):
        ForecasterConfig(patch=7)
    with pytest.raises(OptionError, match="weight_decay: goes with optimizer adamw only"):
        ForecasterConfig(optimizer="sgd", weight_decay=0.1)
    assert ForecasterConfig(optimizer="sgd", weight_decay=0).weight_decay == 0.0


def test_derived_widths():
    plain = ForecasterConfig(look_back=48, patch=6, hidden_units=10)
    assert (plain.steps, plain.directions, plain.hidden_width, plain.head_input_width) == (8, 1, 10, 10)
    wide = dataclasses.replace(plain, bidirectional=True, attention="dot")
    assert (wide.directions, wide.hidden_width, wide.head_input_width) == (2, 20, 40)


def test_point_forecast_is_the_quantile_nearest_to_the_median():
    assert ForecasterConfig().output_quantiles == (0.5,)
    assert ForecasterConfig().point_quantile == 0
    quantile = ForecasterConfig(loss="quantile", quantiles=(0.05, 0.45, 0.9, 0.95))
    assert quantile.output_quantiles == (0.05, 0.45, 0.9, 0.95)
    assert quantile.point_quantile == 1


def test_config_is_frozen_and_travels_between_processes():
    config = ForecasterConfig(quantiles=[0.2, 0.8], loss="quantile")
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.seed = 1
    copy = pickle.loads(pickle.dumps(config))  # noqa: S301 - our own bytes
    assert copy == config
    assert hash(copy) == hash(config)


def test_config_error_travels_between_processes():
    error = pickle.loads(pickle.dumps(OptionError("patch", "is odd")))  # noqa: S301 - our own bytes
    assert (error.option, error.message, str(error)) == ("patch", "is odd", "patch: is odd.")
