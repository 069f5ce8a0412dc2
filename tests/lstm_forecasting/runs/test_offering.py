"""A run keeps its baselines, and later files are forecast with the model that it offers."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.checkpoints.tensor_file import read_tensors, write_tensors
from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.evaluation.scoring import evaluate_baselines, find_test_part
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.runs.baselines import BaselineFile
from lstm_forecasting.runs.description import read_experiment
from lstm_forecasting.runs.offering import offer_of_run
from lstm_forecasting.runs.predicting import open_model, open_series, own_series, predict
from lstm_forecasting.runs.recording import create_run, resume
from lstm_forecasting.runs.watching import read_run
from lstm_plugins.errors import InputError

SMALL = {"look_back": 14, "horizon": 3, "hidden_units": 2, "epochs": 1, "batch_size": 256}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A week that repeats exactly, which a network of two units does not learn in an epoch."""
    path = tmp_path_factory.mktemp("week") / "week.csv"
    days = np.datetime64("2021-01-01") + np.arange(280)
    lines = [f"{day},{20 + row % 7 * row % 7}" for row, day in enumerate(days)]
    path.write_text("\n".join(["day,load", *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(file, tmp_path_factory):
    run = create_run(
        plan_experiment(open_data(file), ["numpy"], SMALL), tmp_path_factory.mktemp("runs"), "week"
    )
    resume(run)
    return run


def test_the_baselines_are_read_as_they_were_evaluated(run):
    experiment = read_experiment(run)
    again = evaluate_baselines(experiment, find_test_part(experiment)).evaluated
    kept = read_run(run).baselines
    assert run.baselines.exists()
    for one, other in zip(kept, again, strict=True):
        assert (one.kind, one.name, one.scores, one.validation.mae) == (
            other.kind,
            other.name,
            other.scores,
            other.validation.mae,
        )
        np.testing.assert_array_equal(one.future, other.future)


def test_baselines_of_another_run_are_refused(run, tmp_path):
    header, arrays = read_tensors(run.baselines, BaselineFile)
    before = run.baselines.read_bytes()
    try:
        write_tensors(run.baselines, header, {**arrays, "0/test": arrays["0/test"][1:]})
        with pytest.raises(InputError, match="does not contain the baselines of its run; delete it"):
            read_run(run)
    finally:
        run.baselines.write_bytes(before)


def test_a_baseline_that_the_run_offers_forecasts_later_files_too(run, file, tmp_path):
    offer = read_run(run).offers[0]
    assert offer.kind not in ("lstm", "last-value", "drift")
    model = open_model(run.path)
    own = offer_of_run(predict(model, own_series(run)), run)
    np.testing.assert_array_equal(own.offers[0].future, offer.future)
    np.testing.assert_allclose(own.future[:, 0], read_run(run).backends[0].future[:, 0], rtol=1e-5)
    later = tmp_path / "later.csv"
    days = np.datetime64("2022-05-03") + np.arange(100)
    lines = [f"{day},{20 + row % 7 * row % 7}" for row, day in enumerate(days)]
    later.write_text("\n".join(["day,load", *lines]) + "\n", encoding="utf-8")
    found = offer_of_run(predict(model, open_series(model.model, later)), run)
    truth = [20 + row % 7 * row % 7 for row in (100, 101, 102)]
    np.testing.assert_allclose(found.offers[0].future, truth, atol=0.6)


def test_the_user_may_ask_for_another_one(run):
    prediction = predict(open_model(run.path), own_series(run))
    lstm = offer_of_run(prediction, run, "lstm").offers[0]
    np.testing.assert_array_equal(lstm.future, prediction.future[:, 0])
    last = offer_of_run(prediction, run, "last-value").offers[0]
    assert last.future.tolist() == [20 + 279 % 7 * 279 % 7] * 3
    assert last.sentence == "The forecast of last value comes first, as requested."


def test_a_later_file_that_is_too_short_for_the_baseline_gets_the_lstm(run, tmp_path):
    short = tmp_path / "short.csv"
    days = np.datetime64("2022-05-03") + np.arange(15)
    short.write_text(
        "day,load\n" + "".join(f"{day},{20 + n}\n" for n, day in enumerate(days)), encoding="utf-8"
    )
    model = open_model(run.path)
    prediction = predict(model, open_series(model.model, short))
    (offer,) = offer_of_run(prediction, run).offers
    asked = offer_of_run(prediction, run, "seasonal-naive").offers[0]
    assert asked.kind == "seasonal-naive"
    if offer.kind == "lstm":
        assert "so the LSTM's forecast comes first" in offer.sentence
    with pytest.raises(InputError, match=r"short has 15 rows, but the forecast of linear \(ridge\) needs"):
        offer_of_run(prediction, run, "ridge")


def test_a_run_of_an_earlier_version_offers_the_lstm(run):
    path = run.forecasts("numpy")
    from lstm_forecasting.runs.results import ForecastFile

    header, arrays = read_tensors(path, ForecastFile)
    before = path.read_bytes()
    try:
        write_tensors(path, header, {name: array for name, array in arrays.items() if name != "validation"})
        (offer,) = read_run(run).offers
        assert offer.kind == "lstm"
        assert replace(offer, sentence="").backend == "numpy"
    finally:
        path.write_bytes(before)
