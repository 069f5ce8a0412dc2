import dataclasses
import gc
import importlib

import numpy as np
import pytest

from lstm_forecasting.processes.arrays import read_forecasts, write_array
from lstm_forecasting.processes.events import (
    BackendEpoch,
    BackendProgress,
    BackendReady,
    BackendStopped,
    BackendTrained,
)
from lstm_forecasting.processes.messages import ForecastFiles, Run
from lstm_forecasting.processes.work import imported_forecaster, train
from lstm_plugins import (
    API_VERSION,
    Backend,
    ForecasterConfig,
    ForecasterError,
    NotFiniteError,
    SeriesError,
    SeriesSet,
    UnsupportedError,
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


VALUES = np.random.default_rng(0).normal(size=(90, 2)).cumsum(axis=0)
SERIES = SeriesSet(VALUES, (0, 1), (90,))


@pytest.fixture
def make_request(tmp_path):
    """Makes the request of a training on a short series."""

    def make(values=VALUES, targets=(0, 1), test=((70, 90),), steps=4, **chosen):
        write_array(tmp_path / "series.npy", values)
        chosen = {"look_back": 6, "horizon": 3, "hidden_units": 4, "epochs": 4, "batch_size": 16, **chosen}
        return Run(
            config=ForecasterConfig(**chosen).to_dict(),
            series=str(tmp_path / "series.npy"),
            targets=targets,
            lengths=(len(values),),
            device="cpu",
            results=str(tmp_path),
            training=((0, 50),),
            validation=((50, 70),),
            test=test,
            steps=steps,
        )

    return make


def by_hand(**chosen):
    """The reference with the same series."""
    small = {"look_back": 6, "horizon": 3, "hidden_units": 4, "epochs": 4, "batch_size": 16, **chosen}
    made = ReferenceForecaster(ForecasterConfig(**small), 2, (0, 1))
    made.load_series(SERIES)
    return made


def work(backend, request, stopping):
    return train(backend, request, 1, stopping)


def never():
    return False


def test_it_is_what_a_forecaster_does_by_hand(make_request):
    asked = make_request(loss="quantile", seed=5)
    events = list(work(REFERENCE, asked, never))
    reference = by_hand(loss="quantile", seed=5)
    ready = events[0]
    assert isinstance(ready, BackendReady)
    assert (ready.backend, ready.version, ready.device, ready.threads) == ("reference", "2.0", "cpu", 1)
    assert ready.framework == f"numpy {np.__version__}"
    assert ready.parameters == sum(array.size for array in reference.weights().values())
    assert ready.training_windows == 50 - 9 + 1
    records = list(reference.fit(asked.training, asked.validation))
    starts = np.arange(64, 90 - 9 + 1)
    files = events[-1]
    assert isinstance(files, ForecastFiles)
    assert files.title == "Reference"
    forecasts = read_forecasts(files)
    assert np.array_equal(forecasts.starts, starts)
    assert np.array_equal(forecasts.test, reference.predict(starts)[..., 1])
    assert np.array_equal(forecasts.future, forecast_steps(reference, SERIES, 4))
    epochs = [event.epoch for event in events if isinstance(event, BackendEpoch)]
    assert [dataclasses.replace(epoch, seconds=0.0) for epoch in epochs] == [
        record for record in records if type(record).__name__ == "Epoch"
    ]
    trained = events[-2]
    assert isinstance(trained, BackendTrained)
    assert (trained.reason, trained.epochs, trained.best_epoch) == ("epochs", 4, records[-1].best_epoch)
    seconds = [*(epoch.seconds for epoch in epochs), trained.seconds]
    assert seconds == sorted(seconds)


def test_stopped_in_mid_epoch_the_best_complete_epoch_forecasts(make_request):
    asked = make_request(epochs=50)
    progress_of_the_third = []

    def stopping():
        return len(progress_of_the_third) > 1

    events = []
    for event in work(REFERENCE, asked, stopping):
        events.append(event)
        if isinstance(event, BackendProgress) and event.epoch == 2:
            progress_of_the_third.append(event)
    trained = events[-2]
    assert isinstance(trained, BackendTrained)
    assert (trained.reason, trained.epochs) == ("stopped", 2)
    reference = by_hand(epochs=2)
    list(reference.fit(asked.training, asked.validation))
    forecasts = read_forecasts(events[-1])
    assert np.array_equal(forecasts.test, reference.predict(forecasts.starts)[..., 0])


def test_stopped_before_an_epoch_is_complete_there_is_nothing(make_request):
    kinds = [type(event) for event in work(REFERENCE, make_request(), lambda: True)]
    assert kinds == [BackendReady, BackendStopped]
    calls = []

    def after_the_first():
        calls.append(0)
        return len(calls) > 1

    kinds = [type(event) for event in work(REFERENCE, make_request(), after_the_first)]
    assert kinds == [BackendReady, BackendProgress, BackendStopped]


def test_without_test_windows_only_the_future_is_forecast(make_request):
    forecasts = read_forecasts(list(work(REFERENCE, make_request(test=((90, 90),), epochs=1), never))[-1])
    assert forecasts.test.shape == (0, 3, 2)
    assert forecasts.future.shape == (4, 2, 1)


def test_impossible_steps_are_refused_before_anything_is_imported(make_request):
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
        next(work(absent, make_request(targets=(0,), steps=4), never))


def test_a_loss_that_is_not_finite_is_the_contracts_error(make_request):
    values = np.random.default_rng(0).normal(size=(90, 2))
    values[40] = 1e300
    with pytest.raises(NotFiniteError, match="epoch 1"):
        list(work(REFERENCE, make_request(values, normalisation="none"), never))


def test_a_forecast_that_is_not_finite_is_an_error_and_no_result(make_request):
    values = np.random.default_rng(0).normal(size=(90, 2))
    values[85] = 1e300
    with pytest.raises(ForecasterError, match="forecast is not finite"):
        list(work(REFERENCE, make_request(values, normalisation="last", steps=1, epochs=1), never))


def test_a_framework_under_another_distribution_name_tells_its_own_version(make_request, monkeypatch):
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
    ready = next(work(renamed, make_request(), never))
    assert ready.framework == f"numpy-under-another-name {np.__version__}"


def test_no_garbage_is_collected_during_an_import_and_some_is_afterwards(tmp_path, monkeypatch):
    (tmp_path / "new_framework.py").write_text(
        "import gc\nfrom lstm_plugins.reference import ReferenceForecaster\ncollecting = gc.isenabled()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    backend = dataclasses.replace(REFERENCE, forecaster="new_framework:ReferenceForecaster", requires=())
    assert imported_forecaster(backend) is ReferenceForecaster
    assert not importlib.import_module("new_framework").collecting
    assert gc.isenabled()


def test_a_series_with_gaps_is_trained_on_and_forecast_where_values_were_observed(make_request, tmp_path):
    observed = np.ones((90, 2), dtype=bool)
    observed[20:30] = observed[75, 0] = observed[80:83] = False
    write_array(tmp_path / "observed.npy", observed)
    request = dataclasses.replace(make_request(), observed=str(tmp_path / "observed.npy"))
    masked = dataclasses.replace(REFERENCE, additions=("masks",))
    *_, answer = train(masked, request, 1, lambda: False)
    series = dataclasses.replace(SERIES, observed=observed)
    own = ReferenceForecaster(ForecasterConfig.from_dict(request.config), 2, (0, 1))
    own.load_series(series)
    list(own.fit(request.training, request.validation))
    forecasts = read_forecasts(answer)
    assert forecasts.starts.tolist() == [*range(64, 74), *range(78, 82)]
    np.testing.assert_array_equal(forecasts.test, own.predict(forecasts.starts)[..., 0])


def test_a_backend_that_knows_no_gaps_says_so(make_request, tmp_path):
    observed = np.ones((90, 2), dtype=bool)
    observed[20:30] = False
    write_array(tmp_path / "observed.npy", observed)
    request = dataclasses.replace(make_request(), observed=str(tmp_path / "observed.npy"))
    with pytest.raises(UnsupportedError, match="it cannot tell filled values from observed ones"):
        list(train(REFERENCE, request, 1, lambda: False))


def test_indicators_of_missing_values_are_passed_on_and_fed_back_as_observed(make_request):
    values = np.concatenate([VALUES, (np.arange(90) % 5 > 0)[:, np.newaxis]], axis=1)
    request = dataclasses.replace(make_request(values, steps=7), indicators=1)
    *_, answer = train(dataclasses.replace(REFERENCE, additions=("masks",)), request, 1, lambda: False)
    own = ReferenceForecaster(ForecasterConfig.from_dict(request.config), 3, (0, 1), indicators=1)
    series = SeriesSet(values, (0, 1), (90,))
    own.load_series(series)
    list(own.fit(request.training, request.validation))
    np.testing.assert_array_equal(read_forecasts(answer).future, forecast_steps(own, series, 7))
