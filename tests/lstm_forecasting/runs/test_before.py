"""Runs that version 0.1.0 wrote (in before/): one finished, one interrupted after epoch 3 of 6."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from lstm_forecasting.checkpoints.tensor_file import read_tensors, write_tensors
from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.experiment.events import BackendEpoch, BackendFinished, ExperimentFinished
from lstm_forecasting.inspect.subject import open_subject
from lstm_forecasting.runs.description import read_experiment
from lstm_forecasting.runs.folder import RunFolder
from lstm_forecasting.runs.listing import list_runs
from lstm_forecasting.runs.predicting import open_model, predict
from lstm_forecasting.runs.recording import create_run, fit, resume
from lstm_forecasting.runs.table_file import SeriesFile
from lstm_forecasting.runs.watching import WatchedRun, read_run

BEFORE = Path(__file__).with_name("before")


@pytest.fixture
def before(tmp_path):
    """A folder with copies of both runs."""
    return shutil.copytree(BEFORE, tmp_path / "before")


def test_they_are_listed(before):
    standings = {one.run.name: one for one in list_runs(before)}
    assert {name: one.state for name, one in standings.items()} == {
        "finished": "finished",
        "interrupted": "interrupted",
    }
    assert standings["interrupted"].backends[0].epochs == 3


def test_a_finished_one_has_its_results_and_events(before):
    run = RunFolder(before / "finished")
    (backend,) = read_run(run).backends
    assert (backend.epochs, backend.best_epoch, backend.reason) == (6, 5, "epochs")
    assert backend.future_quantiles.shape == (3, 2, 3)
    with WatchedRun(run) as watched:
        events = list(watched)
    epochs = [event for event in events if isinstance(event, BackendEpoch)]
    assert [event.epoch.epoch for event in epochs] == list(range(6))
    assert epochs[-1].epoch.training_loss == pytest.approx(0.385, abs=0.05)
    assert [type(event) for event in events[-2:]] == [BackendFinished, ExperimentFinished]


def test_an_interrupted_one_goes_on_as_if_nothing_had_happened(before, contents, tmp_path):
    interrupted = RunFolder(before / "interrupted")
    resumed = resume(interrupted)
    whole = fit(read_experiment(interrupted), "whole", tmp_path)
    ours, theirs = contents(interrupted, "numpy"), contents(whole, "numpy")
    # Where this processor computes the first epochs to the same bits as the one that began the run.
    if (
        theirs["numpy/snapshots/epoch-000003.safetensors:head.kernel"]
        == contents(RunFolder(BEFORE / "interrupted"), "numpy")[
            "numpy/snapshots/epoch-000003.safetensors:head.kernel"
        ]
    ):
        assert ours == {name: theirs[name] for name in ours}
        assert set(theirs) - set(ours) <= {name for name in theirs if "snapshots" in name}
    for one, other in zip(resumed.backends, read_run(whole).backends, strict=True):
        np.testing.assert_allclose(one.future_quantiles, other.future_quantiles, rtol=1e-4)


def test_their_weights_forecast(before):
    later = open_data(before / "shop.csv", ["visits", "sales"])
    expected = read_run(RunFolder(before / "finished")).backends[0]
    for source in ("finished", before / "finished" / "numpy" / "best.safetensors"):
        prediction = predict(open_model(source, before), later, steps=3)
        np.testing.assert_allclose(prediction.future_quantiles, expected.future_quantiles, rtol=1e-5)
    training = open_model(before / "interrupted" / "numpy" / "training.safetensors")
    assert training.header.epoch == 3
    assert np.isfinite(predict(training, later).future).all()


def test_their_snapshots_are_inspected(before):
    subject = open_subject("finished", before, epoch=0)
    assert subject.model.header.epoch == 0
    assert subject.experiment.table.rows == 60


def test_what_one_had_filled_stays_as_it_is_and_is_scored_as_before(before):
    """The run had no gaps; here it is changed into one of which four values were interpolated."""
    run = RunFolder(before / "finished")
    header, arrays = read_tensors(run.series, SeriesFile)
    arrays["filled"] = arrays["filled"].copy()
    arrays["filled"][20:23, 0] = arrays["filled"][50, 0] = True
    write_tensors(run.series, header, arrays)
    experiment = read_experiment(run)
    assert experiment.counts_filled
    assert experiment.observed is None
    assert experiment.decisions[-1].startswith(
        "This run was trained by an earlier version, which also scored"
    )
    (backend,) = read_run(run).backends
    assert len(backend.evaluation.forecasts) == len(experiment.window_starts("test"))
    again = create_run(experiment, before, "again")
    assert read_experiment(again).decisions == experiment.decisions


def test_one_that_filled_forward_is_one_that_carried(before):
    run = RunFolder(before / "finished")
    text = run.description.read_text(encoding="utf-8")
    assert '"missing": "interpolate"' in text
    run.description.write_text(
        text.replace('"missing": "interpolate"', '"missing": "forward-fill"'), encoding="utf-8"
    )
    assert read_experiment(run).table.reading.options.missing == "carry"
