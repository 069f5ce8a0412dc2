import dataclasses

import pytest

from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.durations import DAY, HOUR
from lstm_forecasting.presets.networks import choose_networks
from lstm_plugins import ForecasterConfig

HOURLY, DAILY = Frequency("fixed", HOUR), Frequency("fixed", DAY)


def chosen(preset="best", fixed=None, **given):
    settings = {"horizon": 24, "look_back": 336, "patch": 24, "seed": 0, **(fixed or {})}
    usual = {
        "look_backs": (96, 336, 720),
        "corrects": 0,
        "linear": True,
        "columns": 1,
        "own": 0,
        "training_rows": 8640,
        "frequency": HOURLY,
        "patch": 24,
    }
    networks = choose_networks(preset, settings, fixed or {}, **{**usual, **given})
    for member in networks.members:
        ForecasterConfig.from_dict({**settings, **member})
    return networks


def kinds(networks):
    return [(one["look_back"], one["loss"], one["seed"]) for one in networks.members]


def test_networks_correct_regressions_of_the_two_longest_look_backs_and_ridge_has_half():
    # All look-backs are more than a twentieth of the rows.
    found = chosen(look_backs=(168, 336, 720), training_rows=3000)
    assert kinds(found) == [(look_back, "mae", seed) for seed in range(3) for look_back in (336, 720)]
    assert found.ridge_share == 0.5
    assert {(one["linear"], one["lags"]) for one in found.members} == {("ridge", ())}
    assert found.decisions[0].startswith("6 networks: each corrects a ridge regression over 336 or 720 rows")
    assert len(found.decisions) == 2


def test_long_series_have_networks_without_regression_beside_them():
    found = chosen()
    assert [(one["look_back"], one.get("linear", "none")) for one in found.members] == 3 * [
        (336, "ridge"),
        (720, "ridge"),
        # 720 rows are more than a twentieth of 8640.
        (336, "none"),
    ]
    assert found.ridge_share == 0.5
    assert found.decisions[1] == "3 networks without regression: look_back 336, loss mae."


def test_regressions_of_many_columns_have_shorter_look_backs_or_there_are_none():
    found = chosen(columns=7).members
    assert {one["look_back"] for one in found if one.get("linear") == "ridge"} == {96}
    many = chosen(columns=50)
    assert all(one.get("linear", "none") == "none" for one in many.members)


def test_a_regression_of_too_many_known_values_is_left_out_whatever_it_would_read():
    assert {one["linear"] for one in chosen(own=4, corrects=720).members} == {"ridge"}
    assert all("linear" not in one for one in chosen(own=50, corrects=720).members)
    assert {one["look_back"] for one in chosen(columns=3, corrects=720).members} == {336}
    assert all("linear" not in one for one in chosen(columns=50, corrects=720).members)


def test_epochs_of_long_series_draw_as_many_windows_as_take_no_longer():
    assert all("windows_per_epoch" not in one for one in chosen().members)
    long = chosen(training_rows=100_000)
    assert {(one["look_back"], one["windows_per_epoch"]) for one in long.members} == {
        (336, 25714),
        (720, 12000),
    }
    fixed = chosen(training_rows=100_000, fixed={"windows_per_epoch": 0})
    assert {one["windows_per_epoch"] for one in fixed.members} == {0}


def test_networks_without_regression_differ_in_look_back_loss_and_seed():
    found = chosen(linear=False)
    # 720 rows are more than a twentieth of 8640.
    one_seed = [(336, "mae"), (336, "mse"), (96, "mae")]
    assert kinds(found) == [(*kind, seed) for seed in range(3) for kind in one_seed]
    assert found.ridge_share == 0.5
    assert all(member.get("linear", "none") == "none" for member in found.members)
    assert found.decisions[0].startswith("9 networks: look_back 96 or 336, loss mae or mse")


def test_networks_that_correct_a_regression_read_its_window_and_no_ridge_is_added():
    found = chosen(
        corrects=371,
        patch=7,
        frequency=DAILY,
        training_rows=5000,
        look_backs=(28, 98, 210, 371),
        fixed={"horizon": 30},
    )
    assert kinds(found) == [(371, "mae", seed) for seed in range(3)]
    assert found.ridge_share == 0
    assert {(one["linear"], one["lags"], one["patch"]) for one in found.members} == {
        ("ridge", (364, 365, 371), 7)
    }


def test_lags_need_years_to_learn_from_and_have_to_be_known():
    few = chosen(corrects=371, patch=7, frequency=DAILY, training_rows=1100, fixed={"horizon": 30})
    assert few.members[0]["lags"] == ()
    far = chosen(corrects=371, patch=7, frequency=DAILY, training_rows=5000, fixed={"horizon": 365})
    assert far.members[0]["lags"] == (365, 371)


def test_quick_is_one_network_with_few_epochs():
    found = chosen("quick")
    assert kinds(found) == [(336, "mae", 0)]
    assert found.members[0]["epochs"] == 8


def test_what_the_user_has_fixed_is_kept_in_every_network():
    found = chosen(fixed={"loss": "quantile", "epochs": 3, "seed": 5})
    assert {(one["loss"], one["epochs"]) for one in found.members} == {("quantile", 3)}
    # Seeds start from the user's.
    assert [(one["look_back"], one["seed"]) for one in found.members] == [
        (look_back, seed) for seed in (5, 6, 7) for look_back in (336, 720, 336)
    ]


def test_the_largest_seed_is_followed_by_0():
    found = chosen("best", fixed={"seed": 2**63 - 1})
    assert {one["seed"] for one in found.members} == {2**63 - 1, 0, 1}


def test_a_short_series_has_the_shortest_look_back():
    found = chosen(look_backs=(96, 336), training_rows=500, linear=False)
    assert {one["look_back"] for one in found.members} == {96}


@pytest.mark.parametrize(("look_back", "patch"), [(371, 7), (96, 24), (100, 24), (13, 24)])
def test_a_patch_divides_the_look_back(look_back, patch):
    (network, *_) = chosen("quick", look_backs=(look_back,), patch=patch).members
    assert look_back % network["patch"] == 0
    assert network["patch"] == max(size for size in range(1, patch + 1) if look_back % size == 0)


def test_every_preset_is_described():
    from lstm_forecasting.presets.options import EXTENTS, PRESETS

    assert tuple(PRESETS) == ("classic", *EXTENTS)
    assert all(dataclasses.is_dataclass(extent) for extent in EXTENTS.values())
