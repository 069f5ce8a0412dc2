import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_forecasting.data.catalogue import data_sets, open_data
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.experiment.setting_warnings import setting_warnings, training_windows
from lstm_plugins import SETTINGS_BY_NAME


@pytest.fixture(scope="module")
def sunspots():
    return open_data("sunspots")


@pytest.fixture(scope="module")
def co2():
    return open_data("co2")


def told(table, **fixed):
    warnings = setting_warnings(plan_experiment(table, ["numpy"], fixed))
    return {
        name: " ".join(one.text for one in warnings if one.setting == name)
        for name in {one.setting for one in warnings}
    }


@pytest.mark.parametrize("name", [one.name for one in data_sets()])
def test_what_is_left_to_the_data_is_not_warned_of(name):
    assert setting_warnings(plan_experiment(open_data(name), ["numpy"])) == ()


@pytest.mark.parametrize(
    ("setting", "fixed", "words"),
    [
        ("look_back", {"look_back": 600}, ("600", "a third of the 1,598 training rows", "at most 532")),
        ("look_back", {"look_back": 20}, ("season of 52 rows",)),
        ("horizon", {"horizon": 231}, ("231", "230 validation rows", "at most 230")),
        ("horizon", {"horizon": 229, "look_back": 60}, ("229", "456 test rows", "at most 228")),
        ("batch_size", {"batch_size": 5000}, ("5000", "1,476 training windows", "184 gives eight")),
        ("stride", {"stride": 200}, ("200", "104 + 13 rows")),
        ("hidden_units", {"hidden_units": 200}, ("166,613 parameters", "1,476 training windows")),
        ("patch", {"patch": 52, "look_back": 52}, ("patch 52", "one step")),
        ("patience", {"patience": 9, "epochs": 9}, ("patience 9", "9 epochs")),
        ("schedule", {"schedule": "plateau", "plateau": 8}, ()),
        ("plateau", {"schedule": "plateau", "plateau": 8}, ("patience 8", "plateau 8")),
        (
            "warmup",
            {"schedule": "cosine", "warmup": 500, "epochs": 10},
            ("500", "470 updates", "never reaches 0.003"),
        ),
    ],
)
def test_the_sentence_names_the_setting_and_the_numbers(co2, setting, fixed, words):
    warnings = told(co2, **fixed)
    if not words:
        assert setting not in warnings
        return
    assert setting in warnings
    for word in words:
        assert word in warnings[setting]


@pytest.mark.parametrize(
    "fixed",
    [
        {"look_back": 532 // 4 * 4},
        {"look_back": 52},
        {"horizon": 228},
        {"batch_size": 1476},
        {"stride": 117},
        {"patience": 8, "epochs": 9},
        {"patience": 0, "epochs": 1},
        {"epochs": 2},
        {"schedule": "plateau", "plateau": 7},
        {"schedule": "cosine", "warmup": 470, "epochs": 10},
        {"schedule": "constant", "warmup": 100_000},
    ],
)
def test_what_fits_is_not_warned_of(co2, fixed):
    assert told(co2, **fixed) == {}


def test_the_blame_is_on_the_setting_that_was_fixed(sunspots):
    assert "epochs" not in told(sunspots, epochs=5)
    assert "patience" in told(sunspots, epochs=5, patience=6)
    assert "epochs" not in told(sunspots, epochs=5, patience=6)


@given(
    look_back=st.integers(1, 100),
    horizon=st.integers(1, 40),
    batch_size=st.integers(1, 1000),
    hidden_units=st.integers(1, 64),
    epochs=st.integers(1, 60),
)
@settings(max_examples=40 * settings.default.max_examples // 100)
def test_warnings_are_one_sentence_about_a_fixed_setting(
    sunspots, look_back, horizon, batch_size, hidden_units, epochs
):
    fixed = {
        "look_back": look_back,
        "horizon": horizon,
        "batch_size": batch_size,
        "hidden_units": hidden_units,
        "epochs": epochs,
    }
    experiment = plan_experiment(sunspots, ["numpy"], fixed)
    warnings = setting_warnings(experiment)
    assert ("batch_size" in {one.setting for one in warnings}) == (batch_size > training_windows(experiment))
    for one in warnings:
        assert one.setting in fixed
        assert one.setting in SETTINGS_BY_NAME
        assert one.text.endswith(".")
        assert one.text.count(". ") == 0
