import json

import pytest

from lstm_forecasting.presets.options import budget_seconds, default_preset

SHOP = ("forecast", "shop.csv", "--backend", "numpy", "--horizon", "3")


def test_without_settings_the_best_preset_forecasts(program):
    done = program.run(*SHOP)
    assert done.returncode == 0, done.stderr
    assert "networks: " in done.stdout
    assert "tried on the validation part" in done.stdout
    assert "100.0 %" in done.stdout
    assert "network 1 of " in done.stderr
    assert "networks, " in done.stderr


def test_quick_is_one_network(program):
    done = program.run(*SHOP, "--preset", "quick", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert any(one.startswith("1 network: ") for one in found["decisions"])
    assert sum(one["chosen"] for one in found["tried"]) == 1
    assert found["tried"][0] | {"chosen": None} == {"what": "ridge regressions", "error": 1.0, "chosen": None}


@pytest.mark.exhaustive
def test_settings_of_the_network_make_it_classic_unless_a_preset_is_named(program, quick):
    classic = program.run("forecast", "shop.csv", "--backend", "numpy", *quick)
    assert " network" not in classic.stdout.partition("errors on")[0].replace("the network", "")
    both = program.run("forecast", "shop.csv", "--backend", "numpy", "--preset", "best", *quick)
    assert both.returncode == 0, both.stderr
    assert "3 networks: " in both.stdout


def test_a_budget_is_a_time(program):
    done = program.run(*SHOP, "--budget", "soon")
    assert done.returncode == 2
    assert "'soon' is not a time such as 30s or 2m" in done.stderr
    assert not done.stdout


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("90", 90), ("1.5 m", 90), ("2min", 120), ("1h", 3600)]
)
def test_budgets_in_words(text, seconds):
    assert budget_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "0s", "-3s", "3 weeks", "s"])
def test_what_is_no_budget(text):
    with pytest.raises(ValueError, match=r"^$"):
        budget_seconds(text)


@pytest.mark.parametrize(
    ("fixed", "preset"),
    [((), "best"), (("horizon", "seed"), "best"), (("hidden_units",), "classic"), (("epochs",), "classic")],
)
def test_settings_of_the_network_make_the_default_classic(fixed, preset):
    assert default_preset(fixed) == preset


def test_levels_that_cannot_be_supported_are_refused_before_training(program):
    done = program.run(*SHOP, "--level", "80,99.9")
    assert done.returncode == 2
    assert "level: An interval at 99.9 % needs 999 errors at each step, but only " in done.stderr
    assert not done.stdout
