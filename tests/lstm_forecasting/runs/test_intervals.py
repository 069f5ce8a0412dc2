"""Forecasts of later files have intervals from the errors that the run has measured."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.runs.intervals import first_row_after
from lstm_forecasting.runs.offering import offer_of_run
from lstm_forecasting.runs.predicting import open_model, open_series, own_series, predict
from lstm_forecasting.runs.recording import create_run, resume
from lstm_forecasting.runs.watching import read_run
from lstm_plugins.errors import OptionError

SMALL = {"look_back": 14, "horizon": 3, "hidden_units": 2, "epochs": 1, "batch_size": 256}
NOISE = np.random.default_rng(0).normal(size=400)


def write(path, rows, first=0, level=20.0):
    days = np.datetime64("2021-01-01") + np.arange(first, first + rows)
    loads = level + 5 * np.sin(np.arange(first, first + rows) * 2 * np.pi / 7) + NOISE[first : first + rows]
    lines = [f"{day},{load:.6f}" for day, load in zip(days, loads, strict=True)]
    path.write_text("\n".join(["day,load", *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("intervals")
    table = open_data(write(folder / "load.csv", 280))
    run = create_run(plan_experiment(table, ["numpy"], SMALL), folder / "runs", "load")
    resume(run)
    return run


def test_the_run_s_own_rows_have_the_intervals_of_its_result(run):
    result, model = read_run(run), open_model(run.path)
    prediction = offer_of_run(predict(model, own_series(run)), run)
    found = result.intervals.of(result.offers[0].name, 0).future
    (own,) = prediction.intervals
    assert own.levels == found.levels == (80.0, 95.0)
    np.testing.assert_allclose(own.low, found.low, rtol=1e-5)
    np.testing.assert_allclose(own.high, found.high, rtol=1e-5)


def test_a_later_file_has_intervals_at_the_levels_asked_for(run, tmp_path):
    model = open_model(run.path)
    table = open_series(model.model, write(tmp_path / "later.csv", 300))
    prediction = offer_of_run(predict(model, table), run, levels=(50.0,))
    (own,) = prediction.intervals
    assert own.levels == (50.0,)
    assert own.low.shape == (3, 1)
    assert (own.low[:, 0] < prediction.offers[0].future).all()
    assert (own.high[:, 0] > prediction.offers[0].future).all()
    with pytest.raises(OptionError, match=r"needs 999 errors"):
        offer_of_run(prediction, run, levels=(99.9,))


def test_the_phase_of_the_season_is_that_of_the_time(tmp_path):
    own = open_data(write(tmp_path / "own.csv", 280))
    later = open_data(write(tmp_path / "later.csv", 100, first=250))
    assert first_row_after(own, later, 7) == 350
    before = open_data(write(tmp_path / "before.csv", 270))
    assert first_row_after(own, before, 7) == 270
    other = open_data(write(tmp_path / "other.csv", 270, level=50.0))
    assert first_row_after(own, other, 7) == 284
    earlier = replace(other, times=other.times - np.timedelta64(1000, "D"))
    assert (first_row_after(own, earlier, 7) - (270 - 1000)) % 7 == 0
    numbered = [
        replace(table, times=None) for table in (own, later, open_data(write(tmp_path / "long", 290)))
    ]
    assert first_row_after(numbered[0], numbered[1], 7) is None
    assert first_row_after(numbered[0], numbered[2], 7) == 290
