import numpy as np
import pytest

from lstm_forecasting.processes.messages import NothingLearnt, Ready, Trained, TrainingEpoch, TrainingProgress
from lstm_forecasting.processes.work import Forecasts, Job, work
from lstm_plugins import (
    API_VERSION,
    Backend,
    ForecasterConfig,
    ForecasterError,
    ForecasterOptions,
    NotFiniteError,
    SeriesError,
    SeriesSet,
)
from lstm_plugins.recursion import forecast_steps
from lstm_plugins.reference import ReferenceForecaster

REFERENCE = Backend(
    name="reference",
    title="Reference",
    api_version=API_VERSION,
    version="2.0",
    summary="the reference",
    forecaster="lstm_plugins.reference:ReferenceForecaster",
    devices="",
    framework="numpy",
)


def job(values=None, targets=(0, 1), test=((70, 90),), steps=4, **chosen):
    if values is None:
        values = np.random.default_rng(0).normal(size=(90, 2)).cumsum(axis=0)
    chosen = {"look_back": 6, "horizon": 3, "hidden_units": 4, "epochs": 4, "batch_size": 16, **chosen}
    return Job(
        config=ForecasterConfig(**chosen),
        series=SeriesSet(values, targets, (len(values),)),
        training=((0, 50),),
        validation=((50, 70),),
        test=test,
        steps=steps,
        options=ForecasterOptions(),
    )


def never():
    return False


def test_it_is_what_a_forecaster_does_by_hand():
    asked = job(loss="quantile", seed=5)
    events = list(work(REFERENCE, asked, never))
    by_hand = ReferenceForecaster(asked.config, 2, (0, 1))
    by_hand.load_series(asked.series)
    ready = events[0]
    assert isinstance(ready, Ready)
    assert (ready.title, ready.version, ready.device, ready.threads) == ("Reference", "2.0", "cpu", 1)
    assert ready.framework == f"numpy {np.__version__}"
    assert ready.parameters == sum(array.size for array in by_hand.weights().values())
    assert ready.training_windows == 50 - 9 + 1
    records = list(by_hand.fit(asked.training, asked.validation))
    starts = np.arange(64, 90 - 9 + 1)
    forecasts = events[-1]
    assert isinstance(forecasts, Forecasts)
    assert np.array_equal(forecasts.starts, starts)
    assert np.array_equal(forecasts.test, by_hand.predict(starts)[..., 1])
    assert np.array_equal(forecasts.future, forecast_steps(by_hand, asked.series, 4))
    epochs = [event.epoch for event in events if isinstance(event, TrainingEpoch)]
    assert epochs == [record for record in records if type(record).__name__ == "Epoch"]
    trained = events[-2]
    assert isinstance(trained, Trained)
    assert (trained.reason, trained.epochs, trained.best_epoch) == ("epochs", 4, records[-1].best_epoch)
    seconds = [
        event.seconds for event in events if isinstance(event, TrainingProgress | TrainingEpoch | Trained)
    ]
    assert seconds == sorted(seconds)


def test_stopped_in_mid_epoch_the_best_complete_epoch_forecasts():
    asked = job(epochs=50)
    progress_of_the_third = []

    def stopping():
        return len(progress_of_the_third) > 1

    events = []
    for event in work(REFERENCE, asked, stopping):
        events.append(event)
        if isinstance(event, TrainingProgress) and event.progress.epoch == 2:
            progress_of_the_third.append(event)
    trained = events[-2]
    assert isinstance(trained, Trained)
    assert (trained.reason, trained.epochs) == ("stopped", 2)
    by_hand = ReferenceForecaster(ForecasterConfig(**{**asked.config.to_dict(), "epochs": 2}), 2, (0, 1))
    by_hand.load_series(asked.series)
    list(by_hand.fit(asked.training, asked.validation))
    assert np.array_equal(events[-1].test, by_hand.predict(events[-1].starts)[..., 0])


def test_stopped_before_an_epoch_is_complete_there_is_nothing():
    kinds = [type(event) for event in work(REFERENCE, job(), lambda: True)]
    assert kinds == [Ready, NothingLearnt]
    calls = []

    def after_the_first():
        calls.append(0)
        return len(calls) > 1

    kinds = [type(event) for event in work(REFERENCE, job(), after_the_first)]
    assert kinds == [Ready, TrainingProgress, NothingLearnt]


def test_without_test_windows_only_the_future_is_forecast():
    forecasts = list(work(REFERENCE, job(test=((90, 90),), epochs=1), never))[-1]
    assert forecasts.test.shape == (0, 3, 2)
    assert forecasts.future.shape == (4, 2, 1)


def test_impossible_steps_are_refused_before_anything_is_imported():
    absent = Backend(
        name="absent",
        title="Absent",
        api_version=API_VERSION,
        version="1",
        summary="",
        forecaster="no.such.module:Class",
        devices="",
    )
    with pytest.raises(SeriesError, match="beyond the horizon"):
        next(work(absent, job(targets=(0,), steps=4), never))


def test_a_loss_that_is_not_finite_is_the_contracts_error():
    values = np.random.default_rng(0).normal(size=(90, 2))
    values[40] = 1e300
    with pytest.raises(NotFiniteError, match="epoch 1"):
        list(work(REFERENCE, job(values, normalisation="none"), never))


def test_a_forecast_that_is_not_finite_is_an_error_and_no_result():
    values = np.random.default_rng(0).normal(size=(90, 2))
    values[85] = 1e300
    with pytest.raises(ForecasterError, match="forecast is not finite"):
        list(work(REFERENCE, job(values, normalisation="last", steps=1, epochs=1), never))


def test_a_framework_under_another_distribution_name_tells_its_own_version(monkeypatch):
    renamed = Backend(
        name="renamed",
        title="Renamed",
        api_version=API_VERSION,
        version="1",
        summary="",
        forecaster=REFERENCE.forecaster,
        devices="",
        framework="numpy-under-another-name",
        requires=("numpy",),
    )
    ready = next(work(renamed, job(), never))
    assert ready.framework == f"numpy-under-another-name {np.__version__}"
