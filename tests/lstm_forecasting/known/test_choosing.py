from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_plugins.errors import InputError, OptionError

from .conftest import promotion

SMALL = {"look_back": 7, "horizon": 3, "hidden_units": 4}


def plan(table, **settings):
    steps = settings.pop("steps", None)
    return plan_experiment(table, ["numpy"], {**SMALL, **settings}, steps=steps)


def test_numbers_categories_and_calendar_in_this_order(shop):
    experiment = plan(shop.open(shop.write(ahead=14)))
    known = experiment.known
    weekday = [f"weekday {wave} {n}" for n in (1, 2, 3) for wave in ("sin", "cos")]
    assert known.names == ("price", "promotion TV", "promotion leaflet", *weekday, "weekend")
    assert known.own == 3
    assert known.values.shape == (120 + 3, len(known.names))
    days = range(123)
    np.testing.assert_array_equal(known.values[:, 1], [promotion(day) == "TV" for day in days])
    np.testing.assert_array_equal(known.values[:, 2], [promotion(day) == "leaflet" for day in days])
    assert "Known from the calendar: the weekday." in experiment.decisions


def test_a_text_that_no_training_row_has_is_none(shop):
    path = shop.write(ahead=14)
    lines = path.read_text().splitlines()
    lines[-20:] = [line.replace("TV", "radio").replace("leaflet", "radio") for line in lines[-20:]]
    path.write_text("\n".join(lines) + "\n")
    known = plan(shop.open(path)).known
    assert known.names[:3] == ("price", "promotion TV", "promotion leaflet")
    assert not known.values[-10:, 1:3].any()


def test_whole_horizons_have_to_be_known(shop):
    table = shop.open(shop.write(ahead=8))
    assert len(plan(table, steps=4).known.values) == 120 + 6
    with pytest.raises(InputError, match=r"missing for 2023-05-09 \(1 of 9 rows to forecast\)"):
        plan(table, steps=7)


def test_missing_days_are_named_before_training(shop):
    table = shop.open(shop.write(ahead=14, without=(123, 128, 129)))
    message = (
        r"The future of 'price' is missing for 2023-05-04, 2023-05-09 and 2023-05-10 \(3 of 14 rows to "
        r"forecast\); add these rows to the file, set future to a file that has them or set horizon to 3\."
    )
    with pytest.raises(InputError, match=message):
        plan(table, horizon=14)
    assert plan(table, horizon=3).known is not None


def test_a_future_that_begins_late_is_named_with_its_file(shop):
    future = str(shop.future(first=127))
    message = r"and known only from 2023-05-08 on; add these rows to next\.csv\."
    with pytest.raises(InputError, match=message):
        plan(shop.open(shop.write(), future=future))


def test_without_a_future_all_days_are_missing(shop):
    with pytest.raises(InputError, match=r"2023-05-01, 2023-05-02 and 2023-05-03 \(3 of 3 rows"):
        plan(shop.open(shop.write()))


@pytest.mark.parametrize(
    ("rows", "ahead", "without", "horizon", "reason"),
    [
        (120, 4, (), 4, "as far as the known columns are known"),
        (120, 10, (), 6, "the longest that so few rows can test"),
        (400, 14, (), 14, "as far as the known columns are known"),
        (400, 14, (406,), 6, "as far as the known columns are known; they have a gap at 2024-02-11"),
        (400, 60, (), 7, "a week"),
    ],
)
def test_the_horizon_follows_the_known_future(shop, rows, ahead, without, horizon, reason):
    table = shop.open(shop.write(rows=rows, ahead=ahead, without=without))
    experiment = plan_experiment(table, ["numpy"], {"look_back": 7})
    assert experiment.config.horizon == horizon
    assert f"horizon {horizon}: {reason}." in experiment.decisions


def test_a_leading_gap_has_the_mean_of_the_training_rows(shop):
    path = shop.write(ahead=5)
    lines = path.read_text().splitlines()
    lines[1:3] = [line.replace(",10.0,", ",,").replace(",10.5,", ",,") for line in lines[1:3]]
    path.write_text("\n".join(lines) + "\n")
    experiment = plan(shop.open(path))
    train = experiment.split.train.stop
    prices = experiment.known.values[:, 0]
    assert prices[0] == prices[1] == pytest.approx(prices[2:train].mean())
    assert np.isfinite(experiment.known.values).all()


def test_the_choice_standardises_as_the_training_rows_do(shop):
    experiment = plan(shop.open(shop.write(ahead=5)))
    known, choice = experiment.known, experiment.known_choice
    np.testing.assert_array_equal(
        choice.scaler.transform(known.values), known.standardised(experiment.split.train.stop)
    )
    assert choice.names == known.names


@pytest.mark.parametrize(
    ("options", "calendar"),
    [
        ({}, False),
        ({"calendar": "always"}, True),
        ({"country": "DE"}, True),
        ({"calendar": "never"}, False),
        ({"known": ("price",)}, True),
        ({"known": ("price",), "calendar": "never"}, False),
    ],
)
def test_when_the_calendar_is_used(shop, options, calendar):
    table = shop.open(shop.write(ahead=3), **{"known": (), **options})
    assert any("weekday" in name for name in plan(table).known_choice.names) == calendar


def test_holidays_of_the_country_of_the_zone(shop):
    table = shop.open(shop.write(ahead=3), calendar="always", time_zone="Europe/Berlin")
    experiment = plan(table)
    assert experiment.known_choice.country == "DE"
    assert "The country is DE, that of Europe/Berlin." in experiment.decisions
    assert any("holidays (DE)" in one for one in experiment.decisions)
    other = plan(shop.open(shop.write(ahead=3), country="US", time_zone="Europe/Berlin"))
    assert other.known_choice.country == "US"


def test_holidays_of_longer_rows_are_not_used():
    table = open_data("co2", options=ReadOptions(country="US"))
    experiment = plan_experiment(table, ["numpy"])
    assert "Holidays are not used, because rows are longer than a day." in experiment.decisions
    assert experiment.known_choice.country == ""
    assert [name for name in experiment.known_choice.names if "year" in name]


def test_numbered_rows_have_no_calendar(tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text("y,price\n" + "".join(f"{n % 5 if n < 99 else ''},{n % 3}\n" for n in range(105)))
    with pytest.raises(OptionError, match="numbers has no times; name their column with time_column"):
        plan(open_data(path, ["y"], options=ReadOptions(calendar="always")))
    experiment = plan(open_data(path, ["y"], options=ReadOptions(known=("price",))))
    assert experiment.known.names == ("price",)
    assert experiment.known.values[-3:, 0].tolist() == [0, 1, 2]


def test_a_column_without_training_values_is_refused(shop):
    path = shop.write(ahead=5)
    lines = [
        line if number > 100 or number == 0 else line.replace("TV", "").replace("leaflet", "")
        for number, line in enumerate(path.read_text().splitlines())
    ]
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(InputError, match="'promotion', which is known ahead, has no value in the training"):
        plan(shop.open(path))


def test_what_is_known_later_does_not_change_the_training_columns(shop):
    one = plan(shop.open(shop.write(ahead=14)))
    table = one.table
    changed = table.known.values.copy()
    changed[table.rows :, 0] = 1000.0
    other = plan(replace(table, known=replace(table.known, values=changed)))
    assert other.known_choice == one.known_choice
    np.testing.assert_array_equal(other.known.values[:120], one.known.values[:120])
    assert (other.known.values[120:, 0] == 1000).all()
