"""Frameworks that are imported ahead of need, by real processes."""

import threading

import numpy as np
import pytest

from lstm_forecasting.processes.arrays import write_array
from lstm_forecasting.processes.events import (
    BackendFailed,
    BackendReady,
    BackendStarted,
    BackendStopped,
    BackendWarm,
)
from lstm_forecasting.processes.messages import ForecastFiles, Run, Warm
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.processes.warming import WarmUp
from lstm_plugins import ForecasterConfig

pytestmark = pytest.mark.usefixtures("faulty_backends")


@pytest.fixture
def pool():
    with BackendProcesses() as processes:
        yield processes


@pytest.fixture
def request_of(tmp_path):
    """Makes the request of a training."""

    def make(**settings):
        series, results = tmp_path / "series.npy", tmp_path / "results"
        write_array(series, np.random.default_rng(0).normal(size=(120, 1)))
        results.mkdir(exist_ok=True)
        small = {"look_back": 6, "horizon": 2, "hidden_units": 3, "epochs": 1, **settings}
        return Run(
            config=ForecasterConfig(**small).to_dict(),
            series=str(series),
            targets=(0,),
            lengths=(120,),
            training=((0, 80),),
            validation=((80, 100),),
            test=((100, 120),),
            steps=2,
            device="cpu",
            results=str(results),
        )

    return make


class Heard:
    """What processes say, kept until somebody waits for it."""

    def __init__(self):
        self.messages = []
        self._changed = threading.Condition()

    def __call__(self, _backend, message):
        with self._changed:
            self.messages.append(message)
            self._changed.notify_all()

    def wait_for(self, *kinds):
        with self._changed:
            found = lambda: [one for one in self.messages if isinstance(one, kinds)]  # noqa: E731
            assert self._changed.wait_for(found, 600), self.messages
            return found()[0]


def test_the_training_after_it_has_the_same_process(pool, request_of):
    started, warm = WarmUp(pool, ["plain"], 1)
    assert isinstance(started, BackendStarted)
    assert warm == BackendWarm("plain", "1.0", f"numpy {np.__version__}", ("cpu",))
    heard = Heard()
    process = pool.run("plain", 1, Warm(), heard)
    assert heard.wait_for(BackendWarm).devices == ("cpu",)
    assert pool.run("plain", 1, request_of(), heard) is process
    heard.wait_for(ForecastFiles)


def test_a_training_that_comes_meanwhile_waits_for_the_same_process(pool, request_of, importable):
    warming, training = Heard(), Heard()
    process = pool.run("importedondemand", 1, Warm(), warming)
    assert process.free
    assert pool.run("importedondemand", 1, request_of(), training) is process
    assert not process.free
    importable.touch()
    training.wait_for(ForecastFiles)
    assert [type(one) for one in warming.messages] == [BackendWarm]
    assert isinstance(training.messages[0], BackendReady)
    assert process.free


def test_a_training_that_waits_can_be_stopped(pool, request_of, importable):
    warming, training = Heard(), Heard()
    pool.run("importedondemand", 1, Warm(), warming)
    process = pool.run("importedondemand", 1, request_of(epochs=100_000, patience=0), training)
    process.stop()
    importable.touch()
    assert type(training.wait_for(BackendFailed, BackendReady)) is BackendReady
    training.wait_for(BackendStopped)


def test_beside_a_training_no_second_process_is_started(pool, request_of):
    training, warming = Heard(), Heard()
    process = pool.run("slow", 1, request_of(epochs=2), training)
    assert pool.run("slow", 1, Warm(), warming) is process
    warming.wait_for(BackendWarm)
    assert isinstance(training.messages[-1], ForecastFiles)


def test_threads_of_the_training_count(pool, request_of):
    heard = Heard()
    warm = pool.run("plain", 1, Warm(), heard)
    assert pool.run("plain", 2, request_of(), heard) is not warm
    assert warm.gone
    heard.wait_for(ForecastFiles)


def test_what_cannot_be_imported_says_why_and_harms_nobody(pool, request_of):
    events = list(WarmUp(pool, ["unimportable", "plain"], 1))
    failed = next(event for event in events if isinstance(event, BackendFailed))
    assert failed.backend == "unimportable"
    assert "libframework.so.7: cannot open shared object file" in failed.reason
    assert any("Traceback" in line for line in failed.log)
    assert isinstance(events[-1], BackendWarm)
    heard = Heard()
    pool.run("unimportable", 1, request_of(), heard)
    assert "libframework.so.7" in heard.wait_for(BackendFailed).reason


def test_a_training_behind_an_import_that_fails_hears_the_reason(pool, request_of):
    warming, training = Heard(), Heard()
    pool.run("unimportable", 1, Warm(), warming)
    pool.run("unimportable", 1, request_of(), training)
    assert "libframework.so.7" in training.wait_for(BackendFailed).reason
    assert "libframework.so.7" in warming.wait_for(BackendFailed).reason


@pytest.mark.usefixtures("importable")
def test_stopping_begins_nothing_further_and_waits_for_nobody(pool):
    with WarmUp(pool, ["importedondemand", "plain"], 1) as warm_up:
        events = iter(warm_up)
        assert isinstance(next(events), BackendStarted)
        threading.Timer(0.1, warm_up.stop).start()
        assert list(events) == [], "the import is not over before the test"


@pytest.mark.usefixtures("importable")
def test_leaving_the_pool_ends_what_is_warming():
    with BackendProcesses() as processes:
        warming = Heard()
        process = processes.run("importedondemand", 1, Warm(), warming)
    assert process.gone
    assert isinstance(warming.messages[-1], BackendFailed)
    (ended,) = WarmUp(processes, ["plain"], 1)
    assert "could not be started" in ended.reason


def test_idle_processes_of_one_backend_can_be_ended(pool):
    heard = Heard()
    ended, kept = pool.run("plain", 1, Warm(), heard), pool.run("loud", 1, Warm(), heard)
    pool.end_idle("plain")
    assert ended.gone
    assert not kept.gone
